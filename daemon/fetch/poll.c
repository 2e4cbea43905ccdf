/* What a poll has learnt (validators, body hash, next due) stands in `next` and becomes
   the feed's own only when the hub has committed it together with the items: a kill in
   between leaves the old memory, and the next poll fetches in full. */
#include <errno.h>
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "backfill.h"
#include "judge.h"
#include "learn.h"
#include "move.h"
#include "poll.h"
#include "websub_discover.h"

#define CORE_MAX_LEAST ((size_t)64 * 1024)

/* ---- what was learnt ---- */

static void plan_next(struct poll *p, const struct transfer_answer *a, bool is_first,
                      int64_t now_ms)
{
    struct feed_state *s = &p->next;
    struct schedule_rule rule = feed_rule(p->feed);
    bool honour = p->generation->config->politeness.honour_retry_after;
    struct schedule_past past = {
        .failures = s->failures,
        .is_first = is_first,
        .is_busy = p->feed->is_busy,
        .quiet_ms = s->new_ms > 0 && s->new_ms < now_ms ? now_ms - s->new_ms : 0,
        .retry_after_ms = a != NULL && honour ? a->retry_after_ms : 0,
        .fresh_ms = a != NULL ? a->fresh_ms : 0,
        .fresh_by_max_age = a != NULL && a->fresh_by_max_age,
        .is_pushed = p->generation->config->websub.listen != NULL &&
                     websub_is_active(&p->feed->state.websub, now_ms),
        .n_polls = s->polls,
        .hints = s->hints,
    };

    s->plan = schedule_plan(&rule, &past, str_of(p->config->id), now_ms);
    s->next_due_ms = s->health == FEED_GONE ? 0 : s->plan.due_ms;
}

/* Every poll ends here, whatever came of it. */
static void end_lesson(struct poll *p, const struct transfer_answer *a, bool is_first,
                       int64_t now_ms)
{
    p->next.last_fetch_ms = now_ms;
    p->next.http_status = a != NULL ? a->http_status : 0;
    p->next.polls++;
    p->next.cost = (struct poll_cost){.is_known = true,
                                      .bytes = a != NULL ? a->bytes : 0,
                                      .ms = a != NULL ? a->duration_ms : 0,
                                      .late_ms = p->late_ms > 0 ? p->late_ms : 0};
    plan_next(p, a, is_first, now_ms);
}

/* ---- what goes to the hub ---- */

static void warn_of_losses(const struct poll *p)
{
    const struct document *d = &p->document;

    if (d->n_left_out > 0)
        log_warn("items over a limit were left out", "feed=%s n=%zu max_items=%zu",
                 p->config->id, d->n_left_out, p->config->max_items);
    if (p->delivery.n_broken > 0)
        log_warn("items could not be written", "feed=%s n=%zu", p->config->id,
                 p->delivery.n_broken);
}

void poll_deliver(struct poll *p)
{
    size_t max_core = p->generation->config->bus.max_frame_bytes;

    if (p->is_delivered)
        return;
    p->is_delivered = true;
    if (max_core < CORE_MAX_LEAST)
        max_core = CORE_MAX_LEAST;
    delivery_fill(&p->delivery, p->document.items, p->document.n_items, p->was_first,
                  p->config, clock_wall_ms(), max_core);
    p->n_items = p->delivery.n_items;
    warn_of_losses(p);
    document_fini(&p->document);
    backfill_free(p->older); /* its items were in the document */
    p->older = NULL;
}

void poll_hand_on(struct poll *p)
{
    char habits[HABITS_TEXT_MAX];

    if (habits_write(&p->document.habits, habits)[0] != '\0')
        state_set(&p->next.habits, str_of(habits));
    p->was_first = !p->feed->state.has_begun;
    p->n_items = p->document.n_items;
    p->is_delivered = false;
}

static enum problem judge(const struct poll *p)
{
    const struct document *d = &p->document;
    const struct feed_meta *m = document_meta(d);

    return judge_body((struct str){d->head, d->n_head}, m != NULL && m->format.p != NULL);
}

/* A document arrived as a whole. Negative: it was no feed, or a broken one. */
static int end_document(struct poll *p, const struct transfer_answer *a, int64_t now_ms,
                        struct err *e)
{
    struct feed_state *s = &p->next;
    int rc = document_finish(&p->document, a, true, e);

    if (rc == 0 && learn_is_same(s, a, &p->document)) {
        learn_document(s, a, &p->document, now_ms); /* perhaps with another ETag */
        return 0;                                   /* and nothing to hand over */
    }
    poll_hand_on(p);
    if (rc == 0 || p->n_items > 0)
        s->has_begun = true;
    if (rc == 0)
        learn_document(s, a, &p->document, now_ms);
    return rc;
}

static int end_by_outcome(struct poll *p, const struct transfer_answer *a, int64_t now_ms,
                          enum problem *ret_problem, struct err *e)
{
    int rc;

    switch (a->outcome) {
    case TRANSFER_UNCHANGED:
        learn_unchanged(&p->next, a, now_ms);
        return 0;
    case TRANSFER_DOCUMENT:
        rc = end_document(p, a, now_ms, e);
        if (rc < 0) /* so that the next poll is a full one */
            state_drop_validators(&p->next);
        *ret_problem = rc < 0 ? judge(p) : PROBLEM_NONE;
        return rc;
    case TRANSFER_STOPPED:
        state_drop_validators(&p->next);
        *ret_problem = judge(p);
        break;
    case TRANSFER_FAILED:
        *ret_problem = a->problem != PROBLEM_NONE ? a->problem : PROBLEM_OTHER;
        break;
    }
    *e = a->reason;
    (void)document_finish(&p->document, a, false, NULL); /* the first reason counts */
    poll_hand_on(p);                                     /* what came before the fault */
    if (a->outcome == TRANSFER_STOPPED && p->n_items > 0)
        p->next.has_begun = true;
    return e->code;
}

/* A feed is behind the redirects: they may be meant for good. */
static void look_for_move(struct poll *p, const struct transfer_answer *a, int64_t now_ms)
{
    struct feed_state *s = &p->next;
    char safe[LOG_SAFE_MAX];

    switch (move_learn(s, p->asked_url, a->permanent_url, now_ms)) {
    case MOVE_MADE:
        log_warn("feed has moved for good, the new URL is used", "feed=%s to='%s'",
                 p->config->id, log_safe(str_of(s->moved_to), safe));
        break;
    case MOVE_UNDONE:
        log_warn("feed is back at its old URL", "feed=%s", p->config->id);
        break;
    case MOVE_NOTHING:
        break;
    }
}

/* A delta tells nothing of the feed itself. */
static void look_for_hub(struct poll *p, const struct transfer_answer *a)
{
    const struct feed_meta *m = document_meta(&p->document);

    if (a->outcome != TRANSFER_DOCUMENT || a->is_delta)
        return;
    p->has_named = true;
    websub_discover(str_of(a->links), m, str_of(a->url), &p->hub, &p->topic);
}

void poll_end(struct poll *p)
{
    const struct transfer_answer *a = transfer_get_answer(p->transfer);
    int64_t now_ms = clock_wall_ms();
    bool is_first = p->next.last_ok_ms == 0;
    enum problem problem = PROBLEM_NONE;
    struct err e = {0};

    if (end_by_outcome(p, a, now_ms, &problem, &e) < 0) {
        learn_failure(&p->next, problem, e.text);
    } else {
        look_for_move(p, a, now_ms);
        look_for_hub(p, a);
        learn_success(&p->next, now_ms);
    }
    learn_pace(&p->next, a, p->config->timeout_ms);
    end_lesson(p, a, is_first, now_ms);
    log_debug("fetched", "feed=%s status=%d bytes=%llu items=%zu ms=%.0f late_ms=%lld",
              p->config->id, a->http_status, (unsigned long long)a->bytes, p->n_items,
              a->duration_ms, (long long)p->late_ms);
    if (p->is_delivered)
        document_fini(&p->document);
    transfer_free(p->transfer);
    p->transfer = NULL;
}

/* ---- the beginning ---- */

static enum problem problem_of_start(const struct poll *p, int code)
{
    if (str_has_prefix_nocase(str_of(p->asked_url), STR("file:")))
        return PROBLEM_FILE;
    if (code == -EPERM) /* the guard */
        return PROBLEM_REFUSED_ADDRESS;
    return code == -ENOMEM ? PROBLEM_OTHER : PROBLEM_BAD_URL;
}

void poll_fail(struct poll *p, const struct err *e)
{
    transfer_free(p->transfer);
    p->transfer = NULL;
    learn_failure(&p->next, problem_of_start(p, e->code), e->text);
    end_lesson(p, NULL, false, clock_wall_ms());
}

struct poll *poll_new_note(struct feed *f, struct generation *g)
{
    struct poll *p = mem_new(sizeof *p);

    p->kind = POLL_NOTE;
    p->is_delivered = true; /* nothing yet */
    p->feed = f;
    p->generation = generation_use(g);
    p->config = f->config;
    p->websub_version = f->websub_version;
    state_copy(&p->next, &f->state);
    state_set(&p->next.url, str_of(f->config->url));
    return p;
}

struct poll *poll_new(struct feed *f, struct generation *g)
{
    struct poll *p = poll_new_note(f, g);
    struct transfer_receiver to = {&p->document, document_start, document_push};
    struct transfer_request ask = {
        .feed = f->config,
        .politeness = &g->config->politeness,
        .owner = p,
    };
    struct err e = {0};

    p->kind = POLL_FETCH;
    p->asked_url = mem_strdup(move_url(&p->next, f->config->url));
    ask.url = p->asked_url;
    ask.etag = p->next.etag;
    ask.last_modified = p->next.last_modified;
    document_init(&p->document, f->config, g->keep_html);
    habits_read(str_of(p->next.habits), &p->document.habits);
    if (transfer_new(&ask, &to, &p->transfer, &e) < 0)
        poll_fail(p, &e);
    return p;
}

/* ---- after the hub's answer ---- */

/* A fault is told when it begins and when it ends, not at each poll. */
static void log_change(const struct poll *p)
{
    const struct feed_state *was = &p->feed->state, *is = &p->next;
    char safe[LOG_SAFE_MAX];

    if (is->health == FEED_FAILING && was->health != FEED_FAILING)
        log_warn("feed fails", "feed=%s problem=%s cause='%s' next_s=%lld", p->config->id,
                 problem_code(is->problem), log_safe(str_of(is->reason), safe),
                 (long long)((is->next_due_ms - is->last_fetch_ms) / SECOND_MS));
    if (is->health == FEED_GONE && was->health != FEED_GONE)
        log_warn("feed is gone for good, it is no longer polled",
                 "feed=%s cause='%s' remedy='newsmq feeds --enable %s'", p->config->id,
                 log_safe(str_of(is->reason), safe), p->config->id);
    if (is->health == FEED_OK && was->health == FEED_FAILING)
        log_info("feed works again", "feed=%s failures=%u", p->config->id, was->failures);
    if (p->n_new > 0)
        log_info("new items", "feed=%s new=%llu seen=%llu", p->config->id,
                 (unsigned long long)p->n_new, (unsigned long long)p->n_dup);
}

static void look_for_staleness(struct poll *p)
{
    struct feed *f = p->feed;
    int64_t quiet_ms = p->next.last_fetch_ms - p->next.new_ms;

    if (p->next.new_ms == 0 || quiet_ms < p->config->stale_after_ms) {
        f->is_stale = false;
        return;
    }
    if (!f->is_stale)
        log_warn("feed has had nothing new for long", "feed=%s days=%.1f", p->config->id,
                 (double)quiet_ms / DAY_MS);
    f->is_stale = true;
}

/* The subscription lives on while a poll is under way: the newest stays. */
static void take_websub(struct poll *p)
{
    struct feed *f = p->feed;

    f->websub_kept = p->websub_version;
    websub_state_fini(&p->next.websub);
    p->next.websub = f->state.websub;
    f->state.websub = (struct websub_state){0};
}

void poll_commit(struct poll *p)
{
    struct feed *f = p->feed;

    log_change(p);
    if (p->n_new > 0)
        p->next.new_ms = p->next.last_fetch_ms;
    if (p->next.health == FEED_OK && p->kind == POLL_FETCH)
        f->is_busy = !p->was_first && p->n_items > 1 && p->n_new * 2 >= p->n_items;
    look_for_staleness(p);
    take_websub(p);
    state_fini(&f->state);
    f->state = p->next;
    f->state.asked = ASK_NOTHING; /* the hub knows */
    f->state.cost = (struct poll_cost){0};
    p->next = (struct feed_state){0};
    p->is_committed = true;
}

void poll_refuse(struct poll *p)
{
    char safe[LOG_SAFE_MAX], text[LOG_SAFE_MAX + 64];
    struct feed_state *s = &p->next;

    snprintf(text, sizeof text, "the hub refuses its items: %s",
             log_safe(str_of(p->refusal.text), safe));
    log_error("the hub refuses items", "feed=%s cause='%s'", p->config->id, safe);
    state_copy(s, &p->feed->state);
    state_drop_validators(s);
    learn_failure(s, PROBLEM_HUB_REFUSES, text);
    end_lesson(p, NULL, false, clock_wall_ms());
    delivery_fini(&p->delivery); /* the state alone goes to the hub */
    p->n_items = 0;
}

void poll_free(struct poll *p)
{
    if (p == NULL)
        return;
    if (p->over != NULL)
        p->over(p->over_ctx, p->is_committed);
    transfer_free(p->transfer);
    document_fini(&p->document);
    backfill_free(p->older);
    delivery_fini(&p->delivery);
    state_fini(&p->next);
    free(p->asked_url);
    free(p->hub);
    free(p->topic);
    generation_drop(p->generation);
    free(p);
}
