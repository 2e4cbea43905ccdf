/* One loop for all: curl's sockets (multi.c), the bus's descriptor, and a tick for what
   goes by the clock. The bus's descriptor is edge-triggered, so it is emptied before
   every wait as well. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "backfill.h"
#include "private.h"

#define TICK_MS           200
#define TRANSFERS_MAX     64
#define STOP_TRANSFERS_MS 5000 /* how long transfers in hand may go on */
#define STOP_ANSWERS_MS   3000 /* then, how long the hub may take to answer */
#define CALL_MS           1000

/* ---- stopping ---- */

static void abort_transfers(struct fetcher *f)
{
    for (size_t i = 0; i < f->feeds.n; i++)
        start_abort(f, f->feeds.list[i]);
}

/* Polls that wait for pages of their items, or for their turn with an older page of the
   feed, have committed nothing: they begin anew after the start. */
static void abort_waiting(struct fetcher *f)
{
    for (size_t i = 0; i < f->feeds.n; i++) {
        const struct poll *p = f->feeds.list[i]->poll;

        if (p != NULL && (p->pages != NULL || backfill_waits(p)))
            start_abort(f, f->feeds.list[i]);
    }
}

static void look_whether_over(struct fetcher *f)
{
    int64_t since_ms = mono_ms_between(f->stop_began, clock_mono());
    bool is_handed_over =
        f->line_first == NULL && f->n_unanswered == 0 && websub_is_kept(f->websub);

    if (hostqueue_running(f->queue) > 0 && since_ms >= STOP_TRANSFERS_MS)
        abort_transfers(f);
    if (hostqueue_running(f->queue) > 0)
        return;
    if (is_handed_over || since_ms >= STOP_TRANSFERS_MS + STOP_ANSWERS_MS)
        uv_stop(&f->loop);
}

static void begin_stop(struct fetcher *f)
{
    log_info("stopping", "transfers=%zu unanswered=%zu", hostqueue_running(f->queue),
             f->n_unanswered);
    f->is_stopping = true;
    f->stop_began = clock_mono();
    abort_waiting(f);
}

/* ---- the loop ---- */

static void report(struct fetcher *f)
{
    struct mono now = clock_mono();

    if (os_report_is_due(&f->report, now))
        os_report(&f->report, now, true, "%zu feeds, %zu being fetched, %zu waiting%s",
                  f->feeds.n, hostqueue_running(f->queue), hostqueue_waiting(f->queue),
                  f->is_paused ? "; pauses, the hub takes no more" : "");
}

static void on_tick(uv_timer_t *tick)
{
    struct fetcher *f = tick->data;

    report(f);

    if (os_should_stop() && !f->is_stopping)
        begin_stop(f);
    if (os_take_hangup() && !f->is_stopping) {
        os_notify_reloading();
        reload_config(f);
        os_notify("READY=1");
    }
    pages_tick(f);
    websub_tick(f->websub);
    start_polls(f);
    if (f->is_stopping)
        look_whether_over(f);
}

static void on_bus(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    handover_drain(poll->data);
}

static void on_before_wait(uv_prepare_t *prepare)
{
    struct fetcher *f = prepare->data;

    handover_drain(f);
    websub_turn(f->websub);
    handover_put(f);
    handover_drain(f); /* bus_fd: after every send */
}

static int watch(struct fetcher *f, struct err *e)
{
    int rc = uv_poll_init(&f->loop, &f->bus_ready, bus_fd(f->bus));

    if (rc < 0)
        return err_set(e, rc, "the bus's descriptor: %s", uv_strerror(rc));
    f->bus_ready.data = f->tick.data = f->before_wait.data = f;
    (void)uv_timer_init(&f->loop, &f->tick); /* these cannot fail */
    (void)uv_prepare_init(&f->loop, &f->before_wait);
    (void)uv_poll_start(&f->bus_ready, UV_READABLE, on_bus);
    (void)uv_timer_start(&f->tick, on_tick, 0, TICK_MS);
    (void)uv_prepare_start(&f->before_wait, on_before_wait);
    return 0;
}

int fetcher_open(const char *path, struct config *c, const struct startup_wall *wall,
                 struct fetcher **ret, struct err *e)
{
    const struct config_politeness *p = &c->politeness;
    struct bus_options o = {.role = BUS_INGEST, .name = "fetch"};
    struct fetcher *f = mem_new(sizeof *f);
    int rc;

    f->path = path;
    f->wall = wall;
    f->generation = generation_new(c);
    rc = uv_loop_init(&f->loop);
    if (rc < 0) {
        generation_drop(f->generation);
        free(f);
        return err_set(e, rc, "libuv: %s", uv_strerror(rc));
    }
    f->queue = hostqueue_new(p->host_concurrency, p->host_gap_ms, TRANSFERS_MAX);
    f->robots = robotscache_new(str_of(p->user_agent));
    f->pages_ms = clock_mono().ns / 1000000;
    f->multi = multi_new(&f->loop, on_transfer_done, f);
    rc = bus_open(&c->bus, &o, &f->bus, e);
    if (rc == 0)
        rc = watch(f, e);
    if (rc == 0)
        rc = websub_open(f, &f->websub, e);
    if (rc < 0) {
        fetcher_close(f);
        return rc;
    }
    reload_take_feeds(f);
    *ret = f;
    return 0;
}

int fetcher_remember(struct fetcher *f, struct err *e)
{
    struct mono busy_due = {0};
    bool is_told = false;

    while (reload_states(f, CALL_MS, e) < 0) {
        if (os_should_stop())
            return -EINTR;
        if (!is_told)
            log_warn("waiting for the hub", "cause='%s'", e->text);
        is_told = true;
        os_notify_busy(&busy_due, "waiting for the hub");
        uv_sleep(TICK_MS);
    }
    reload_schedule(f);
    log_info("ready", "feeds=%zu", f->feeds.n);
    return 0;
}

bool fetcher_wants_anew(const struct fetcher *f)
{
    return f->wants_anew;
}

int fetcher_run(struct fetcher *f, struct err *e)
{
    (void)uv_run(&f->loop, UV_RUN_DEFAULT); /* until uv_stop: what is left is closed */
    if (f->fault.code != 0)
        *e = f->fault;
    return f->fault.code;
}

/* ---- the end ---- */

static void close_handle(uv_handle_t *h, void *arg)
{
    (void)arg;
    if (!uv_is_closing(h))
        uv_close(h, NULL);
}

static void drop_polls(struct fetcher *f)
{
    for (size_t i = 0; i < f->feeds.n; i++)
        handover_forget(f, f->feeds.list[i]);
    while (f->line_first != NULL) {
        struct poll *p = f->line_first;

        f->line_first = p->next_in_line;
        if (p->n_unanswered == 0)
            poll_free(p);
    }
    while (f->n_unanswered > 0) { /* a poll stands here once for each batch */
        struct poll *p = f->unanswered[--f->n_unanswered].poll;

        if (--p->n_unanswered == 0)
            poll_free(p);
    }
}

void fetcher_close(struct fetcher *f)
{
    if (f == NULL)
        return;
    drop_polls(f);
    websub_close(f->websub);
    multi_close(f->multi);
    uv_walk(&f->loop, close_handle, NULL);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT); /* lets the handles end */
    (void)uv_loop_close(&f->loop);
    websub_free(f->websub);
    multi_free(f->multi);
    bus_close(f->bus);
    hostqueue_free(f->queue);
    robotscache_free(f->robots);
    for (size_t i = 0; i < f->feeds.n; i++)
        feed_free(f->feeds.list[i]);
    free(f->feeds.list);
    heap_fini(&f->schedule);
    free(f->unanswered);
    generation_drop(f->generation);
    free(f);
}
