/* network_format.h - the bytes of the section "network", for those who read and write it

   A head, then parts, each aligned to NETWORK_ALIGN, in the order of enum network_part
   and then weights and bias of each layer. Integers are little-endian. */
#ifndef NEWSMQ_WORKERS_TAGGER_NETWORK_FORMAT_H
#define NEWSMQ_WORKERS_TAGGER_NETWORK_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#define NETWORK_VERSION    1
#define NETWORK_ALIGN      64
#define NETWORK_LAYERS_MAX 4
#define NETWORK_NEAR_MAX   8

struct network_head {
    uint32_t version;
    uint32_t width, layers, rows, vectors; /* rows: a power of 2 */
    uint32_t shift[NETWORK_LAYERS_MAX];    /* 1.0 of a layer's weights, in bits */
    uint32_t
        output_shift; /* 1.0 of its weights and of a state, less that of LABEL_UNIT */
    uint32_t near;    /* tokens farther from every capital have the far scores; 0: none */
    uint32_t unused[5];
};

enum network_part {
    NETWORK_ROWS,          /* int8 [rows][width] */
    NETWORK_VECTORS,       /* int8 [vectors][width] */
    NETWORK_SCALES,        /* uint16 [vectors] */
    NETWORK_INPUT_BIAS,    /* int16 [width] */
    NETWORK_OUTPUT,        /* int16 [width / 2][2][8][2], labels 0–7 then 8–15 */
    NETWORK_OUTPUT_BIAS,   /* int32 [LABEL_LANES] */
    NETWORK_FAR,           /* int32 [LABEL_LANES]: scores of tokens far from capitals */
    NETWORK_LAYER_WEIGHTS, /* int16 [width / 8][3 × width / 2][2][8][2] of layer 0 */
    NETWORK_LAYER_BIAS,    /* int32 [2 × width] of layer 0; then layer 1 … */
};
#define NETWORK_PARTS(layers) (NETWORK_LAYER_WEIGHTS + 2 * (layers))

/* Where part begins; that of NETWORK_PARTS(h->layers) is the size of the section. */
size_t network_part_at(const struct network_head *h, unsigned part);

#endif
