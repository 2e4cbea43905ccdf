/* score.h - how probable a name is, of all that its tokens and their neighbours may be */
#ifndef NEWSMQ_WORKERS_TAGGER_SCORE_H
#define NEWSMQ_WORKERS_TAGGER_SCORE_H

#include "viterbi.h"

#define SCORE_FINE 1024 /* steps of one unit */
#define SCORE_FAR  24   /* units; what is less probable counts as never */

struct scorer {
    float fine[SCORE_FINE], coarse[SCORE_FAR]; /* exp of parts of a score */
    float start[LABEL_LANES], step[LABELS][LABEL_LANES];
};

void scorer_init(struct scorer *s, const struct transitions *t);

/* labels: the best ones of the piece of n tokens; the name is [from, to). The labels two
   tokens away on both sides are taken as right. 0 to 1; the same on all machines. */
float scorer_run(const struct scorer *s, const int32_t (*scores)[LABEL_LANES],
                 const uint8_t *labels, size_t n, size_t from, size_t to);

#endif
