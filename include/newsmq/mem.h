/* mem.h - memory for what is small and ours: it succeeds or the process ends */
#ifndef NEWSMQ_MEM_H
#define NEWSMQ_MEM_H

#include "newsmq/str.h"

/* All of these end the process with a line on stderr when there is no memory left.
   Free with free(). Never use them for a size that a stranger chose: see strbuf. */
void *mem_new(size_t bytes);                    /* zeroed */
void *mem_new_array(size_t count, size_t each); /* zeroed */
void *mem_resize(void *p, size_t count, size_t each);
char *mem_dup(struct str s);     /* NUL-terminated copy; NULL for an absent s */
char *mem_strdup(const char *z); /* NULL for NULL */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* mem_grow where there is no room. */
void *mem_grow_now(void *p, size_t *cap, size_t need, size_t each);

/* Makes room for `need` elements of `each` bytes in a growing array; doubles. */
static inline void *mem_grow(void *p, size_t *cap, size_t need, size_t each)
{
    return need <= *cap ? p : mem_grow_now(p, cap, need, each);
}

/* A region: many small things that die together. Zeroed memory, aligned for any type. */
struct arena {
    struct arena_block *head;
    size_t used; /* bytes handed out since birth or reset */
    size_t max;  /* 0 = no bound; else arena_alloc answers NULL beyond it */
};

void *arena_alloc(struct arena *a, size_t bytes);
struct str arena_dup(struct arena *a, struct str s); /* absent when over max */
void arena_reset(struct arena *a);                   /* empty; one block is kept */
void arena_fini(struct arena *a);

#endif
