/* network_features.h - what the network is told of a token, as hashes of features */
#ifndef NEWSMQ_WORKERS_TAGGER_NETWORK_FEATURES_H
#define NEWSMQ_WORKERS_TAGGER_NETWORK_FEATURES_H

#include "document.h"

#define NETWORK_WORD_FEATURES 64
#define NETWORK_SPOT_FEATURES 64
#define NETWORK_NAMING        2 /* the first features of a word say which word it is */

/* What a word says wherever it stands; how many. */
size_t network_word_features(const struct word *w, uint64_t ret[NETWORK_WORD_FEATURES]);
/* What its place says. */
size_t network_spot_features(const struct sentence *s, size_t i,
                             uint64_t ret[NETWORK_SPOT_FEATURES]);

#endif
