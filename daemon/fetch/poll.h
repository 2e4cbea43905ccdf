/* poll.h - one poll of one feed: from the request to the batches for the hub */
#ifndef NEWSMQ_FETCH_POLL_H
#define NEWSMQ_FETCH_POLL_H

#include "delivery.h"
#include "document.h"
#include "feeds.h"
#include "transfer.h"

struct pages;
struct backfill;

enum poll_kind {
    POLL_FETCH,
    POLL_PUSH, /* its document was pushed by a WebSub hub */
    POLL_NOTE, /* no document: only the state is kept */
};

struct poll {
    enum poll_kind kind;
    struct feed *feed; /* NULL: removed from the configuration meanwhile */
    struct generation *generation;
    const struct config_feed *config; /* of that generation */
    struct transfer *transfer;        /* NULL: over, or it could not begin */
    char *asked_url;                  /* the configuration's, or where the feed moved */
    struct document document;
    struct backfill *older; /* pages of its past; NULL: none */
    struct pages *pages;    /* those of its items are fetched; NULL: none are */
    struct delivery delivery;
    struct feed_state next; /* becomes the feed's when the hub has committed it */
    struct poll *next_in_line;
    size_t n_items;
    int64_t late_ms; /* when it began, behind the time it was due */
    uint64_t n_new, n_dup;
    unsigned n_unanswered; /* batches with the bus */
    bool was_first, is_delivered;
    bool has_named; /* the document says which WebSub hub it has, or that it has none */
    char *hub, *topic;       /* with has_named; NULL: none */
    unsigned websub_version; /* of the feed, when next was copied */
    bool is_committed;
    void (*over)(void *ctx, bool is_committed); /* called when the poll is freed */
    void *over_ctx;
    bool is_refused, was_refused; /* the hub's answer to a batch; to an earlier try */
    struct err refusal;
};

/* Makes the request ready. Never NULL: when it cannot even begin, transfer is NULL and
   the poll has failed already, with a delivery that says so. */
struct poll *poll_new(struct feed *f, struct generation *g);

/* One without a request: POLL_NOTE, until more becomes of it. */
struct poll *poll_new_note(struct feed *f, struct generation *g);

/* The transfer could not begin after all; as if poll_new had failed. */
void poll_fail(struct poll *p, const struct err *e);

/* The transfer is over: what came of it goes into document and next. poll_deliver must
   follow. */
void poll_end(struct poll *p);

/* What the document holds is to be handed over: poll_deliver must follow. */
void poll_hand_on(struct poll *p);

/* The items of the document go into delivery; nothing happens the second time. */
void poll_deliver(struct poll *p);

/* The hub has committed all of it: the feed's memory moves on. */
void poll_commit(struct poll *p);

/* The hub will never take it (why stands in refusal): nothing of it counts but the
   attempt, and the delivery becomes one of the state alone. */
void poll_refuse(struct poll *p);

void poll_free(struct poll *p);

#endif
