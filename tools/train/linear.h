/* linear.h - training of the linear model: a conditional random field over features */
#ifndef NEWSMQ_TRAIN_LINEAR_H
#define NEWSMQ_TRAIN_LINEAR_H

#include "chain.h"
#include "examples.h"
#include "parts.h"

struct linear_plan {
    unsigned epochs, threads;
    float rate;
    float drop; /* how often a token is learned from without knowing which word it is */
    uint64_t seed;
    size_t rows_max; /* features that are kept; 0: all that are large enough */
    float least;     /* what the largest weight of a feature must be */
    int32_t unit;    /* of the weights in the file, in 1/LABEL_UNIT */
    bool quiet;
};

struct linear_plan linear_plan_default(void);

/* Trains and sets the sections "crf" and "transitions". With one thread the same examples
   and seed give the same bytes; with more, threads update the weights of one another
   without waiting. */
void linear_train(const struct examples *x, const struct linear_plan *plan,
                  struct parts *to);

#endif
