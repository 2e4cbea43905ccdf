/* cost.h - what the extractors took, told to the hub about once a second */
#ifndef NEWSMQ_WORKERS_WORK_COST_H
#define NEWSMQ_WORKERS_WORK_COST_H

#include "newsmq/bus.h"
#include "newsmq/clock.h"
#include "newsmq/record.h"

#define COST_EXTRACTORS_MAX 32 /* what is beyond is not told */

/* Since the hub was told last. Starts zeroed. */
struct cost {
    struct {
        const char *name; /* valid for ever */
        double ms;
        uint64_t n_runs, n_errors;
    } extractors[COST_EXTRACTORS_MAX];
    size_t n;
    uint64_t n_tokens;
    struct mono told;
};

void cost_add(struct cost *c, const struct result *r);

/* When it is time and there is something; what the hub does not hear waits. */
void cost_tell(struct cost *c, struct bus *b);

#endif
