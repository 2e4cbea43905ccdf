/* rows.h - weights of features: one row of small integers for each, found by its hash */
#ifndef NEWSMQ_WORKERS_TAGGER_ROWS_H
#define NEWSMQ_WORKERS_TAGGER_ROWS_H

#include "model.h"

#define ROW_WEIGHTS 12
#define ROW_LANES   16 /* of sums; those behind the weights hold nothing of use */

struct row {
    int8_t weights[ROW_WEIGHTS];
    uint32_t check; /* part of the hash; 0: empty */
};

struct rows {
    const struct row *list;
    uint64_t n;
    uint32_t probes;
    int32_t unit; /* what a weight of 1 is worth, in 1/LABEL_UNIT of log-odds */
    void (*add)(const struct rows *r, const uint64_t *hashes, size_t n,
                int16_t sums[ROW_LANES]);
};

int rows_open(const struct model *m, const char *section, struct rows *ret,
              struct err *e);
void rows_be_portable(struct rows *r); /* without AVX2, for tests */

static inline uint64_t rows_place(const struct rows *r, uint64_t hash)
{
    return (hash >> 32) * r->n >> 32;
}

static inline void rows_prefetch(const struct rows *r, uint64_t hash)
{
    __builtin_prefetch(&r->list[rows_place(r, hash)]);
}

/* Adds the weights of features to sums. The same on all machines. */
static inline void rows_add(const struct rows *r, const uint64_t *hashes, size_t n,
                            int16_t sums[ROW_LANES])
{
    r->add(r, hashes, n, sums);
}

struct row_entry {
    uint64_t hash;
    int8_t weights[ROW_WEIGHTS];
};

/* The bytes of a section; the caller frees them. */
struct str rows_make(const struct row_entry *entries, size_t n, int32_t unit);

#endif
