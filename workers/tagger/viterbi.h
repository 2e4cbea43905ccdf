/* viterbi.h - the best row of labels for the tokens of a piece of a sentence */
#ifndef NEWSMQ_WORKERS_TAGGER_VITERBI_H
#define NEWSMQ_WORKERS_TAGGER_VITERBI_H

#include "labels.h"
#include "model.h"

#define PIECE_MAX   256       /* tokens */
#define SCORE_MAX   (1 << 19) /* of a label at a token; beyond it is cut off */
#define SCORE_NEVER (-(1 << 28))

struct transitions {
    int32_t start[LABEL_LANES];
    int32_t step[LABELS][LABEL_LANES]; /* from, to; SCORE_NEVER where it may not follow */
};

/* The section's bytes are LABELS and LABELS × LABELS numbers, in 1/LABEL_UNIT. */
int transitions_open(const struct model *m, const char *section, struct transitions *ret,
                     struct err *e);
/* Of two parts each. */
void transitions_average(const struct transitions *a, const struct transitions *b,
                         struct transitions *ret);

#define VITERBI_LANES (LABEL_LANES / 2) /* O and all B; beside them, all I */

struct viterbi {
    struct transitions t;
    bool portable;
    /* What viterbi_init makes of t: steps to O and all B, then those from B and I to I.
     */
    _Alignas(32) int32_t step[LABELS][VITERBI_LANES];
    _Alignas(32) int32_t inside[2][VITERBI_LANES];
    _Alignas(
        32) int32_t sums[PIECE_MAX][LABEL_LANES]; /* of the best rows that end here */
};

void viterbi_init(struct viterbi *v); /* when t is set */

enum viterbi_edge { /* of a piece that goes on to tokens that have O */
                    VITERBI_BEHIND_O = 1, /* instead of: begins a sentence */
                    VITERBI_BEFORE_O = 2,
};

/* n is 1 to PIECE_MAX; edges: of enum viterbi_edge. */
void viterbi_run(struct viterbi *v, const int32_t (*scores)[LABEL_LANES], size_t n,
                 unsigned edges, uint8_t *labels);

#endif
