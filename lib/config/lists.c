/* workers: and sinks:, the lists of the file. */
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "read.h"
#include "spell.h"

#define ENTRIES_MAX 64 /* in one file */

/* What the programs know is in `known`; NULL: anything goes. */
static void check_known(struct reader *r, const struct node *at, const char *what,
                        const char *name, const char *const *known)
{
    struct spell spell = {.word = str_of(name)};
    struct strbuf all = {.max = 300};

    for (size_t i = 0; known != NULL && known[i] != NULL; i++) {
        if (strcmp(known[i], name) == 0) {
            strbuf_fini(&all);
            return;
        }
        spell_offer(&spell, known[i]);
        (void)strbuf_addf(&all, "%s%s", i > 0 ? ", " : "", known[i]); /* cut is fine */
    }
    if (known != NULL && known[0] != NULL) {
        fault_add(r->faults, &at->place, "no %s '%.60s'", what, name);
        if (spell.best != NULL)
            fault_hint(r->faults, "did you mean '%s'?", spell.best);
        else
            fault_hint(r->faults, "this version has %s", strbuf_cstr(&all));
    }
    strbuf_fini(&all);
}

/* Calls each for the entries of all files. */
static void each_of(struct reader *r, const char *name,
                    void (*each)(struct reader *r, const struct node *entry))
{
    for (size_t s = 0; s < r->n_sources; s++) {
        const struct node *list = node_find(r->sources[s]->tree.root, name);

        if (list == NULL || list->is_bad || node_is_null(list))
            continue;
        if (list->kind != NODE_LIST) {
            fault_add(r->faults, &list->place, "'%s' wants a list", name);
            fault_hint(r->faults, "put '- ' in front of each entry");
            continue;
        }
        if (list->n > ENTRIES_MAX) {
            fault_add(r->faults, &list->place, "'%s' has more than %d entries", name,
                      ENTRIES_MAX);
            continue;
        }
        for (size_t i = 0; i < list->n; i++)
            if (!list->items[i]->is_bad)
                each(r, list->items[i]);
    }
}

/* ---- workers ---- */

/* A single value is the extractor's own business, unless it looks like one of ours. */
static bool worker_option(struct reader *r, const struct node *key,
                          const struct node *value, void *base)
{
    struct config_extractor *x = base;

    (void)r;
    for (size_t i = 0; i < n_keys; i++)
        if (keys[i].section == IN_WORKER && key->text.n > 4 &&
            spell_distance(key->text, str_of(keys[i].name)) <= 2)
            return false;
    if (value->is_bad)
        return true;
    if (value->kind != NODE_SCALAR || node_is_null(value))
        return false;
    x->options = mem_resize(x->options, x->n_options + 1, sizeof *x->options);
    x->options[x->n_options++] =
        (struct config_pair){mem_dup(key->text), mem_dup(value->text)};
    return true;
}

static void fault_no_name(struct reader *r, const struct node *entry,
                          const struct config_extractor *x)
{
    fault_add(r->faults, &entry->place, "an extractor without a name");
    fault_hint(r->faults, "add 'name: entities'");
    for (size_t i = 0; i < x->n_options; i++)
        if (spell_distance(str_of(x->options[i].key), STR("name")) <= 2)
            fault_hint(r->faults, "did you mean 'name' in place of '%.60s'?",
                       x->options[i].key);
}

/* The same extractor may read several languages, each with a model of its own. */
static bool have_own_models(const struct config_extractor *a,
                            const struct config_extractor *b)
{
    return a->model != NULL && b->model != NULL && strcmp(a->model, b->model) != 0;
}

static void worker_read(struct reader *r, const struct node *entry)
{
    struct config *c = r->config;
    struct config_extractor *x;
    struct said said = {0};
    const struct node *name;

    c->extractors = mem_resize(c->extractors, c->n_extractors + 1, sizeof *c->extractors);
    x = &c->extractors[c->n_extractors++];
    *x = (struct config_extractor){.place = entry->place};
    section_set_defaults(IN_WORKER, x);
    if (entry->kind == NODE_SCALAR && !node_is_null(entry)) {
        x->name = mem_dup(entry->text);
        name = entry;
    } else {
        section_read(r, entry, IN_WORKER, x, &said, worker_option);
        name = said_value(&said, IN_WORKER, "name");
    }
    if (name == NULL && entry->kind == NODE_MAP)
        fault_no_name(r, entry, x);
    if (name == NULL || x->name == NULL)
        return;
    check_known(r, name, "extractor", x->name,
                r->names != NULL ? r->names->extractors : NULL);
    for (size_t i = 0; i + 1 < c->n_extractors; i++) {
        const struct config_extractor *other = &c->extractors[i];

        if (other->name == NULL || strcmp(other->name, x->name) != 0 ||
            have_own_models(other, x))
            continue;
        fault_add(r->faults, &name->place, "the extractor '%.60s' is listed twice",
                  x->name);
        fault_hint(r->faults, "first at %s:%u:%u; keep one", other->place.file,
                   other->place.line, other->place.column);
        break;
    }
}

void workers_read(struct reader *r)
{
    each_of(r, "workers", worker_read);
}

/* ---- sinks ---- */

static bool is_stdout(const struct config_sink *s)
{
    return s->type != NULL && strcmp(s->type, "stdout") == 0;
}

static void check_sink(struct reader *r, const struct node *entry,
                       const struct config_sink *s, const struct said *said)
{
    static const char *const of_files[] = {"path", "rotate", "compress_closed", "keep"};
    const struct node *type = said_value(said, IN_SINK, "type");

    if (type == NULL && entry->kind == NODE_MAP) {
        fault_add(r->faults, &entry->place, "a sink without a type");
        fault_hint(r->faults, "add 'type: jsonl'");
    }
    if (s->type != NULL)
        check_known(r, type != NULL ? type : entry, "output", s->type,
                    r->names != NULL ? r->names->outputs : NULL);
    for (size_t i = 0; is_stdout(s) && i < ARRAY_LEN(of_files); i++) {
        const struct node *at = said_value(said, IN_SINK, of_files[i]);
        const struct key *k = key_find(IN_SINK, str_of(of_files[i]));

        if (at == NULL || (!key_is_string(k) && key_number(k, s) == 0))
            continue; /* the default says nothing, so it may be said */
        fault_add(r->faults, &at->place, "'%s' means nothing for stdout", of_files[i]);
        fault_hint(r->faults, "remove it, or write 'type: jsonl'");
    }
}

/* What stands before the first component with a conversion: one sink has it alone. */
static struct str folder_of(const char *path)
{
    size_t n = strcspn(path, "%");

    while (n > 0 && path[n - 1] != '/')
        n--;
    return (struct str){path, n};
}

static void check_doubles(struct reader *r, const struct config_sink *s,
                          const struct said *said)
{
    const struct node *name = said_value(said, IN_SINK, "name");
    const struct node *path = said_value(said, IN_SINK, "path");

    for (const struct config_sink *o = r->config->sinks; o < s; o++) {
        if (name != NULL && s->name != NULL && o->name != NULL &&
            strcmp(s->name, o->name) == 0) {
            fault_add(r->faults, &name->place, "the sink '%s' is defined twice", s->name);
            fault_hint(r->faults, "first at %s:%u:%u; choose another name", o->place.file,
                       o->place.line, o->place.column);
        }
        if (path != NULL && s->path != NULL && o->path != NULL &&
            strcmp(s->path, o->path) == 0) {
            fault_add(r->faults, &path->place, "two sinks write to the same path");
            fault_hint(r->faults, "the other is at %s:%u:%u", o->place.file,
                       o->place.line, o->place.column);
        } else if (path != NULL && s->path != NULL && o->path != NULL &&
                   str_eq(folder_of(s->path), folder_of(o->path))) {
            fault_add(r->faults, &path->place, "two sinks write in the same folder");
            fault_hint(r->faults, "give each a folder; the other is at %s:%u:%u",
                       o->place.file, o->place.line, o->place.column);
        }
    }
}

static void sink_read(struct reader *r, const struct node *entry)
{
    struct config *c = r->config;
    struct config_sink *s;
    struct said said = {0};

    c->sinks = mem_resize(c->sinks, c->n_sinks + 1, sizeof *c->sinks);
    s = &c->sinks[c->n_sinks++];
    *s = (struct config_sink){.place = entry->place};
    section_set_defaults(IN_SINK, s);
    if (entry->kind == NODE_SCALAR && !node_is_null(entry))
        s->type = mem_dup(entry->text);
    else
        section_read(r, entry, IN_SINK, s, &said, NULL);
    check_sink(r, entry, s, &said);
    check_doubles(r, s, &said);
}

void sinks_read(struct reader *r)
{
    each_of(r, "sinks", sink_read);
}
