/* The schedule. A feed that was never polled is asked soon, since somebody has just added
   it; the second poll then falls on the feed's own place in its interval, given by the
   hash of its id, so that a thousand feeds added together are spread over the interval
   from then on, the same way on each machine.

   Later polls: everybody who has a say names a pause, and the longest counts. The
   configuration's interval, adapted to how much the feed brings; after failures twice as
   long each time, up to max_every: nobody is ever given up. The feed (ttl, sy:…) and its
   server (Cache-Control, Expires) may ask for more, up to max_every, since a ttl of a
   year must not kill a feed; Retry-After up to a day. A little jitter comes on top, from
   the hash of the id and the number of the poll: whoever plans the same poll plans the
   same. Last, hours and days in which the feed does not want to be asked are passed over.
 */
#include "newsmq/clock.h"
#include "newsmq/hash.h"

#include "schedule.h"

#define RETRY_AFTER_MAX_MS  DAY_MS
#define RETRY_JITTER_MAX_MS MINUTE_MS
#define FIRST_STEP_MS       50 /* between the first polls of many new feeds */
#define FIRST_SPREAD_MS     MINUTE_MS
#define SKIP_SPREAD_MS      (10 * MINUTE_MS) /* behind the end of skipped hours */
#define QUIET_PARTS         24               /* silent for a day: asked once an hour */
#define PHASE_SEED          0x6e657773
#define ALL_HOURS           0xffffffu
#define ALL_DAYS            0x7fu

static const char *const wish_names[WISHES] = {
    [WISH_EVERY] = "every",     [WISH_BUSY] = "busy",
    [WISH_QUIET] = "quiet",     [WISH_FAILURES] = "failures",
    [WISH_FIRST] = "first",     [WISH_TTL] = "ttl",
    [WISH_EXPIRES] = "expires", [WISH_UPDATE_PERIOD] = "update_period",
    [WISH_MAX_AGE] = "max_age", [WISH_RETRY_AFTER] = "retry_after",
    [WISH_PUSHED] = "pushed",
};

const char *schedule_wish_name(enum wish w)
{
    return (unsigned)w < WISHES ? wish_names[w] : NULL;
}

enum wish schedule_wish_find(struct str name)
{
    for (int w = 0; w < WISHES; w++)
        if (str_eq(name, str_of(wish_names[w])))
            return (enum wish)w;
    return WISH_EVERY;
}

bool schedule_is_ours(enum wish w)
{
    return w < WISH_TTL;
}

const char *schedule_skip_name(enum schedule_skip s)
{
    return s == SKIP_HOURS ? "hours" : s == SKIP_DAYS ? "days" : NULL;
}

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

/* ---- who wants what ---- */

static int64_t pause_of_failing(const struct schedule_rule *r, unsigned failures)
{
    int64_t pause = r->every_ms;

    for (unsigned i = 1; i < failures && pause < longest(r); i++)
        pause *= 2;
    return smaller(pause, longest(r));
}

/* The feed's own place in its interval, at least half an interval away. */
static int64_t pause_of_first(struct str feed_id, int64_t every_ms, int64_t now_ms)
{
    int64_t phase = part_of(hash_xxh64(feed_id, PHASE_SEED), every_ms);
    int64_t due = now_ms - now_ms % every_ms + phase;

    while (due - now_ms < every_ms / 2)
        due += every_ms;
    return due - now_ms;
}

/* Which of the paces of our own counts. */
static enum wish choose_pace(const struct schedule_rule *r, const struct schedule_past *p)
{
    if (p->failures > 0)
        return WISH_FAILURES;
    if (p->is_first && r->every_ms > 1)
        return WISH_FIRST;
    if (r->adaptive && p->is_busy)
        return WISH_BUSY;
    if (r->adaptive && p->quiet_ms / QUIET_PARTS > r->every_ms)
        return WISH_QUIET;
    return WISH_EVERY;
}

static int64_t pause_of_pace(const struct schedule_rule *r, const struct schedule_past *p,
                             struct str feed_id, int64_t now_ms, enum wish pace)
{
    switch (pace) {
    case WISH_FAILURES:
        return pause_of_failing(r, p->failures);
    case WISH_FIRST:
        return pause_of_first(feed_id, r->every_ms, now_ms);
    case WISH_BUSY:
        return larger(r->every_ms / 2, smaller(r->min_every_ms, r->every_ms));
    case WISH_QUIET:
        return smaller(p->quiet_ms / QUIET_PARTS, longest(r));
    default:
        return r->every_ms;
    }
}

/* A failed poll says nothing new of how long the feed stays fresh. */
static void add_hints(struct schedule_plan *plan, const struct schedule_rule *r,
                      const struct schedule_past *p)
{
    int64_t max_ms = longest(r);

    plan->wish_ms[WISH_RETRY_AFTER] = smaller(p->retry_after_ms, RETRY_AFTER_MAX_MS);
    if (p->failures > 0)
        return;
    plan->wish_ms[WISH_PUSHED] = p->is_pushed ? max_ms : 0;
    plan->wish_ms[WISH_TTL] = smaller(p->hints.ttl_ms, max_ms);
    plan->wish_ms[WISH_UPDATE_PERIOD] = smaller(p->hints.period_ms, max_ms);
    plan->wish_ms[p->fresh_by_max_age ? WISH_MAX_AGE : WISH_EXPIRES] =
        smaller(p->fresh_ms, max_ms);
}

/* ---- details ---- */

static int64_t jitter(const struct schedule_plan *plan, uint64_t dice)
{
    int64_t pause = plan->wish_ms[plan->by];

    switch (plan->by) {
    case WISH_FIRST: /* a place of its own already */
        return 0;
    case WISH_FAILURES:
        return part_of(dice, pause / 2) - pause / 4;
    case WISH_RETRY_AFTER: /* never before it was asked */
        return part_of(dice, smaller(pause / 10, RETRY_JITTER_MAX_MS));
    default:
        return part_of(dice, pause / 10);
    }
}

/* Moves *due_ms to the first allowed moment; what would forbid all is no wish. */
static enum schedule_skip pass_over(const struct schedule_hints *h, int64_t *due_ms)
{
    uint32_t hours = h->skip_hours & ALL_HOURS;
    unsigned days = h->skip_days & ALL_DAYS;
    enum schedule_skip by = SKIP_NONE;

    hours = hours == ALL_HOURS ? 0 : hours;
    days = days == ALL_DAYS ? 0 : days;
    for (int steps = 0; steps < 2 * 7 * 24; steps++) { /* enough for any two sets */
        int64_t hour = *due_ms / HOUR_MS, day = *due_ms / DAY_MS;
        bool is_day = (days >> ((day + 4) % 7) & 1) != 0; /* 1 January 1970: Thursday */

        if (!is_day && (hours >> (hour % 24) & 1) == 0)
            break;
        *due_ms = is_day ? (day + 1) * DAY_MS : (hour + 1) * HOUR_MS;
        if (by == SKIP_NONE)
            by = is_day ? SKIP_DAYS : SKIP_HOURS;
    }
    return by;
}

struct schedule_plan schedule_plan(const struct schedule_rule *r,
                                   const struct schedule_past *p, struct str feed_id,
                                   int64_t now_ms)
{
    uint64_t dice = hash_xxh64(feed_id, PHASE_SEED + 1 + p->n_polls);
    struct schedule_plan plan = {.from_ms = now_ms, .by = choose_pace(r, p)};
    int64_t due_ms;

    plan.wish_ms[WISH_EVERY] = r->every_ms;
    plan.wish_ms[plan.by] = pause_of_pace(r, p, feed_id, now_ms, plan.by);
    add_hints(&plan, r, p);
    for (int w = WISH_TTL; w < WISHES; w++)
        if (plan.wish_ms[w] > plan.wish_ms[plan.by])
            plan.by = (enum wish)w;
    plan.jitter_ms = jitter(&plan, dice);
    plan.due_ms = now_ms + plan.wish_ms[plan.by] + plan.jitter_ms;
    due_ms = plan.due_ms;
    plan.skips_by = pass_over(&p->hints, &due_ms);
    if (plan.skips_by != SKIP_NONE)
        due_ms += part_of(dice, SKIP_SPREAD_MS);
    plan.skipped_ms = due_ms - plan.due_ms;
    plan.due_ms = due_ms;
    return plan;
}

/* ---- the beginning ---- */

int64_t schedule_first(const struct schedule_rule *r, struct str feed_id, size_t n_new,
                       int64_t now_ms)
{
    int64_t spread = n_new < FIRST_SPREAD_MS / FIRST_STEP_MS
                         ? (int64_t)n_new * FIRST_STEP_MS
                         : FIRST_SPREAD_MS;

    return now_ms +
           part_of(hash_xxh64(feed_id, PHASE_SEED), smaller(spread, r->every_ms));
}

int64_t schedule_resume(const struct schedule_rule *r, const struct schedule_hints *h,
                        int64_t stored_due_ms, int64_t now_ms)
{
    int64_t bound = larger(longest(r) + longest(r) / 2, RETRY_AFTER_MAX_MS + MINUTE_MS);

    if (h->skip_hours != 0 || h->skip_days != 0)
        bound += 7 * DAY_MS;
    /* Further away than any rule gives: the clock was wrong then, or is now. */
    if (stored_due_ms - now_ms > bound)
        return now_ms + r->every_ms;
    return larger(stored_due_ms, now_ms);
}
