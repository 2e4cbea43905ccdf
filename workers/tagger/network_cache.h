/* network_cache.h - what the first layer of the network makes of single tokens

   The layer adds up three tokens, each times weights. What a token is times its weights
   depends on nothing else, and most tokens of a text were seen in others. */
#ifndef NEWSMQ_WORKERS_TAGGER_NETWORK_CACHE_H
#define NEWSMQ_WORKERS_TAGGER_NETWORK_CACHE_H

#include "network_kernel.h"

struct network_cache;

/* The layer is borrowed. Takes some 7 MB when the width is 64, once they are used. */
struct network_cache *network_cache_new(const struct network_layer *first, size_t width);
void network_cache_free(struct network_cache *c);

/* The sums of the state, as `products` of network_kernel.h has them; they stay until two
   others were asked for. key: a hash, the same for the same state as a rule. */
const int32_t *network_cache_get(struct network_cache *c, const struct network_kernel *k,
                                 uint64_t key, const int16_t *state);

#endif
