/* Names of persons, bodies, places, events and others. English texts are read with all
   that was learned and listed (entities/spans.c); texts in other languages only for the
   countries, large cities and international bodies of the lists, since the rules of
   capitals and the small words are those of English. */
#include <stdlib.h>

#include "newsmq/extractor.h"
#include "newsmq/mem.h"

#include "entities/article.h"

struct entities {
    struct lexicon *lexicon;
    struct article article;
    unsigned types; /* a bit for each enum entity_type that is kept */
};

static int read_types(const struct config_extractor *c, unsigned *ret, struct err *e)
{
    static const unsigned all = (1U << (ENTITY_MISC + 1)) - 1;

    *ret = c->n_types == 0 ? all : 0;
    for (size_t i = 0; i < c->n_types; i++) {
        unsigned t = ENTITY_PER;

        while (t <= ENTITY_MISC &&
               strcmp(c->types[i], entity_type_name((enum entity_type)t)) != 0)
            t++;
        if (t > ENTITY_MISC)
            return err_set(e, ERR_CONFIG,
                           "no type '%.40s'; types are PER, ORG, LOC, EVENT and MISC",
                           c->types[i]);
        *ret |= 1U << t;
    }
    return 0;
}

static void entities_close(void *state)
{
    struct entities *x = state;

    if (x == NULL)
        return;
    article_fini(&x->article);
    lexicon_close(x->lexicon);
    free(x);
}

static int entities_open(const struct config_extractor *c, void **ret_state,
                         struct err *e)
{
    struct entities *x = mem_new(sizeof *x);
    int rc = read_types(c, &x->types, e);

    if (rc == 0 && c->model != NULL && strcmp(c->model, "en") != 0)
        rc = err_set(e, ERR_CONFIG, "no model '%.60s'; there is en", c->model);
    if (rc == 0)
        rc = lexicon_open(&x->lexicon, e);
    if (rc < 0) {
        entities_close(x);
        return rc;
    }
    x->article.lexicon = x->lexicon;
    *ret_state = x;
    return 0;
}

static bool is_english(const struct item *it, const struct result *out)
{
    struct str language = out->language.n > 0 ? out->language : it->language;

    return language.n == 0 || (str_has_prefix_nocase(language, STR("en")) &&
                               (language.n == 2 || language.p[2] == '-'));
}

/* Of the entities from number n on. */
static void keep_types(struct result *out, size_t n, unsigned types)
{
    for (size_t i = n; i < out->n_entities; i++)
        if ((types & 1U << out->entities[i].type) != 0)
            out->entities[n++] = out->entities[i];
    out->n_entities = n;
}

static int entities_run(void *state, const struct item *it, struct result *out,
                        struct err *e)
{
    struct entities *x = state;
    struct extractor_run *run = &out->runs[out->n_runs - 1];
    bool english = is_english(it, out);
    size_t before = out->n_entities;

    (void)e;
    article_read(&x->article, it, !english);
    acronyms_find(&x->article);
    groups_make(&x->article);
    entities_write(&x->article, out);
    keep_types(out, before, x->types);
    run->model = english ? STR("names-en") : STR("places");
    run->model_sha256 = arena_dup(&out->arena, str_of(lexicon_sha256(x->lexicon)));
    if (x->article.text[FIELD_CONTENT_TEXT].cap > WORDS_MAX / 4)
        article_fini(&x->article); /* one large item is no reason to stay large */
    return 0;
}

const struct extractor extractor_entities = {
    .name = "entities",
    .version = "1",
    .help = "persons, bodies, places, events: full names, acronyms and surnames joined",
    .open = entities_open,
    .run = entities_run,
    .close = entities_close,
};
