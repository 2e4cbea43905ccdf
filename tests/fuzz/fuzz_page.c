#include <stdlib.h>

#include "newsmq/page.h"
#include "newsmq/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever the bytes are: an article is text in UTF-8, what is none has a reason. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct page_options o = {.url = STR("https://news.example.org/a/b?c"),
                             .content_type = STR("text/html"),
                             .max_text_bytes = 64 * 1024};
    struct arena a = {.max = 64u << 20};
    struct page p = {0};
    struct err e = {0};

    if (page_read((struct str){(const char *)data, size}, &o, &a, &p, &e) == 0) {
        struct str all[] = {p.text, p.html,     p.title,    p.byline,
                            p.site, p.language, p.canonical};

        if (p.is_article ? p.text.n == 0 || p.text.n > o.max_text_bytes : p.why == NULL)
            abort();
        for (size_t i = 0; i < ARRAY_LEN(all); i++)
            if (all[i].p != NULL && !utf8_is_valid(all[i]))
                abort();
    }
    arena_fini(&a);
    return 0;
}
