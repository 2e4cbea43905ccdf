/* bus_kind.h - the contract of a kind of bus: what bus.h asks, one function each */
#ifndef NEWSMQ_BUS_BUS_KIND_H
#define NEWSMQ_BUS_BUS_KIND_H

#include "newsmq/bus.h"

/* Each function does what bus.h says of its namesake. One bus is asked only for what its
   role has: bus.c sees to that. */
struct bus_kind {
    const char *name; /* as in the configuration: bus: { kind: … } */

    int (*open)(const struct config_bus *c, const struct bus_options *o, struct bus **ret,
                struct err *e);
    void (*close)(struct bus *b);
    int (*fd)(const struct bus *b);
    int (*next)(struct bus *b, int timeout_ms, struct bus_event *ret, struct err *e);

    int (*put)(struct bus *b, struct str feed_state, const struct bus_item *items,
               size_t n, uint64_t *ret_batch, struct err *e);
    size_t (*put_waiting)(const struct bus *b);
    const char *(*put_full_reason)(const struct bus *b);
    int (*ask_seen)(struct bus *b, const struct bus_item *items, size_t n,
                    uint64_t *ret_ask, struct err *e);
    void (*forget)(struct bus *b, uint64_t ask);

    int (*ready)(struct bus *b, unsigned credit, struct err *e);
    int (*result)(struct bus *b, uint64_t seq, uint32_t attempt, struct str nlp,
                  struct err *e);
    int (*fail)(struct bus *b, uint64_t seq, uint32_t attempt, int code, struct str text,
                struct err *e);
    int (*keep)(struct bus *b, uint64_t seq, struct err *e);

    int (*tap)(struct bus *b, const char *stream, uint64_t from, unsigned credit,
               const char *prefix, struct err *e);
    int (*ack)(struct bus *b, uint64_t seq, unsigned credit, struct err *e);

    int (*report)(struct bus *b, struct str json);

    int (*get)(struct bus *b, const char *stream, uint64_t from, uint64_t to,
               const char *prefix, struct err *e);

    int (*subscribe)(struct bus *b, const char *prefix, struct err *e);

    int (*call)(const struct config_bus *c, const char *method, const char *json,
                int timeout_ms, char **ret_json, struct err *e);
};

/* The beginning of every kind's own struct. */
struct bus {
    const struct bus_kind *kind;
    enum bus_role role;
};

#endif
