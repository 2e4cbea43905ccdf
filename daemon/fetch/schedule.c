/* The schedule. A feed that was never polled is asked soon, since somebody has just added
   it; the second poll then falls on the feed's own place in its interval, given by the
   hash of its id, so that a thousand feeds added together are spread over the interval
   from then on, the same way on each machine. Later polls add a little jitter. Failures
   double the pause up to max_every; nobody is ever given up. A feed that brought nothing
   new for long is asked less often, one whose every poll is full of news more often.

   The pause is decided in schedule_pause: further wishes of the feed or its server (ttl,
   skipHours, Cache-Control) belong there. */
#include "newsmq/clock.h"
#include "newsmq/hash.h"

#include "schedule.h"

#define RETRY_AFTER_MAX_MS DAY_MS
#define FIRST_STEP_MS      50 /* between the first polls of many new feeds */
#define FIRST_SPREAD_MS    MINUTE_MS
#define QUIET_PARTS        24 /* silent for a day: asked once an hour */
#define PHASE_SEED         0x6e657773

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t part_of(uint64_t dice, int64_t span_ms)
{
    return span_ms > 0 ? (int64_t)(dice % (uint64_t)span_ms) : 0;
}

static int64_t longest(const struct schedule_rule *r)
{
    return larger(r->max_every_ms, r->every_ms);
}

static int64_t pause_of_failing(const struct schedule_rule *r, unsigned failures)
{
    int64_t pause = r->every_ms;

    for (unsigned i = 1; i < failures && pause < longest(r); i++)
        pause *= 2;
    return smaller(pause, longest(r));
}

int64_t schedule_pause(const struct schedule_rule *r, const struct schedule_past *p)
{
    int64_t pause = r->every_ms;

    if (p->failures > 0)
        pause = pause_of_failing(r, p->failures);
    else if (r->adaptive && p->is_busy)
        pause = larger(r->every_ms / 2, smaller(r->min_every_ms, r->every_ms));
    else if (r->adaptive)
        pause = smaller(larger(r->every_ms, p->quiet_ms / QUIET_PARTS), longest(r));
    return larger(pause, smaller(p->retry_after_ms, RETRY_AFTER_MAX_MS));
}

/* The feed's own place in its interval, at least half an interval away. */
static int64_t next_in_phase(struct str feed_id, int64_t every_ms, int64_t now_ms)
{
    int64_t phase = part_of(hash_xxh64(feed_id, PHASE_SEED), every_ms);
    int64_t due = now_ms - now_ms % every_ms + phase;

    while (due - now_ms < every_ms / 2)
        due += every_ms;
    return due;
}

int64_t schedule_next(const struct schedule_rule *r, const struct schedule_past *p,
                      struct str feed_id, uint64_t dice, int64_t now_ms)
{
    int64_t pause = schedule_pause(r, p);

    if (p->failures == 0 && p->is_first && p->retry_after_ms == 0 && r->every_ms > 1)
        return next_in_phase(feed_id, r->every_ms, now_ms);
    if (p->retry_after_ms >= pause)
        return now_ms + pause + part_of(dice, SECOND_MS); /* never before it was asked */
    if (p->failures > 0)
        return now_ms + pause - pause / 4 + part_of(dice, pause / 2);
    return now_ms + pause + part_of(dice, pause / 10);
}

int64_t schedule_first(const struct schedule_rule *r, struct str feed_id, size_t n_new,
                       int64_t now_ms)
{
    int64_t spread = n_new < FIRST_SPREAD_MS / FIRST_STEP_MS
                         ? (int64_t)n_new * FIRST_STEP_MS
                         : FIRST_SPREAD_MS;

    return now_ms +
           part_of(hash_xxh64(feed_id, PHASE_SEED), smaller(spread, r->every_ms));
}

int64_t schedule_resume(const struct schedule_rule *r, int64_t stored_due_ms,
                        int64_t now_ms)
{
    int64_t bound = larger(longest(r) + longest(r) / 2, RETRY_AFTER_MAX_MS + MINUTE_MS);

    /* Further away than any rule gives: the clock was wrong then, or is now. */
    if (stored_due_ms - now_ms > bound)
        return now_ms + r->every_ms;
    return larger(stored_due_ms, now_ms);
}
