/* learn.h - what a poll teaches of its feed: functions of the state before, the answer
   and the time, and of nothing else */
#ifndef NEWSMQ_FETCH_LEARN_H
#define NEWSMQ_FETCH_LEARN_H

#include "document.h"
#include "state.h"
#include "transfer.h"

/* A server that says nothing but 304 for so long is asked in full once: some answer so
   whatever happens. Those that were caught are asked sooner. */
#define LEARN_304_MAX_MS   (8 * DAY_MS)
#define LEARN_FALSE_304_MS DAY_MS

/* The poll failed. 410 twice in a row ends the feed. */
void learn_failure(struct feed_state *s, enum problem p, const char *reason);

/* The poll was good, with or without a document. */
void learn_success(struct feed_state *s, int64_t now_ms);

/* A 304: validators that came with it replace those of before. */
void learn_unchanged(struct feed_state *s, const struct transfer_answer *a,
                     int64_t now_ms);

/* A document that was read whole; before learn_success, with s->last_fetch_ms still of
   the poll before. */
void learn_document(struct feed_state *s, const struct transfer_answer *a,
                    const struct document *d, int64_t now_ms);

/* Whether these bytes were known already: nothing is to be handed over. */
bool learn_is_same(const struct feed_state *s, const struct transfer_answer *a,
                   const struct document *d);

/* How long the answer took. */
void learn_pace(struct feed_state *s, const struct transfer_answer *a,
                int64_t timeout_ms);

/* What was asked of it by a person. */
void learn_ask(struct feed_state *s, enum feed_ask ask, int64_t now_ms);

#endif
