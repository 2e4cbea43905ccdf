/* feed_part.h - the feed's part of a batch: its state, and what is published of changes
 */
#ifndef NEWSMQ_HUB_FEED_PART_H
#define NEWSMQ_HUB_FEED_PART_H

#include <jansson.h>

#include "newsmq/store.h"

#define FEED_EVENTS_MAX 2

struct feed_event {
    char topic[128];
    char *body;
};

/* Starts zeroed. */
struct feed_part {
    struct store_feed feed; /* slices of what follows */
    char id[64], group[64], status[16];
    char *state, *moved_to;
    json_t *whole; /* the state; NULL with a partial batch */
    json_t *about; /* what all events of it say; NULL with a partial batch */
    struct feed_event events[FEED_EVENTS_MAX];
    size_t n_events;
};

struct hub;

/* NULL, or why the feed state is none. */
const char *feed_part_read(struct feed_part *f, struct str text, bool *ret_emit);

/* Inside the transaction, after store_put; may be called again when that was rolled back.
 */
int feed_part_apply(struct hub *h, struct feed_part *f, const struct store_fed *fed,
                    struct err *e);

/* After the commit: first is the place of the first event among what was made. */
void feed_part_emit(struct hub *h, const struct feed_part *f,
                    const struct store_made *first);

/* After the commit. */
void feed_part_count(struct hub *h, const struct feed_part *f);

void feed_part_fini(struct feed_part *f);

#endif
