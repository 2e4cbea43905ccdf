/* A row fills a quarter of a cache line and is added whole, its check too: that lands in
   lanes that nobody reads. Sums are integers, so the order and the width of the
   instructions do not matter. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "rows.h"

#define FILLED_OF_TEN 7
#define PROBES_MAX    8192
#define UNIT_MAX      1024

typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t shorts16 __attribute__((vector_size(32)));
typedef uint16_t sums16 __attribute__((vector_size(32))); /* wraps */

struct rows_head {
    uint64_t n;
    uint32_t probes;
    int32_t unit;
    uint64_t nothing[6]; /* rows begin with a cache line */
};

static inline __attribute__((always_inline)) const struct row *find(const struct rows *r,
                                                                    uint64_t hash)
{
    uint32_t check = (uint32_t)hash | 1;
    uint64_t i = rows_place(r, hash);

    for (uint32_t k = 0; k < r->probes; k++) {
        if (r->list[i].check == check)
            return &r->list[i];
        if (r->list[i].check == 0)
            return NULL;
        if (++i == r->n)
            i = 0;
    }
    return NULL;
}

static inline __attribute__((always_inline)) void add_all(const struct rows *r,
                                                          const uint64_t *hashes,
                                                          size_t n,
                                                          int16_t sums[ROW_LANES])
{
    sums16 sum;

    memcpy(&sum, sums, sizeof sum);
    for (size_t i = 0; i < n; i++) {
        const struct row *row = find(r, hashes[i]);
        bytes16 b;

        if (row == NULL)
            continue;
        memcpy(&b, row, sizeof b);
        sum += (sums16) __builtin_convertvector(b, shorts16);
    }
    memcpy(sums, &sum, sizeof sum);
}

static void add_portable(const struct rows *r, const uint64_t *hashes, size_t n,
                         int16_t sums[ROW_LANES])
{
    add_all(r, hashes, n, sums);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void add_avx2(const struct rows *r,
                                                     const uint64_t *hashes, size_t n,
                                                     int16_t sums[ROW_LANES])
{
    add_all(r, hashes, n, sums);
}
#endif

void rows_be_portable(struct rows *r)
{
    r->add = add_portable;
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
    if (head.n == 0 || head.n > UINT32_MAX || head.probes == 0 ||
        head.probes > PROBES_MAX || head.probes > head.n || head.unit < 1 ||
        head.unit > UNIT_MAX || (bytes.n - sizeof head) / sizeof(struct row) != head.n)
        return model_fault(m, section, "has a head that makes no sense", e);
    *ret = (struct rows){
        .list = (const struct row *)(const void *)(bytes.p + sizeof head),
        .n = head.n,
        .probes = head.probes,
        .unit = head.unit,
        .add = add_portable,
    };
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        ret->add = add_avx2;
#endif
    return 0;
}

static uint32_t put(struct row *list, uint64_t n, const struct row_entry *x)
{
    uint32_t check = (uint32_t)x->hash | 1, probes = 1;
    uint64_t i = (x->hash >> 32) * n >> 32;

    while (list[i].check != 0 && list[i].check != check) {
        i = i + 1 == n ? 0 : i + 1;
        probes++;
    }
    list[i].check = check;
    memcpy(list[i].weights, x->weights, sizeof x->weights);
    return probes;
}

struct str rows_make(const struct row_entry *entries, size_t n, int32_t unit)
{
    struct rows_head head = {.n = n * 10 / FILLED_OF_TEN + 1, .probes = 1, .unit = unit};
    size_t bytes = sizeof head + head.n * sizeof(struct row);
    char *all = mem_new(bytes);

    for (size_t i = 0; i < n; i++) {
        uint32_t probes =
            put((struct row *)(void *)(all + sizeof head), head.n, &entries[i]);

        head.probes = probes > head.probes ? probes : head.probes;
    }
    memcpy(all, &head, sizeof head);
    return (struct str){all, bytes};
}
