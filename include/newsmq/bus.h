/* bus.h - what the programs ask of the message bus; the embedded one is the zmq hub

   One struct bus is one conversation in one role. A role's sends never block; answers
   come as events from bus_next. Reconnecting, pings, and sending again what was not
   answered happen inside bus_next, so call it at least once a second. Used by one
   thread. docs/wire.md describes the bytes. */
#ifndef NEWSMQ_BUS_H
#define NEWSMQ_BUS_H

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/str.h"

enum bus_role { BUS_INGEST, BUS_WORK, BUS_TAP, BUS_REPLAY, BUS_SUBSCRIBE };

struct bus;

struct bus_options {
    enum bus_role role;
    const char *name;  /* worker: its slot ("worker-1"); tap: the durable consumer's name,
                          NULL or "" for one that the hub does not remember */
    const char *hello; /* worker: a JSON object whose members HELLO has beside name, pid
                          and version; NULL: none */
};

int bus_open(const struct config_bus *c, const struct bus_options *o, struct bus **ret,
             struct err *e);
void bus_close(struct bus *b); /* says BYE where the role has it */

/* A descriptor, the same for the life of b, that becomes readable when bus_next may have
   something. Edge-triggered as zmq(7) ZMQ_FD: after it fires, and after every send, call
   bus_next(…, 0) until none. */
int bus_fd(const struct bus *b);

enum bus_event_kind {
    BUS_NONE,  /* time-out */
    BUS_OK,    /* ingest: batch is committed */
    BUS_SEEN,  /* ingest: json has the letters of docs/wire.md SAW, batch is the ask */
    BUS_JOB,   /* work: seq, attempt, lease_ms, json (item/1) */
    BUS_DRAIN, /* work: finish what is in hand, then bus_close */
    BUS_MSG,  /* tap, replay, subscribe: stream, seq, topic, json (prev with subscribe) */
    BUS_END,  /* replay: all of [from, to] was sent; next_seq, head */
    BUS_GONE, /* tap, replay: what was asked for is no longer kept; seq = first kept */
    BUS_HEARTBEAT, /* subscribe: json is its body */
    BUS_REFUSED,   /* ERR from the other side: code, json = text; batch of a put, seq of a
                      result; tap, 409: the subscription is over, head = the hub's when
                      it is behind what was asked for */
};

/* Slices are valid until the next call on the same bus. */
struct bus_event {
    enum bus_event_kind kind;
    uint64_t batch, n_new, n_dup;
    uint64_t seq, prev, next_seq, head;
    uint32_t attempt;
    int64_t lease_ms;
    int code;
    struct str stream, topic, json;
};

/* Waits up to timeout_ms for one event. 1 with *ret filled, 0 on time-out, or negative:
   -EINTR on a signal, else the bus cannot go on. */
int bus_next(struct bus *b, int timeout_ms, struct bus_event *ret, struct err *e);

/* ---- ingest ---- */
struct bus_item {
    struct str key;  /* item id, 26 characters */
    struct str core; /* item_write_core's JSON; empty = only remember the key as seen */
};

/* Queues a batch of one feed. feed_state is a JSON object (docs/wire.md "feed state").
   The bus keeps copies until BUS_OK with *ret_batch (or BUS_REFUSED) and sends again by
   itself. A state without `"partial":true` waits until all earlier batches of its feed
   are committed. ERR_LATER when too much is unanswered: the hub is full or away.
   ERR_LIMIT, ERR_FORMAT: the hub would never take it. */
int bus_put(struct bus *b, struct str feed_state, const struct bus_item *items, size_t n,
            uint64_t *ret_batch, struct err *e);

/* How many batches wait for their OK, and why the hub does not take them (NULL: it does).
 */
size_t bus_put_waiting(const struct bus *b);
const char *bus_put_full_reason(const struct bus *b);

/* What the hub would make of these items: BUS_SEEN with *ret_ask (or BUS_REFUSED). Only
   keys and the content hashes as core are looked at. Sent again by itself until the
   answer comes; bus_forget is for who does not wait. ERR_LATER: too many questions. */
int bus_ask_seen(struct bus *b, const struct bus_item *items, size_t n, uint64_t *ret_ask,
                 struct err *e);
void bus_forget(struct bus *b, uint64_t ask);

/* ---- work ----
   Every job wants one result or fail: until then it is in hand and does not come again.
   ERR_LIMIT: the result is over bus.max_frame, say bus_fail. */
int bus_ready(struct bus *b, unsigned credit,
              struct err *e); /* so many jobs may be in flight */
int bus_result(struct bus *b, uint64_t seq, uint32_t attempt, struct str nlp,
               struct err *e);
int bus_fail(struct bus *b, uint64_t seq, uint32_t attempt, int code, struct str text,
             struct err *e);
int bus_keep(struct bus *b, uint64_t seq, struct err *e); /* extends the lease */

/* ---- tap ---- */
/* from: the first seq wanted; 0 = where the named consumer stood (the oldest kept when it
   is new or has no name). One at a time: again after BUS_GONE or a 409. Each message
   comes once, over restarts of the hub as well. */
int bus_tap(struct bus *b, const char *stream, uint64_t from, unsigned credit,
            const char *prefix, struct err *e);
/* All up to seq is durable here; gives back that many credits. */
int bus_ack(struct bus *b, uint64_t seq, unsigned credit, struct err *e);

/* ---- work and tap ---- */
/* What was done since the last of these, for those who look on: a JSON object
   (docs/wire.md "reports"). ERR_CLOSED or ERR_LATER: it was not heard; add it to the
   next. */
int bus_report(struct bus *b, struct str json);

/* ---- replay ---- */
int bus_get(struct bus *b, const char *stream, uint64_t from, uint64_t to,
            const char *prefix, struct err *e);

/* ---- subscribe (PUB/SUB): BUS_MSG and BUS_HEARTBEAT, loss is possible and visible ----
 */
int bus_subscribe(struct bus *b, const char *prefix, struct err *e);

/* ---- control: one call, one answer; *ret_json is the caller's to free ----
   ERR_CLOSED: no hub listens there (found out early); -ETIMEDOUT: it is there and does
   not answer; ERR_LATER: it cannot now; -ENOSYS: no such method; -EINTR: told to stop. */
int bus_call(const struct config_bus *c, const char *method, const char *json,
             int timeout_ms, char **ret_json, struct err *e);

/* ---- the contract of a bus: one file in lib/bus/, one line in CMake ---- */
struct bus_kind;
extern const struct bus_kind *const bus_kinds[]; /* NULL at the end */
const char *bus_kind_name(size_t i);             /* NULL behind the last */

#endif
