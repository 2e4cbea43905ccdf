/* facts.h - all that was answered just now, in one place */
#ifndef NEWSMQ_HTTP_FACTS_H
#define NEWSMQ_HTTP_FACTS_H

#include "newsmq/feed_row.h"

/* The feeds of the configuration, in its order, each with what the hub knows of it. */
struct facts_feeds {
    struct feed_row *list;
    size_t n;
};

/* feeds: the hub's answer of that name. All is borrowed. */
void facts_list_feeds(struct facts_feeds *r, const struct config *c, const json_t *feeds,
                      int64_t now_ms);
void facts_drop_feeds(struct facts_feeds *r);

struct http_counts;

/* What is known; NULL where it is not. */
struct facts {
    const struct config *config;
    const json_t *metrics; /* of the hub, which answers; else NULL, and fault says why */
    const char *fault;
    const json_t *newsmqd;         /* of the supervisor; none in the split form */
    struct facts_feeds feeds;      /* without states when the hub does not answer */
    const struct http_counts *own; /* this program's; NULL: left out */
    int64_t now_ms;
};

struct http;

/* Of what a route needs. What was answered earlier, and not just now, is left out. */
#define FACTS_NEEDS (NEED(SOURCE_METRICS) | NEED(SOURCE_FEEDS) | NEED(SOURCE_NEWSMQD))
void facts_take(struct facts *f, const struct http *h);
void facts_fini(struct facts *f);

#endif
