/* output.h - the contract of an output: one file in daemon/sink/, one line in CMake */
#ifndef NEWSMQ_OUTPUT_H
#define NEWSMQ_OUTPUT_H

#include "newsmq/clock.h"
#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/str.h"

/* One record on its way out: json is a record/1 object without "sink". */
struct output_record {
    uint64_t seq;
    struct str topic;
    struct str json;
};

struct output {
    const char *name; /* as in the configuration: sinks: [{ type: … }] */

    /* c stays where it is until close; its numbers may change (a reload), its strings do
       not. Recovers what is there. *ret_last is the seq of the last record that is
       certainly kept; 0 when there is none (or the output keeps nothing: then it wants to
       go on where its cursor at the hub stands, and says so with *ret_has_cursor =
       false). */
    int (*open)(const struct config_sink *c, void **ret_state, uint64_t *ret_last,
                bool *ret_has_cursor, struct err *e);

    /* Optional. The records to come are of the store with this epoch. An output that
       holds those of another refuses with the remedy: their numbers mean different
       records. */
    int (*claim)(void *state, struct str epoch, struct err *e);

    /* Optional. What is between the last one and `first` is no longer to be had; the next
       batch begins at `first`. The output keeps a mark of it with that batch. */
    int (*skip)(void *state, uint64_t first, struct err *e);

    /* Writes the batch, whose seqs follow each other and the last one, and makes it
       durable. All or nothing: on an error nothing of it is kept and the same batch comes
       again later. */
    int (*write)(void *state, const struct output_record *r, size_t n, struct err *e);

    /* Called about once a second and when idle: rotation, compression, retention. 1 when
       there is more to do at once; a call takes no longer than a write. An error here
       never means that records are lost: it is tried again later. */
    int (*tick)(void *state, int64_t wall_ms, struct err *e);

    void (*close)(void *state);
};

extern const struct output *const outputs[]; /* NULL at the end */

const struct output *output_find(struct str name);
const char *output_name(size_t i); /* NULL behind the last */

#endif
