/* feedlist.h - all feeds: of the configuration, and what else the hub remembers, judged
 */
#ifndef NEWSMQ_HTTP_FEEDLIST_H
#define NEWSMQ_HTTP_FEEDLIST_H

#include "newsmq/digest.h"
#include "newsmq/feed_row.h"

#include "route.h"

#define FEED_DAYS 14

struct feed_line {
    struct feed_row row;
    struct digest_feed digest; /* id absent: it has no records there */
};

struct feed_list {
    struct feed_line *lines;
    size_t n;
    size_t counts[HEALTHS];
    struct digest_axis axis; /* of the lines' digest.counts */
    /* private */
    json_t *known;
    struct digest_feed *digests;
};

/* The worst first. Borrows from h; lives as long as this turn. */
void feed_list_init(struct feed_list *l, struct http *h);
void feed_list_fini(struct feed_list *l);

/* NULL: there is none. */
const struct feed_line *feed_list_find(const struct feed_list *l, struct str id);

#endif
