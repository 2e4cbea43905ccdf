#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"
#include "newsmq/str.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool str_eq_nocase(struct str a, struct str b)
{
    return a.n == b.n && str_has_prefix_nocase(a, b);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int rc = n == 0 ? 0 : memcmp(a.p, b.p, n);

    if (rc != 0)
        return rc;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool str_has_prefix(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_has_prefix_nocase(struct str s, struct str prefix)
{
    if (s.n < prefix.n)
        return false;
    for (size_t i = 0; i < prefix.n; i++)
        if (lower(s.p[i]) != lower(prefix.p[i]))
            return false;
    return true;
}

bool str_has_suffix(struct str s, struct str suffix)
{
    return s.n >= suffix.n &&
           (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

struct str str_trim(struct str s)
{
    while (s.n > 0 && is_space(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    const char *at;

    if (from > s.n || needle.n > s.n - from)
        return SIZE_MAX;
    if (needle.n == 0)
        return from;
    at = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return at != NULL ? (size_t)(at - s.p) : SIZE_MAX;
}

size_t str_find_char(struct str s, char c, size_t from)
{
    const char *at;

    if (from >= s.n)
        return SIZE_MAX;
    at = memchr(s.p + from, c, s.n - from);
    return at != NULL ? (size_t)(at - s.p) : SIZE_MAX;
}

struct str str_cut(struct str *rest, char sep)
{
    size_t at = str_find_char(*rest, sep, 0);
    struct str head = *rest;

    if (at == SIZE_MAX) {
        *rest = (struct str){NULL, 0};
        return head;
    }
    rest->p += at + 1;
    rest->n -= at + 1;
    head.n = at;
    return head;
}

bool str_to_u64(struct str s, uint64_t *ret)
{
    uint64_t v = 0;

    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned d = (unsigned)(unsigned char)s.p[i] - '0';

        if (d > 9 || v > (UINT64_MAX - d) / 10)
            return false;
        v = v * 10 + d;
    }
    *ret = v;
    return true;
}

bool str_hex_to_u64(struct str s, uint64_t *ret)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t v = 0;

    if (s.n != 16)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        const char *at = memchr(digits, s.p[i], sizeof digits - 1);

        if (at == NULL)
            return false;
        v = v << 4 | (uint64_t)(at - digits);
    }
    *ret = v;
    return true;
}

bool str_to_i64(struct str s, int64_t *ret)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    uint64_t v;

    if (negative)
        s = str_slice(s, 1, s.n);
    if (!str_to_u64(s, &v) || v > INT64_MAX)
        return false;
    *ret = negative ? -(int64_t)v : (int64_t)v;
    return true;
}

struct str str_head(struct str s, size_t max)
{
    if (s.n <= max)
        return s;
    while (max > 0 && ((unsigned char)s.p[max] & 0xC0) == 0x80)
        max--;
    return str_slice(s, 0, max);
}

char *strbuf_room(struct strbuf *b, size_t n)
{
    size_t need;

    if (b->n > b->max || n > b->max - b->n)
        return NULL;
    need = b->n + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap < 64 ? 64 : b->cap;

        while (cap < need)
            cap *= 2;
        b->p = mem_resize(b->p, cap, 1);
        b->cap = cap;
    }
    return b->p + b->n;
}

int strbuf_add(struct strbuf *b, struct str s)
{
    char *at = strbuf_room(b, s.n);

    if (at == NULL)
        return -E2BIG;
    if (s.n > 0)
        memcpy(at, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = '\0';
    return 0;
}

int strbuf_add_char(struct strbuf *b, char c)
{
    return strbuf_add(b, (struct str){&c, 1});
}

int strbuf_add_text(struct strbuf *b, const char *z)
{
    return strbuf_add(b, str_of(z));
}

int strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
    va_list ap;
    char *at;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        return -EINVAL;
    at = strbuf_room(b, (size_t)n);
    if (at == NULL)
        return -E2BIG;
    va_start(ap, fmt);
    (void)vsnprintf(at, (size_t)n + 1, fmt, ap); /* the length was just measured */
    va_end(ap);
    b->n += (size_t)n;
    return 0;
}

void strbuf_reset(struct strbuf *b)
{
    b->n = 0;
    if (b->p != NULL)
        b->p[0] = '\0';
}

char *strbuf_take(struct strbuf *b)
{
    char *p = b->p != NULL ? b->p : mem_strdup("");

    b->p = NULL;
    b->n = b->cap = 0;
    return p;
}

void strbuf_fini(struct strbuf *b)
{
    free(b->p);
    b->p = NULL;
    b->n = b->cap = 0;
}
