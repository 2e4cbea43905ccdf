/* str.h - borrowed slices of text, and buffers that are born with their maximum */
#ifndef NEWSMQ_STR_H
#define NEWSMQ_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* n bytes of UTF-8 at p, not NUL-terminated. p == NULL means "absent", which is not the
   same as empty. Whoever made the slice says how long it lives. */
struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_INIT(literal)              \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }
#define STR_FMT      "%.*s"
#define STR_ARG(s)   (int)(s).n, ((s).p != NULL ? (s).p : "")
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static inline struct str str_of(const char *z)
{
    return (struct str){z, z != NULL ? strlen(z) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Bytes from up to (not including) to; both must lie inside s. */
static inline struct str str_slice(struct str s, size_t from, size_t to)
{
    return (struct str){s.p + from, to - from};
}

bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
int str_cmp(struct str a, struct str b);        /* as memcmp, shorter first */
bool str_has_prefix(struct str s, struct str prefix);
bool str_has_prefix_nocase(struct str s, struct str prefix);
bool str_has_suffix(struct str s, struct str suffix);

/* Without ASCII white space (space, \t, \n, \v, \f, \r) at both ends. */
struct str str_trim(struct str s);

/* The offset of the first needle at or after from; SIZE_MAX when there is none. */
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_char(struct str s, char c, size_t from);

/* Cuts *rest at the first sep: answers what stood before it and leaves what follows.
   Without a sep answers all and leaves *rest absent (p == NULL). */
struct str str_cut(struct str *rest, char sep);

/* Decimal digits only, the whole of s. False when empty, not digits, or over the maximum
   of the type; *ret is then untouched. */
bool str_to_u64(struct str s, uint64_t *ret);
bool str_to_i64(struct str s, int64_t *ret); /* a leading '-' is allowed */
/* What "%016llx" writes: 16 digits 0-9a-f, no more and no less. */
bool str_hex_to_u64(struct str s, uint64_t *ret);

/* At most max bytes of s, cut at a UTF-8 boundary. */
struct str str_head(struct str s, size_t max);

/* A growing buffer. `max` is set at birth: struct strbuf b = {.max = 1 << 20}; a max of 0
   means nothing fits. The bytes are always followed by a NUL (when p is not NULL). */
struct strbuf {
    char *p;
    size_t n;
    size_t cap;
    size_t max;
};

/* 0, or -E2BIG when the result would pass max; then nothing of s was added. */
int strbuf_add(struct strbuf *b, struct str s);
int strbuf_add_char(struct strbuf *b, char c);
int strbuf_add_text(struct strbuf *b, const char *z);
int strbuf_addf(struct strbuf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for n more bytes at the end; b->n is not changed. NULL when over max. */
char *strbuf_room(struct strbuf *b, size_t n);

static inline struct str strbuf_str(const struct strbuf *b)
{
    return (struct str){b->p != NULL ? b->p : "", b->n};
}

/* The bytes as a C string, valid until the next change. */
static inline const char *strbuf_cstr(const struct strbuf *b)
{
    return b->p != NULL ? b->p : "";
}

void strbuf_reset(struct strbuf *b); /* empty; memory kept */
char *strbuf_take(struct strbuf *b); /* the caller frees; b is empty again */
void strbuf_fini(struct strbuf *b);

#endif
