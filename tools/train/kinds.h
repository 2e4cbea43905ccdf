/* kinds.h - training of the model that tells the subtypes of names */
#ifndef NEWSMQ_TRAIN_KINDS_H
#define NEWSMQ_TRAIN_KINDS_H

#include "parts.h"

#define KINDS_UNIT 64 /* of the weights in the file, in 1/LABEL_UNIT */

struct kinds_plan {
    unsigned epochs;
    float rate;
    float drop;     /* how often a feature is left out */
    uint32_t least; /* how often a feature must be there */
    float smallest; /* what the largest weight of a feature must be */
    uint64_t seed;
};

struct kinds_plan kinds_plan_default(void);

/* Reads the names of annotated texts whose third column has the subtypes ("B-GPE"), and
   sets the section "subtypes". m has the words; weights: one for each path. */
int kinds_train(const struct model *m, const char *const *paths, const float *weights,
                size_t n, const struct kinds_plan *plan, struct parts *to, struct err *e);

#endif
