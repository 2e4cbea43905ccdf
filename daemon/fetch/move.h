/* move.h - feeds that have moved for good: a permanent redirect is believed when it was
   seen often enough, for long enough, each time with a feed behind it; pure functions of
   the state and the time */
#ifndef NEWSMQ_FETCH_MOVE_H
#define NEWSMQ_FETCH_MOVE_H

#include "state.h"

#define MOVE_TIMES    5
#define MOVE_SPAN_MS  DAY_MS
#define MOVE_FAILURES 3 /* of the new URL, then the old one is tried in turn with it */

/* The URL that the next poll asks; url is the configuration's. Valid as long as both. */
const char *move_url(const struct feed_state *s, const char *url);

enum move_turn { MOVE_NOTHING, MOVE_MADE, MOVE_UNDONE };

/* After a good poll of asked; permanent_url as in struct transfer_answer. */
enum move_turn move_learn(struct feed_state *s, const char *asked,
                          const char *permanent_url, int64_t now_ms);

/* A person does not want it: the configuration's URL counts again, and that move is not
   learnt once more. */
void move_refuse(struct feed_state *s);

/* Another URL in the configuration: nothing of this counts any more. */
void move_forget(struct feed_state *s);

#endif
