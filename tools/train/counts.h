/* counts.h - hashes to counts, or to numbers */
#ifndef NEWSMQ_TRAIN_COUNTS_H
#define NEWSMQ_TRAIN_COUNTS_H

#include <stddef.h>
#include <stdint.h>

struct counts {
    uint64_t *hashes; /* 0: empty */
    uint32_t *values;
    size_t n, size;
};

/* The value of a hash, 0 when it is new; valid until the next call. */
uint32_t *counts_at(struct counts *c, uint64_t hash);
/* 0 when it is not there. */
uint32_t counts_get(const struct counts *c, uint64_t hash);
/* Counts from `least` on become numbers from 1 on, others 0. How many there are. */
uint32_t counts_number(struct counts *c, uint32_t least);
void counts_fini(struct counts *c);

#endif
