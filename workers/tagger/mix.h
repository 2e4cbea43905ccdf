/* mix.h - hashes of bytes and of features; the model is made of them, so they never
   change without a new version of its format */
#ifndef NEWSMQ_WORKERS_TAGGER_MIX_H
#define NEWSMQ_WORKERS_TAGGER_MIX_H

#include "newsmq/str.h"

#define MIX_ONE   UINT64_C(0x9E3779B97F4A7C15)
#define MIX_TWO   UINT64_C(0x9FB21C651E98DF25)
#define MIX_THREE UINT64_C(0x94D049BB133111EB)
#define MIX_FOUR  UINT64_C(0xD6E8FEB86659FD93)

static inline uint64_t mix_bytes(struct str s, uint64_t seed)
{
    uint64_t h = seed * MIX_ONE ^ s.n * UINT64_C(0xff51afd7ed558ccd), k;

    for (; s.n >= 8; s.p += 8, s.n -= 8) {
        memcpy(&k, s.p, 8);
        h = (h ^ k) * MIX_TWO;
        h ^= h >> 32;
    }
    k = 0;
    if (s.n > 0)
        memcpy(&k, s.p, s.n);
    h = (h ^ k) * MIX_TWO;
    h ^= h >> 29;
    h *= MIX_THREE;
    return h ^ h >> 32;
}

/* One hash of two, in order. */
static inline uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t h = (a ^ MIX_ONE) * MIX_TWO;

    h ^= h >> 31;
    h = (h + b) * MIX_THREE;
    return h ^ h >> 30;
}

/* A feature: the number of its kind and up to three values, small numbers or hashes. */
static inline uint64_t mix_feature(uint64_t kind, uint64_t a, uint64_t b, uint64_t c)
{
    uint64_t h =
        kind * UINT64_C(0xA24BAED4963EE407) + a * MIX_ONE + b * MIX_FOUR + c * MIX_THREE;

    h ^= h >> 32;
    h *= MIX_TWO;
    return h ^ h >> 29;
}

#endif
