/* network.h - the small network of the tagger: what words and the text say of each token
   in, scores of labels out

   A token is the sum of int8 rows: one for each of its features, and the projected vector
   of its word. Residual layers of maxout units see three tokens each, and a last layer
   gives every label a score. All of it is arithmetic on integers that wraps or saturates
   the same way everywhere: the portable and the AVX2 code give the same bits. */
#ifndef NEWSMQ_WORKERS_TAGGER_NETWORK_H
#define NEWSMQ_WORKERS_TAGGER_NETWORK_H

#include "document.h"
#include "labels.h"
#include "model.h"

#define NETWORK_SECTION "network"
#define NETWORK_STEPS   "network-steps" /* for transitions_open */

struct network;

/* The model is borrowed. 0 and *ret == NULL when it has no network; ERR_FORMAT when it
   has one whose sizes do not fit. */
int network_open(const struct model *m, struct network **ret, struct err *e);
void network_close(struct network *n);
/* In the language of the model, tokens that are farther from every capitalised word are
   hardly ever in names: the network gives them all the same scores. UINT8_MAX: cannot be
   said, or the model has no network. */
uint8_t network_near(const struct model *m);

/* What a cache of words keeps for the network, a multiple of 32, and how it is filled:
   the sum of what the word says by itself, wherever it stands. */
size_t network_extra_bytes(const struct network *n);
void network_fill(const struct network *n, const struct word *w, void *extra);

/* Scores of tokens [from, to) of a sentence, in 1/LABEL_UNIT; lanes behind LABELS are 0.
   extra_at: where the network's bytes are in struct word.extra. asked: for each of these
   tokens whether it is looked at, else it has the scores of those far from capitals;
   NULL: all are. The others of the sentence count as neighbours: the scores do not depend
   on from, to and asked. */
void network_scores(struct network *n, const struct sentence *s, size_t from, size_t to,
                    size_t extra_at, const bool *asked, int32_t (*ret)[LABEL_LANES],
                    bool portable);

#endif
