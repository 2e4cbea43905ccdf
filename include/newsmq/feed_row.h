/* feed_row.h - one feed as the configuration and the hub know it, judged */
#ifndef NEWSMQ_FEED_ROW_H
#define NEWSMQ_FEED_ROW_H

#include <jansson.h>

#include "newsmq/config.h"
#include "newsmq/problem.h"

/* In the order in which an operator wants to see them. */
enum health {
    HEALTH_FAILING,
    HEALTH_GONE,
    HEALTH_STALE,
    HEALTH_NEW,
    HEALTH_OK,
    HEALTH_FORMER, /* no longer in the configuration */
    HEALTHS,
};

const char *health_name(enum health h);

struct feed_row {
    const char *id;
    const struct config_feed *feed; /* NULL: no longer in the configuration */
    const json_t *state;            /* NULL: the hub does not know it */
    enum health health;
    enum problem problem;    /* why it is failing, gone or stale */
    struct problem_set also; /* what else is odd */
    char why[160];
};

/* Looks at feed and state (borrowed, one may be NULL). */
void feed_row_init(struct feed_row *r, const char *id, const struct config_feed *feed,
                   const json_t *state, int64_t now_ms);

/* All there is to say of it, for programs. */
json_t *feed_row_json(const struct feed_row *r);

bool feed_row_has_problem(const struct feed_row *r);

/* Why it is polled next when it is, in one sentence. */
#define FEED_NEXT_MAX 1024
void feed_row_next(const struct feed_row *r, int64_t now_ms, struct strbuf *out);

/* feed_row_json with `next_why`, that sentence, and `next`, what it was made of. */
json_t *feed_row_why_json(const struct feed_row *r, int64_t now_ms);

#endif
