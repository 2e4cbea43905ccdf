/* drain_cost.h - what a sink wrote and what that took, told to the hub about once a
 * second */
#ifndef NEWSMQ_SINK_DRAIN_COST_H
#define NEWSMQ_SINK_DRAIN_COST_H

#include "newsmq/bus.h"
#include "newsmq/clock.h"

/* Since the hub was told last. Starts zeroed. */
struct drain_cost {
    uint64_t n_writes, bytes;
    int64_t ns;
};

/* A batch of so many bytes became durable. */
void drain_cost_add(struct drain_cost *c, size_t bytes, struct mono from, struct mono to);

/* With the room on the disk of path; NULL: it has none. What the hub does not hear waits.
 */
void drain_cost_tell(struct drain_cost *c, const char *path, struct bus *b);

#endif
