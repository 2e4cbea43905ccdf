/* The embedded bus, peer side. bus_next is the only place where time passes: it looks at
   the connection, greets whoever is new at the other end, lets the role do what is due,
   and hands out one message at a time. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "zmq_bus.h"

#define TICK_MS     50
#define PREFIX_MAX  250
#define CUTS_QUIET  5
#define PINGS_ALOUD 5 /* unheard; after them ten times as rarely */

static const struct zmq_role *const roles[] = {
    [BUS_INGEST] = &zmq_role_ingest,
    [BUS_WORK] = &zmq_role_work,
    [BUS_TAP] = &zmq_role_tap,
    [BUS_REPLAY] = &zmq_role_replay,
    [BUS_SUBSCRIBE] = &zmq_role_subscribe,
};

/* ---- opening ---- */

static const char *endpoint_of(const struct config_bus *c, enum bus_role role)
{
    switch (role) {
    case BUS_INGEST:
        return c->ingest.list[0];
    case BUS_WORK:
        return c->work.list[0];
    case BUS_TAP:
        return c->tap.list[0];
    case BUS_REPLAY:
        return c->replay.list[0];
    case BUS_SUBSCRIBE:
        break;
    }
    return c->publish.list[0];
}

static int init_role(struct zmq_bus *b, const struct bus_options *o, struct err *e)
{
    switch (o->role) {
    case BUS_INGEST:
        zmq_ingest_init(b);
        return 0;
    case BUS_WORK:
        return zmq_work_init(b, o->hello, e);
    case BUS_TAP:
        zmq_tap_init(b);
        return 0;
    case BUS_REPLAY:
        zmq_replay_init(b);
        return 0;
    case BUS_SUBSCRIBE:
        zmq_subscribe_init(b);
        break;
    }
    return 0;
}

static void close_bus(struct bus *bus)
{
    struct zmq_bus *b = zmq_bus_of(bus);

    b->role->fini(b);
    link_close(&b->link);
    nmq1_fini(&b->msg);
    free(b->name);
    free(b);
}

static int open_bus(const struct config_bus *c, const struct bus_options *o,
                    struct bus **ret, struct err *e)
{
    bool is_sub = o->role == BUS_SUBSCRIBE;
    const char *endpoint = endpoint_of(c, o->role);
    struct link_keys keys;
    struct zmq_bus *b;
    int rc = zmq_keys(c, endpoint, &keys, e);

    if (rc < 0)
        return rc;

    b = mem_new(sizeof *b);
    b->base = (struct bus){&bus_kind_zmq, o->role};
    b->role = roles[o->role];
    b->name = mem_strdup(o->name != NULL ? o->name : "");
    b->ping_ms = c->ping_ms;
    b->max_frame = c->max_frame_bytes;
    b->now = clock_mono();
    rc = init_role(b, o, e);
    /* All but a subscriber bound what may be under way by credit or by memory. */
    if (rc == 0)
        rc = link_open(&b->link, is_sub ? ZMQ_SUB : ZMQ_DEALER, endpoint,
                       is_sub ? (int)c->high_water_mark : 0, &keys, e);
    explicit_bzero(&keys, sizeof keys);
    if (rc < 0) {
        close_bus(&b->base);
        return rc;
    }
    *ret = &b->base;
    return 0;
}

static int get_fd(const struct bus *bus)
{
    return zmq_bus_of_const(bus)->link.fd;
}

/* ---- what roles share ---- */

void zmq_ping(struct zmq_bus *b)
{
    if (!b->is_greeted || !mono_is_due(b->ping_due, b->now))
        return;
    b->ping_due =
        mono_add_ms(b->now, b->pings < PINGS_ALOUD ? b->ping_ms : 10 * b->ping_ms);
    if (link_say(&b->link, STR("PING")) == 0)
        b->pings++;
}

int zmq_report(struct bus *bus, struct str json)
{
    struct zmq_bus *b = zmq_bus_of(bus);

    return b->is_greeted ? link_say(&b->link, STR("PING"), json) : ERR_CLOSED;
}

int zmq_refused(const struct zmq_bus *b, struct bus_event *ret, uint64_t *ret_ref)
{
    uint64_t code = 0;

    *ret_ref = 0;
    (void)nmq1_get_u64(&b->msg, 2, &code); /* these stay 0 when they are missing */
    (void)nmq1_get_u64(&b->msg, 4, ret_ref);
    *ret = (struct bus_event){.kind = BUS_REFUSED,
                              .code = code <= INT_MAX ? (int)code : INT_MAX,
                              .json = nmq1_get(&b->msg, 3)};
    return 1;
}

int zmq_check_stream(const char *stream, const char *prefix, struct err *e)
{
    if (strcmp(stream, "item") != 0 && strcmp(stream, "record") != 0 &&
        strcmp(stream, "event") != 0)
        return err_set(e, -EINVAL, "'%s' is no stream; there are item, record, event",
                       stream);
    if (prefix != NULL && strlen(prefix) > PREFIX_MAX)
        return err_set(e, ERR_LIMIT, "a topic prefix has at most %d bytes", PREFIX_MAX);
    return 0;
}

int zmq_too_large(const struct zmq_bus *b, const char *what, size_t bytes, struct err *e)
{
    return err_set(e, ERR_LIMIT, "%s has %zu bytes, more than bus.max_frame (%zu)", what,
                   bytes, b->max_frame);
}

/* ---- one event ---- */

/* 1 = an event, 0 = there is none, negative = as bus_next. */
static int take_event(struct zmq_bus *b, struct bus_event *ret, struct err *e)
{
    int rc = 0;

    while (b->link.socket != NULL &&
           (rc = nmq1_recv(b->link.socket, &b->msg, ZMQ_DONTWAIT)) > 0) {
        struct str verb;

        b->pings = 0;
        if (b->base.role == BUS_SUBSCRIBE)
            rc = zmq_hear_published(b, ret);
        else if (nmq1_check(&b->msg, 0, &verb, NULL) == 0)
            rc = b->role->hear(b, verb, ret);
        else
            rc = 0; /* not of ours: as an unknown verb */
        if (rc != 0)
            return rc;
    }
    if (rc < 0 && rc != -EINTR)
        err_set(e, rc, "%s: %s", b->link.endpoint, zmq_strerror(-rc));
    return rc;
}

static void greet(struct zmq_bus *b)
{
    b->pings = 0;
    b->ping_due = mono_add_ms(b->now, b->ping_ms);
    b->is_greeted = b->role->greet(b) == 0;
}

static int tick(struct zmq_bus *b, struct err *e)
{
    b->tick_due = mono_add_ms(b->now, TICK_MS);
    if (b->link.is_up && !b->is_greeted)
        greet(b);
    b->role->tick(b);
    return link_retry(&b->link, b->now, e);
}

/* A hub that dies in the middle of a handshake cuts one off as well. */
static void tell_fault(struct zmq_bus *b)
{
    char text[300];

    if ((b->link.fault == LINK_CUT && b->link.n_faults < CUTS_QUIET) ||
        !mono_is_due(b->fault_due, b->now))
        return;
    b->fault_due = mono_add_ms(b->now, MINUTE_MS);
    log_error("cannot connect to the hub; trying again", "endpoint=%s cause='%s'",
              b->link.endpoint, link_fault_text(&b->link, text, sizeof text));
}

/* Nothing is there to be taken: what became of the connection? */
static void look_at_link(struct zmq_bus *b)
{
    if (link_look(&b->link))
        greet(b);
    if (b->link.is_up)
        return;
    if (b->link.fault != LINK_FINE)
        tell_fault(b);
    if (b->base.role != BUS_SUBSCRIBE)
        b->is_greeted = false;
    if (!b->link.is_broken)
        return;
    if (b->link.is_drained)
        link_drop(&b->link, b->now);
    else
        b->link.is_drained = true; /* after one more look for what had come */
}

/* Until something comes, it is time for a tick, or for the caller. */
static int wait_for_more(struct zmq_bus *b, struct mono until, struct err *e)
{
    int64_t tick_ms = mono_ms_between(b->now, b->tick_due) + 1;
    int64_t left_ms = mono_ms_between(b->now, until) + 1;
    int rc;

    if (b->link.is_broken)
        return 0;
    rc = link_wait(&b->link, tick_ms < left_ms ? tick_ms : left_ms);
    if (rc < 0 && rc != -EINTR)
        err_set(e, rc, "%s: %s", b->link.endpoint, zmq_strerror(-rc));
    return rc;
}

static int next_event(struct bus *bus, int timeout_ms, struct bus_event *ret,
                      struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    struct mono until;
    int rc = 0;

    b->now = clock_mono();
    until = mono_add_ms(b->now, timeout_ms >= 0 ? timeout_ms : INT_MAX);
    for (;;) {
        if (mono_is_due(b->tick_due, b->now))
            rc = tick(b, e);
        if (rc == 0)
            rc = take_event(b, ret, e);
        if (rc != 0)
            return rc;
        look_at_link(b);
        if (mono_is_due(until, b->now)) {
            *ret = (struct bus_event){.kind = BUS_NONE};
            return 0;
        }
        rc = wait_for_more(b, until, e);
        if (rc < 0)
            return rc;
        b->now = clock_mono();
    }
}

const struct bus_kind bus_kind_zmq = {
    .name = "zmq",
    .open = open_bus,
    .close = close_bus,
    .fd = get_fd,
    .next = next_event,
    .put = zmq_put,
    .put_waiting = zmq_put_waiting,
    .put_full_reason = zmq_put_full_reason,
    .ask_seen = zmq_ask_seen,
    .forget = zmq_forget,
    .ready = zmq_ready,
    .result = zmq_result,
    .fail = zmq_fail,
    .keep = zmq_keep,
    .tap = zmq_tap,
    .ack = zmq_ack,
    .report = zmq_report,
    .get = zmq_get,
    .subscribe = zmq_subscribe,
    .call = zmq_call,
};
