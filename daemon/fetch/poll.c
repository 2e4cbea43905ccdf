/* What a poll has learnt (validators, body hash, next due) stands in `next` and becomes
   the feed's own only when the hub has committed it together with the items: a kill in
   between leaves the old memory, and the next poll fetches in full. */
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "poll.h"

#define CORE_MAX_LEAST ((size_t)64 * 1024)

/* ---- what was learnt ---- */

static void plan_next(struct poll *p, int64_t retry_after_ms, bool is_first,
                      uint64_t dice, int64_t now_ms)
{
    struct feed_state *s = &p->next;
    struct schedule_rule rule = feed_rule(p->feed);
    bool honour = p->generation->config->politeness.honour_retry_after;
    struct schedule_past past = {
        .failures = s->failures,
        .is_first = is_first,
        .is_busy = p->feed->is_busy,
        .quiet_ms = s->new_ms > 0 && s->new_ms < now_ms ? now_ms - s->new_ms : 0,
        .retry_after_ms = honour ? retry_after_ms : 0,
    };

    s->next_due_ms = schedule_next(&rule, &past, str_of(p->config->id), dice, now_ms);
}

static void learn_failure(struct feed_state *s, const char *reason)
{
    s->health = FEED_FAILING;
    if (s->failures < UINT16_MAX)
        s->failures++;
    state_set(&s->reason, str_of(reason));
}

static void learn_success(struct feed_state *s, int64_t now_ms)
{
    s->health = FEED_OK;
    s->failures = 0;
    s->last_ok_ms = now_ms;
    state_set(&s->reason, (struct str){0});
}

static void learn_document(struct poll *p, const struct transfer_answer *a)
{
    const struct feed_meta *m = document_meta(&p->document);
    struct feed_state *s = &p->next;

    state_set(&s->etag, str_of(a->etag));
    state_set(&s->last_modified, str_of(a->last_modified));
    state_set(&s->body_hash, str_of(p->document.body_hash));
    if (m == NULL)
        return;
    state_set(&s->title, m->title);
    state_set(&s->site, m->link);
    state_set(&s->format, m->format);
    if (m->ends_in_entry) /* cut where nobody noticed: the rest is still wanted */
        state_drop_validators(s);
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

static void deliver(struct poll *p, int64_t now_ms)
{
    size_t max_core = p->generation->config->bus.max_frame_bytes;

    if (max_core < CORE_MAX_LEAST)
        max_core = CORE_MAX_LEAST;
    p->was_first = !p->feed->state.has_begun;
    delivery_fill(&p->delivery, p->document.items, p->document.n_items, p->was_first,
                  p->config, now_ms, max_core);
    p->n_items = p->delivery.n_items;
    warn_of_losses(p);
}

/* A document arrived as a whole. Negative: it was no feed, or a broken one. */
static int end_document(struct poll *p, const struct transfer_answer *a, int64_t now_ms,
                        struct err *e)
{
    struct feed_state *s = &p->next;
    int rc = document_finish(&p->document, a, true, e);

    if (rc == 0 && s->body_hash != NULL &&
        strcmp(s->body_hash, p->document.body_hash) == 0) {
        learn_document(p, a); /* a new ETag for the same bytes: nothing to hand over */
        return 0;
    }
    deliver(p, now_ms);
    if (rc == 0 || p->n_items > 0)
        s->has_begun = true;
    if (rc == 0)
        learn_document(p, a);
    return rc;
}

static int end_by_outcome(struct poll *p, const struct transfer_answer *a, int64_t now_ms,
                          struct err *e)
{
    int rc;

    switch (a->outcome) {
    case TRANSFER_UNCHANGED:
        return 0;
    case TRANSFER_DOCUMENT:
        rc = end_document(p, a, now_ms, e);
        if (rc < 0) /* so that the next poll is a full one */
            state_drop_validators(&p->next);
        return rc;
    case TRANSFER_STOPPED:
        state_drop_validators(&p->next);
        break;
    case TRANSFER_FAILED:
        break;
    }
    *e = a->reason;
    (void)document_finish(&p->document, a, false, NULL); /* the first reason counts */
    deliver(p, now_ms);                                  /* what came before the fault */
    if (a->outcome == TRANSFER_STOPPED && p->n_items > 0)
        p->next.has_begun = true;
    return e->code;
}

void poll_end(struct poll *p, uint64_t dice)
{
    const struct transfer_answer *a = transfer_get_answer(p->transfer);
    int64_t now_ms = clock_wall_ms();
    bool is_first = p->next.last_ok_ms == 0;
    struct err e = {0};

    p->next.last_fetch_ms = now_ms;
    p->next.http_status = a->http_status;
    if (end_by_outcome(p, a, now_ms, &e) < 0)
        learn_failure(&p->next, e.text);
    else
        learn_success(&p->next, now_ms);
    plan_next(p, a->retry_after_ms, is_first, dice, now_ms);
    log_debug("fetched", "feed=%s status=%d bytes=%llu items=%zu ms=%.0f late_ms=%lld",
              p->config->id, a->http_status, (unsigned long long)a->bytes, p->n_items,
              a->duration_ms, (long long)p->late_ms);
    document_fini(&p->document);
    transfer_free(p->transfer);
    p->transfer = NULL;
}

/* ---- the beginning ---- */

void poll_fail(struct poll *p, const struct err *e, uint64_t dice)
{
    int64_t now_ms = clock_wall_ms();

    transfer_free(p->transfer);
    p->transfer = NULL;
    p->next.last_fetch_ms = now_ms;
    p->next.http_status = 0;
    learn_failure(&p->next, e->text);
    plan_next(p, 0, false, dice, now_ms);
}

struct poll *poll_new(struct feed *f, struct generation *g, uint64_t dice)
{
    struct poll *p = mem_new(sizeof *p);
    struct transfer_receiver to = {&p->document, document_start, document_push};
    struct transfer_request ask = {
        .feed = f->config,
        .politeness = &g->config->politeness,
        .owner = p,
    };
    struct err e = {0};

    p->feed = f;
    p->generation = generation_use(g);
    p->config = f->config;
    state_copy(&p->next, &f->state);
    state_set(&p->next.url, str_of(f->config->url));
    ask.etag = p->next.etag;
    ask.last_modified = p->next.last_modified;
    document_init(&p->document, f->config, g->keep_html);
    if (transfer_new(&ask, &to, &p->transfer, &e) < 0)
        poll_fail(p, &e, dice);
    return p;
}

/* ---- after the hub's answer ---- */

/* A fault is told when it begins and when it ends, not at each poll. */
static void log_change(const struct poll *p)
{
    const struct feed_state *was = &p->feed->state, *is = &p->next;
    char safe[LOG_SAFE_MAX];

    if (is->health == FEED_FAILING && was->health != FEED_FAILING)
        log_warn("feed fails", "feed=%s cause='%s' next_s=%lld", p->config->id,
                 log_safe(str_of(is->reason), safe),
                 (long long)((is->next_due_ms - is->last_fetch_ms) / SECOND_MS));
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

void poll_commit(struct poll *p)
{
    struct feed *f = p->feed;

    log_change(p);
    if (p->n_new > 0)
        p->next.new_ms = p->next.last_fetch_ms;
    if (p->next.health == FEED_OK)
        f->is_busy = !p->was_first && p->n_items > 1 && p->n_new * 2 >= p->n_items;
    look_for_staleness(p);
    state_fini(&f->state);
    f->state = p->next;
    p->next = (struct feed_state){0};
}

void poll_refuse(struct poll *p, uint64_t dice)
{
    char safe[LOG_SAFE_MAX], text[LOG_SAFE_MAX + 64];
    struct feed_state *s = &p->next;

    snprintf(text, sizeof text, "the hub refuses its items: %s",
             log_safe(str_of(p->refusal.text), safe));
    log_error("the hub refuses items", "feed=%s cause='%s'", p->config->id, safe);
    state_copy(s, &p->feed->state);
    state_drop_validators(s);
    s->last_fetch_ms = clock_wall_ms();
    learn_failure(s, text);
    plan_next(p, 0, false, dice, s->last_fetch_ms);
    delivery_fini(&p->delivery); /* the state alone goes to the hub */
    p->n_items = 0;
}

void poll_free(struct poll *p)
{
    if (p == NULL)
        return;
    transfer_free(p->transfer);
    document_fini(&p->document);
    delivery_fini(&p->delivery);
    state_fini(&p->next);
    generation_drop(p->generation);
    free(p);
}
