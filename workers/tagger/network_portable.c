/* The inner loops of the network in plain C. Sums wrap, as those of vector units do: a
   bad model gives bad scores and nothing worse. */
#include "network_kernel.h"

#define UNITS NETWORK_UNITS

static int32_t clamp(int32_t value, int32_t least, int32_t most)
{
    return value < least ? least : value > most ? most : value;
}

static int16_t bent(int16_t sum)
{
    int32_t x = sum < 0 ? sum >> NETWORK_SLOPE_SHIFT : sum;

    x *= 1 << (NETWORK_STATE_BITS - NETWORK_INPUT_BITS);
    return (int16_t)clamp(x, -NETWORK_STATE_MAX, NETWORK_STATE_MAX);
}

static void token(const struct network_rows *rows, const int16_t *sum,
                  const uint64_t *features, size_t count, int16_t *ret)
{
    uint16_t sums[NETWORK_WIDTH_MAX];

    for (size_t d = 0; d < rows->width; d++)
        sums[d] = (uint16_t)sum[d];
    for (size_t i = 0; i < count; i++) {
        const int8_t *row = network_row(rows, features[i]);

        for (size_t d = 0; d < rows->width; d++)
            sums[d] = (uint16_t)(sums[d] + (uint16_t)row[d]);
    }
    for (size_t d = 0; d < rows->width; d++)
        ret[d] = bent((int16_t)sums[d]);
}

/* Adds the products of all inputs with the weights of 8 units. */
static void multiply(const int16_t *in, size_t inputs, const int16_t *weights,
                     uint32_t sums[UNITS])
{
    for (size_t k = 0; k < inputs; k += 2, weights += (size_t)4 * UNITS)
        for (size_t u = 0; u < UNITS; u++)
            sums[u] += (uint32_t)(in[k] * weights[2 * u]) +
                       (uint32_t)(in[k + 1] * weights[2 * u + 1]);
}

static int32_t shifted(uint32_t sum, uint32_t shift)
{
    return (int32_t)(sum + (UINT32_C(1) << (shift - 1))) >> shift;
}

static int16_t next_state(int16_t state, uint32_t a, uint32_t b, uint32_t shift)
{
    uint32_t most = (int32_t)a > (int32_t)b ? a : b;
    int32_t more = clamp(shifted(most, shift), INT16_MIN, INT16_MAX);

    return (int16_t)clamp(more + state, -NETWORK_STATE_MAX, NETWORK_STATE_MAX);
}

/* 8 units of a token; in and out: its own states. */
static void layer_units(const struct network_layer *l, size_t width, size_t unit,
                        const int16_t *in, int16_t *out)
{
    const int16_t *weights = l->weights + unit * 3 * width * 2;
    uint32_t a[UNITS], b[UNITS];

    for (size_t u = 0; u < UNITS; u++) {
        a[u] = (uint32_t)l->bias[unit + u];
        b[u] = (uint32_t)l->bias[width + unit + u];
    }
    multiply(in - width, 3 * width, weights, a);
    multiply(in - width, 3 * width, weights + (size_t)2 * UNITS, b);
    for (size_t u = 0; u < UNITS; u++)
        out[unit + u] = next_state(in[unit + u], a[u], b[u], l->shift);
}

static void layer(const struct network_layer *l, size_t width, const int16_t *in,
                  const uint32_t *list, size_t n, int16_t *out)
{
    for (size_t unit = 0; unit < width; unit += UNITS)
        for (size_t i = 0; i < n; i++) {
            size_t at = (list[i] + (size_t)1) * width;

            layer_units(l, width, unit, in + at, out + at);
        }
}

static void output(const struct network_layer *l, size_t width, const int16_t *in,
                   const uint32_t *list, size_t n, int32_t (*out)[LABEL_LANES])
{
    for (size_t i = 0; i < n; i++)
        for (size_t half = 0; half < 2; half++) {
            uint32_t sums[UNITS];

            for (size_t u = 0; u < UNITS; u++)
                sums[u] = (uint32_t)l->bias[half * UNITS + u];
            multiply(in + (list[i] + (size_t)1) * width, width,
                     l->weights + half * 2 * UNITS, sums);
            for (size_t u = 0; u < UNITS; u++)
                out[list[i]][half * UNITS + u] = shifted(sums[u], l->shift);
        }
}

const struct network_kernel network_portable = {
    .token = token,
    .layer = layer,
    .output = output,
};
