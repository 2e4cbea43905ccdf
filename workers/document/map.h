/* map.h - hashes to numbers; grows with what is put in */
#ifndef NEWSMQ_WORKERS_DOCUMENT_MAP_H
#define NEWSMQ_WORKERS_DOCUMENT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map {
    struct map_slot *slots;
    size_t n, size;
    uint32_t turn; /* of slots that are set; what is older was reset */
};

void map_reset(struct map *m);
void map_fini(struct map *m);
void map_put(struct map *m, uint64_t key, uint32_t value); /* replaces */
bool map_get(const struct map *m, uint64_t key, uint32_t *ret);

#endif
