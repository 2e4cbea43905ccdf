/* network_kernel.h - the inner loops of the network, once for each kind of processor */
#ifndef NEWSMQ_WORKERS_TAGGER_NETWORK_KERNEL_H
#define NEWSMQ_WORKERS_TAGGER_NETWORK_KERNEL_H

#include <stddef.h>
#include <stdint.h>

#include "labels.h"

#define NETWORK_UNITS       8 /* of a block of weights, and lanes of a vector */
#define NETWORK_WIDTH_MAX   128
#define NETWORK_INPUT_BITS  7 /* 1.0 in rows and their sums */
#define NETWORK_STATE_BITS  8 /* 1.0 between the layers */
#define NETWORK_STATE_MAX   8191
#define NETWORK_SLOPE_SHIFT 3 /* sums below 0 are divided by 8 */

struct network_layer {
    const int16_t *weights;
    const int32_t *bias;
    uint32_t shift;
};

struct network_rows {
    const int8_t *rows;
    uint32_t width; /* a multiple of 16 */
    uint32_t mask;  /* their number is a power of 2 */
};

/* Weights stand in the order in which they are needed: for each block of 8 units, for
   each pair of inputs, 8 × 2 weights of the first half of the maxout, then of the second.
   The output layer is one such block: labels 0–7 and 8–15. */
struct network_kernel {
    /* The state of a token: sum and the rows of its features, bent at 0. */
    void (*token)(const struct network_rows *rows, const int16_t *sum,
                  const uint64_t *features, size_t count, int16_t *ret);

    /* Token i's state is state i + 1 of both; at both ends stands one of zeros. Goes
       through the n tokens of the list. */
    void (*layer)(const struct network_layer *l, size_t width, const int16_t *in,
                  const uint32_t *list, size_t n, int16_t *out);

    /* The same as layer, for scores: token list[k] gets out[list[k]]. */
    void (*output)(const struct network_layer *l, size_t width, const int16_t *in,
                   const uint32_t *list, size_t n, int32_t (*out)[LABEL_LANES]);
};

extern const struct network_kernel network_portable;

/* NULL where this processor has no AVX2, or the compiler cannot say. */
const struct network_kernel *network_avx2(void);

static inline const int8_t *network_row(const struct network_rows *r, uint64_t feature)
{
    return r->rows + (size_t)(feature & r->mask) * r->width;
}

#endif
