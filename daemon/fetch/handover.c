/* Polls that are over stand in line with their batches. Each batch given to the bus is
   noted until the hub answers; when all batches of a poll are committed the feed's memory
   moves on and the feed rests until it is due. */
#include <stdlib.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "learn.h"
#include "private.h"

#define PAUSE_TOLD_MS 1000

/* ---- the line ---- */

void handover_add(struct fetcher *f, struct poll *p)
{
    p->next_in_line = NULL;
    if (f->line_last != NULL)
        f->line_last->next_in_line = p;
    else
        f->line_first = p;
    f->line_last = p;
}

static void line_remove(struct fetcher *f, struct poll *p)
{
    struct poll **at = &f->line_first, *before = NULL;

    while (*at != NULL && *at != p) {
        before = *at;
        at = &(*at)->next_in_line;
    }
    if (*at == NULL)
        return;
    *at = p->next_in_line;
    if (f->line_last == p)
        f->line_last = before;
    p->next_in_line = NULL;
}

/* ---- the end of a poll ---- */

static void rest(struct fetcher *f, struct feed *feed)
{
    poll_free(feed->poll);
    feed->poll = NULL;
    feed->phase = FEED_RESTING;
    feed_check_url(feed); /* the configuration may have changed meanwhile */
    if (feed->ask != ASK_NOTHING)
        learn_ask(&feed->state, feed->ask, clock_wall_ms());
    feed->ask = ASK_NOTHING;
    heap_set(&f->schedule, &feed->due, feed_due(feed, 1, clock_wall_ms()));
}

/* All batches of p are answered. */
static void settle(struct fetcher *f, struct poll *p)
{
    line_remove(f, p);
    if (p->feed == NULL) {
        poll_free(p);
        return;
    }
    if (p->is_refused && !p->was_refused) {
        p->is_refused = false;
        p->was_refused = true;
        poll_refuse(p);
        handover_add(f, p);
        return;
    }
    poll_commit(p);
    websub_learn(f->websub, p->feed, p);
    rest(f, p->feed);
}

static void settle_if_over(struct fetcher *f, struct poll *p)
{
    if (p->n_unanswered == 0 && (p->delivery.is_done || p->is_refused))
        settle(f, p);
}

/* ---- to the bus ---- */

static void note_unanswered(struct fetcher *f, struct poll *p, uint64_t batch)
{
    f->unanswered = mem_grow(f->unanswered, &f->cap_unanswered, f->n_unanswered + 1,
                             sizeof *f->unanswered);
    f->unanswered[f->n_unanswered++] = (struct unanswered){batch, p};
    p->n_unanswered++;
}

static void refuse(struct poll *p, const char *why)
{
    p->is_refused = true;
    err_set(&p->refusal, ERR_FORMAT, "%s", why);
}

void handover_put(struct fetcher *f)
{
    while (f->line_first != NULL) {
        struct poll *p = f->line_first;
        uint64_t batch = 0;
        struct err e = {0};
        int rc = p->is_refused ? 0
                               : delivery_put(&p->delivery, f->bus, &p->next, p->config,
                                              &batch, &e);

        if (rc == ERR_LATER)
            return;
        if (rc < 0)
            refuse(p, e.text);
        else if (!p->is_refused)
            note_unanswered(f, p, batch);
        if (p->is_refused || p->delivery.is_done)
            line_remove(f, p);
        settle_if_over(f, p);
    }
}

/* A moment of waiting is usual under load and not worth a line. */
static void tell_pause(struct fetcher *f, bool is_full, const char *why)
{
    char safe[LOG_SAFE_MAX];

    if (!is_full) {
        if (f->is_pause_told)
            log_info("fetching goes on", "waiting=%zu", hostqueue_waiting(f->queue));
        f->is_paused = f->is_pause_told = false;
        return;
    }
    if (!f->is_paused)
        f->pause_began = clock_mono();
    f->is_paused = true;
    if (f->is_pause_told || mono_ms_between(f->pause_began, clock_mono()) < PAUSE_TOLD_MS)
        return;
    log_warn("fetching pauses", "cause='%s'",
             log_safe(str_of(why != NULL ? why : "the hub does not answer"), safe));
    f->is_pause_told = true;
}

bool handover_is_full(struct fetcher *f)
{
    const char *why = bus_put_full_reason(f->bus);
    bool is_full = f->line_first != NULL || why != NULL;

    tell_pause(f, is_full, why);
    return is_full;
}

/* ---- from the bus ---- */

static struct poll *answered(struct fetcher *f, uint64_t batch)
{
    for (size_t i = 0; i < f->n_unanswered; i++) {
        struct poll *p = f->unanswered[i].poll;

        if (f->unanswered[i].batch != batch)
            continue;
        f->unanswered[i] = f->unanswered[--f->n_unanswered];
        p->n_unanswered--;
        return p;
    }
    return NULL; /* an answer to an earlier life of this program */
}

static void take_event(struct fetcher *f, const struct bus_event *ev)
{
    char safe[LOG_SAFE_MAX];
    struct poll *p;

    if ((ev->kind == BUS_SEEN || ev->kind == BUS_REFUSED) && pages_answered(f, ev))
        return;
    if (ev->kind != BUS_OK && ev->kind != BUS_REFUSED)
        return;
    p = answered(f, ev->batch);
    if (ev->kind == BUS_REFUSED && p == NULL)
        log_error("the hub refuses", "code=%d cause='%s'", ev->code,
                  log_safe(ev->json, safe));
    if (p == NULL)
        return;
    if (ev->kind == BUS_REFUSED)
        refuse(p, log_safe(ev->json, safe));
    p->n_new += ev->kind == BUS_OK ? ev->n_new : 0;
    p->n_dup += ev->kind == BUS_OK ? ev->n_dup : 0;
    settle_if_over(f, p);
}

void handover_drain(struct fetcher *f)
{
    struct bus_event ev = {0};
    struct err e = {0};
    int rc;

    while ((rc = bus_next(f->bus, 0, &ev, &e)) == 1)
        take_event(f, &ev);
    if (rc < 0 && rc != -EINTR && f->fault.code == 0) {
        f->fault = e;
        f->fault.code = rc;
        uv_stop(&f->loop);
    }
}

void handover_forget(struct fetcher *f, struct feed *feed)
{
    struct poll *p = feed->poll;

    start_abort(f, feed); /* a transfer in hand: nothing of it counts */
    if (feed->poll == NULL)
        return;
    p->feed = NULL; /* items in line are still handed over */
    feed->poll = NULL;
}
