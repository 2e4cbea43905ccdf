/* Any bytes as text and as HTML: what comes out is valid, clean and trimmed. */
#include <stdlib.h>

#include "newsmq/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str in, int (*form)(struct str, struct strbuf *), bool trimmed)
{
    struct strbuf out = {.max = 1 << 22}, again = {.max = 1 << 22};
    struct str text;

    if (form(in, &out) < 0)
        abort();
    text = strbuf_str(&out);
    if (!utf8_is_valid(text) || (trimmed && str_trim(text).n != text.n))
        abort();
    if (text_clean(text, &again) < 0 || !str_eq(text, strbuf_str(&again)))
        abort();
    strbuf_fini(&out);
    strbuf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size};

    check(in, text_clean, false);
    check(in, text_from_html, true);
    check(in, text_line_from_html, true);
    check(in, text_from_plain, true);
    (void)text_looks_like_html(in);
    return 0;
}
