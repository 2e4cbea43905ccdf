/* drain.h - one sink: its output, its conversation with the bus, what is on the way */
#ifndef NEWSMQ_SINK_DRAIN_H
#define NEWSMQ_SINK_DRAIN_H

#include "newsmq/bus.h"
#include "newsmq/clock.h"
#include "newsmq/output.h"

#include "drain_cost.h"

struct drain_record {
    uint64_t seq;
    size_t topic_at, topic_n, json_n; /* json stands behind the topic */
};

struct drain {
    struct config_sink c; /* a copy of our own */
    const struct output *output;
    void *state;
    struct bus *bus;
    uint64_t next;   /* seq that must come next; 0: any */
    uint64_t gap_to; /* the hub's first, when that is behind what we want; 0: no */

    /* What has come and is not durable. from: what is; tried: the end of the batch that
       was tried and comes again as it was. */
    struct drain_record *records;
    size_t n, cap, from, tried;
    struct strbuf bytes;
    struct output_record *batch;
    size_t batch_cap;
    struct mono since; /* when the oldest of it came */

    struct drain_cost cost;
    bool is_holding;
    struct mono retry_due, tick_due;
    bool has_more_ticks;
    char said[300]; /* the last fault of a tick */

    bool has_failed; /* closed; sink.c opens it again when */
    struct mono open_due;
    int64_t pause_ms;
};

/* The configuration is copied. d stays where it is: its output has its address. */
void drain_init(struct drain *d, const struct config_sink *c);
void drain_fini(struct drain *d);

/* Opens the output. Close lets go of it and of what was on the way, which comes again. */
int drain_open(struct drain *d, struct err *e);
void drain_close(struct drain *d);

/* Tells the output whose records come, and subscribes. */
int drain_begin(struct drain *d, const struct config_bus *bus, struct str epoch,
                struct err *e);

/* Takes what has come, writes when it is time. 1: call again at once, 0: not before
   something comes or *ret_due, whichever is first; negative: it cannot go on. */
int drain_step(struct drain *d, struct mono now, struct mono *ret_due, struct err *e);

/* Writes what is in hand. ERR_LATER: the output does not take it. */
int drain_finish(struct drain *d, struct err *e);

/* Takes over the numbers of c. False when more than numbers differs: open it anew. */
bool drain_adopt(struct drain *d, const struct config_sink *c);

#endif
