#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/extractor.h"
#include "newsmq/mem.h"

#define ERROR_MAX 2000 /* bytes of all errors of one item */

struct link {
    const struct extractor *extractor;
    const struct config_extractor *config;
    void *state;
    bool is_open;
    char *fault; /* why it is not */
};

struct chain {
    struct link *links;
    size_t n;
    void (*enter)(void *ctx, const struct config_extractor *x);
    void *ctx;
};

const char *extractor_name(size_t i)
{
    return extractors[i] != NULL ? extractors[i]->name : NULL;
}

const struct extractor *extractor_find(struct str name)
{
    for (size_t i = 0; extractors[i] != NULL; i++)
        if (str_eq(name, str_of(extractors[i]->name)))
            return extractors[i];
    return NULL;
}

/* ---- opening ---- */

/* "newsmq.yaml:12:5: extractor 'x'": where the configuration speaks of it. */
static int place_error(const struct config_extractor *c, struct err *e)
{
    if (c->place.file == NULL)
        return err_wrap(e, "extractor '%s'", c->name);
    return err_wrap(e, "%s:%u:%u: extractor '%s'", c->place.file, c->place.line,
                    c->place.column, c->name);
}

static int unknown_extractor(const struct config_extractor *c, struct err *e)
{
    struct strbuf all = {.max = 300};

    for (size_t i = 0; extractors[i] != NULL; i++)
        (void)strbuf_addf(&all, "%s%s", i > 0 ? ", " : "",
                          extractors[i]->name); /* cut is fine */
    (void)err_set(e, ERR_CONFIG, "there is none of this name; this version has %s",
                  strbuf_cstr(&all));
    strbuf_fini(&all);
    return place_error(c, e);
}

static bool is_among(const char *const *list, const char *name)
{
    for (size_t i = 0; list != NULL && list[i] != NULL; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

static int check_options(const struct extractor *x, const struct config_extractor *c,
                         struct err *e)
{
    struct strbuf all = {.max = 300};

    for (size_t i = 0; i < c->n_options; i++) {
        if (is_among(x->options, c->options[i].key))
            continue;
        for (size_t k = 0; x->options != NULL && x->options[k] != NULL; k++)
            (void)strbuf_addf(&all, "%s%s", k > 0 ? ", " : "",
                              x->options[k]); /* cut is fine */
        (void)err_set(e, ERR_CONFIG, "unknown key '%.60s'; %s%s", c->options[i].key,
                      all.n > 0 ? "it has " : "it has none of its own",
                      strbuf_cstr(&all));
        strbuf_fini(&all);
        return place_error(c, e);
    }
    return 0;
}

static int open_link(struct link *l, const struct config_extractor *c, struct err *e)
{
    l->config = c;
    l->extractor = extractor_find(str_of(c->name));
    if (l->extractor == NULL)
        return unknown_extractor(c, e);
    if (check_options(l->extractor, c, e) < 0)
        return ERR_CONFIG;
    if (l->extractor->open != NULL && l->extractor->open(c, &l->state, e) < 0)
        return place_error(c, e);
    l->is_open = true;
    return 0;
}

/* The number of those that are not open. */
static int open_links(const struct config_extractor *list, size_t n, bool anyway,
                      struct chain **ret, struct err *e)
{
    struct chain *c = mem_new(sizeof *c);
    int n_faults = 0;

    c->links = mem_new_array(n, sizeof *c->links);
    for (c->n = 0; c->n < n; c->n++) {
        int rc = open_link(&c->links[c->n], &list[c->n], e);

        if (rc < 0 && (!anyway || rc == ERR_CONFIG)) {
            chain_close(c);
            return rc;
        }
        if (rc < 0) {
            c->links[c->n].fault = mem_strdup(e->text);
            n_faults++;
        }
    }
    *ret = c;
    return n_faults;
}

int chain_open(const struct config_extractor *list, size_t n, struct chain **ret,
               struct err *e)
{
    return open_links(list, n, false, ret, e);
}

int chain_open_anyway(const struct config_extractor *list, size_t n, struct chain **ret,
                      struct err *e)
{
    return open_links(list, n, true, ret, e);
}

void chain_close(struct chain *c)
{
    if (c == NULL)
        return;
    while (c->n-- > 0) {
        if (c->links[c->n].is_open && c->links[c->n].extractor->close != NULL)
            c->links[c->n].extractor->close(c->links[c->n].state);
        free(c->links[c->n].fault);
    }
    free(c->links);
    free(c);
}

void chain_watch(struct chain *c,
                 void (*enter)(void *ctx, const struct config_extractor *x), void *ctx)
{
    c->enter = enter;
    c->ctx = ctx;
}

/* ---- running ---- */

static double ms_between(struct mono a, struct mono b)
{
    return (double)(b.ns - a.ns) / 1e6;
}

static void add_error(struct result *out, const char *name, const char *text)
{
    struct strbuf all = {.max = ERROR_MAX};

    if (out->error.n > 0) {
        (void)strbuf_add(&all, out->error); /* what is over the bound is left out */
        (void)strbuf_add_text(&all, "; ");
    }
    (void)strbuf_addf(&all, "%s: %s", name, text);
    out->error = arena_dup(&out->arena, strbuf_str(&all));
    out->runs[out->n_runs - 1].error = arena_dup(&out->arena, str_of(text));
    strbuf_fini(&all);
}

static int run_link(const struct chain *c, const struct link *l, const struct item *it,
                    struct result *out)
{
    struct extractor_run *run = result_add_run(out);
    struct mono from = clock_mono();
    struct err e = {0};
    int rc;

    run->name = l->extractor->name;
    run->version = l->extractor->version;
    if (c->enter != NULL)
        c->enter(c->ctx, l->config);
    rc = l->is_open ? l->extractor->run(l->state, it, out, &e)
                    : err_set(&e, ERR_FORMAT, "%s", l->fault);
    run = &out->runs[out->n_runs - 1];
    run->duration_ms = ms_between(from, clock_mono());
    if (rc < 0)
        add_error(out, l->extractor->name, e.text);
    result_tidy(out);
    return rc;
}

/* Whether one of the extractors of this name looked at the item. */
static bool somebody_looked(const struct result *out, const char *name)
{
    for (size_t i = 0; i < out->n_runs; i++)
        if (strcmp(out->runs[i].name, name) == 0 && out->runs[i].skipped.n == 0)
            return true;
    return false;
}

/* An item that all extractors of a name leave alone is skipped: there may be several,
   each with a model of another language. */
static void note_skipped(struct result *out)
{
    for (size_t i = 0; i < out->n_runs; i++) {
        if (somebody_looked(out, out->runs[i].name))
            continue;
        out->status = NLP_SKIPPED;
        out->error = out->runs[i].skipped;
        return;
    }
}

void chain_run(struct chain *c, const struct item *it, struct result *out)
{
    result_reset(out);
    chain_go_on(c, it, out);
}

void chain_go_on(struct chain *c, const struct item *it, struct result *out)
{
    size_t n_failed = 0;
    bool has_fault = false;

    if (it->content_text.n == 0 && it->title.n == 0) {
        out->status = NLP_SKIPPED; /* nothing to read */
        return;
    }
    for (size_t i = 0; i < c->n; i++) {
        n_failed += run_link(c, &c->links[i], it, out) < 0;
        has_fault |= !c->links[i].is_open;
    }
    if (c->enter != NULL)
        c->enter(c->ctx, NULL);
    if (n_failed > 0)
        out->status = n_failed == c->n || has_fault ? NLP_FAILED : NLP_PARTIAL;
    else
        note_skipped(out);
}
