#include <stdlib.h>

#include "newsmq/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first line is a path, the rest a robots.txt. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, path = str_cut(&rest, '\n');
    struct robots *r = robots_read(rest.p != NULL ? rest : STR(""), STR("newsmq"));
    int64_t delay_ms = robots_delay_ms(r);

    (void)robots_allows(r, path);
    if (delay_ms < 0 || delay_ms > 60000 || !robots_allows(r, STR("/robots.txt")))
        abort();
    robots_free(r);
    return 0;
}
