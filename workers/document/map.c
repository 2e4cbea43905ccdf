#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "map.h"

#define SIZE_MIN ((size_t)256)

struct map_slot {
    uint64_t key;
    uint32_t value;
    uint32_t turn; /* it is set when this is the map's */
};

static struct map_slot *slot_of(const struct map *m, uint64_t key)
{
    size_t i = (size_t)(key >> 16) & (m->size - 1);

    while (m->slots[i].turn == m->turn && m->slots[i].key != key)
        i = (i + 1) & (m->size - 1);
    return &m->slots[i];
}

static void resize(struct map *m, size_t size)
{
    struct map old = *m;

    m->slots = mem_new_array(size, sizeof *m->slots); /* bounded by NAMES_MAX */
    m->size = size;
    m->turn = old.turn > 0 ? old.turn : 1;
    for (size_t i = 0; i < old.size; i++)
        if (old.slots[i].turn == old.turn)
            *slot_of(m, old.slots[i].key) = old.slots[i];
    free(old.slots);
}

/* One large item must not make all later ones slow. */
void map_reset(struct map *m)
{
    if (m->size > SIZE_MIN * 8 || m->turn == UINT32_MAX)
        map_fini(m);
    else
        m->turn++;
    m->n = 0;
}

void map_fini(struct map *m)
{
    free(m->slots);
    *m = (struct map){0};
}

void map_put(struct map *m, uint64_t key, uint32_t value)
{
    struct map_slot *s;

    if (m->n * 2 >= m->size)
        resize(m, m->size > 0 ? m->size * 2 : SIZE_MIN);
    s = slot_of(m, key);
    m->n += s->turn != m->turn;
    *s = (struct map_slot){key, value, m->turn};
}

bool map_get(const struct map *m, uint64_t key, uint32_t *ret)
{
    const struct map_slot *s;

    if (m->size == 0)
        return false;
    s = slot_of(m, key);
    if (s->turn != m->turn)
        return false;
    *ret = s->value;
    return true;
}
