/* chain.h - probabilities of labels in a row: forward and backward over a sentence */
#ifndef NEWSMQ_TRAIN_CHAIN_H
#define NEWSMQ_TRAIN_CHAIN_H

#include <stddef.h>
#include <stdint.h>

#include "tagger/labels.h"

#define CHAIN_LANES 12 /* of LABELS, to fill vectors */

struct chain_steps {
    float start[CHAIN_LANES], step[LABELS][CHAIN_LANES];
};

/* exp of steps; 0 where a label may not follow. */
void chain_exp(const struct chain_steps *s, struct chain_steps *ret);

struct chain_room {
    float *all;
    size_t cap;
};
void chain_room_fini(struct chain_room *r);

/* ret: the probability of each label at each of n tokens. masks: the labels that may be
   (bits), NULL: all. Adds times × the expected number of steps to counts. */
void chain_run(struct chain_room *room, const struct chain_steps *exp_steps,
               const float (*scores)[CHAIN_LANES], const uint16_t *masks, size_t n,
               float (*ret)[CHAIN_LANES], float times, struct chain_steps *counts);

#endif
