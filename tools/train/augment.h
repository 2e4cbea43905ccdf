/* augment.h - sentences as others would write them: in CAPITALS, in Title Case, with
   hyphens and the dots of abbreviations as tokens of their own */
#ifndef NEWSMQ_TRAIN_AUGMENT_H
#define NEWSMQ_TRAIN_AUGMENT_H

#include "corpus.h"
#include "tagger/words.h"

/* Of each sentence, with the probability `share`, a copy in capitals, or with the same
   again one in Title Case, or with twice that one with those split off;
   documents stay documents. c is borrowed as long as ret. */
void augment(const struct corpus *c, struct words *words, double share, uint64_t seed,
             struct corpus *ret);

/* Numbers that look random: xorshift. */
struct chance {
    uint64_t state;
};
struct chance chance_of(uint64_t seed);
uint32_t chance_next(struct chance *c);
float chance_unit(struct chance *c); /* [0, 1) */

#endif
