/* Standing queries: which rules of `watch:` a record hits, and where. It comes last,
   since rules may ask for entities as those before it leave them. */
#include <stdlib.h>

#include "newsmq/extractor.h"
#include "newsmq/watch.h"

#define SPANS_MAX 20 /* of one rule in one record */

struct name { /* one of a rule's entities */
    size_t rule;
    int type; /* enum entity_type; -1: any */
};

struct watching {
    const struct config_watch *rules;
    size_t n;
    struct watch *words; /* numbers: rules */
    struct watch *names; /* numbers: places in list */
    struct name *list;
    size_t n_list;
    struct tokens tokens; /* of a name */
    bool *is_out;         /* by rule: not of this feed or language */
    /* of the find that goes on */
    struct result *out;
    enum field field;
    const struct entity *entity;
};

/* ---- rules ---- */

static int type_of(struct str name)
{
    for (enum entity_type t = ENTITY_PER; t <= ENTITY_MISC; t++)
        if (str_eq(name, str_of(entity_type_name(t))))
            return (int)t;
    return -1;
}

static int add_name(struct watching *w, size_t rule, const char *text, struct err *e)
{
    struct str rest = str_of(text), type = str_cut(&rest, ':');
    struct name name = {rule, rest.p != NULL ? type_of(type) : -1};

    w->list = mem_resize(w->list, w->n_list + 1, sizeof *w->list);
    w->list[w->n_list] = name;
    return watch_add(w->names, rest.p != NULL ? rest : str_of(text),
                     (uint32_t)w->n_list++, e);
}

static int add_rule(struct watching *w, size_t rule, struct err *e)
{
    const struct config_watch *r = &w->rules[rule];
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < r->n_any; i++)
        rc = watch_add(w->words, str_of(r->any[i]), (uint32_t)rule, e);
    for (size_t i = 0; rc == 0 && i < r->n_entities; i++)
        rc = add_name(w, rule, r->entities[i], e);
    return rc < 0 ? err_wrap(e, "rule '%s'", r->rule) : 0;
}

static void watch_close(void *state)
{
    struct watching *w = state;

    watch_free(w->words);
    watch_free(w->names);
    tokens_fini(&w->tokens);
    free(w->list);
    free(w->is_out);
    free(w);
}

static int watch_open(const struct config_extractor *c, void **ret_state, struct err *e)
{
    struct watching *w = mem_new(sizeof *w);

    w->rules = c->rules;
    w->n = c->n_rules;
    w->words = watch_new();
    w->names = watch_new();
    w->is_out = mem_new_array(w->n + 1, sizeof *w->is_out);
    for (size_t i = 0; i < w->n; i++) {
        if (add_rule(w, i, e) < 0) {
            watch_close(w);
            return ERR_CONFIG; /* `newsmq check` tells where */
        }
    }
    *ret_state = w;
    return 0;
}

/* ---- whom a rule is for ---- */

static bool is_listed(char *const *list, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(str_of(list[i]), name))
            return true;
    return n == 0;
}

/* "en" of "en-GB" */
static struct str language_of(const struct item *it, const struct result *out)
{
    struct str tag = out->language.n > 0 ? out->language : it->language;

    return str_cut(&tag, '-');
}

static bool is_for(const struct config_watch *r, const struct item *it, struct str lang)
{
    return is_listed(r->feeds, r->n_feeds, it->feed.id) &&
           is_listed(r->groups, r->n_groups, it->feed.group) &&
           is_listed(r->langs, r->n_langs, lang);
}

/* ---- finding ---- */

static bool has_span(const struct watch_note *note, struct span s)
{
    for (size_t i = 0; i < note->n_spans; i++)
        if (note->spans[i].field == s.field && note->spans[i].start == s.start &&
            note->spans[i].end == s.end)
            return true;
    return false;
}

static struct watch_note *note_of(struct watching *w, size_t rule)
{
    struct watch_note *note;

    for (size_t i = 0; i < w->out->n_watch; i++)
        if (w->out->watch[i].rule.p == w->rules[rule].rule)
            return &w->out->watch[i];
    note = result_add_watch(w->out);
    note->rule = str_of(w->rules[rule].rule);
    return note;
}

static void add_span(struct watching *w, size_t rule, struct span span)
{
    struct watch_note *note;

    if (w->is_out[rule])
        return;
    note = note_of(w, rule);
    if (note->n_spans < SPANS_MAX && !has_span(note, span))
        result_add_watch_span(w->out, note, span);
}

static void word_hit(void *ctx, const struct watch_hit *hit)
{
    struct watching *w = ctx;

    add_span(w, hit->number, (struct span){hit->start, hit->end, w->field});
}

static void name_hit(void *ctx, const struct watch_hit *hit)
{
    struct watching *w = ctx;
    const struct name *name = &w->list[hit->number];

    if (!hit->is_all || (name->type >= 0 && name->type != (int)w->entity->type))
        return;
    for (size_t i = 0; i < w->entity->n_mentions; i++)
        add_span(w, name->rule, w->entity->mentions[i].span);
}

static void find_name(struct watching *w, struct str name)
{
    tokens_read(&w->tokens, name);
    watch_find(w->names, &w->tokens, name_hit, w);
}

static void find_entities(struct watching *w)
{
    for (size_t i = 0; w->n_list > 0 && i < w->out->n_entities; i++) {
        w->entity = &w->out->entities[i];
        find_name(w, w->entity->name);
        for (size_t k = 0; k < w->entity->n_aliases; k++)
            find_name(w, w->entity->aliases[k]);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    if (x->field != y->field)
        return x->field == FIELD_TITLE ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

static int watch_run(void *state, const struct item *it, struct result *out,
                     struct err *e)
{
    struct watching *w = state;
    struct str lang = language_of(it, out);

    (void)e;
    w->out = out;
    for (size_t i = 0; i < w->n; i++)
        w->is_out[i] = !is_for(&w->rules[i], it, lang);
    w->field = FIELD_TITLE;
    watch_find(w->words, result_tokens(out, it, FIELD_TITLE), word_hit, w);
    w->field = FIELD_CONTENT_TEXT;
    watch_find(w->words, result_tokens(out, it, FIELD_CONTENT_TEXT), word_hit, w);
    find_entities(w);
    for (size_t i = 0; i < out->n_watch; i++)
        if (out->watch[i].n_spans > 1)
            qsort(out->watch[i].spans, out->watch[i].n_spans, sizeof(struct span),
                  by_place);
    return 0;
}

const struct extractor extractor_watch = {
    .name = "watch",
    .version = "1",
    .help = "which standing queries of `watch:` a record hits",
    .open = watch_open,
    .run = watch_run,
    .close = watch_close,
};
