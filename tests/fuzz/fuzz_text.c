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

static int with_extras(struct str html, struct strbuf *out)
{
    static const struct html_options o = {true, true, STR_INIT("https://a.example/b")};

    return text_from_html_with(html, &o, out);
}

/* White space is nothing that anybody wrote. */
static void check_steady(struct str in)
{
    struct strbuf text = {.max = 1 << 22}, spaced = {.max = 1 << 23};

    (void)text_clean(in, &text); /* fits */
    (void)strbuf_addf(&spaced, " \n" STR_FMT "\t", STR_ARG(strbuf_str(&text)));
    if (text_steady_hash(strbuf_str(&text), 1) !=
        text_steady_hash(strbuf_str(&spaced), 1))
        abort();
    strbuf_fini(&text);
    strbuf_fini(&spaced);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = {(const char *)data, size};

    check(in, text_clean, false);
    check(in, text_from_html, true);
    check(in, text_line_from_html, true);
    check(in, with_extras, true);
    check_steady(in);
    check(in, text_from_plain, true);
    (void)text_looks_like_html(in);
    return 0;
}
