/* json.h - writing JSON, and reading slices of it without building a tree

   The writer is jsonw_…, since jansson has json_object and others, and the linker would
   give it ours. Writing puts commas by itself; text is escaped (RFC 8259 §7), invalid
   UTF-8 becomes U+FFFD. Reading with a tree is jansson's job; json_scan is for the hot
   paths that need "is this one valid object, and where is member X" of bytes that are
   passed on as they are. */
#ifndef NEWSMQ_JSON_H
#define NEWSMQ_JSON_H

#include "newsmq/err.h"
#include "newsmq/str.h"

struct jsonw {
    struct strbuf *out;
    uint64_t has_items; /* a bit per depth */
    unsigned depth;     /* 63 at most */
    int rc; /* the first error of out (-E2BIG), kept; later calls do nothing */
};

static inline struct jsonw jsonw_to(struct strbuf *out)
{
    return (struct jsonw){.out = out};
}

void jsonw_object(struct jsonw *j); /* { */
void jsonw_object_end(struct jsonw *j);
void jsonw_array(struct jsonw *j); /* [ */
void jsonw_array_end(struct jsonw *j);
void jsonw_key(struct jsonw *j, const char *key); /* a key of ours: no escaping */
void jsonw_key_str(struct jsonw *j, struct str key);
void jsonw_str(struct jsonw *j, struct str s);   /* null when absent (p == NULL) */
void jsonw_cstr(struct jsonw *j, const char *z); /* null for NULL */
void jsonw_i64(struct jsonw *j, int64_t v);
void jsonw_u64(struct jsonw *j, uint64_t v);
void jsonw_f(struct jsonw *j, double v,
             int decimals); /* fixed; NaN and infinity are null */
void jsonw_bool(struct jsonw *j, bool v);
void jsonw_null(struct jsonw *j);
void jsonw_time(struct jsonw *j, int64_t wall_ms); /* RFC 3339 UTC text; null when 0 */
void jsonw_raw(struct jsonw *j, struct str already_json);

/* A member in one call, inside an object. */
void jsonw_member_str(struct jsonw *j, const char *key, struct str s);
void jsonw_member_cstr(struct jsonw *j, const char *key, const char *z);
void jsonw_member_i64(struct jsonw *j, const char *key, int64_t v);
void jsonw_member_u64(struct jsonw *j, const char *key, uint64_t v);
void jsonw_member_bool(struct jsonw *j, const char *key, bool v);
void jsonw_member_time(struct jsonw *j, const char *key, int64_t wall_ms);

/* Looks at text as one JSON value that must be an object (RFC 8259, valid UTF-8, depth at
   most 64, nothing but white space around it). For each i < n, ret_values[i] becomes the
   raw slice of the top-level member keys[i] (as it stands in text, quotes included), or
   absent. A repeated key: the first counts. 0, or ERR_FORMAT with the byte offset. */
int json_scan(struct str text, const struct str *keys, size_t n, struct str *ret_values,
              struct err *e);

/* The text of a raw JSON string slice that has no escapes ("abc" → abc); absent when it
   is not a string or has escapes. */
struct str json_plain(struct str raw);

#endif
