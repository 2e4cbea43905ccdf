/* json.h - writing JSON, and reading slices of it without building a tree

   Writing puts commas by itself; text is escaped (RFC 8259 §7), invalid UTF-8 becomes
   U+FFFD. Reading with a tree is jansson's job; json_scan is for the hot paths that need
   "is this one valid object, and where is member X" of bytes that are passed on as they
   are. */
#ifndef NEWSMQ_JSON_H
#define NEWSMQ_JSON_H

#include "newsmq/err.h"
#include "newsmq/str.h"

struct json {
    struct strbuf *out;
    uint64_t has_items; /* a bit per depth */
    unsigned depth;     /* 63 at most */
    int rc; /* the first error of out (-E2BIG), kept; later calls do nothing */
};

static inline struct json json_to(struct strbuf *out)
{
    return (struct json){.out = out};
}

void json_object(struct json *j); /* { */
void json_object_end(struct json *j);
void json_array(struct json *j); /* [ */
void json_array_end(struct json *j);
void json_key(struct json *j, const char *key); /* a key of ours: no escaping */
void json_key_str(struct json *j, struct str key);
void json_str(struct json *j, struct str s);   /* null when absent (p == NULL) */
void json_cstr(struct json *j, const char *z); /* null for NULL */
void json_i64(struct json *j, int64_t v);
void json_u64(struct json *j, uint64_t v);
void json_f(struct json *j, double v,
            int decimals); /* fixed; NaN and infinity are null */
void json_bool(struct json *j, bool v);
void json_null(struct json *j);
void json_time(struct json *j, int64_t wall_ms); /* RFC 3339 UTC text; null when 0 */
void json_raw(struct json *j, struct str already_json);

/* A member in one call, inside an object. */
void json_member_str(struct json *j, const char *key, struct str s);
void json_member_cstr(struct json *j, const char *key, const char *z);
void json_member_i64(struct json *j, const char *key, int64_t v);
void json_member_u64(struct json *j, const char *key, uint64_t v);
void json_member_bool(struct json *j, const char *key, bool v);
void json_member_time(struct json *j, const char *key, int64_t wall_ms);

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
