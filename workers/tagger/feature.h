/* feature.h - what the linear model looks at: each feature is a hash, its weights stand
   in rows.h. The trainer and the tagger share this text, so they cannot differ. */
#ifndef NEWSMQ_WORKERS_TAGGER_FEATURE_H
#define NEWSMQ_WORKERS_TAGGER_FEATURE_H

#include "document.h"

#define FEATURES_MAX 192 /* of one token; more than all that follow can make */

struct features {
    size_t n;
    uint64_t hash[FEATURES_MAX];
};

/* Features of one word alone are the same wherever it stands; their sums are kept. Two of
   them, and two pairs, tell which word it is: the trainer leaves those out at random, to
   learn from the rest. */
enum features_part {
    PART_SELF,
    PART_BEFORE, /* it stands in front of the token that is looked at */
    PART_BEHIND,
    PART_BEFORE2, /* two in front of it */
    PART_BEHIND2,
    PARTS,
    PART_IDENTITY, /* of itself too: which word it is */
};

/* These add to out. */
void features_of_word(const struct word *w, enum features_part part,
                      struct features *out);
void features_of_spot(const struct sentence *s, size_t i, struct features *out);
void features_of_pairs(const struct sentence *s, size_t i, struct features *out);

#endif
