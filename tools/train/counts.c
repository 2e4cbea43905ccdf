#include "counts.h"

#include <stdlib.h>

#include "newsmq/mem.h"

static size_t counts_find(const struct counts *c, uint64_t hash)
{
    size_t i = (size_t)hash & (c->size - 1);

    while (c->hashes[i] != 0 && c->hashes[i] != hash)
        i = (i + 1) & (c->size - 1);
    return i;
}

static void counts_grow(struct counts *c)
{
    struct counts more = {.size = c->size == 0 ? 1 << 16 : c->size * 2, .n = c->n};

    more.hashes = mem_new_array(more.size, sizeof *more.hashes);
    more.values = mem_new_array(more.size, sizeof *more.values);
    for (size_t k = 0; k < c->size; k++) {
        size_t i;

        if (c->hashes[k] == 0)
            continue;
        i = counts_find(&more, c->hashes[k]);
        more.hashes[i] = c->hashes[k];
        more.values[i] = c->values[k];
    }
    free(c->hashes);
    free(c->values);
    *c = more;
}

uint32_t *counts_at(struct counts *c, uint64_t hash)
{
    size_t i;

    hash += hash == 0;
    if (c->n * 10 >= c->size * 6)
        counts_grow(c);
    i = counts_find(c, hash);
    if (c->hashes[i] == 0) {
        c->hashes[i] = hash;
        c->n++;
    }
    return &c->values[i];
}

void counts_fini(struct counts *c)
{
    free(c->hashes);
    free(c->values);
}

uint32_t counts_get(const struct counts *c, uint64_t hash)
{
    return c->size == 0 ? 0 : c->values[counts_find(c, hash + (hash == 0))];
}

uint32_t counts_number(struct counts *c, uint32_t least)
{
    uint32_t n = 0;

    for (size_t i = 0; i < c->size; i++)
        if (c->hashes[i] != 0)
            c->values[i] = c->values[i] >= least ? ++n : 0;
    return n;
}
