/* json_split.h - a large JSON object, member by member, without a tree of the whole */
#ifndef NEWSMQ_PARSE_JSON_SPLIT_H
#define NEWSMQ_PARSE_JSON_SPLIT_H

#include "newsmq/str.h"

struct json_split;

/* Called with the raw text of each member of the outermost object; those of the array
   named list come one by one as elements. over: the value was larger than max, raw is
   empty. */
struct json_split_receiver {
    void *ctx;
    const char *list;
    size_t max;
    void (*member)(void *ctx, struct str key, struct str raw, bool over);
    void (*element)(void *ctx, struct str raw, bool over);
};

struct json_split *json_split_new(const struct json_split_receiver *r);
void json_split_free(struct json_split *s);
void json_split_push(struct json_split *s, struct str bytes);

/* Whether the outermost object has ended. */
bool json_split_is_over(const struct json_split *s);
unsigned long json_split_line(const struct json_split *s);

#endif
