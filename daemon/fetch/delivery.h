/* delivery.h - the items of one poll on their way to the hub, in batches */
#ifndef NEWSMQ_FETCH_DELIVERY_H
#define NEWSMQ_FETCH_DELIVERY_H

#include "newsmq/bus.h"
#include "newsmq/config.h"
#include "newsmq/item.h"
#include "newsmq/mem.h"

#include "state.h"

#define DELIVERY_BATCH_ITEMS 256
#define DELIVERY_BATCH_BYTES ((size_t)1024 * 1024)

/* Starts zeroed. */
struct delivery {
    struct arena arena; /* keys and cores */
    struct bus_item *items;
    size_t n_items, cap_items;
    size_t n_sent;   /* given to the bus */
    size_t n_broken; /* could not be written as JSON within the bound */
    bool is_done;    /* the last batch, with the state, was given to the bus */
};

/* Takes the items over as JSON, oldest first. With first, the feed's first_poll decides
   which of them are only remembered as seen. max_core bounds the JSON of one item. */
void delivery_fill(struct delivery *d, const struct item *items, size_t n, bool first,
                   const struct config_feed *f, int64_t now_ms, size_t max_core);

/* Which of the items delivery_fill takes over with their text, newest first: places in
   the list of n into ret, which has room for n. */
size_t delivery_choose(const struct item *items, size_t n, bool first,
                       const struct config_feed *f, int64_t now_ms, size_t *ret);

/* The next batch, with as many items as fit; *ret_n items, *ret_is_last. */
const struct bus_item *delivery_batch(const struct delivery *d, size_t *ret_n,
                                      bool *ret_is_last);

/* Gives the next batch to the bus: 1 with *ret_batch when more follow, 0 with *ret_batch
   when it was the last, or bus_put's code (ERR_LATER: the same again later). */
int delivery_put(struct delivery *d, struct bus *b, const struct feed_state *s,
                 const struct config_feed *f, uint64_t *ret_batch, struct err *e);

void delivery_fini(struct delivery *d);

#endif
