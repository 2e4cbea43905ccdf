#include "newsmq/text.h"

#define REPLACEMENT 0xFFFDu

/* Lead byte → length and the allowed range of the second byte (Unicode table 3-7). */
static size_t lead(unsigned char c, unsigned char *lo, unsigned char *hi)
{
    *lo = 0x80;
    *hi = 0xBF;
    if (c < 0xC2)
        return 0;
    if (c < 0xE0)
        return 2;
    if (c < 0xF0) {
        *lo = c == 0xE0 ? 0xA0 : 0x80;
        *hi = c == 0xED ? 0x9F : 0xBF;
        return 3;
    }
    if (c > 0xF4)
        return 0;
    *lo = c == 0xF0 ? 0x90 : 0x80;
    *hi = c == 0xF4 ? 0x8F : 0xBF;
    return 4;
}

uint32_t utf8_decode(const char *p, const char *end, size_t *ret_len)
{
    const unsigned char *s = (const unsigned char *)p;
    size_t have = (size_t)(end - p), want;
    unsigned char lo, hi;
    uint32_t cp;

    *ret_len = 1;
    if (s[0] < 0x80)
        return s[0];
    want = lead(s[0], &lo, &hi);
    if (want == 0)
        return REPLACEMENT;
    cp = s[0] & (0x7Fu >> want);
    for (size_t i = 1; i < want; i++) {
        if (i >= have || s[i] < lo || s[i] > hi) {
            *ret_len = i;
            return REPLACEMENT;
        }
        cp = cp << 6 | (s[i] & 0x3Fu);
        lo = 0x80;
        hi = 0xBF;
    }
    *ret_len = want;
    return cp;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = REPLACEMENT;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

bool utf8_is_valid(struct str s)
{
    const char *p = s.p, *end = s.p + s.n;

    while (p < end) {
        size_t len = 1;

        if ((unsigned char)*p >= 0x80 && utf8_decode(p, end, &len) == REPLACEMENT &&
            (len != 3 || memcmp(p, "\xEF\xBF\xBD", 3) != 0))
            return false;
        p += len;
    }
    return true;
}

size_t utf8_count(struct str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}
