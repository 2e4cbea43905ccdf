/* The loop: look at the sockets, apply what came in one transaction, commit, and only
   then tell anybody. While the state cannot be written the units are kept, the control
   socket still answers, and the same transaction is tried again until it works. */
#include <errno.h>

#include "newsmq/log.h"
#include "newsmq/os.h"

#include "door.h"
#include "hub.h"

#define HOLD_RETRY_MS    500
#define IDLE_MS          250
#define BLOCKED_MS       5
#define TRIM_IDLE_MS     (10 * SECOND_MS)
#define TRIM_BUSY_MS     50
#define STOP_MS          (10 * SECOND_MS)
#define CHECK_MS         MINUTE_MS
#define FORGIVE_AFTER_MS 1000

static int apply_unit(struct hub *h, struct unit *u, struct err *e)
{
    switch (u->source) {
    case FROM_INGEST:
        return ingest_apply(h, u, e);
    case FROM_WORK:
        return work_apply(h, u, e);
    case FROM_TAP:
        return tap_apply(h, u, e);
    case FROM_CONTROL:
        return control_apply(h, u, e);
    case FROM_SELF:
        break;
    }
    return u->verb == VERB_SKIP ? tap_apply(h, u, e) : work_apply(h, u, e);
}

static void finish_unit(struct hub *h, struct unit *u)
{
    switch (u->source) {
    case FROM_INGEST:
        ingest_finish(h, u);
        return;
    case FROM_WORK:
        work_finish(h, u);
        return;
    case FROM_TAP:
        tap_finish(h, u);
        return;
    case FROM_CONTROL:
        control_finish(h, u);
        return;
    case FROM_SELF:
        break;
    }
    if (u->verb == VERB_SKIP)
        tap_finish(h, u);
    else
        work_finish(h, u);
}

static bool is_write(const struct unit *u)
{
    return u->verb == VERB_PUT || u->verb == VERB_RESULT || u->verb == VERB_FAIL ||
           u->verb == VERB_SUB || u->verb == VERB_ACK || u->verb == VERB_FORGET ||
           u->verb == VERB_ASK || u->verb == VERB_SKIP;
}

static int commit(struct hub *h, struct err *e)
{
    struct mono from = clock_mono();
    int rc = store_commit(h->store, e);

    if (rc == 0)
        histogram_add(&h->counts.commit_s, seconds_between(from, clock_mono()));
    return rc;
}

static int apply_all(struct hub *h, struct err *e)
{
    int rc = store_begin(h->store, h->now_ms, e);

    for (size_t i = 0; rc >= 0 && i < h->inbox.n; i++)
        rc = apply_unit(h, &h->inbox.units[i], e);
    if (rc >= 0)
        rc = commit(h, e);
    if (rc < 0)
        store_rollback(h->store);
    return rc < 0 ? rc : 0;
}

static void hold(struct hub *h, const struct err *e)
{
    if (!h->is_holding) {
        log_error("holding: the state cannot be written; trying again until it can",
                  "cause='%s'", e->text);
        h->hold_since = h->now;
    }
    h->is_holding = true;
    h->hold = *e;
    h->hold_due = mono_add_ms(h->now, HOLD_RETRY_MS);
}

static void go_on(struct hub *h)
{
    int64_t held_ms = mono_ms_between(h->hold_since, h->now);

    if (!h->is_holding)
        return;
    h->is_holding = false;
    work_forgive(h, held_ms);
    log_info("the state can be written again, going on", "held_ms=%lld",
             (long long)held_ms);
}

/* One turn's units: all of them or none. */
static void settle_inbox(struct hub *h)
{
    struct err e = {0};
    bool has_writes = false;

    for (size_t i = 0; i < h->inbox.n && !has_writes; i++)
        has_writes = is_write(&h->inbox.units[i]);
    if (has_writes) {
        int rc = apply_all(h, &e);

        if (rc < 0 && !store_should_retry(rc))
            log_fatal("the state is damaged", "cause='%s'", e.text);
        if (rc < 0) {
            hold(h, &e);
            return;
        }
    }
    go_on(h);
    for (size_t i = 0; i < h->inbox.n; i++)
        finish_unit(h, &h->inbox.units[i]);
    inbox_clear(&h->inbox);
}

/* Promise: every item is done, dead or pending, each counted from a table of its own. */
static void check_accounts(struct hub *h)
{
    struct store_totals t;

    if (!mono_is_due(h->check_due, h->now))
        return;
    h->check_due = mono_add_ms(h->now, CHECK_MS);
    if (store_totals(h->store, &t, NULL) == 0 && !t.accounts_ok)
        log_error("the accounts do not add up: items = records + dead + pending",
                  "items=%llu records=%llu dead=%llu pending=%llu",
                  (unsigned long long)t.items, (unsigned long long)t.records,
                  (unsigned long long)t.dead, (unsigned long long)t.pending);
}

static void trim(struct hub *h)
{
    struct store_keep keep = {.before_ms = h->now_ms - h->state.keep_ms,
                              .keep_seen_ms = h->state.keep_seen_ms};
    struct err e = {0};
    size_t n = 0;
    int rc;

    if (!mono_is_due(h->trim_due, h->now) || h->state.keep_ms <= 0)
        return;
    for (int i = 0; i < STREAMS; i++)
        keep.acked[i] = consumers_acked(h, (enum stream)i);
    rc = store_begin(h->store, h->now_ms, &e);
    if (rc == 0)
        rc = store_trim(h->store, &keep, &n, &e);
    if (rc == 0 && n > 0)
        rc = store_commit(h->store, &e);
    if (rc < 0 || n == 0)
        store_rollback(h->store);
    if (rc < 0)
        log_warn("cannot trim the state now", "cause='%s'", e.text);
    h->trim_due = mono_add_ms(h->now, n > 0 ? TRIM_BUSY_MS : TRIM_IDLE_MS);
}

static void tick(struct hub *h)
{
    work_tick(h);
    tap_tick(h);
    if (mono_is_due(h->beat_due, h->now)) {
        publish_heartbeat(h);
        h->beat_due = mono_add_ms(h->now, h->bus.heartbeat_ms);
    }
}

static int wait_for_more(struct hub *h)
{
    void *const sockets[] = {h->control, h->replay, h->pub, h->ingest, h->work, h->tap};
    size_t n_sockets = h->is_holding ? 4 : ARRAY_LEN(sockets);
    zmq_pollitem_t polls[ARRAY_LEN(sockets) + DOOR_POLLS];
    size_t n = door_polls(h, polls);
    int64_t wait_ms = h->bus.ping_ms / 4 < IDLE_MS ? h->bus.ping_ms / 4 : IDLE_MS;

    if (h->is_busy || (h->self.n > 0 && !h->is_holding))
        wait_ms = 0;
    else if (h->is_blocked)
        wait_ms = BLOCKED_MS;
    h->is_busy = h->is_blocked = false;
    for (size_t i = 0; i < n_sockets; i++)
        polls[n++] = (zmq_pollitem_t){sockets[i], 0, ZMQ_POLLIN, 0};
    return zmq_poll(polls, (int)n, (long)wait_ms);
}

/* Time in which this process itself stood still (stopped, swapped out) is nobody's
   silence. */
static void read_clock(struct hub *h)
{
    struct mono before = h->now;
    int64_t gap_ms;

    h->now = clock_mono();
    h->now_ms = clock_wall_ms();
    gap_ms = mono_ms_between(before, h->now);
    if (gap_ms > FORGIVE_AFTER_MS && !h->is_holding)
        work_forgive(h, gap_ms);
    if (gap_ms > FORGIVE_AFTER_MS)
        health_forgive(h, gap_ms);
}

static void turn(struct hub *h)
{
    door_serve(h);
    publish_serve(h);
    control_serve(h);
    replay_serve(h);
    if (h->is_holding) {
        ingest_refuse(h);
        work_probe(h);
        tap_tick(h);
        if (!mono_is_due(h->hold_due, h->now))
            return;
    } else {
        inbox_fill(h);
    }
    settle_inbox(h);
    if (h->is_holding)
        return;
    ingest_update_full(h);
    work_dispatch(h);
    tap_pump(h);
    tick(h);
    check_accounts(h);
    trim(h);
}

/* Everything in hand is back, or nobody is left who could bring it. */
static bool is_stopped(struct hub *h)
{
    if (!h->is_stopping) {
        log_info("stopping: no more batches, no more jobs", "in_hand=%zu pending=%zu",
                 h->jobs.n_in_hand, h->jobs.n);
        h->is_stopping = true;
        h->stop_due =
            mono_add_ms(h->now, h->bus.lease_ms < STOP_MS ? h->bus.lease_ms : STOP_MS);
        work_drain(h);
    }
    return (h->jobs.n_in_hand == 0 && h->inbox.n == 0 && h->self.n == 0) ||
           mono_is_due(h->stop_due, h->now);
}

static void reload(struct hub *h, const struct hub_reload *r)
{
    struct config_bus bus = h->bus;
    struct config_state state = h->state;
    struct config_dedup dedup = h->dedup;

    door_reload(h);
    os_notify_reloading();
    if (r == NULL || !r->read(r->ctx, &bus, &state, &dedup)) {
        os_notify("READY=1");
        return;
    }
    h->dedup = dedup;
    h->bus.heartbeat_ms = bus.heartbeat_ms;
    h->bus.lease_ms = bus.lease_ms;
    h->bus.ping_ms = bus.ping_ms;
    h->bus.max_attempts = bus.max_attempts;
    h->bus.max_pending = bus.max_pending;
    h->bus.max_unacked = bus.max_unacked;
    h->bus.max_frames = bus.max_frames;
    h->bus.max_connections = bus.max_connections;
    h->bus.max_calls = bus.max_calls;
    h->bus.max_subscriptions = bus.max_subscriptions;
    h->bus.max_taps = bus.max_taps;
    h->state.keep_ms = state.keep_ms;
    h->state.keep_seen_ms = state.keep_seen_ms;
    log_info("limits read again", "max_pending=%llu max_unacked=%llu",
             (unsigned long long)h->bus.max_pending,
             (unsigned long long)h->bus.max_unacked);
    os_notify("READY=1");
}

int hub_run(struct hub *h, const struct hub_reload *r, struct err *e)
{
    read_clock(h);
    for (;;) {
        if (wait_for_more(h) < 0 && zmq_errno() != EINTR)
            return err_set(e, -zmq_errno(), "poll: %s", zmq_strerror(zmq_errno()));
        read_clock(h);
        if (os_take_hangup())
            reload(h, r);
        turn(h);
        health_tell(h);
        if (os_should_stop() && is_stopped(h))
            return 0;
    }
}
