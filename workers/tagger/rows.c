/* Hashes are looked up in buckets of half a cache line: a part of each hash to compare
   with, all at once, and the number of the first row. Most features of a text have no
   row, and for them the rows are not touched. Sums are integers, so the order and the
   width of the instructions do not matter. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "feature.h"
#include "rows.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define IN_BUCKET    4  /* rows, on average */
#define BUCKETS_AWAY 64 /* from its own that a row may be */
#define UNIT_MAX     1024
#define FIRST_MORE   (UINT32_C(1) << 31)

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts16 __attribute__((vector_size(32)));
typedef uint16_t sums16 __attribute__((vector_size(32))); /* wraps */

struct rows_head {
    uint64_t n_buckets;
    uint32_t n;
    int32_t unit;
    uint64_t nothing[6]; /* buckets begin with a cache line */
};

static inline uint32_t check_of(uint64_t hash)
{
    return (uint32_t)hash | 1;
}

/* ---- finding ---- */

/* Where the check is among those of a bucket; ROW_CHECKS: not there. */
static inline __attribute__((always_inline)) unsigned find_check(
    const struct row_bucket *b, uint32_t check)
{
    unsigned k = 0;

    while (k < ROW_CHECKS && b->checks[k] != check)
        k++;
    return k;
}

/* In the buckets behind its own. UINT32_MAX: there is none. */
static uint32_t find_away(const struct rows *r, uint64_t i, uint32_t check)
{
    for (int away = 0; away < BUCKETS_AWAY && (r->buckets[i].first & FIRST_MORE) != 0;
         away++) {
        unsigned k;

        i = i + 1 == r->n_buckets ? 0 : i + 1;
        k = find_check(&r->buckets[i], check);
        if (k < ROW_CHECKS)
            return (r->buckets[i].first & ~FIRST_MORE) + k;
    }
    return UINT32_MAX;
}

static inline __attribute__((always_inline)) size_t note(const struct rows *r,
                                                         uint32_t row, uint32_t *ret,
                                                         size_t found)
{
    if (row >= r->n)
        return found; /* none, or a damaged model */
    __builtin_prefetch(r->weights + (size_t)row * ROW_WEIGHTS);
    ret[found] = row;
    return found + 1;
}

static size_t find_portable(const struct rows *r, const uint64_t *hashes, size_t n,
                            uint32_t *ret)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t at = rows_place(r, hashes[i]);
        const struct row_bucket *b = &r->buckets[at];
        unsigned k = find_check(b, check_of(hashes[i]));

        if (k < ROW_CHECKS)
            found = note(r, (b->first & ~FIRST_MORE) + k, ret, found);
        else if ((b->first & FIRST_MORE) != 0)
            found = note(r, find_away(r, at, check_of(hashes[i])), ret, found);
    }
    return found;
}

static inline __attribute__((always_inline)) void sum_all(const struct rows *r,
                                                          const uint32_t *rows, size_t n,
                                                          int16_t sums[ROW_LANES])
{
    sums16 sum;

    memcpy(&sum, sums, sizeof sum);
    for (size_t i = 0; i < n; i++) {
        bytes16 b; /* the next row's first bytes too; nobody reads those lanes */

        memcpy(&b, r->weights + (size_t)rows[i] * ROW_WEIGHTS, sizeof b);
        sum += (sums16) __builtin_convertvector(b, shorts16);
    }
    memcpy(sums, &sum, sizeof sum);
}

static void sum_portable(const struct rows *r, const uint32_t *rows, size_t n,
                         int16_t sums[ROW_LANES])
{
    sum_all(r, rows, n, sums);
}

static const struct rows_code portable = {find_portable, sum_portable};

#if defined(__x86_64__)
__attribute__((target("avx2,bmi"))) static size_t find_avx2(const struct rows *r,
                                                            const uint64_t *hashes,
                                                            size_t n, uint32_t *ret)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t at = rows_place(r, hashes[i]);
        const struct row_bucket *b = &r->buckets[at];
        __m256i all = _mm256_loadu_si256((const __m256i *)(const void *)b);
        __m256i same =
            _mm256_cmpeq_epi32(all, _mm256_set1_epi32((int)check_of(hashes[i])));
        unsigned mask = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(same)) >> 1;
        uint32_t row = (b->first & ~FIRST_MORE) + (unsigned)__builtin_ctz(mask | 0x80);

        if (__builtin_expect(mask == 0 && (b->first & FIRST_MORE) != 0, 0)) {
            row = find_away(r, at, check_of(hashes[i]));
            mask = 1;
        }
        /* Without a branch: whether a feature has a row cannot be foreseen. */
        row = mask != 0 && row < r->n ? row : r->n;
        ret[found] = row;
        __builtin_prefetch(r->weights + (size_t)row * ROW_WEIGHTS);
        found += row != r->n;
    }
    return found;
}

__attribute__((target("avx2"))) static void sum_avx2(const struct rows *r,
                                                     const uint32_t *rows, size_t n,
                                                     int16_t sums[ROW_LANES])
{
    sum_all(r, rows, n, sums);
}

static const struct rows_code avx2 = {find_avx2, sum_avx2};
#endif

void rows_add(const struct rows *r, const uint64_t *hashes, size_t n,
              int16_t sums[ROW_LANES])
{
    uint32_t found[FEATURES_MAX];

    for (size_t i = 0; i < n; i++)
        rows_ahead(r, hashes[i]);
    n = rows_find(r, hashes, n, found);
    rows_sum(r, found, n, sums);
}

/* ---- reading ---- */

void rows_be_portable(struct rows *r)
{
    r->code = &portable;
}

static bool fits(const struct rows_head *head, size_t bytes)
{
    size_t rest = bytes - sizeof *head, buckets;

    if (head->n_buckets == 0 || head->n_buckets > UINT32_MAX ||
        head->n_buckets > rest / sizeof(struct row_bucket) || head->n >= FIRST_MORE ||
        head->unit < 1 || head->unit > UNIT_MAX)
        return false;
    buckets = (size_t)head->n_buckets * sizeof(struct row_bucket);
    return rest - buckets == (size_t)(head->n + 2) * ROW_WEIGHTS;
}

int rows_open(const struct model *m, const char *section, struct rows *ret, struct err *e)
{
    struct str bytes = model_section(m, section);
    struct rows_head head;

    if (bytes.p == NULL)
        return model_fault(m, section, "is missing", e);
    if (bytes.n < sizeof head)
        return model_fault(m, section, "is too short", e);
    memcpy(&head, bytes.p, sizeof head);
    if (!fits(&head, bytes.n))
        return model_fault(m, section, "has a head that makes no sense", e);
    *ret = (struct rows){
        .buckets = (const struct row_bucket *)(const void *)(bytes.p + sizeof head),
        .n_buckets = head.n_buckets,
        .n = head.n,
        .unit = head.unit,
        .code = &portable,
    };
    ret->weights = (const int8_t *)(ret->buckets + head.n_buckets);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
        ret->code = &avx2;
#endif
    return 0;
}

/* ---- writing ---- */

/* Puts the number of an entry into its bucket or one behind it. */
static void put(struct row_bucket *buckets, uint32_t *numbers, uint64_t n,
                const struct row_entry *x, uint32_t number)
{
    uint64_t i = (x->hash >> 32) * n >> 32;
    unsigned k;

    for (int away = 0; away < BUCKETS_AWAY; away++) {
        k = find_check(&buckets[i], check_of(x->hash));
        if (k < ROW_CHECKS)
            return; /* two hashes that look alike: the first counts */
        k = find_check(&buckets[i], 0);
        if (k < ROW_CHECKS) {
            buckets[i].checks[k] = check_of(x->hash);
            numbers[i * ROW_CHECKS + k] = number;
            return;
        }
        buckets[i].first |= FIRST_MORE;
        i = i + 1 == n ? 0 : i + 1;
    }
    abort(); /* buckets are half empty and hashes are even */
}

struct str rows_make(const struct row_entry *entries, size_t n, int32_t unit)
{
    struct rows_head head = {.n_buckets = n / IN_BUCKET + 1, .unit = unit};
    struct row_bucket *buckets = mem_new_array((size_t)head.n_buckets, sizeof *buckets);
    uint32_t *numbers =
        mem_new_array((size_t)head.n_buckets * ROW_CHECKS, sizeof *numbers);
    size_t bytes = sizeof head + (size_t)head.n_buckets * sizeof *buckets;
    char *all, *weights;

    for (size_t i = 0; i < n; i++)
        put(buckets, numbers, head.n_buckets, &entries[i], (uint32_t)i);
    all = mem_new(bytes + (n + 2) * ROW_WEIGHTS);
    weights = all + bytes;
    for (uint64_t i = 0; i < head.n_buckets; i++) {
        buckets[i].first |= head.n;
        for (unsigned k = 0; k < ROW_CHECKS && buckets[i].checks[k] != 0; k++, head.n++)
            memcpy(weights + (size_t)head.n * ROW_WEIGHTS,
                   entries[numbers[i * ROW_CHECKS + k]].weights, ROW_WEIGHTS);
    }
    memcpy(all, &head, sizeof head);
    memcpy(all + sizeof head, buckets, (size_t)head.n_buckets * sizeof *buckets);
    free(buckets);
    free(numbers);
    return (struct str){all, bytes + (size_t)(head.n + 2) * ROW_WEIGHTS};
}
