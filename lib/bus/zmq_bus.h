/* zmq_bus.h - the client side of NMQ1: what its roles share */
#ifndef NEWSMQ_BUS_ZMQ_BUS_H
#define NEWSMQ_BUS_ZMQ_BUS_H

#include "newsmq/clock.h"
#include "newsmq/nmq1.h"

#include "bus_kind.h"
#include "zmq_link.h"

struct zmq_bus;

/* How a role behaves. Where a function answers an event it is 1 with *ret filled, 0 for
   none, negative for a bus that cannot go on. */
struct zmq_role {
    /* Somebody new is at the other end: it knows nothing of this peer. Negative: it could
       not be told and will be greeted again soon. */
    int (*greet)(struct zmq_bus *b);
    /* A message came: verb, and what follows it from frame 2. */
    int (*hear)(struct zmq_bus *b, struct str verb, struct bus_event *ret);
    void (*tick)(struct zmq_bus *b); /* about every TICK_MS */
    void (*fini)(struct zmq_bus *b);
};

struct zmq_ingest;
struct zmq_work;
struct zmq_tap;
struct zmq_replay;
struct zmq_subscribe;

struct zmq_bus {
    struct bus base;
    const struct zmq_role *role;
    struct link link;
    bool is_greeted;     /* the one at the other end now was */
    struct nmq1_msg msg; /* what the last event's slices point into */
    struct mono now, tick_due;
    int64_t ping_ms;
    struct mono ping_due;
    unsigned pings; /* sent since anything was heard */
    size_t max_frame;
    struct mono fault_due; /* when the link's fault is told again */
    char *name;
    union {
        struct zmq_ingest *ingest;
        struct zmq_work *work;
        struct zmq_tap *tap;
        struct zmq_replay *replay;
        struct zmq_subscribe *subscribe;
    };
};

extern const struct bus_kind bus_kind_zmq;

static inline struct zmq_bus *zmq_bus_of(struct bus *b)
{
    return (struct zmq_bus *)(void *)b; /* base is its first member */
}

static inline const struct zmq_bus *zmq_bus_of_const(const struct bus *b)
{
    return (const struct zmq_bus *)(const void *)b;
}

/* zmq.c */
void zmq_ping(struct zmq_bus *b); /* when it is time to */
int zmq_report(struct bus *b, struct str json);
/* ERR <code> <text> [number] as an event; *ret_ref: the number, 0 when there is none. */
int zmq_refused(const struct zmq_bus *b, struct bus_event *ret, uint64_t *ret_ref);
int zmq_check_stream(const char *stream, const char *prefix, struct err *e);
int zmq_too_large(const struct zmq_bus *b, const char *what, size_t bytes, struct err *e);

/* zmq_keys.c: server "" when endpoint needs none */
int zmq_keys(const struct config_bus *c, const char *endpoint, struct link_keys *ret,
             struct err *e);

/* zmq_ingest.c */
extern const struct zmq_role zmq_role_ingest;
void zmq_ingest_init(struct zmq_bus *b);
int zmq_put(struct bus *b, struct str feed_state, const struct bus_item *items, size_t n,
            uint64_t *ret_batch, struct err *e);
size_t zmq_put_waiting(const struct bus *b);
const char *zmq_put_full_reason(const struct bus *b);

/* zmq_asks.c: questions of the ingest role that change nothing */
struct zmq_asks;
struct zmq_asks *zmq_asks_new(void);
void zmq_asks_free(struct zmq_asks *a);
void zmq_asks_unsend(struct zmq_asks *a);                  /* somebody new is there */
void zmq_asks_send(struct zmq_bus *b, struct zmq_asks *a); /* what was not, or long ago */
int zmq_asks_add(struct zmq_asks *a, uint64_t id, const struct bus_item *items, size_t n,
                 struct err *e);
bool zmq_asks_remove(struct zmq_asks *a, uint64_t id); /* false: there is none */
/* SAW: 1 with *ret, 0 when nobody waits for it. */
int zmq_asks_hear(const struct zmq_bus *b, struct zmq_asks *a, struct bus_event *ret);

int zmq_ask_seen(struct bus *b, const struct bus_item *items, size_t n, uint64_t *ret_ask,
                 struct err *e);
void zmq_forget(struct bus *b, uint64_t ask);

/* zmq_work.c */
extern const struct zmq_role zmq_role_work;
int zmq_work_init(struct zmq_bus *b, const char *hello, struct err *e);
int zmq_ready(struct bus *b, unsigned credit, struct err *e);
int zmq_result(struct bus *b, uint64_t seq, uint32_t attempt, struct str nlp,
               struct err *e);
int zmq_fail(struct bus *b, uint64_t seq, uint32_t attempt, int code, struct str text,
             struct err *e);
int zmq_keep(struct bus *b, uint64_t seq, struct err *e);

/* zmq_tap.c */
extern const struct zmq_role zmq_role_tap;
void zmq_tap_init(struct zmq_bus *b);
int zmq_tap(struct bus *b, const char *stream, uint64_t from, unsigned credit,
            const char *prefix, struct err *e);
int zmq_ack(struct bus *b, uint64_t seq, unsigned credit, struct err *e);

/* zmq_replay.c */
extern const struct zmq_role zmq_role_replay;
void zmq_replay_init(struct zmq_bus *b);
int zmq_get(struct bus *b, const char *stream, uint64_t from, uint64_t to,
            const char *prefix, struct err *e);

/* zmq_subscribe.c */
extern const struct zmq_role zmq_role_subscribe;
void zmq_subscribe_init(struct zmq_bus *b);
int zmq_subscribe(struct bus *b, const char *prefix, struct err *e);
int zmq_hear_published(struct zmq_bus *b, struct bus_event *ret);

/* zmq_control.c */
int zmq_call(const struct config_bus *c, const char *method, const char *json,
             int timeout_ms, char **ret_json, struct err *e);

#endif
