/* schedule.h - when a feed is asked next: pure functions of what is known of it */
#ifndef NEWSMQ_FETCH_SCHEDULE_H
#define NEWSMQ_FETCH_SCHEDULE_H

#include "newsmq/str.h"

/* What the configuration wants. */
struct schedule_rule {
    int64_t every_ms, min_every_ms, max_every_ms;
    bool adaptive;
};

/* What the polls so far have shown, the last one included. */
struct schedule_past {
    unsigned failures;      /* in a row; 0: the last poll was good */
    bool is_first;          /* the first good poll of this feed */
    bool is_busy;           /* half or more of the last good poll was new */
    int64_t quiet_ms;       /* since something new came; 0: not known */
    int64_t retry_after_ms; /* what the server asked for; 0: nothing */
};

/* The pause until the next poll, without jitter. */
int64_t schedule_pause(const struct schedule_rule *r, const struct schedule_past *p);

/* The wall time of the next poll. dice is any random number. */
int64_t schedule_next(const struct schedule_rule *r, const struct schedule_past *p,
                      struct str feed_id, uint64_t dice, int64_t now_ms);

/* The wall time of the first poll of a feed that was never polled, one of n_new. */
int64_t schedule_first(const struct schedule_rule *r, struct str feed_id, size_t n_new,
                       int64_t now_ms);

/* After a restart: not before it is due, yet never later than the rule allows. */
int64_t schedule_resume(const struct schedule_rule *r, int64_t stored_due_ms,
                        int64_t now_ms);

#endif
