/* Members of JSON objects into structs. json_scan checks the text and finds the members;
   strings are unescaped where they stand, which never makes them longer. So reading costs
   the lists' own room and no tree. */
#include <assert.h>
#include <stdlib.h>

#include "newsmq/date.h"
#include "newsmq/json.h"
#include "newsmq/text.h"

#include "members.h"

#define LIST_MAX    65536 /* elements; what they cost is bounded with the frame's size */
#define MEMBERS_MAX 32

int member_refuse(const struct reading *r, int code, const char *what)
{
    return err_set(r->e, code, "%s%s: %s", r->where, r->key, what);
}

static bool is_absent(struct str raw)
{
    return raw.p == NULL || str_eq(raw, STR("null"));
}

/* ---- strings ---- */

static uint32_t hex4(const char *p)
{
    uint32_t v = 0;

    for (int i = 0; i < 4; i++) {
        char c = p[i];

        v = v << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return v;
}

/* p stands behind "\u"; the JSON is known to be valid. Answers the bytes read. */
static size_t read_unicode(const char *p, const char *end, uint32_t *ret)
{
    uint32_t cp = hex4(p), low;

    *ret = cp;
    if (cp < 0xD800 || cp > 0xDBFF || end - p < 10 || p[4] != '\\' || p[5] != 'u')
        return 4;
    low = hex4(p + 6);
    if (low < 0xDC00 || low > 0xDFFF)
        return 4;
    *ret = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
    return 10;
}

static struct str unescape(char *p, size_t n)
{
    const char *from = memchr(p, '\\', n), *end = p + n;
    char *to;

    if (from == NULL)
        return (struct str){p, n};
    to = p + (from - p);
    while (from < end) {
        static const char codes[] = "\"\\/bfnrt", chars[] = "\"\\/\b\f\n\r\t";
        const char *next = memchr(from, '\\', (size_t)(end - from));
        uint32_t cp;

        if (next == NULL)
            next = end;
        memmove(to, from, (size_t)(next - from));
        to += next - from;
        if (next == end)
            break;
        from = next + 2;
        if (next[1] == 'u') {
            char utf8[4];
            size_t len;

            from += read_unicode(from, end, &cp);
            len = utf8_encode(cp, utf8);
            memcpy(to, utf8, len);
            to += len;
        } else {
            *to++ = chars[strchr(codes, next[1]) - codes];
        }
    }
    return (struct str){p, (size_t)(to - p)};
}

int member_text(struct reading *r, struct str raw, void *to)
{
    if (raw.n < 2 || raw.p[0] != '"')
        return member_refuse(r, ERR_FORMAT, "not a string");
    *(struct str *)to = unescape(r->json + (raw.p - r->json) + 1, raw.n - 2);
    return 0;
}

/* ---- scalars ---- */

int member_time(struct reading *r, struct str raw, void *to)
{
    struct date date;
    struct str text = {NULL, 0};

    if (member_text(r, raw, &text) < 0)
        return ERR_FORMAT;
    date = date_read(text);
    if (!date.known && !str_eq(text, STR("1970-01-01T00:00:00.000Z")))
        return member_refuse(r, ERR_FORMAT, "not a time");
    *(int64_t *)to = date.known ? date.ms : 0;
    return 0;
}

int member_bool(struct reading *r, struct str raw, void *to)
{
    if (!str_eq(raw, STR("true")) && !str_eq(raw, STR("false")))
        return member_refuse(r, ERR_FORMAT, "not true or false");
    *(bool *)to = raw.p[0] == 't';
    return 0;
}

int member_u64(struct reading *r, struct str raw, void *to)
{
    if (!str_to_u64(raw, to))
        return member_refuse(r, ERR_FORMAT, "not a whole number");
    return 0;
}

int member_u32(struct reading *r, struct str raw, void *to)
{
    uint64_t v;

    if (!str_to_u64(raw, &v) || v > UINT32_MAX)
        return member_refuse(r, ERR_FORMAT, "not a whole number");
    *(uint32_t *)to = (uint32_t)v;
    return 0;
}

int member_status(struct reading *r, struct str raw, void *to)
{
    uint64_t v;

    if (!str_to_u64(raw, &v) || v > 999)
        return member_refuse(r, ERR_FORMAT, "not a status");
    *(int *)to = (int)v;
    return 0;
}

int member_number(struct reading *r, struct str raw, void *to)
{
    char text[64];

    if (raw.n >= sizeof text || (raw.p[0] != '-' && (raw.p[0] < '0' || raw.p[0] > '9')))
        return member_refuse(r, ERR_FORMAT, "not a number");
    memcpy(text, raw.p, raw.n);
    text[raw.n] = '\0';
    *(double *)to = strtod(text, NULL);
    return 0;
}

/* Others may write 12.0 or 1e6. */
int member_size(struct reading *r, struct str raw, void *to)
{
    double v = 0;

    if (str_to_i64(raw, to))
        return 0;
    if (member_number(r, raw, &v) < 0)
        return ERR_FORMAT;
    *(int64_t *)to = v >= 0 && v < 9e18 ? (int64_t)v : -1;
    return 0;
}

/* ---- objects ---- */

int members_read(struct reading *r, struct str object, const char *where,
                 const struct member *members, size_t n, void *base)
{
    struct str keys[MEMBERS_MAX], values[MEMBERS_MAX];
    struct reading inner = {r->json, r->a, r->e, where, ""};

    assert(n <= MEMBERS_MAX);
    for (size_t i = 0; i < n; i++)
        keys[i] = members[i].key;
    if (object.p[0] != '{')
        return member_refuse(r, ERR_FORMAT, "not an object");
    if (json_scan(object, keys, n, values, r->e) < 0)
        return ERR_FORMAT;
    for (size_t i = 0; i < n; i++) {
        int rc;

        if (is_absent(values[i]))
            continue;
        inner.key = members[i].key.p;
        rc = members[i].read(&inner, values[i], (char *)base + members[i].offset);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* ---- lists: valid JSON is cut at its commas ---- */

static const char *skip_string(const char *p)
{
    for (p++; *p != '"'; p++)
        p += *p == '\\';
    return p + 1;
}

/* Behind the value that begins at p. */
static const char *skip_value(const char *p, const char *end)
{
    unsigned depth = 0;

    for (; p < end; p++) {
        if (*p == '"')
            p = skip_string(p) - 1;
        else if (*p == '[' || *p == '{')
            depth++;
        else if (depth > 0 && (*p == ']' || *p == '}'))
            depth--;
        else if (depth == 0 && (*p == ',' || *p == ']' || *p == '}'))
            break;
    }
    return p;
}

/* The next element of an array or key of an object (its value follows behind ':'). */
bool list_next(struct str list, size_t *at, struct str *ret)
{
    const char *p = list.p + *at, *end = list.p + list.n - 1;

    while (p < end && strchr(" \t\r\n,:", *p) != NULL)
        p++;
    if (p == end)
        return false;
    if (*p == '"')
        *ret = (struct str){p, (size_t)(skip_string(p) - p)};
    else
        *ret = str_trim((struct str){p, (size_t)(skip_value(p, end) - p)});
    *at = (size_t)(ret->p + ret->n - list.p);
    return true;
}

/* Room for all elements; NULL with the error set, or with *ret_n = 0. */
void *list_room(struct reading *r, struct str raw, char bracket, size_t each,
                size_t *ret_n, int *ret_rc)
{
    struct str value;
    void *p;

    *ret_n = 0;
    *ret_rc = 0;
    if (raw.p[0] != bracket) {
        *ret_rc =
            member_refuse(r, ERR_FORMAT, bracket == '[' ? "not a list" : "not an object");
        return NULL;
    }
    for (size_t at = 1; *ret_n <= LIST_MAX && list_next(raw, &at, &value);)
        ++*ret_n;
    if (*ret_n == 0)
        return NULL;
    p = *ret_n <= LIST_MAX ? arena_alloc(r->a, *ret_n * each) : NULL;
    if (p == NULL)
        *ret_rc = member_refuse(r, ERR_LIMIT, "more than fits");
    return p;
}

int member_texts(struct reading *r, struct str raw, struct str **ret, size_t *ret_n)
{
    int rc;
    size_t n, at = 1;
    struct str *list = list_room(r, raw, '[', sizeof *list, &n, &rc), value;

    for (size_t i = 0; rc == 0 && i < n && list_next(raw, &at, &value); i++)
        rc = member_text(r, value, &list[i]);
    if (rc == 0) {
        *ret = list;
        *ret_n = n;
    }
    return rc;
}
