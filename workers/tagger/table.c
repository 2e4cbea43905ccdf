/* Open addressing: the place of a hash is given by its upper half, the next free slot is
   taken. The lower half stands beside the value, never 0, so that an empty slot is 0. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "model.h"

#define FILLED_OF_TEN 8
#define PROBES_MAX    8192

struct table_head {
    uint64_t n;
    uint32_t probes, nothing;
};

int table_open(const struct model *m, const char *section, struct table *ret,
               struct err *e)
{
    struct str bytes = model_section(m, section);
    struct table_head head;

    if (bytes.p == NULL)
        return model_fault(m, section, "is missing", e);
    if (bytes.n < sizeof head)
        return model_fault(m, section, "is too short", e);
    memcpy(&head, bytes.p, sizeof head);
    if (head.n == 0 || head.n > UINT32_MAX || head.probes == 0 ||
        head.probes > PROBES_MAX || head.probes > head.n ||
        (bytes.n - sizeof head) / sizeof(uint64_t) != head.n)
        return model_fault(m, section, "has a head that makes no sense", e);
    *ret = (struct table){(const uint64_t *)(const void *)(bytes.p + sizeof head), head.n,
                          head.probes};
    return 0;
}

/* How far from its place the entry went. */
static uint32_t put(uint64_t *slots, uint64_t n, const struct table_entry *x)
{
    uint64_t check = x->hash << 32 | UINT64_C(1) << 32, i = table_place(x->hash, n);
    uint32_t probes = 1;

    while (slots[i] != 0 && slots[i] >> 32 != check >> 32) {
        i = i + 1 == n ? 0 : i + 1;
        probes++;
    }
    slots[i] = check | x->value;
    return probes;
}

struct str table_make(const struct table_entry *entries, size_t n)
{
    struct table_head head = {.n = n * 10 / FILLED_OF_TEN + 1, .probes = 1};
    size_t bytes = sizeof head + head.n * sizeof(uint64_t);
    char *all = mem_new(bytes);
    uint64_t *slots = (uint64_t *)(void *)(all + sizeof head);

    for (size_t i = 0; i < n; i++) {
        uint32_t probes = put(slots, head.n, &entries[i]);

        head.probes = probes > head.probes ? probes : head.probes;
    }
    memcpy(all, &head, sizeof head);
    return (struct str){all, bytes};
}
