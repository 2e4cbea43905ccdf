/* schedule.h - when a feed is asked next, and who wanted it so: pure functions of what is
   known of it */
#ifndef NEWSMQ_FETCH_SCHEDULE_H
#define NEWSMQ_FETCH_SCHEDULE_H

#include "newsmq/str.h"

/* What the configuration wants. */
struct schedule_rule {
    int64_t every_ms, min_every_ms, max_every_ms;
    bool adaptive;
};

/* What the feed's own document wants; 0: nothing. */
struct schedule_hints {
    int64_t ttl_ms;      /* RSS ttl */
    int64_t period_ms;   /* sy:updatePeriod over sy:updateFrequency */
    uint32_t skip_hours; /* bit h: not in hour h UTC */
    uint8_t skip_days;   /* bit d: not on weekday d UTC, 0 = Sunday */
};

/* What the polls so far have shown, the last one included. */
struct schedule_past {
    unsigned failures;      /* in a row; 0: the last poll was good */
    bool is_first;          /* the first good poll of this feed */
    bool is_busy;           /* half or more of the last good poll was new */
    int64_t quiet_ms;       /* since something new came; 0: not known */
    int64_t retry_after_ms; /* what the server asked for; 0: nothing */
    int64_t fresh_ms;       /* of a good answer: stays fresh so long; 0: no wish */
    bool fresh_by_max_age;
    bool is_pushed;   /* a hub tells what is new: seldom is enough */
    uint64_t n_polls; /* of this feed: the jitter follows from it */
    struct schedule_hints hints;
};

/* Who may want a pause. */
enum wish {
    WISH_EVERY,    /* the configuration's interval */
    WISH_BUSY,     /* adaptive: much is new, sooner than every */
    WISH_QUIET,    /* adaptive: little is new, later than every */
    WISH_FAILURES, /* the more of them in a row, the later */
    WISH_FIRST,    /* the feed's own place in its interval */
    WISH_TTL,
    WISH_UPDATE_PERIOD,
    WISH_EXPIRES,
    WISH_MAX_AGE,
    WISH_RETRY_AFTER,
    WISH_PUSHED, /* a hub pushes what is new: max_every is soon enough */
    WISHES,
};

enum schedule_skip { SKIP_NONE, SKIP_HOURS, SKIP_DAYS };

/* due_ms = from_ms + wish_ms[by] + jitter_ms + skipped_ms. */
struct schedule_plan {
    int64_t from_ms, due_ms;     /* wall time */
    int64_t wish_ms[WISHES];     /* the pauses that were wished, within bounds; 0: none */
    enum wish by;                /* the one that decided */
    int64_t jitter_ms;           /* negative only after failures */
    int64_t skipped_ms;          /* out of the skipped hours and days */
    enum schedule_skip skips_by; /* the first that stood in the way */
};

/* The latest wish decides. Wishes of the feed and its server are bounded by max_every,
   Retry-After by a day; then the time is moved out of skipHours and skipDays. The same
   arguments give the same plan on each machine. */
struct schedule_plan schedule_plan(const struct schedule_rule *r,
                                   const struct schedule_past *p, struct str feed_id,
                                   int64_t now_ms);

/* "max_age", as in the feed state; NULL for what is none. */
const char *schedule_wish_name(enum wish w);
enum wish schedule_wish_find(struct str name);        /* WISH_EVERY for what is none */
bool schedule_is_ours(enum wish w);                   /* not the feed's or its server's */
const char *schedule_skip_name(enum schedule_skip s); /* NULL for SKIP_NONE */

/* The wall time of the first poll of a feed that was never polled, one of n_new. */
int64_t schedule_first(const struct schedule_rule *r, struct str feed_id, size_t n_new,
                       int64_t now_ms);

/* After a restart: not before it is due, yet never later than the rule and the feed's
   hints allow. */
int64_t schedule_resume(const struct schedule_rule *r, const struct schedule_hints *h,
                        int64_t stored_due_ms, int64_t now_ms);

#endif
