#include "newsmq/clock.h"

#include "judge.h"
#include "learn.h"
#include "move.h"

#define CUTS_ALWAYS   3 /* in a row */
#define GONES_MOVED   4 /* failures until the old and the new URL have both said so */
#define DATE_SLACK_MS HOUR_MS

/* ---- failures ---- */

static bool is_ended(const struct feed_state *s, enum problem p)
{
    if (p != PROBLEM_GONE || s->problem != PROBLEM_GONE)
        return false;
    return s->moved_to == NULL || s->failures >= GONES_MOVED;
}

void learn_failure(struct feed_state *s, enum problem p, const char *reason)
{
    bool was_cut = s->problem == PROBLEM_CUT_OFF || s->problem == PROBLEM_CUT_ALWAYS;

    s->health = is_ended(s, p) ? FEED_GONE : FEED_FAILING;
    if (s->failures < UINT16_MAX)
        s->failures++;
    if (p == PROBLEM_CUT_OFF && was_cut && s->failures >= CUTS_ALWAYS)
        p = PROBLEM_CUT_ALWAYS;
    s->problem = p;
    state_set(&s->reason, str_of(reason));
}

void learn_success(struct feed_state *s, int64_t now_ms)
{
    s->health = FEED_OK;
    s->failures = 0;
    s->problem = PROBLEM_NONE;
    s->last_ok_ms = now_ms;
    state_set(&s->reason, (struct str){0});
}

void learn_pace(struct feed_state *s, const struct transfer_answer *a, int64_t timeout_ms)
{
    if (a->outcome == TRANSFER_FAILED)
        return;
    if (a->duration_ms > (double)timeout_ms / 2)
        problem_add(&s->notes, PROBLEM_SLOW);
    else
        problem_remove(&s->notes, PROBLEM_SLOW);
}

/* ---- validators ---- */

static bool has_validators(const struct feed_state *s)
{
    return s->etag != NULL || s->last_modified != NULL;
}

void learn_unchanged(struct feed_state *s, const struct transfer_answer *a,
                     int64_t now_ms)
{
    bool lies = problem_has(s->notes, PROBLEM_FALSE_304);
    int64_t max_ms = lies ? LEARN_FALSE_304_MS : LEARN_304_MAX_MS;

    if (a->etag != NULL)
        state_set(&s->etag, str_of(a->etag));
    if (a->last_modified != NULL)
        state_set(&s->last_modified, str_of(a->last_modified));
    if (s->last_full_ms == 0 || s->last_full_ms > now_ms)
        s->last_full_ms = now_ms;
    if (now_ms - s->last_full_ms < max_ms)
        return;
    state_set(&s->etag, (struct str){0}); /* the hash stays: the same bytes are no news */
    state_set(&s->last_modified, (struct str){0});
}

/* An item from between the last document and the last 304, which was not told of. */
static bool was_withheld(const struct feed_state *s, const struct document *d)
{
    for (size_t i = 0; i < d->n_items; i++) {
        int64_t ms = d->items[i].date_published_ms;

        if (ms > s->last_full_ms + DATE_SLACK_MS && ms < s->last_fetch_ms - DATE_SLACK_MS)
            return true;
    }
    return false;
}

static void judge_304(struct feed_state *s, const struct document *d, int64_t now_ms)
{
    bool was_forced = !has_validators(s) && s->body_hash != NULL &&
                      now_ms - s->last_full_ms >= LEARN_FALSE_304_MS;

    if (!was_forced)
        return;
    if (strcmp(s->body_hash, d->body_hash) != 0 && was_withheld(s, d))
        problem_add(&s->notes, PROBLEM_FALSE_304);
    else
        problem_remove(&s->notes, PROBLEM_FALSE_304);
}

/* ---- documents ---- */

bool learn_is_same(const struct feed_state *s, const struct transfer_answer *a,
                   const struct document *d)
{
    return !a->is_delta && s->body_hash != NULL &&
           strcmp(s->body_hash, d->body_hash) == 0;
}

static void learn_hints(struct feed_state *s, const struct feed_meta *m)
{
    s->hints = (struct schedule_hints){
        .ttl_ms = m->ttl_min > 0 ? m->ttl_min * MINUTE_MS : 0,
        .skip_hours = m->skip_hours,
        .skip_days = m->skip_days,
    };
    if (m->update_period_s > 0 && m->update_period_s < 3650 * DAY_MS / SECOND_MS)
        s->hints.period_ms = m->update_period_s * SECOND_MS;
}

/* A delta has the new validators and some items, and says little of the whole. */
void learn_document(struct feed_state *s, const struct transfer_answer *a,
                    const struct document *d, int64_t now_ms)
{
    const struct feed_meta *m = document_meta(d);

    if (!a->is_delta) {
        judge_304(s, d, now_ms);
        s->last_full_ms = now_ms;
        s->notes.bits &= ~judge_scope().bits;
        s->notes.bits |= judge_document(d, now_ms).bits;
    }
    state_set(&s->etag, str_of(a->etag));
    state_set(&s->last_modified, str_of(a->last_modified));
    state_set(&s->body_hash, a->is_delta ? (struct str){0} : str_of(d->body_hash));
    if (m == NULL)
        return;
    if (!a->is_delta || m->title.p != NULL)
        state_set(&s->title, m->title);
    if (!a->is_delta || m->link.p != NULL)
        state_set(&s->site, m->link);
    state_set(&s->format, m->format);
    if (!a->is_delta)
        learn_hints(s, m);
    if (m->ends_in_entry) /* cut where nobody noticed: the rest is still wanted */
        state_drop_validators(s);
}

/* ---- people ---- */

void learn_ask(struct feed_state *s, enum feed_ask ask, int64_t now_ms)
{
    s->asked = ask;
    if (ask == ASK_UNMOVE) {
        move_refuse(s);
        state_drop_validators(s); /* they are the other server's */
    }
    if (ask == ASK_ENABLE && s->health == FEED_GONE)
        s->health = FEED_FAILING; /* until it answers */
    if (ask == ASK_NOTHING)
        return;
    s->failures = 0;
    s->problem = PROBLEM_NONE;
    s->next_due_ms = now_ms;
}
