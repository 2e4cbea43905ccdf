/* rows.h - weights of features: one row of small integers for each, found by its hash */
#ifndef NEWSMQ_WORKERS_TAGGER_ROWS_H
#define NEWSMQ_WORKERS_TAGGER_ROWS_H

#include "model.h"

#define ROW_WEIGHTS 12
#define ROW_LANES   16 /* of sums; those behind the weights hold nothing of use */
#define ROW_CHECKS  7

/* The rows of features whose hashes fall here stand one after the other. */
struct row_bucket {
    uint32_t first;              /* row; the top bit: more are in the next bucket */
    uint32_t checks[ROW_CHECKS]; /* parts of hashes, one for each row; 0: none */
};

struct rows {
    const struct row_bucket *buckets;
    const int8_t *weights; /* ROW_WEIGHTS for each row */
    uint64_t n_buckets;
    uint32_t n;
    int32_t unit; /* what a weight of 1 is worth, in 1/LABEL_UNIT of log-odds */
    const struct rows_code *code;
};

int rows_open(const struct model *m, const char *section, struct rows *ret,
              struct err *e);
void rows_be_portable(struct rows *r); /* without AVX2, for tests */

struct rows_code {
    size_t (*find)(const struct rows *r, const uint64_t *hashes, size_t n, uint32_t *ret);
    void (*sum)(const struct rows *r, const uint32_t *rows, size_t n,
                int16_t sums[ROW_LANES]);
};

static inline uint64_t rows_place(const struct rows *r, uint64_t hash)
{
    return (hash >> 32) * r->n_buckets >> 32;
}

/* Three steps, so that memory has time: first rows_ahead of all hashes, then rows_find,
   last rows_sum. */
static inline void rows_ahead(const struct rows *r, uint64_t hash)
{
    __builtin_prefetch(&r->buckets[rows_place(r, hash)]);
}

/* The numbers of the rows that there are, n at most; answers how many. */
static inline size_t rows_find(const struct rows *r, const uint64_t *hashes, size_t n,
                               uint32_t *ret)
{
    return r->code->find(r, hashes, n, ret);
}

/* Adds rows to sums. The same on all machines. */
static inline void rows_sum(const struct rows *r, const uint32_t *rows, size_t n,
                            int16_t sums[ROW_LANES])
{
    r->code->sum(r, rows, n, sums);
}

/* All in one; n is FEATURES_MAX (feature.h) at most. */
void rows_add(const struct rows *r, const uint64_t *hashes, size_t n,
              int16_t sums[ROW_LANES]);

struct row_entry {
    uint64_t hash;
    int8_t weights[ROW_WEIGHTS];
};

/* The bytes of a section; the caller frees them. Of equal hashes one counts. */
struct str rows_make(const struct row_entry *entries, size_t n, int32_t unit);

#endif
