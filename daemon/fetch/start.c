#include "newsmq/log.h"
#include "newsmq/url.h"

#include "backfill.h"
#include "move.h"
#include "private.h"

#define HOST_HOLD_MAX_MS HOUR_MS

static int64_t mono_now_ms(void)
{
    return clock_mono().ns / 1000000;
}

static void join_queue(struct fetcher *f, struct feed *feed)
{
    struct str host = url_host(str_of(move_url(&feed->state, feed->config->url)));

    hostqueue_add(f->queue, host.p != NULL ? host : STR(""), &feed->host);
}

void start_queue(struct fetcher *f, struct feed *feed)
{
    heap_remove(&f->schedule, &feed->due);
    join_queue(f, feed);
    feed->phase = FEED_WAITING;
}

static void queue_what_is_due(struct fetcher *f)
{
    int64_t now_ms = clock_wall_ms();

    for (struct heap_entry *e; (e = heap_first(&f->schedule)) != NULL;) {
        if (e->due_ms > now_ms)
            break;
        start_queue(f, feed_of_due(e));
    }
}

/* The feed's turn at its host is over. */
static void leave_queue(struct fetcher *f, struct feed *feed)
{
    hostqueue_drop(f->queue, &feed->host, mono_now_ms());
}

static void start_poll(struct fetcher *f, struct feed *feed)
{
    struct poll *p = poll_new(feed, f->generation);
    struct err e = {0};

    p->late_ms = clock_wall_ms() - feed->due.due_ms;
    feed->phase = FEED_POLLING;
    feed->poll = p;
    if (p->transfer != NULL && multi_add(f->multi, p->transfer, &e) < 0)
        poll_fail(p, &e);
    if (p->transfer == NULL) {
        leave_queue(f, feed);
        handover_add(f, p);
    }
}

void start_go_on(struct fetcher *f, struct poll *p)
{
    backfill_merge(p);
    if (pages_begin(f, p))
        return;
    poll_deliver(p);
    handover_add(f, p);
}

/* An older page of a feed that is new. */
static void start_older(struct fetcher *f, struct feed *feed)
{
    struct poll *p = feed->poll;
    struct err e = {0};
    int rc = backfill_begin(p, &e);

    if (rc == 0)
        rc = multi_add(f->multi, p->transfer, &e);
    if (rc < 0) {
        backfill_fail(p, &e);
        leave_queue(f, feed);
        start_go_on(f, p);
    }
}

static void start_what(struct fetcher *f, struct host_entry *e)
{
    if (e->kind == QUEUED_PAGE)
        pages_start(f, e);
    else if (feed_of_host(e)->poll != NULL)
        start_older(f, feed_of_host(e));
    else
        start_poll(f, feed_of_host(e));
}

void start_polls(struct fetcher *f)
{
    if (f->is_stopping)
        return;
    queue_what_is_due(f);
    while (!handover_is_full(f)) {
        struct host_entry *e = hostqueue_take(f->queue, mono_now_ms());

        if (e == NULL)
            break;
        start_what(f, e);
    }
}

/* Too many requests are the host's trouble, whichever feed it told so. But a host may be
   many sites: after an hour another feed asks for itself. */
static void hold_host(struct fetcher *f, const struct poll *p,
                      const struct transfer_answer *a)
{
    const struct config_politeness *c = &p->generation->config->politeness;
    int64_t hold_ms =
        a->retry_after_ms < HOST_HOLD_MAX_MS ? a->retry_after_ms : HOST_HOLD_MAX_MS;

    if (!c->honour_retry_after || !c->retry_after_for_host || hold_ms == 0)
        return;
    if (a->http_status != 429 && a->http_status != 503)
        return;
    if (a->url != NULL && /* after a redirect it may be another's word */
        str_eq_nocase(url_host(str_of(a->url)), url_host(str_of(p->asked_url))))
        hostqueue_hold(f->queue, &p->feed->host, mono_now_ms() + hold_ms);
}

static void poll_done(struct fetcher *f, struct poll *p)
{
    struct feed *feed = p->feed;

    hold_host(f, p, transfer_get_answer(p->transfer));
    leave_queue(f, feed);
    if (backfill_is_on(p))
        backfill_end(p);
    else
        poll_end(p);
    if (!backfill_wants(p))
        start_go_on(f, p);
    else if (f->is_stopping)
        start_abort(f, feed); /* begun anew after the start */
    else
        join_queue(f, feed);
}

void on_transfer_done(void *ctx, struct transfer *t)
{
    struct fetcher *f = ctx;

    if (!pages_done(f, t))
        poll_done(f, transfer_get_owner(t));
    handover_put(f);
    start_polls(f);
}

void start_abort(struct fetcher *f, struct feed *feed)
{
    struct poll *p = feed->poll;

    if (p == NULL || (p->transfer == NULL && p->pages == NULL && !backfill_waits(p)))
        return;
    if (p->pages != NULL)
        pages_abort(f, p);
    if (p->transfer != NULL)
        multi_remove(f->multi, p->transfer);
    leave_queue(f, feed);
    poll_free(p);
    feed->poll = NULL;
    feed->phase = FEED_RESTING;
}
