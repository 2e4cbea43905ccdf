#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "read.h"

static int by_name(const void *pa, const void *pb)
{
    const struct claim *a = pa, *b = pb;

    return strcmp(a->name, b->name);
}

const struct claim *claims_put(struct claims *c, struct str name,
                               const struct config_place *place, size_t value)
{
    struct claim *mine = mem_new(sizeof *mine), **found;

    *mine = (struct claim){mem_dup(name), *place, value};
    found = tsearch(mine, &c->root, by_name);
    if (found == NULL || *found == mine)
        return NULL;
    free(mine->name);
    free(mine);
    return *found;
}

static struct claim *find(const struct claims *c, struct str name)
{
    struct claim wanted = {.name = mem_dup(name)};
    struct claim **found = tfind(&wanted, &c->root, by_name);

    free(wanted.name);
    return found != NULL ? *found : NULL;
}

const struct claim *claims_find(const struct claims *c, struct str name)
{
    return find(c, name);
}

/* The claim of `wanted` keeps the number to try next, or a thousand feeds called "News"
   would try a thousand numbers each. */
char *claims_unique(struct claims *c, const char *wanted)
{
    struct claim *first = find(c, str_of(wanted));
    char *id = mem_strdup(wanted);

    while (first != NULL && find(c, str_of(id)) != NULL) {
        free(id);
        first->value = first->value < 2 ? 2 : first->value + 1;
        id = mem_printf("%s-%zu", wanted, first->value);
    }
    return id;
}

static void claim_free(void *p)
{
    struct claim *claim = p;

    free(claim->name);
    free(claim);
}

void claims_fini(struct claims *c)
{
    tdestroy(c->root, claim_free);
    c->root = NULL;
}
