/* counts.h - what the hub has seen since its start, for the control call `metrics` */
#ifndef NEWSMQ_HUB_COUNTS_H
#define NEWSMQ_HUB_COUNTS_H

#include <jansson.h>

#include "newsmq/clock.h"
#include "newsmq/stats.h"
#include "newsmq/store.h"

#define PUBLISHED (STREAMS + 1) /* by stream; last: heartbeats */

struct counts {
    struct histogram commit_s; /* a transaction's commit */
    struct histogram item_s;   /* of an item, from its commit to that of its record */
    struct histogram fetch_s, late_s;
    uint64_t fetch_bytes, tokens;
    uint64_t published[PUBLISHED], drops[PUBLISHED];
    struct tally fetches; /* by "status cause" */
    struct tally extractor_s, extractor_runs, extractor_errors;
    struct tally subscribers;   /* by topic, two levels of it */
    struct tally refused;       /* messages, by cause */
    struct tally auth_failures; /* by reason */
    struct tally watch_hits;    /* by rule */
    struct {
        struct tally_row fetches[129], extractors[3][33], subscribers[65], refused[17],
            auth_failures[17], watch_hits[257];
    } rows;
};

/* What a sink says of itself, summed up. */
struct sink_counts {
    bool has_any;
    uint64_t writes, bytes;
    double write_s;
    int64_t disk_free, disk_size; /* as said last; negative: not known */
};

/* c stays where it is. */
void counts_init(struct counts *c);

static inline double seconds_between(struct mono a, struct mono b)
{
    return (double)(b.ns - a.ns) / 1e9;
}

/* The member `poll` of a feed's state, which tells of one poll, with its outcome. */
void counts_poll(struct counts *c, const json_t *state);

/* What came behind PING: of a worker, of a sink. What is not understood is passed over.
 */
void counts_work(struct counts *c, struct str report);
void counts_sink(struct sink_counts *s, struct str report);

/* A message was answered ERR with this code. */
void counts_refused(struct counts *c, int code);

/* A subscription to topic came or went. */
void counts_subscription(struct counts *c, struct str topic, bool came);

/* As members of the object that is open. */
void counts_write(const struct counts *c, struct jsonw *j);
void counts_write_sink(const struct sink_counts *s, struct jsonw *j);

#endif
