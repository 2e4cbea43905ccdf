/* Any bytes as a page: what is found is absolute, http or https, and each once. */
#include <stdlib.h>

#include "newsmq/discovery.h"
#include "newsmq/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str page = {(const char *)data, size};
    struct discovery l = {0};

    discovery_read(page, STR("https://news.example.org/a/"), &l);
    discovery_guess(STR("https://news.example.org/a/"), &l);
    if (l.n > DISCOVERY_MAX)
        abort();
    for (size_t i = 0; i < l.n; i++) {
        struct str url = l.list[i].url;

        if (!url_is_http(url) || url_host(url).n == 0 ||
            str_find_char(url, '#', 0) != SIZE_MAX)
            abort();
        for (size_t j = 0; j < i; j++)
            if (str_eq(url, l.list[j].url))
                abort();
    }
    discovery_fini(&l);
    return 0;
}
