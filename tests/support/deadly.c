/* Preloaded into a worker: as if a library broke on one text. Asked for the category of
   U+1F480 (skull) the process dies, of U+1F40C (snail) it hangs. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <utf8proc.h>

#define NEXT(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

utf8proc_category_t utf8proc_category(utf8proc_int32_t cp)
{
    if (cp == 0x1F480)
        abort();
    while (cp == 0x1F40C)
        (void)pause(); /* whatever wakes it */
    return NEXT(utf8proc_category)(cp);
}
