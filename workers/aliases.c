/* Who is who in one text: names of the same words, parts of the names of persons and of
   bodies, and what is known by several names everywhere. One entity for each thing then,
   with its name, its other names, and how much the text is about it. */
#include <stdlib.h>

#include "newsmq/extractor.h"
#include "newsmq/mem.h"

#include "document/who.h"

static void aliases_close(void *state)
{
    struct who *w = state;
    struct terms *terms;

    if (w == NULL)
        return;
    terms = (struct terms *)w->terms;
    names_fini(&w->names);
    free(w->things);
    free(w->is);
    links_fini(&w->persons);
    links_fini(&w->bodies);
    map_fini(&w->by_key);
    map_fini(&w->tails);
    map_fini(&w->heads);
    terms_close(terms);
    free(w);
}

static int aliases_open(const struct config_extractor *c, void **ret_state, struct err *e)
{
    struct terms *terms = NULL;
    struct who *w;

    (void)c;
    if (terms_open(&terms, e) < 0)
        return e->code;
    w = mem_new(sizeof *w);
    w->terms = terms;
    *ret_state = w;
    return 0;
}

static void start(struct who *w, const struct item *it, struct result *out)
{
    map_reset(&w->by_key);
    names_read(&w->names, it, out);
    w->things =
        mem_grow(w->things, &w->things_cap, out->n_entities + 1, sizeof *w->things);
    for (size_t i = 0; i < out->n_entities; i++)
        w->things[i] = (struct thing){.longest = NOBODY};
    w->is = mem_grow(w->is, &w->is_cap, w->names.n + 1, sizeof *w->is);
    for (size_t i = 0; i < w->names.n; i++)
        w->is[i] = w->names.list[i].entity;
}

static int aliases_run(void *state, const struct item *it, struct result *out,
                       struct err *e)
{
    struct who *w = state;

    (void)e;
    start(w, it, out);
    if (who_complete(w)) {
        result_tidy(out);
        start(w, it, out);
    }
    if (who_split_laws(w)) {
        result_tidy(out);
        start(w, it, out);
    }
    who_laws(w);
    who_called(w);
    who_lists(w);
    who_same_words(w);
    who_stated(w);
    who_persons(w);
    who_bodies(w);
    who_apply(w);
    who_hidden(w);
    who_describe(w);
    return 0;
}

const struct extractor extractor_aliases = {
    .name = "aliases",
    .version = "1",
    .help = "which names are the same thing; put it behind entities and acronyms",
    .open = aliases_open,
    .run = aliases_run,
    .close = aliases_close,
};
