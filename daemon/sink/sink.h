/* sink.h - takes records from the hub to the outputs, and acknowledges what is durable

   One thread. Each sink is a durable reader of the record stream under its own name. A
   batch is all that has come; it is acknowledged when its output has made it durable.
   Where to go on is what the output holds, not what the hub remembers: the first record
   behind the last one that is certainly kept. When the hub does not keep that any longer,
   the loss is said loudly and marked in the output, and the sink goes on with the first
   that there is. When the hub's store is another than the one the output was written
   from, the sink refuses: the numbers mean other records. */
#ifndef NEWSMQ_SINK_SINK_H
#define NEWSMQ_SINK_SINK_H

#include "newsmq/config.h"
#include "newsmq/err.h"

struct sinks;

/* Opens the outputs, which recovers what is there. `only`: the one of this name; NULL:
   all. ERR_CONFIG when there is none. The list is copied; *bus must stay. */
int sinks_open(const struct config_bus *bus, const struct config_sink *list, size_t n,
               const char *only, struct sinks **ret, struct err *e);

/* Runs until SIGTERM: then what has come is written and acknowledged. On SIGHUP `read`
   answers the newly read list, which stays valid until the next call, or false to go on
   as before. Negative: a sink cannot go on, and the text says which and why. */
struct sinks_reload {
    bool (*read)(void *ctx, const struct config_sink **ret_list, size_t *ret_n);
    void *ctx;
};
int sinks_run(struct sinks *s, const struct sinks_reload *reload, struct err *e);

void sinks_close(struct sinks *s);

#endif
