#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newsmq/mem.h"

#define ARENA_BLOCK ((size_t)64 * 1024)

struct arena_block {
    struct arena_block *next;
    size_t cap;
    size_t n;
    _Alignas(max_align_t) char bytes[];
};

static _Noreturn void out_of_memory(void)
{
    static const char line[] =
        "<3>out of memory, ending so that a fresh process starts\n";

    (void)!write(STDERR_FILENO, line, sizeof line - 1); /* nothing else can be done */
    abort();
}

void *mem_new(size_t bytes)
{
    return mem_new_array(1, bytes);
}

void *mem_new_array(size_t count, size_t each)
{
    void *p = calloc(count > 0 ? count : 1, each > 0 ? each : 1);

    if (p == NULL)
        out_of_memory();
    return p;
}

void *mem_resize(void *p, size_t count, size_t each)
{
    void *q = reallocarray(p, count > 0 ? count : 1, each > 0 ? each : 1);

    if (q == NULL)
        out_of_memory();
    return q;
}

char *mem_dup(struct str s)
{
    char *z;

    if (s.p == NULL)
        return NULL;
    z = mem_new(s.n + 1);
    memcpy(z, s.p, s.n);
    return z;
}

char *mem_strdup(const char *z)
{
    return mem_dup(str_of(z));
}

char *mem_printf(const char *fmt, ...)
{
    va_list ap;
    char *z = NULL;

    va_start(ap, fmt);
    if (vasprintf(&z, fmt, ap) < 0)
        out_of_memory();
    va_end(ap);
    return z;
}

void *mem_grow_now(void *p, size_t *cap, size_t need, size_t each)
{
    size_t want = *cap > 0 ? *cap : 8;

    while (want < need)
        want *= 2;
    p = mem_resize(p, want, each);
    memset((char *)p + *cap * each, 0, (want - *cap) * each);
    *cap = want;
    return p;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    size_t align = _Alignof(max_align_t);
    struct arena_block *b = a->head;
    void *p;

    if (bytes > SIZE_MAX - align)
        return NULL;
    bytes = (bytes + align - 1) & ~(align - 1);
    if (a->max > 0 && bytes > a->max - (a->used < a->max ? a->used : a->max))
        return NULL;
    if (b == NULL || bytes > b->cap - b->n) {
        size_t cap = bytes > ARENA_BLOCK ? bytes : ARENA_BLOCK;

        b = malloc(sizeof *b + cap);
        if (b == NULL)
            out_of_memory();
        *b = (struct arena_block){.next = a->head, .cap = cap};
        a->head = b;
    }
    p = b->bytes + b->n;
    b->n += bytes;
    a->used += bytes;
    return memset(p, 0, bytes);
}

struct str arena_dup(struct arena *a, struct str s)
{
    char *p;

    if (s.p == NULL)
        return s;
    p = arena_alloc(a, s.n + 1);
    if (p == NULL)
        return (struct str){NULL, 0};
    memcpy(p, s.p, s.n);
    return (struct str){p, s.n};
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = NULL;

    while (a->head != NULL) {
        struct arena_block *next = a->head->next;

        if (keep == NULL && a->head->cap == ARENA_BLOCK)
            keep = a->head;
        else
            free(a->head);
        a->head = next;
    }
    if (keep != NULL) {
        keep->next = NULL;
        keep->n = 0;
    }
    a->head = keep;
    a->used = 0;
}

void arena_fini(struct arena *a)
{
    arena_reset(a);
    free(a->head);
    a->head = NULL;
}
