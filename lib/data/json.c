#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "newsmq/clock.h"
#include "newsmq/json.h"
#include "newsmq/text.h"

#define DEPTH_MAX  63
#define NUMBER_MAX 64 /* bytes of the longest */

/* Most pieces of JSON are of a few bytes: each call asks once for the room of all it has
   to say, writes there, and says where it ended. */

/* NULL when there was an error, now or before. */
static inline char *room(struct jsonw *j, size_t n)
{
    struct strbuf *b = j->out;
    char *at = NULL;

    if (j->rc < 0)
        return NULL;
    if (b->n < b->cap && n < b->cap - b->n && b->n <= b->max && n <= b->max - b->n)
        return b->p + b->n;
    at = strbuf_room(b, n);
    if (at == NULL)
        j->rc = -E2BIG;
    return at;
}

static inline void ended(struct jsonw *j, char *at)
{
    *at = '\0';
    j->out->n = (size_t)(at - j->out->p);
}

static inline char *add(char *at, struct str s)
{
    if (s.n > 0)
        memcpy(at, s.p, s.n);
    return at + s.n;
}

static inline char *comma(struct jsonw *j, char *at)
{
    uint64_t bit = UINT64_C(1) << j->depth;

    if (j->depth > 0 && (j->has_items & bit) != 0)
        *at++ = ',';
    j->has_items |= bit;
    return at;
}

/* A comma where one belongs, and what stands there as it is. */
static void put_item(struct jsonw *j, struct str s)
{
    char *at = room(j, s.n + 1);

    if (at != NULL)
        ended(j, add(comma(j, at), s));
}

static void put(struct jsonw *j, struct str s)
{
    char *at = room(j, s.n);

    if (at != NULL)
        ended(j, add(at, s));
}

static void open_level(struct jsonw *j, struct str bracket)
{
    put_item(j, bracket);
    if (j->depth == DEPTH_MAX) {
        j->rc = ERR_LIMIT;
        return;
    }
    j->depth++;
    j->has_items &= ~(UINT64_C(1) << j->depth);
}

static void close_level(struct jsonw *j, struct str bracket)
{
    if (j->depth > 0)
        j->depth--;
    put(j, bracket);
}

void jsonw_object(struct jsonw *j)
{
    open_level(j, STR("{"));
}

void jsonw_object_end(struct jsonw *j)
{
    close_level(j, STR("}"));
}

void jsonw_array(struct jsonw *j)
{
    open_level(j, STR("["));
}

void jsonw_array_end(struct jsonw *j)
{
    close_level(j, STR("]"));
}

/* A value that follows a key must not put a comma: the level is as empty again. */
static void key_done(struct jsonw *j, char *at)
{
    *at++ = ':';
    ended(j, at);
    j->has_items &= ~(UINT64_C(1) << j->depth);
}

void jsonw_key(struct jsonw *j, const char *key)
{
    struct str s = str_of(key);
    char *at = room(j, s.n + 4);

    if (at == NULL)
        return;
    at = comma(j, at);
    *at++ = '"';
    at = add(at, s);
    *at++ = '"';
    key_done(j, at);
}

/* ---- text ---- */

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* The highest bit of some byte is set when a byte is not plain. */
static inline uint64_t not_plain(uint64_t eight)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t quote = eight ^ ones * '"', slash = eight ^ ones * '\\';

    return (eight | (eight - ones * 0x20) | (quote - ones) | (slash - ones)) & tops;
}

/* The first byte of [p, end) that is not plain. */
static const char *plain_end(const char *p, const char *end)
{
    uint64_t eight;

    while (end - p >= 8) {
        memcpy(&eight, p, 8);
        if (not_plain(eight) != 0)
            break;
        p += 8;
    }
    while (p < end && is_plain((unsigned char)*p))
        p++;
    return p;
}

static void put_escape(struct jsonw *j, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char esc[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    const char *at = c == 0 ? NULL : strchr("\"\\\b\f\n\r\t", c);

    if (at == NULL) {
        put(j, (struct str){esc, 6});
        return;
    }
    esc[1] = "\"\\bfnrt"[at - "\"\\\b\f\n\r\t"];
    put(j, (struct str){esc, 2});
}

/* What [p, end) holds behind its first plain bytes. */
static void put_rest(struct jsonw *j, const char *from, const char *end)
{
    const char *p = from;

    while (p < end && j->rc == 0) {
        size_t len = 1;
        bool bad = false;

        p = plain_end(p, end);
        if (p == end)
            break;
        if ((unsigned char)*p >= 0x80) {
            bad = utf8_decode(p, end, &len) == 0xFFFD &&
                  (len != 3 || memcmp(p, "\xEF\xBF\xBD", 3) != 0);
            if (!bad) {
                p += len;
                continue;
            }
        }
        put(j, (struct str){from, (size_t)(p - from)});
        if (bad)
            put(j, STR("\xEF\xBF\xBD"));
        else
            put_escape(j, (unsigned char)*p);
        p += len;
        from = p;
    }
    put(j, (struct str){from, (size_t)(p - from)});
    put(j, STR("\""));
}

/* A comma, a quotation mark and s. */
static void put_text(struct jsonw *j, struct str s)
{
    const char *end = s.p + s.n, *plain = plain_end(s.p, end);
    char *at = room(j, (size_t)(plain - s.p) + 3);

    if (at == NULL)
        return;
    at = comma(j, at);
    *at++ = '"';
    at = add(at, (struct str){s.p, (size_t)(plain - s.p)});
    if (plain == end)
        *at++ = '"';
    ended(j, at);
    if (plain < end)
        put_rest(j, plain, end);
}

void jsonw_key_str(struct jsonw *j, struct str key)
{
    char *at;

    put_text(j, key);
    at = room(j, 1);
    if (at != NULL)
        key_done(j, at);
}

void jsonw_str(struct jsonw *j, struct str s)
{
    if (s.p == NULL) {
        jsonw_null(j);
        return;
    }
    put_text(j, s);
}

void jsonw_cstr(struct jsonw *j, const char *z)
{
    jsonw_str(j, str_of(z));
}

void jsonw_raw(struct jsonw *j, struct str already_json)
{
    put_item(j, already_json);
}

/* ---- numbers ---- */

/* Writes the digits of v in front of end, `least` of them or more; answers the first. */
static char *digits(uint64_t v, unsigned least, char *end)
{
    for (; v > 0 || least > 0; v /= 10, least -= least > 0)
        *--end = (char)('0' + v % 10);
    return end;
}

static void put_number(struct jsonw *j, const char *from, const char *end)
{
    put_item(j, (struct str){from, (size_t)(end - from)});
}

void jsonw_i64(struct jsonw *j, int64_t v)
{
    char b[NUMBER_MAX], *end = b + sizeof b;
    char *at = digits(v < 0 ? -(uint64_t)v : (uint64_t)v, 1, end);

    if (v < 0)
        *--at = '-';
    put_number(j, at, end);
}

void jsonw_u64(struct jsonw *j, uint64_t v)
{
    char b[NUMBER_MAX], *end = b + sizeof b;

    put_number(j, digits(v, 1, end), end);
}

static const double tens[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7};

/* What "%.*f" says of most numbers. NULL: it is large, or so near to the middle between
   two that it takes more care to say which is nearer. */
static char *fixed(double v, unsigned decimals, char *end)
{
    double x, rest;
    uint64_t whole;
    char *at;

    if (decimals >= ARRAY_LEN(tens) || fabs(v) >= 1e5)
        return NULL;
    x = fabs(v) * tens[decimals]; /* under 1e12: off by less than 1e-3 */
    whole = (uint64_t)x;
    rest = x - (double)whole;
    if (rest > 0.499 && rest < 0.501)
        return NULL;
    at = digits(whole + (rest > 0.5), decimals + 1, end);
    if (decimals > 0) {
        at = memmove(at - 1, at, (size_t)(end - at) - decimals);
        end[-(ptrdiff_t)decimals - 1] = '.';
    }
    if (signbit(v))
        *--at = '-';
    return at;
}

void jsonw_f(struct jsonw *j, double v, int decimals)
{
    char b[NUMBER_MAX], *end = b + sizeof b, *at;
    int n;

    if (!isfinite(v) || fabs(v) > 1e18) {
        jsonw_null(j);
        return;
    }
    at = fixed(v, (unsigned)decimals, end);
    if (at != NULL) {
        put_number(j, at, end);
        return;
    }
    n = snprintf(b, sizeof b, "%.*f", decimals, v);
    put_number(j, b, b + (n > 0 ? n : 0));
}

void jsonw_bool(struct jsonw *j, bool v)
{
    jsonw_raw(j, v ? STR("true") : STR("false"));
}

void jsonw_null(struct jsonw *j)
{
    jsonw_raw(j, STR("null"));
}

void jsonw_time(struct jsonw *j, int64_t wall_ms)
{
    char b[CLOCK_TEXT_MAX];

    if (wall_ms == 0 || clock_text(wall_ms, b)[0] == '\0')
        jsonw_null(j);
    else
        jsonw_cstr(j, b);
}

void jsonw_member_str(struct jsonw *j, const char *key, struct str s)
{
    jsonw_key(j, key);
    jsonw_str(j, s);
}

void jsonw_member_cstr(struct jsonw *j, const char *key, const char *z)
{
    jsonw_key(j, key);
    jsonw_cstr(j, z);
}

void jsonw_member_i64(struct jsonw *j, const char *key, int64_t v)
{
    jsonw_key(j, key);
    jsonw_i64(j, v);
}

void jsonw_member_u64(struct jsonw *j, const char *key, uint64_t v)
{
    jsonw_key(j, key);
    jsonw_u64(j, v);
}

void jsonw_member_bool(struct jsonw *j, const char *key, bool v)
{
    jsonw_key(j, key);
    jsonw_bool(j, v);
}

void jsonw_member_time(struct jsonw *j, const char *key, int64_t wall_ms)
{
    jsonw_key(j, key);
    jsonw_time(j, wall_ms);
}
