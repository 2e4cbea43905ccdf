/* heap.h - what is due first: a binary heap of entries that live in their owners */
#ifndef NEWSMQ_FETCH_HEAP_H
#define NEWSMQ_FETCH_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct heap_entry {
    int64_t due_ms;
    size_t at; /* place in the heap and one; 0: in none */
};

/* Starts zeroed. Entries are borrowed. */
struct heap {
    struct heap_entry **list;
    size_t n, cap;
};

/* Puts e in, or moves it when it is in already. */
void heap_set(struct heap *h, struct heap_entry *e, int64_t due_ms);
void heap_remove(struct heap *h, struct heap_entry *e); /* fine when it is not in */
struct heap_entry *heap_first(const struct heap *h);    /* NULL when empty */
void heap_fini(struct heap *h);

#endif
