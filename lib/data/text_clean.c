/* Cleaning is copying where nothing has to change. A span of bytes is clean when it is
   valid UTF-8 without controls and the quick check of UAX #15 §9 says that it is in NFC.
   What fails is normalised from the last starter before it to the next one after it, so a
   text with one decomposed letter costs one letter. */
#include <errno.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "text_private.h"

/* Code points that can combine with what stands before them (Unicode 15, NFC_QC=Maybe).
 */
static const uint32_t combining[][2] = {
    {0x0300, 0x0304},   {0x0306, 0x030C},   {0x030F, 0x030F},   {0x0311, 0x0311},
    {0x0313, 0x0314},   {0x031B, 0x031B},   {0x0323, 0x0328},   {0x032D, 0x032E},
    {0x0330, 0x0331},   {0x0338, 0x0338},   {0x0342, 0x0342},   {0x0345, 0x0345},
    {0x0653, 0x0655},   {0x093C, 0x093C},   {0x09BE, 0x09BE},   {0x09D7, 0x09D7},
    {0x0B3E, 0x0B3E},   {0x0B56, 0x0B57},   {0x0BBE, 0x0BBE},   {0x0BD7, 0x0BD7},
    {0x0C56, 0x0C56},   {0x0CC2, 0x0CC2},   {0x0CD5, 0x0CD6},   {0x0D3E, 0x0D3E},
    {0x0D57, 0x0D57},   {0x0DCA, 0x0DCA},   {0x0DCF, 0x0DCF},   {0x0DDF, 0x0DDF},
    {0x102E, 0x102E},   {0x1161, 0x1175},   {0x11A8, 0x11C2},   {0x1B35, 0x1B35},
    {0x3099, 0x309A},   {0x110BA, 0x110BA}, {0x11127, 0x11127}, {0x1133E, 0x1133E},
    {0x11357, 0x11357}, {0x114B0, 0x114B0}, {0x114BA, 0x114BA}, {0x114BD, 0x114BD},
    {0x115AF, 0x115AF}, {0x11930, 0x11930},
};

static bool is_combining(uint32_t cp)
{
    size_t lo = 0, hi = ARRAY_LEN(combining);

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (cp > combining[mid][1])
            lo = mid + 1;
        else if (cp < combining[mid][0])
            hi = mid;
        else
            return true;
    }
    return false;
}

/* Scripts of which every code point is a starter and stable; only for speed. */
static bool is_plainly_stable(uint32_t cp)
{
    return cp < 0x300 || (cp >= 0x400 && cp < 0x483) || (cp >= 0x1EA0 && cp < 0x1EFA) ||
           (cp >= 0x2010 && cp < 0x2028) || (cp >= 0x3041 && cp < 0x3097) ||
           (cp >= 0x30A0 && cp < 0x3100) || (cp >= 0x4E00 && cp < 0xA000) ||
           (cp >= 0xAC00 && cp < 0xD7A4);
}

/* Stable: it begins something new, and normalising leaves it as it is. */
static bool is_stable(uint32_t cp)
{
    const utf8proc_property_t *p;

    if (is_plainly_stable(cp))
        return true;
    p = utf8proc_get_property((utf8proc_int32_t)cp);
    if (p->combining_class != 0 || is_combining(cp))
        return false;
    return p->decomp_seqindex == UINT16_MAX || p->decomp_type != 0;
}

/* Text may also hold what is neither stable nor wrong: marks in canonical order that
   combine with nothing. *last is the combining class before it. */
static bool is_quick(uint32_t cp, int *last)
{
    const utf8proc_property_t *p;

    if (is_plainly_stable(cp)) {
        *last = 0;
        return true;
    }
    p = utf8proc_get_property((utf8proc_int32_t)cp);
    if ((p->combining_class != 0 && p->combining_class < *last) || is_combining(cp) ||
        (p->decomp_seqindex != UINT16_MAX && p->decomp_type == 0))
        return false;
    *last = p->combining_class;
    return true;
}

static bool is_clean_ascii(unsigned char c)
{
    return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t';
}

/* Whether the eight bytes are all of 0x20–0x7E. */
static bool is_plain8(const char *p)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t w;

    memcpy(&w, p, sizeof w);
    return ((w | (w - ones * 0x20) | (w + ones)) & high) == 0;
}

static bool is_bad(const char *p, uint32_t cp, size_t len)
{
    return cp == 0xFFFD && (len != 3 || memcmp(p, "\xEF\xBF\xBD", 3) != 0);
}

size_t text_clean_span(struct str s)
{
    const char *p = s.p, *end = s.p + s.n, *starter = p;
    int last = 0;

    while (p < end) {
        size_t len;
        uint32_t cp;

        while (end - p >= 8 && is_plain8(p))
            p += 8;
        while (p < end && is_clean_ascii((unsigned char)*p))
            p++;
        if (p == end)
            return s.n;
        if (p > s.p && (unsigned char)p[-1] < 0x80) {
            starter = p - 1;
            last = 0;
        }
        cp = utf8_decode(p, end, &len); /* a dropped control joins what is around it */
        if (cp < 0xA0 || is_bad(p, cp, len) || !is_quick(cp, &last))
            return (size_t)(starter - s.p);
        if (last == 0 && is_stable(cp))
            starter = p;
        p += len;
    }
    return s.n;
}

/* One code point of dirty text as it shall be; 0 bytes for what is dropped. */
static size_t repair(const char *p, const char *end, char fixed[4], size_t *ret_n)
{
    size_t len;
    uint32_t cp = utf8_decode(p, end, &len);

    *ret_n = 0;
    if (cp == '\r')
        fixed[(*ret_n)++] = '\n';
    else if (cp >= 0xA0 || (cp < 0x80 && is_clean_ascii((unsigned char)cp)))
        *ret_n = utf8_encode(cp, fixed);
    return cp == '\r' && p + 1 < end && p[1] == '\n' ? 2 : len;
}

static int add_normalised(struct str s, struct strbuf *out)
{
    utf8proc_uint8_t *nfc = NULL;
    utf8proc_ssize_t n =
        utf8proc_map((const utf8proc_uint8_t *)s.p, (utf8proc_ssize_t)s.n, &nfc,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    int rc;

    if (n < 0)
        return strbuf_add(out, s); /* no memory: readable beats normalised */
    rc = strbuf_add(out, (struct str){(const char *)nfc, (size_t)n});
    free(nfc);
    return rc;
}

/* Appends what begins s up to a place where the quick way can go on; answers the bytes
   used, or a negative code. */
static int64_t add_dirty(struct str s, struct strbuf *out)
{
    const char *p = s.p, *end = s.p + s.n;
    struct strbuf part = {.max = out->max};
    bool has_starter = false;
    int rc = 0;

    while (p < end && rc == 0) {
        char fixed[4];
        size_t n, len = repair(p, end, fixed, &n), fixed_len;

        if (n > 0) {
            bool stable = is_stable(utf8_decode(fixed, fixed + n, &fixed_len));

            if (stable && has_starter)
                break;
            has_starter |= stable;
            rc = strbuf_add(&part, (struct str){fixed, n});
        }
        p += len;
    }
    if (rc == 0 && part.n > 0)
        rc = add_normalised(strbuf_str(&part), out);
    strbuf_fini(&part);
    return rc < 0 ? rc : (int64_t)(p - s.p);
}

int text_clean(struct str s, struct strbuf *out)
{
    while (s.n > 0) {
        size_t n = text_clean_span(s);
        int64_t used;
        int rc = strbuf_add(out, str_slice(s, 0, n));

        if (rc < 0)
            return rc;
        s = str_slice(s, n, s.n);
        if (s.n == 0)
            break;
        used = add_dirty(s, out);
        if (used < 0)
            return (int)used;
        s = str_slice(s, (size_t)used, s.n);
    }
    return 0;
}

int text_clean_tail(struct strbuf *out, size_t from)
{
    struct str tail = str_slice(strbuf_str(out), from, out->n);
    struct strbuf cleaned = {.max = out->max};
    int rc;

    if (text_clean_span(tail) == tail.n)
        return 0;
    rc = text_clean(tail, &cleaned);
    if (rc == 0) {
        out->n = from;
        out->p[from] = '\0';
        rc = strbuf_add(out, strbuf_str(&cleaned));
    }
    strbuf_fini(&cleaned);
    return rc;
}
