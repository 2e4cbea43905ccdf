/* The inner loops of the network for x86-64 with AVX2: the same bits as those of
   network_portable.c. Four tokens share what is loaded of the weights. */
#include "network_kernel.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#include <string.h>

#define AVX2   __attribute__((target("avx2"))) static
#define INLINE __attribute__((target("avx2"), always_inline)) static inline
#define UNITS  NETWORK_UNITS

INLINE __m256i get(const void *p)
{
    return _mm256_loadu_si256(p);
}

INLINE void put_bent(__m256i sum, int16_t *to)
{
    const __m256i most = _mm256_set1_epi16(NETWORK_STATE_MAX);
    const __m256i least = _mm256_set1_epi16(-NETWORK_STATE_MAX);
    __m256i x = _mm256_max_epi16(sum, _mm256_srai_epi16(sum, NETWORK_SLOPE_SHIFT));

    for (int bit = NETWORK_INPUT_BITS; bit < NETWORK_STATE_BITS; bit++)
        x = _mm256_adds_epi16(x, x);
    x = _mm256_max_epi16(_mm256_min_epi16(x, most), least);
    _mm256_storeu_si256((void *)to, x);
}

AVX2 void token(const struct network_rows *rows, const int16_t *sum,
                const uint64_t *features, size_t count, int16_t *ret)
{
    for (size_t d = 0; d < rows->width; d += 16) {
        __m256i total = get(sum + d);

        for (size_t i = 0; i < count; i++) {
            const int8_t *row = network_row(rows, features[i]) + d;

            total = _mm256_add_epi16(
                total, _mm256_cvtepi8_epi16(_mm_loadu_si128((const void *)row)));
        }
        put_bent(total, ret + d);
    }
}

/* Up to four tokens on their way: the first of their inputs, and two vectors of sums of
   each. Written out, so that the sums stay in registers with any compiler; how many there
   are is known where this is put in. */
struct four {
    const int16_t *in[4];
    __m256i a0, a1, a2, a3;
    __m256i b0, b1, b2, b3;
};

INLINE __m256i pair(const int16_t *in)
{
    int32_t both;

    memcpy(&both, in, sizeof both);
    return _mm256_set1_epi32(both);
}

INLINE __m256i plus(__m256i sum, __m256i x, __m256i weights)
{
    return _mm256_add_epi32(sum, _mm256_madd_epi16(x, weights));
}

/* Adds the products of two inputs. */
INLINE void multiply_two(struct four *f, size_t n, size_t k, const int16_t *weights)
{
    __m256i first = get(weights), second = get(weights + (size_t)2 * UNITS);
    __m256i x0 = pair(f->in[0] + k), x1 = pair(f->in[1] + k);
    __m256i x2 = pair(f->in[2] + k), x3 = pair(f->in[3] + k);

    f->a0 = plus(f->a0, x0, first);
    f->b0 = plus(f->b0, x0, second);
    if (n > 1) {
        f->a1 = plus(f->a1, x1, first);
        f->b1 = plus(f->b1, x1, second);
    }
    if (n > 2) {
        f->a2 = plus(f->a2, x2, first);
        f->b2 = plus(f->b2, x2, second);
    }
    if (n > 3) {
        f->a3 = plus(f->a3, x3, first);
        f->b3 = plus(f->b3, x3, second);
    }
}

/* Adds the products of all inputs with the weights of 2 × 8 units. */
INLINE void multiply(struct four *f, size_t n, size_t inputs, const int16_t *weights)
{
    const size_t two = (size_t)4 * UNITS;

    for (size_t k = 0; k < inputs; k += 8, weights += 4 * two) {
        multiply_two(f, n, k, weights);
        multiply_two(f, n, k + 2, weights + two);
        multiply_two(f, n, k + 4, weights + 2 * two);
        multiply_two(f, n, k + 6, weights + 3 * two);
    }
}

INLINE struct four four_of(const int32_t *bias_a, const int32_t *bias_b)
{
    __m256i a = get(bias_a), b = get(bias_b);

    return (struct four){
        .a0 = a, .a1 = a, .a2 = a, .a3 = a, .b0 = b, .b1 = b, .b2 = b, .b3 = b};
}

INLINE __m256i shifted(__m256i sum, uint32_t shift)
{
    __m256i half = _mm256_set1_epi32(1 << (shift - 1));

    return _mm256_sra_epi32(_mm256_add_epi32(sum, half), _mm_cvtsi32_si128((int)shift));
}

INLINE void put_state(const int16_t *state, __m256i a, __m256i b, uint32_t shift,
                      int16_t *to)
{
    const __m128i most = _mm_set1_epi16(NETWORK_STATE_MAX);
    const __m128i least = _mm_set1_epi16(-NETWORK_STATE_MAX);
    __m256i wide = shifted(_mm256_max_epi32(a, b), shift);
    __m128i more =
        _mm_packs_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
    __m128i sum = _mm_adds_epi16(more, _mm_loadu_si128((const void *)state));

    _mm_storeu_si128((void *)to, _mm_max_epi16(_mm_min_epi16(sum, most), least));
}

INLINE void put_scores(__m256i a, __m256i b, uint32_t shift, int32_t to[LABEL_LANES])
{
    _mm256_storeu_si256((void *)to, shifted(a, shift));
    _mm256_storeu_si256((void *)(to + UNITS), shifted(b, shift));
}

/* Four tokens of a list from its place i on: behind its end the last is there again. */
static inline void four_from(const uint32_t *list, size_t n, size_t i, size_t ret[4])
{
    for (size_t k = 0; k < 4; k++)
        ret[k] = list[i + k < n ? i + k : n - 1];
}

/* 8 units of n tokens. */
INLINE void layer_units(const struct network_layer *l, size_t n, size_t width,
                        size_t unit, const int16_t *in, const size_t token[4],
                        int16_t *out)
{
    struct four f = four_of(l->bias + unit, l->bias + width + unit);
    size_t at = width + unit;

    for (size_t k = 0; k < 4; k++)
        f.in[k] = in + token[k] * width;
    multiply(&f, n, 3 * width, l->weights + unit * 3 * width * 2);
    out += at;
    put_state(f.in[0] + at, f.a0, f.b0, l->shift, out + token[0] * width);
    if (n > 1)
        put_state(f.in[1] + at, f.a1, f.b1, l->shift, out + token[1] * width);
    if (n > 2)
        put_state(f.in[2] + at, f.a2, f.b2, l->shift, out + token[2] * width);
    if (n > 3)
        put_state(f.in[3] + at, f.a3, f.b3, l->shift, out + token[3] * width);
}

AVX2 void layer(const struct network_layer *l, size_t width, const int16_t *in,
                const uint32_t *list, size_t n, int16_t *out)
{
    size_t token[4];

    for (size_t unit = 0; unit < width; unit += UNITS)
        for (size_t i = 0; i < n; i += 4) {
            four_from(list, n, i, token);
            if (n - i > 3)
                layer_units(l, 4, width, unit, in, token, out);
            else if (n - i > 2)
                layer_units(l, 3, width, unit, in, token, out);
            else if (n - i > 1)
                layer_units(l, 2, width, unit, in, token, out);
            else
                layer_units(l, 1, width, unit, in, token, out);
        }
}

AVX2 void output(const struct network_layer *l, size_t width, const int16_t *in,
                 const uint32_t *list, size_t n, int32_t (*out)[LABEL_LANES])
{
    size_t token[4];

    for (size_t i = 0; i < n; i += 4) {
        struct four f = four_of(l->bias, l->bias + UNITS);

        four_from(list, n, i, token);
        for (size_t k = 0; k < 4; k++)
            f.in[k] = in + (token[k] + 1) * width;
        multiply(&f, 4, width, l->weights);
        put_scores(f.a0, f.b0, l->shift, out[token[0]]);
        put_scores(f.a1, f.b1, l->shift, out[token[1]]);
        put_scores(f.a2, f.b2, l->shift, out[token[2]]);
        put_scores(f.a3, f.b3, l->shift, out[token[3]]);
    }
}

static const struct network_kernel kernel = {
    .token = token,
    .layer = layer,
    .output = output,
};

const struct network_kernel *network_avx2(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") ? &kernel : NULL;
}

#else

const struct network_kernel *network_avx2(void)
{
    return NULL;
}

#endif
