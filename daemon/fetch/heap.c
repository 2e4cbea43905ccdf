#include <stdlib.h>

#include "newsmq/mem.h"

#include "heap.h"

static void place(struct heap *h, struct heap_entry *e, size_t i)
{
    h->list[i] = e;
    e->at = i + 1;
}

static void sift_up(struct heap *h, struct heap_entry *e, size_t i)
{
    while (i > 0 && h->list[(i - 1) / 2]->due_ms > e->due_ms) {
        place(h, h->list[(i - 1) / 2], i);
        i = (i - 1) / 2;
    }
    place(h, e, i);
}

static void sift_down(struct heap *h, struct heap_entry *e, size_t i)
{
    for (;;) {
        size_t child = 2 * i + 1;

        if (child + 1 < h->n && h->list[child + 1]->due_ms < h->list[child]->due_ms)
            child++;
        if (child >= h->n || h->list[child]->due_ms >= e->due_ms)
            break;
        place(h, h->list[child], i);
        i = child;
    }
    place(h, e, i);
}

void heap_remove(struct heap *h, struct heap_entry *e)
{
    size_t i = e->at - 1;
    struct heap_entry *last;

    if (e->at == 0)
        return;
    e->at = 0;
    last = h->list[--h->n];
    if (last == e)
        return;
    sift_down(h, last, i);
    sift_up(h, last, last->at - 1);
}

void heap_set(struct heap *h, struct heap_entry *e, int64_t due_ms)
{
    heap_remove(h, e);
    e->due_ms = due_ms;
    h->list = mem_grow(h->list, &h->cap, h->n + 1, sizeof(struct heap_entry *));
    sift_up(h, e, h->n++);
}

struct heap_entry *heap_first(const struct heap *h)
{
    return h->n > 0 ? h->list[0] : NULL;
}

void heap_fini(struct heap *h)
{
    free(h->list);
    *h = (struct heap){0};
}
