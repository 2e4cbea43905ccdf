/* labels.h - the labels that a token may have: O, and B and I of each type */
#ifndef NEWSMQ_WORKERS_TAGGER_LABELS_H
#define NEWSMQ_WORKERS_TAGGER_LABELS_H

#include <stdbool.h>
#include <stdint.h>

#include "newsmq/record.h"

#define LABEL_TYPES 5 /* enum entity_type */
#define LABELS      (1 + 2 * LABEL_TYPES)
#define LABEL_LANES 16   /* of arrays of labels, so that they fill vectors */
#define LABEL_UNIT  1024 /* scores are integers, in 1/1024 of log-odds */

enum { LABEL_O = 0 };

static inline int label_begin(enum entity_type t)
{
    return 1 + 2 * (int)t;
}

static inline int label_inside(enum entity_type t)
{
    return 2 + 2 * (int)t;
}

static inline bool label_is_inside(int label)
{
    return label > 0 && label % 2 == 0;
}

/* Of B and I. */
static inline enum entity_type label_type(int label)
{
    return (enum entity_type)((label - 1) / 2);
}

/* I only behind B or I of the same type; O stands before the first token. */
static inline bool label_may_follow(int before, int label)
{
    return !label_is_inside(label) ||
           (before != LABEL_O && label_type(before) == label_type(label));
}

#endif
