/* Ids from titles: Latin letters lose their accents, what is left between letters and
   digits becomes one '-'. */
#include <utf8proc.h>

#include "newsmq/mem.h"
#include "newsmq/opml.h"
#include "newsmq/text.h"

#define SLUG_MAX 48 /* room for "-12" and for a folder in front */

/* Letters that Unicode does not take apart. */
static const struct {
    uint32_t cp;
    const char *latin;
} letters[] = {
    {0xC6, "ae"}, {0xD0, "d"},   {0xD8, "o"},   {0xDE, "th"},   {0xDF, "ss"},
    {0xE6, "ae"}, {0xF0, "d"},   {0xF8, "o"},   {0xFE, "th"},   {0x110, "d"},
    {0x111, "d"}, {0x126, "h"},  {0x127, "h"},  {0x131, "i"},   {0x141, "l"},
    {0x142, "l"}, {0x152, "oe"}, {0x153, "oe"}, {0x1E9E, "ss"},
};

static bool is_dropped(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019 || cp == 0x02BC || cp == 0xAD ||
           (cp >= 0x300 && cp < 0x370);
}

static char plain(int32_t cp)
{
    if (cp >= 'A' && cp <= 'Z')
        return (char)(cp + ('a' - 'A'));
    return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') ? (char)cp : '\0';
}

/* Appends the plain form of one code point; false when it has none. */
static bool add_plain(uint32_t cp, struct strbuf *out)
{
    utf8proc_int32_t parts[18]; /* the longest decomposition of Unicode */
    utf8proc_ssize_t n;
    bool any = false;

    for (size_t i = 0; i < ARRAY_LEN(letters); i++)
        if (letters[i].cp == cp) {
            (void)strbuf_add_text(out, letters[i].latin); /* over max: it is cut */
            return true;
        }
    n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, ARRAY_LEN(parts),
                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, NULL);
    for (utf8proc_ssize_t i = 0; i < n && i < (utf8proc_ssize_t)ARRAY_LEN(parts); i++) {
        char c = plain(parts[i]);

        if (c == '\0')
            continue;
        (void)strbuf_add_char(out, c);
        any = true;
    }
    return any;
}

char *opml_slug(struct str title)
{
    struct strbuf out = {.max = SLUG_MAX};
    const char *p = title.p, *end = title.p + title.n;
    bool gap = false;

    while (p < end && out.n < SLUG_MAX) {
        size_t len, before = out.n;
        uint32_t cp = utf8_decode(p, end, &len);

        p += len;
        if (is_dropped(cp))
            continue;
        if (gap && before > 0)
            (void)strbuf_add_char(&out, '-');
        gap = !add_plain(cp, &out);
        if (gap && out.n > before) { /* the '-' was not needed yet */
            out.n = before;
            out.p[before] = '\0';
        }
    }
    while (out.n > 0 && out.p[out.n - 1] == '-')
        out.p[--out.n] = '\0';
    if (out.n > 0)
        return strbuf_take(&out);
    strbuf_fini(&out);
    return NULL;
}
