/* HTML character references (HTML standard §13.2.5.72): the longest name that the table
   knows; without a semicolon only the old names, and then the shortest rest is text. */
#include "text_private.h"

#define NAME_MAX_BYTES 32

/* What windows-1252 has at 0x80–0x9F; numeric references there mean these. */
static const uint16_t c1_means[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
};

struct reference {
    struct str name;
    struct str value;
    bool is_legacy;
};

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static struct reference reference_at(size_t i)
{
    const char *p = &text_reference_blob[0][0] + text_reference_offsets[i];
    const char *end = &text_reference_blob[0][0] + text_reference_offsets[i + 1];
    const char *mark = p;

    while (is_name_char(*mark))
        mark++;
    return (struct reference){
        {p, (size_t)(mark - p)}, {mark + 1, (size_t)(end - mark - 1)}, *mark == '&'};
}

/* Byte at of name i; 0 where the name has ended. Not further behind its end. */
static unsigned byte_at(size_t i, size_t at)
{
    char c = (&text_reference_blob[0][0])[text_reference_offsets[i] + at];

    return is_name_char(c) ? (unsigned char)c : 0;
}

/* The first of [lo, hi), whose names agree before byte at, that has c or a later byte
   there. */
static size_t lower_bound(size_t lo, size_t hi, size_t at, unsigned c)
{
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (byte_at(mid, at) < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Byte by byte the names that begin so become fewer, until none is left: each reference
   costs one search, known or not. */
static size_t decode_named(struct str s, struct strbuf *out)
{
    size_t lo = 0, hi = TEXT_REFERENCES, taken = 0;
    struct str value = {NULL, 0};

    for (size_t n = 1; n < s.n && n <= NAME_MAX_BYTES && is_name_char(s.p[n]); n++) {
        unsigned c = (unsigned char)s.p[n];
        struct reference r;

        lo = lower_bound(lo, hi, n - 1, c);
        hi = lower_bound(lo, hi, n - 1, c + 1);
        if (lo == hi)
            break;
        r = reference_at(lo); /* the shortest comes first */
        if (r.name.n != n)
            continue;
        if (n + 1 < s.n && s.p[n + 1] == ';') {
            value = r.value;
            taken = n + 2;
        } else if (r.is_legacy) {
            value = r.value;
            taken = n + 1;
        }
    }
    if (taken > 0)
        (void)strbuf_add(out, value); /* a full buffer shows at the next addition */
    return taken;
}

static unsigned digit_of(char c, unsigned base)
{
    unsigned d = 99;

    if (c >= '0' && c <= '9')
        d = (unsigned)(c - '0');
    else if (c >= 'a' && c <= 'f')
        d = (unsigned)(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F')
        d = (unsigned)(c - 'A') + 10;
    return d < base ? d : 99;
}

static size_t decode_number(struct str s, struct strbuf *out)
{
    bool hex = s.n > 2 && (s.p[2] == 'x' || s.p[2] == 'X');
    unsigned base = hex ? 16 : 10;
    size_t from = hex ? 3 : 2, at = from;
    uint32_t cp = 0;
    char utf8[4];

    for (; at < s.n && digit_of(s.p[at], base) < base; at++)
        if (cp <= 0x10FFFF)
            cp = cp * base + digit_of(s.p[at], base);
    if (at == from)
        return 0;
    if (cp >= 0x80 && cp < 0xA0)
        cp = c1_means[cp - 0x80];
    else if (cp == 0)
        cp = 0xFFFD;
    (void)strbuf_add(out, (struct str){utf8, utf8_encode(cp, utf8)});
    return at < s.n && s.p[at] == ';' ? at + 1 : at;
}

size_t text_decode_reference(struct str s, struct strbuf *out)
{
    static const struct {
        struct str name;
        char value;
    } usual[] = {{STR_INIT("&amp;"), '&'},
                 {STR_INIT("&lt;"), '<'},
                 {STR_INIT("&gt;"), '>'},
                 {STR_INIT("&quot;"), '"'},
                 {STR_INIT("&apos;"), '\''}};

    if (s.n < 3 || s.p[0] != '&')
        return 0;
    if (s.p[1] == '#')
        return decode_number(s, out);
    for (size_t i = 0; i < ARRAY_LEN(usual); i++) {
        if (str_has_prefix(s, usual[i].name)) {
            (void)strbuf_add_char(out, usual[i].value);
            return usual[i].name.n;
        }
    }
    return decode_named(s, out);
}
