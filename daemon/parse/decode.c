/* UTF-8 that is valid passes through without a copy. Bytes that are not are read as
   Windows-1252 one by one, since a feed pasted together from two sources is the usual
   cause. Everything else goes through iconv. */
#include <errno.h>
#include <stdio.h>

#include "newsmq/text.h"

#include "decode.h"

#define OUT_MAX ((size_t)64 << 20) /* of one call; callers push far less */
#define ESCAPE  0x1B

/* ---- UTF-8 ---- */

static bool is_ascii8(const char *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return (v & UINT64_C(0x8080808080808080)) == 0;
}

static bool is_ascii32(const char *p)
{
    uint64_t v[4];

    memcpy(v, p, sizeof v);
    return ((v[0] | v[1] | v[2] | v[3]) & UINT64_C(0x8080808080808080)) == 0;
}

/* The bytes of the valid character at p, 0 when there is none. */
static size_t character(const unsigned char *p, const unsigned char *end)
{
    size_t n = (size_t)(end - p);

    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || p[0] > 0xF4)
        return 0;
    if (p[0] < 0xE0)
        return n >= 2 && (p[1] & 0xC0) == 0x80 ? 2 : 0;
    if (p[0] < 0xF0)
        return n >= 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 &&
                       !(p[0] == 0xE0 && p[1] < 0xA0) && !(p[0] == 0xED && p[1] > 0x9F)
                   ? 3
                   : 0;
    return n >= 4 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 &&
                   (p[3] & 0xC0) == 0x80 && !(p[0] == 0xF0 && p[1] < 0x90) &&
                   !(p[0] == 0xF4 && p[1] > 0x8F)
               ? 4
               : 0;
}

/* Whether the bytes to the end may be the start of a character that was cut. */
static bool may_be_cut(struct str s)
{
    size_t need = (unsigned char)s.p[0] >= 0xF0   ? 4
                  : (unsigned char)s.p[0] >= 0xE0 ? 3
                                                  : 2;

    if ((unsigned char)s.p[0] < 0xC2 || (unsigned char)s.p[0] > 0xF4 || s.n >= need)
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (((unsigned char)s.p[i] & 0xC0) != 0x80)
            return false;
    return true;
}

static size_t valid_prefix(struct str s, bool *ret_non_ascii)
{
    size_t i = 0;

    while (i < s.n) {
        size_t n;

        if (i + 32 <= s.n && is_ascii32(s.p + i)) {
            i += 32;
            continue;
        }
        if (i + 8 <= s.n && is_ascii8(s.p + i)) {
            i += 8;
            continue;
        }
        if ((signed char)s.p[i] >= 0) {
            i++;
            continue;
        }
        *ret_non_ascii = true;
        n = character((const unsigned char *)s.p + i, (const unsigned char *)s.p + s.n);
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

uint32_t windows_1252(unsigned char c)
{
    static const uint16_t high[32] = {
        0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
        0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

    return c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c;
}

/* All of s as UTF-8 in d->out, but for a cut character at the end. Answers the bytes of s
   that were used. */
static size_t repair_utf8(struct decode *d, struct str s, bool is_last)
{
    size_t i = 0;

    while (i < s.n) {
        size_t n = valid_prefix(str_slice(s, i, s.n), &d->saw_non_ascii);
        char utf8[4];

        (void)strbuf_add(&d->out, str_slice(s, i, i + n)); /* at most 3 times s */
        i += n;
        if (i == s.n || (!is_last && may_be_cut(str_slice(s, i, s.n))))
            break;
        n = utf8_encode(windows_1252((unsigned char)s.p[i]), utf8);
        (void)strbuf_add(&d->out, (struct str){utf8, n});
        d->had_bad_bytes = true;
        i++;
    }
    return i;
}

static struct str push_utf8(struct decode *d, struct str bytes, bool is_last)
{
    size_t n;

    if (d->in.n == 0) {
        n = valid_prefix(bytes, &d->saw_non_ascii);
        if (n == bytes.n)
            return bytes;
        if (!is_last && may_be_cut(str_slice(bytes, n, bytes.n))) {
            (void)strbuf_add(&d->in, str_slice(bytes, n, bytes.n)); /* 3 bytes at most */
            return str_slice(bytes, 0, n);
        }
    }
    (void)strbuf_add(&d->in, bytes);
    n = repair_utf8(d, strbuf_str(&d->in), is_last);
    memmove(d->in.p, d->in.p + n, d->in.n - n);
    d->in.n -= n;
    return strbuf_str(&d->out);
}

/* ---- iconv ---- */

static struct str push_iconv(struct decode *d, struct str bytes, bool is_last)
{
    char *in, *to;
    size_t left, room;

    (void)strbuf_add(&d->in, bytes);
    in = d->in.p;
    left = d->in.n;
    while (left > 0) {
        room = left * 4 + 64;
        to = strbuf_room(&d->out, room);
        if (to == NULL)
            break;
        if (iconv(d->cd, &in, &left, &to, &room) == (size_t)-1 && errno == EINVAL &&
            !is_last) {
            d->out.n = (size_t)(to - d->out.p);
            break; /* a cut character stays for the next call */
        }
        d->out.n = (size_t)(to - d->out.p);
        if (left == 0)
            break;
        (void)strbuf_add(&d->out, STR("\xEF\xBF\xBD"));
        d->had_bad_bytes = true;
        in++;
        left--;
    }
    if (left > 0)
        memmove(d->in.p, in, left);
    d->in.n = left;
    return strbuf_str(&d->out);
}

/* ---- the decision ---- */

static bool open_converter(const char *from, iconv_t *ret)
{
    *ret = iconv_open("UTF-8", from);
    return (intptr_t)*ret != -1;
}

/* Markup is ASCII before anybody knows the encoding; one in which these bytes are other
   letters (EBCDIC, ISO 646-NO: '[' is 'Æ') is none that a document can be in. */
static bool reads_ascii(iconv_t cd)
{
    char text[] =
        "<?xml version='1.0' encoding=\"UTF-8\"?> ![CDATA[&#x20;]]>/{},:_-ABZaz9";
    char out[2 * sizeof text] = "", *from = text, *to = out;
    size_t left = sizeof text - 1, room = sizeof out;

    return iconv(cd, &from, &left, &to, &room) != (size_t)-1 && left == 0 &&
           strcmp(out, text) == 0;
}

static bool is_known(const char *name)
{
    bool ok;

    const char *known = charset_iconv_name(name);
    iconv_t cd;

    if (strcmp(known, "UTF-8") == 0 || strcmp(known, "CP1252") == 0)
        return true; /* opening it takes long */
    if (!open_converter(known, &cd))
        return false;
    ok = reads_ascii(cd);
    (void)iconv_close(cd); /* cannot fail on what iconv_open gave */
    return ok;
}

static bool use_iconv(struct decode *d, const char *name)
{
    const char *known = charset_iconv_name(name);

    if (known == NULL || strcmp(known, "UTF-8") == 0)
        return false;
    if (!open_converter(known, &d->cd))
        return false;
    d->how = DECODE_ICONV;
    if (name != d->charset.name && strcmp(known, "GB18030") != 0)
        (void)snprintf(d->charset.name, sizeof d->charset.name, "%s", name);
    return true;
}

/* More characters of several bytes than bytes that are none. */
static bool is_mostly_utf8(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;
    size_t good = 0, bad = 0;

    while (p < end) {
        size_t n = character(p, end);

        good += n > 1;
        bad += n == 0;
        p += n > 0 ? n : 1;
    }
    return good >= bad;
}

/* ISO 2022 in seven bits: letters of ASCII are other letters behind an escape. */
static bool shifts(const struct decode *d)
{
    return strncmp(d->charset.name, "iso-2022-", 9) == 0;
}

/* The sample has bytes beyond ASCII, or an escape where the label speaks of escapes. */
static void decide(struct decode *d, struct str sample)
{
    bool unused = false;
    size_t n = valid_prefix(sample, &unused);
    bool is_utf8 = n == sample.n || (sample.n - n < 4 && n > 0 &&
                                     may_be_cut(str_slice(sample, n, sample.n)));
    bool said_utf8 = strcmp(charset_iconv_name(d->charset.name), "UTF-8") == 0;

    if (shifts(d) && str_find_char(sample, ESCAPE, 0) != SIZE_MAX &&
        use_iconv(d, d->charset.name))
        return;
    d->how = DECODE_UTF8;
    if (is_utf8 || (said_utf8 && is_mostly_utf8(sample))) {
        if (!said_utf8)
            (void)snprintf(d->charset.name, sizeof d->charset.name, "utf-8");
        d->was_wrong = !said_utf8;
        return;
    }
    if (d->charset.fallback[0] != '\0' && is_known(d->charset.fallback) &&
        use_iconv(d, d->charset.fallback)) {
        d->was_wrong = said_utf8;
        return;
    }
    d->was_wrong = true;
    (void)use_iconv(d, charset_guess(sample)); /* else UTF-8, repaired byte by byte */
}

static size_t first_non_ascii(struct str s)
{
    size_t i = 0;

    while (i < s.n && (signed char)s.p[i] >= 0)
        i += i + 32 <= s.n && is_ascii32(s.p + i) ? 32
             : i + 8 <= s.n && is_ascii8(s.p + i) ? 8
                                                  : 1;
    return i;
}

/* Where it matters first how the bytes are read. */
static size_t first_to_decide(const struct decode *d, struct str s)
{
    size_t at = first_non_ascii(s), escape = SIZE_MAX;

    if (shifts(d))
        escape = str_find_char(s, ESCAPE, 0);
    return escape < at ? escape : at;
}

static struct str push_undecided(struct decode *d, struct str bytes, bool is_last)
{
    struct str all;
    size_t at, end;

    if (d->in.n == 0 && first_to_decide(d, bytes) == bytes.n)
        return bytes;
    (void)strbuf_add(&d->in, bytes);
    all = strbuf_str(&d->in);
    at = first_to_decide(d, all);
    if (at == all.n)
        return STR("");
    d->saw_non_ascii = true;
    if (all.n - at < DECODE_DECIDE_BYTES && !is_last)
        return STR("");
    end = at + DECODE_DECIDE_BYTES; /* not more, however much came at once */
    decide(d, str_slice(all, at, end < all.n ? end : all.n));
    return d->how == DECODE_ICONV ? push_iconv(d, STR(""), is_last)
                                  : push_utf8(d, STR(""), is_last);
}

struct str decode_push(struct decode *d, struct str bytes, bool is_last)
{
    strbuf_reset(&d->out);
    if (d->how == DECODE_UNDECIDED)
        return push_undecided(d, bytes, is_last);
    if (d->how == DECODE_ICONV)
        return push_iconv(d, bytes, is_last);
    return push_utf8(d, bytes, is_last);
}

void decode_init(struct decode *d, const struct charset *charset)
{
    *d = (struct decode){.charset = *charset, .in.max = OUT_MAX, .out.max = OUT_MAX};
    (void)snprintf(d->said, sizeof d->said, "%s", charset->name);
    if (!charset->is_certain && !is_known(charset->name)) {
        d->charset = (struct charset){.name = "utf-8"};
        d->was_wrong = true;
    }
    if (charset->is_certain && !use_iconv(d, d->charset.name))
        d->how = DECODE_UTF8;
    else if (d->how == DECODE_ICONV)
        d->saw_non_ascii = true;
}

void decode_fini(struct decode *d)
{
    if (d->how == DECODE_ICONV)
        (void)iconv_close(d->cd); /* cannot fail on what iconv_open gave */
    strbuf_fini(&d->in);
    strbuf_fini(&d->out);
    *d = (struct decode){0};
}
