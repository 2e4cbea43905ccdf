/* A trained network in the integers that the tagger reads. */
#include <math.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "net.h"

#include "tagger/network_format.h"
#include "tagger/network_kernel.h"

#define UNITS      NETWORK_UNITS
#define SHIFT_MOST 14
#define SCALE_ONE  256
#define FAR_TOKENS 20000
#define LABEL_BITS 10 /* of LABEL_UNIT */

_Static_assert(LABEL_UNIT == 1 << LABEL_BITS, "scores are shifted to their unit");

struct packer {
    const struct net *net;
    const struct net_data *data;
    struct network_head head;
    char *bytes;
};

static long whole(float value, float one, long most)
{
    long x = lrintf(value * one);

    return x > most ? most : x < -most ? -most : x;
}

static void *part(const struct packer *p, unsigned number)
{
    return p->bytes + network_part_at(&p->head, number);
}

static void pack_rows(const struct packer *p)
{
    size_t n = p->net->shape.rows * p->net->shape.width;
    int8_t *to = part(p, NETWORK_ROWS);

    for (size_t i = 0; i < n; i++)
        to[i] = (int8_t)whole(p->net->rows[i], 1 << NETWORK_INPUT_BITS, 127);
}

/* A vector times the matrix that leads into the network, in bytes of a scale of its own.
 */
static void pack_vector(const struct packer *p, size_t number)
{
    const struct net *n = p->net;
    size_t width = n->shape.width, dimensions = n->shape.dimensions;
    const float *vector = p->data->vectors + number * dimensions;
    int8_t *to = (int8_t *)part(p, NETWORK_VECTORS) + number * width;
    uint16_t *scale = (uint16_t *)part(p, NETWORK_SCALES) + number;
    float sums[NETWORK_WIDTH_MAX] = {0}, most = 0;

    for (size_t k = 0; k < dimensions; k++)
        for (size_t d = 0; d < width; d++)
            sums[d] += vector[k] * n->dense[n->at.vector + k * width + d];
    for (size_t d = 0; d < width; d++)
        most = fmaxf(most, fabsf(sums[d]));
    *scale =
        (uint16_t)(1 + whole(most * (1 << NETWORK_INPUT_BITS) / 127, SCALE_ONE, 65000));
    for (size_t d = 0; d < width; d++)
        to[d] = (int8_t)whole(sums[d] * (1 << NETWORK_INPUT_BITS),
                              (float)SCALE_ONE / (float)*scale, 127);
}

/* How finely weights can be told apart, so that neither they nor sums of them times
   states leave their integers. columns: weights[k × stride + c]. */
static uint32_t shift_of(const float *weights, size_t depth, size_t columns)
{
    float most = 0;

    for (size_t c = 0; c < columns; c++) {
        float sum = 0;

        for (size_t k = 0; k < depth; k++) {
            sum += fabsf(weights[k * columns + c]);
            most = fmaxf(most, fabsf(weights[k * columns + c]));
        }
        /* Half of the integer is left to the bias and to rounding. */
        most = fmaxf(most, sum * NETWORK_STATE_MAX * 2 * INT16_MAX / (float)INT32_MAX);
    }
    for (uint32_t shift = SHIFT_MOST; shift > 1; shift--)
        if (most * (float)(1U << shift) < INT16_MAX)
            return shift;
    return 1;
}

/* Weights [depth][columns] of 16 columns, a and b of 8 each, pair by pair. */
static void pack_block(const float *a, const float *b, size_t depth, size_t columns,
                       uint32_t shift, int16_t *to)
{
    for (size_t k = 0; k < depth; k += 2)
        for (size_t half = 0; half < 2; half++)
            for (size_t u = 0; u < UNITS; u++)
                for (size_t one = 0; one < 2; one++)
                    *to++ = (int16_t)whole((half == 0 ? a : b)[(k + one) * columns + u],
                                           (float)(1U << shift), INT16_MAX);
}

static void pack_bias(const float *from, size_t n, uint32_t shift, int32_t *to)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (int32_t)whole(from[i], (float)(1U << (shift + NETWORK_STATE_BITS)),
                               INT32_MAX / 4);
}

static void pack_layer(struct packer *p, unsigned layer)
{
    const struct net *n = p->net;
    size_t width = n->shape.width, depth = 3 * width;
    const float *weights = n->dense + n->at.layer + layer * 2 * depth * width;
    uint32_t shift = p->head.shift[layer];
    int16_t *to = part(p, NETWORK_LAYER_WEIGHTS + 2 * layer);

    for (size_t unit = 0; unit < width; unit += UNITS)
        pack_block(weights + unit, weights + width + unit, depth, 2 * width, shift,
                   to + unit * depth * 2);
    pack_bias(n->dense + n->at.layer_bias + layer * 2 * width, 2 * width, shift,
              part(p, NETWORK_LAYER_WEIGHTS + 2 * layer + 1));
}

static void pack_output(const struct packer *p, uint32_t shift)
{
    const struct net *n = p->net;
    const float *weights = n->dense + n->at.output;
    int16_t *bias = part(p, NETWORK_INPUT_BIAS);

    for (size_t d = 0; d < n->shape.width; d++)
        bias[d] = (int16_t)whole(n->dense[n->at.bias + d], 1 << NETWORK_INPUT_BITS, 8191);
    pack_block(weights, weights + UNITS, n->shape.width, LABEL_LANES, shift,
               part(p, NETWORK_OUTPUT));
    pack_bias(n->dense + n->at.output_bias, LABEL_LANES, shift,
              part(p, NETWORK_OUTPUT_BIAS));
}

/* The mean of the scores of tokens that will not be looked at. */
static void pack_far(const struct packer *p)
{
    float scores[NET_TOKENS_MAX * LABEL_LANES];
    double sums[LABELS] = {0};
    size_t n = 0;
    int32_t *to = part(p, NETWORK_FAR);

    for (size_t i = 0; p->head.near > 0 && i < p->data->n_sentences && n < FAR_TOKENS;
         i++) {
        const struct net_sentence *s = &p->data->sentences[i];
        const struct net_token *tokens = p->data->tokens + s->from;

        net_scores(p->net, p->data, s, scores);
        for (size_t k = 0; k < s->n; k++) {
            if (tokens[k].distance <= p->head.near)
                continue;
            n++;
            for (size_t y = 0; y < LABELS; y++)
                sums[y] += (double)scores[k * LABEL_LANES + y];
        }
    }
    for (size_t y = 0; y < LABELS && n > 0; y++)
        to[y] = (int32_t)whole((float)(sums[y] / (double)n), LABEL_UNIT, 1 << 20);
}

struct str net_pack_steps(const struct net *n)
{
    int32_t *scores = mem_new_array(LABELS + LABELS * LABELS, sizeof *scores),
            *to = scores;

    for (size_t i = 0; i < LABELS; i++)
        *to++ = (int32_t)whole(n->dense[n->at.starts + i], LABEL_UNIT, 1 << 20);
    for (size_t i = 0; i < (size_t)LABELS * LABELS; i++)
        *to++ = (int32_t)whole(n->dense[n->at.transitions + i], LABEL_UNIT, 1 << 20);
    return (struct str){(char *)scores, (size_t)(to - scores) * sizeof *scores};
}

struct str net_pack(const struct net *n, const struct net_data *d, size_t n_vectors,
                    uint32_t near)
{
    size_t width = n->shape.width, size;
    struct packer p = {.net = n, .data = d};
    uint32_t output = shift_of(n->dense + n->at.output, width, LABEL_LANES);

    p.head = (struct network_head){
        .version = NETWORK_VERSION,
        .width = (uint32_t)width,
        .layers = (uint32_t)n->shape.layers,
        .rows = (uint32_t)n->shape.rows,
        .vectors = (uint32_t)(n_vectors < d->n_vectors ? n_vectors : d->n_vectors),
        .near = near,
        .output_shift = output + NETWORK_STATE_BITS - LABEL_BITS,
    };
    for (unsigned i = 0; i < n->shape.layers; i++)
        p.head.shift[i] = shift_of(n->dense + n->at.layer + i * 6 * width * width,
                                   3 * width, 2 * width);
    size = network_part_at(&p.head, NETWORK_PARTS(p.head.layers));
    p.bytes = mem_new(size);
    memcpy(p.bytes, &p.head, sizeof p.head);
    pack_rows(&p);
    for (size_t i = 0; i < p.head.vectors; i++)
        pack_vector(&p, i);
    for (unsigned i = 0; i < p.head.layers; i++)
        pack_layer(&p, i);
    pack_output(&p, output);
    pack_far(&p);
    return (struct str){p.bytes, size};
}
