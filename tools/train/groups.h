/* groups.h - vectors that fall into groups by their direction: spherical k-means */
#ifndef NEWSMQ_TRAIN_GROUPS_H
#define NEWSMQ_TRAIN_GROUPS_H

#include <stddef.h>
#include <stdint.h>

struct groups_plan {
    size_t groups;   /* a multiple of 16 */
    size_t frequent; /* the first so many decide where the groups are; n at most */
    unsigned rounds;
    uint64_t seed;
};

/* The number of the group of each vector, in ret[n]. vectors: [n][dimensions], changed:
   what the first ones have in common is taken away, and their length is 1 then. */
void groups_find(float *vectors, size_t n, size_t dimensions,
                 const struct groups_plan *plan, uint32_t *ret);

#endif
