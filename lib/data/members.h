/* members.h - members of JSON objects into structs, by a table */
#ifndef NEWSMQ_DATA_MEMBERS_H
#define NEWSMQ_DATA_MEMBERS_H

#include "newsmq/err.h"
#include "newsmq/mem.h"
#include "newsmq/str.h"

struct reading {
    char *json; /* all of it, in a: strings are unescaped where they stand */
    struct arena *a;
    struct err *e;
    const char *where; /* "feed." inside the feed, else "" */
    const char *key;
};

/* One member of an object: where its value goes, counted from the struct's start. */
struct member {
    struct str key;
    int (*read)(struct reading *r, struct str raw, void *to);
    size_t offset;
};

/* Reads the members that are there and not null; others are untouched. 0, or ERR_FORMAT
   or ERR_LIMIT with the member's name. object must be valid JSON or the whole text. */
int members_read(struct reading *r, struct str object, const char *where,
                 const struct member *members, size_t n, void *base);

/* err_set with the member's name in front. */
int member_refuse(const struct reading *r, int code, const char *what);

/* Readers of scalars; to is a struct str, int64_t (wall time), bool, uint64_t, uint32_t,
   int, double, int64_t (-1 when it makes no sense). */
int member_text(struct reading *r, struct str raw, void *to);
int member_time(struct reading *r, struct str raw, void *to);
int member_bool(struct reading *r, struct str raw, void *to);
int member_u64(struct reading *r, struct str raw, void *to);
int member_u32(struct reading *r, struct str raw, void *to);
int member_status(struct reading *r, struct str raw, void *to);
int member_number(struct reading *r, struct str raw, void *to);
int member_size(struct reading *r, struct str raw, void *to);

/* A list of strings. */
int member_texts(struct reading *r, struct str raw, struct str **ret, size_t *ret_n);

/* Room for all elements of a list ('[') or all keys and values of an object ('{'), in the
   arena. NULL with *ret_n = 0 when there are none, or with *ret_rc negative. */
void *list_room(struct reading *r, struct str raw, char bracket, size_t each,
                size_t *ret_n, int *ret_rc);

/* The next element of a valid list, or key or value of an object; *at starts at 1. */
bool list_next(struct str list, size_t *at, struct str *ret);

#endif
