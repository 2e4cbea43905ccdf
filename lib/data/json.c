#include <math.h>
#include <stdio.h>

#include "newsmq/clock.h"
#include "newsmq/json.h"
#include "newsmq/text.h"

#define DEPTH_MAX 63

static void put(struct jsonw *j, struct str s)
{
    if (j->rc == 0)
        j->rc = strbuf_add(j->out, s);
}

static void comma(struct jsonw *j)
{
    uint64_t bit = UINT64_C(1) << j->depth;

    if (j->depth > 0 && (j->has_items & bit) != 0)
        put(j, STR(","));
    j->has_items |= bit;
}

static void open_level(struct jsonw *j, struct str bracket)
{
    comma(j);
    put(j, bracket);
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

/* A value that follows a key must not put a comma: mark the level as empty again. */
static void key_done(struct jsonw *j)
{
    put(j, STR(":"));
    j->has_items &= ~(UINT64_C(1) << j->depth);
}

void jsonw_key(struct jsonw *j, const char *key)
{
    comma(j);
    put(j, STR("\""));
    put(j, str_of(key));
    put(j, STR("\""));
    key_done(j);
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
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

static void put_text(struct jsonw *j, struct str s)
{
    const char *p = s.p, *end = s.p + s.n, *from = p;

    put(j, STR("\""));
    while (p < end && j->rc == 0) {
        size_t len = 1;
        bool bad = false;

        while (p < end && is_plain((unsigned char)*p))
            p++;
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

void jsonw_key_str(struct jsonw *j, struct str key)
{
    comma(j);
    put_text(j, key);
    key_done(j);
}

void jsonw_str(struct jsonw *j, struct str s)
{
    if (s.p == NULL) {
        jsonw_null(j);
        return;
    }
    comma(j);
    put_text(j, s);
}

void jsonw_cstr(struct jsonw *j, const char *z)
{
    jsonw_str(j, str_of(z));
}

void jsonw_raw(struct jsonw *j, struct str already_json)
{
    comma(j);
    put(j, already_json);
}

static void put_number(struct jsonw *j, const char *text, int n)
{
    jsonw_raw(j, (struct str){text, n > 0 ? (size_t)n : 0});
}

void jsonw_i64(struct jsonw *j, int64_t v)
{
    char b[32];

    put_number(j, b, snprintf(b, sizeof b, "%lld", (long long)v));
}

void jsonw_u64(struct jsonw *j, uint64_t v)
{
    char b[32];

    put_number(j, b, snprintf(b, sizeof b, "%llu", (unsigned long long)v));
}

void jsonw_f(struct jsonw *j, double v, int decimals)
{
    char b[64];

    if (!isfinite(v) || fabs(v) > 1e18)
        jsonw_null(j);
    else
        put_number(j, b, snprintf(b, sizeof b, "%.*f", decimals, v));
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
