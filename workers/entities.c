/* Names of persons, bodies, places, events and others, as a trained model finds them: one
   entity for each form and type. The model says its language, and items of others are
   left alone; there may be several of this extractor, each with a model of its own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "newsmq/extractor.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "document/map.h"
#include "document/names.h"
#include "tagger/tagger.h"

#define MODEL    "en" /* when the configuration names none */
#define FORM_MAX 64   /* tokens of a name that tell it from another */
#define KEPT     65536

struct input {
    struct str *tokens;
    uint32_t *ends;
    size_t n, cap, n_ends, ends_cap;
    size_t body; /* the first token of the body; those of the title stand before it */
};

struct entities {
    struct tagger *tagger;
    char *path;
    struct stat file; /* the model, when it was opened */
    unsigned types;   /* a bit for each enum entity_type that is kept */
    struct input in;
    struct map forms;         /* keys of form and type to entities */
    float (*votes)[SUBTYPES]; /* of each entity */
    size_t votes_cap;
};

/* ---- opening ---- */

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

/* *ret_named: the configuration says which. */
static int read_mode(const struct config_extractor *c, enum tagger_mode *ret,
                     bool *ret_named, struct err *e)
{
    *ret = TAGGER_ACCURATE;
    *ret_named = false;
    for (size_t i = 0; i < c->n_options; i++) {
        if (strcmp(c->options[i].key, "mode") != 0)
            continue;
        *ret_named = true;
        if (strcmp(c->options[i].value, "fast") == 0)
            *ret = TAGGER_FAST;
        else if (strcmp(c->options[i].value, "accurate") != 0)
            return err_set(e, ERR_CONFIG, "no mode '%.40s'; it is fast or accurate",
                           c->options[i].value);
    }
    return 0;
}

/* A name of the project's models, or a path. */
static int find_model(const char *model, char **ret, struct err *e)
{
    char *name;

    if (strchr(model, '/') != NULL) {
        *ret = mem_strdup(model);
        return 0;
    }
    name = mem_printf("models/%s.model", model);
    *ret = os_data_path(name);
    if (*ret == NULL)
        (void)err_set(e, ERR_CONFIG,
                      "no model '%.60s': %s is not beside the program (../share/newsmq), "
                      "where it was installed (%s), or in $NEWSMQ_DATA; the name of a "
                      "model, or a path with a '/'",
                      model, name, NEWSMQ_DATADIR);
    free(name);
    return *ret != NULL ? 0 : ERR_CONFIG;
}

/* Without a word about it, as accurate as the model can. */
static int open_model(struct entities *x, enum tagger_mode mode, bool is_named,
                      struct err *e)
{
    int rc = tagger_open(x->path, mode, &x->tagger, e);

    if (rc < 0 && !is_named && tagger_open(x->path, TAGGER_FAST, &x->tagger, NULL) == 0)
        rc = 0;
    if (rc == 0 && stat(x->path, &x->file) < 0)
        rc = err_set(e, -errno, "%s: %s", x->path, strerror(errno));
    return rc;
}

static void entities_close(void *state)
{
    struct entities *x = state;

    if (x == NULL)
        return;
    tagger_close(x->tagger);
    free(x->path);
    free(x->in.tokens);
    free(x->in.ends);
    map_fini(&x->forms);
    free(x->votes);
    free(x);
}

static int entities_open(const struct config_extractor *c, void **ret_state,
                         struct err *e)
{
    struct entities *x = mem_new(sizeof *x);
    enum tagger_mode mode;
    bool is_named;
    int rc = read_types(c, &x->types, e);

    if (rc == 0)
        rc = read_mode(c, &mode, &is_named, e);
    if (rc == 0)
        rc = find_model(c->model != NULL ? c->model : MODEL, &x->path, e);
    if (rc == 0)
        rc = open_model(x, mode, is_named, e);
    if (rc < 0) {
        entities_close(x);
        return rc;
    }
    *ret_state = x;
    return 0;
}

/* ---- the language ---- */

/* "en" is the language of "en-GB", too. */
static bool is_language(struct str language, struct str model)
{
    return language.n == 0 || (str_has_prefix_nocase(language, model) &&
                               (language.n == model.n || language.p[model.n] == '-'));
}

static void skip(struct result *out, struct str language, const char *model)
{
    struct strbuf text = {.max = 200};

    (void)strbuf_addf(&text, "the model %s does not read language " STR_FMT, model,
                      STR_ARG(str_head(language, 40)));
    result_skip(out, arena_dup(&out->arena, strbuf_str(&text)));
    strbuf_fini(&text);
}

/* ---- tokens ---- */

static void add_text(struct input *in, const struct tokens *t)
{
    in->tokens = mem_grow(in->tokens, &in->cap, in->n + t->n, sizeof *in->tokens);
    in->ends =
        mem_grow(in->ends, &in->ends_cap, in->n_ends + t->n_sentences, sizeof *in->ends);
    for (size_t i = 0; i < t->n; i++)
        in->tokens[in->n + i] = token_text(t, i);
    for (size_t i = 0; i < t->n_sentences; i++)
        in->ends[in->n_ends++] = (uint32_t)(in->n + t->sentences[i].to);
    in->n += t->n;
}

static void read_input(struct input *in, const struct tokens *title,
                       const struct tokens *body)
{
    in->n = in->n_ends = 0;
    add_text(in, title);
    in->body = in->n;
    add_text(in, body);
}

/* One large item is no reason to stay large. */
static void give_back(struct entities *x)
{
    if (x->in.cap <= KEPT)
        return;
    free(x->in.tokens);
    free(x->in.ends);
    x->in = (struct input){0};
}

/* ---- entities ---- */

static struct str subtype_of(enum name_subtype s)
{
    if (s == SUBTYPE_NONE || s == SUBTYPE_EVENT || s == SUBTYPE_MISC)
        return (struct str){NULL, 0};
    return str_of(subtype_name(s));
}

static uint64_t form_key(const struct input *in, const struct name_span *s)
{
    uint64_t key = 0;

    for (uint32_t i = s->from; i < s->to && i - s->from < FORM_MAX; i++)
        key = names_follow(key, names_token(in->tokens[i]));
    return names_follow(key, (uint64_t)s->type + 1);
}

static size_t entity_of(struct entities *x, struct result *out, const struct name_span *s)
{
    uint64_t key = form_key(&x->in, s);
    uint32_t at;

    if (map_get(&x->forms, key, &at))
        return at;
    at = (uint32_t)out->n_entities;
    result_add_entity(out)->type = s->type;
    map_put(&x->forms, key, at);
    x->votes = mem_grow(x->votes, &x->votes_cap, at + 1U, sizeof *x->votes);
    memset(x->votes[at], 0, sizeof x->votes[at]);
    return at;
}

static void add_span(struct entities *x, const struct tokens *t, enum field field,
                     size_t first, const struct name_span *s, struct result *out)
{
    size_t at = entity_of(x, out, s);
    struct entity *en = &out->entities[at];
    struct span span = {t->list[s->from - first].start, t->list[s->to - 1 - first].end,
                        field};
    unsigned best = 0;

    (void)result_add_mention(out, en, span, s->score);
    if (en->name.p == NULL)
        en->name = str_slice(t->text, span.start, span.end);
    if (s->score > en->score)
        en->score = s->score;
    x->votes[at][s->subtype] += s->score;
    for (unsigned i = 1; i < SUBTYPES; i++)
        if (x->votes[at][i] > x->votes[at][best])
            best = i;
    en->subtype = subtype_of((enum name_subtype)best);
}

static void find(struct entities *x, const struct item *it, struct result *out)
{
    const struct tokens *title = result_tokens(out, it, FIELD_TITLE);
    const struct tokens *body = result_tokens(out, it, FIELD_CONTENT_TEXT);
    const struct name_span *spans;
    size_t n;

    read_input(&x->in, title, body);
    n = tagger_run(x->tagger, x->in.tokens, x->in.n, x->in.ends, x->in.n_ends, &spans);
    map_reset(&x->forms);
    for (size_t i = 0; i < n; i++) {
        if ((x->types & 1U << spans[i].type) == 0)
            continue;
        if (spans[i].from < x->in.body)
            add_span(x, title, FIELD_TITLE, 0, &spans[i], out);
        else
            add_span(x, body, FIELD_CONTENT_TEXT, x->in.body, &spans[i], out);
    }
    give_back(x);
}

/* The model is mapped: were its file cut off, reading on would be the end of the process.
 */
static int check_file(const struct entities *x, struct err *e)
{
    struct stat now;

    if (stat(x->path, &now) < 0 || now.st_ino != x->file.st_ino ||
        now.st_dev != x->file.st_dev)
        return 0; /* replaced: what is mapped is still the one that was opened */
    if (now.st_size != x->file.st_size || now.st_mtim.tv_sec != x->file.st_mtim.tv_sec ||
        now.st_mtim.tv_nsec != x->file.st_mtim.tv_nsec)
        return err_set(e, ERR_FORMAT,
                       "the model %s was written to while it was in use; reload, and put "
                       "new models in place by renaming",
                       x->path);
    return 0;
}

static int entities_run(void *state, const struct item *it, struct result *out,
                        struct err *e)
{
    struct entities *x = state;
    const struct model_about *about = tagger_about(x->tagger);
    struct extractor_run *run = &out->runs[out->n_runs - 1];
    struct str language = out->language.n > 0 ? out->language : it->language;
    char model[2 * MODEL_NAME_MAX + 8];

    (void)snprintf(model, sizeof model, STR_FMT " " STR_FMT, STR_ARG(about->name),
                   STR_ARG(about->version));
    run->model = arena_dup(&out->arena, str_of(model));
    run->model_sha256 = arena_dup(&out->arena, str_of(about->sha256));
    if (!is_language(language, about->language)) {
        skip(out, language, model);
        return 0;
    }
    if (check_file(x, e) < 0)
        return e->code;
    find(x, it, out);
    return 0;
}

static const char *const options[] = {"mode", NULL};

const struct extractor extractor_entities = {
    .name = "entities",
    .version = "2",
    .help = "persons, bodies, places, events and other names, by a trained model",
    .options = options,
    .open = entities_open,
    .run = entities_run,
    .close = entities_close,
};
