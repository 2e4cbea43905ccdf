/* Any bytes as an item: refused, or read so that writing and reading again agree. */
#include <stdlib.h>

#include "newsmq/item.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {.max = 1 << 24};
    struct strbuf once = {.max = 1 << 24}, twice = {.max = 1 << 24};
    struct item it, again;
    struct err e;

    if (item_read((struct str){(const char *)data, size}, &a, &it, &e) == 0) {
        if (item_write_core(&it, &once) < 0 ||
            item_read(strbuf_str(&once), &a, &again, &e) < 0 ||
            item_write_core(&again, &twice) < 0)
            abort();
        if (!str_eq(strbuf_str(&once), strbuf_str(&twice)))
            abort();
    }
    strbuf_fini(&once);
    strbuf_fini(&twice);
    arena_fini(&a);
    return 0;
}
