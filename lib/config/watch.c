/* watch:, the standing queries. */
#include <stdlib.h>
#include <string.h>

#include "newsmq/record.h"
#include "newsmq/watch.h"

#include "read.h"
#include "spell.h"

#define RULES_MAX 256

bool value_is_query(struct str s, struct verdict *v)
{
    struct err e = {0};

    if (watch_check(s, &e) == 0)
        return true;
    refuse(v, "'" STR_FMT "': %.200s", STR_ARG(str_head(s, SHOWN_MAX)), e.text);
    return refuse_hint(v, "a word, a phrase, attentat*, or UN ~3 Brussels");
}

static bool is_type(struct str name)
{
    for (enum entity_type t = ENTITY_PER; t <= ENTITY_MISC; t++)
        if (str_eq(name, str_of(entity_type_name(t))))
            return true;
    return false;
}

bool value_is_entity(struct str s, struct verdict *v)
{
    struct str rest = s, type = str_cut(&rest, ':');
    struct err e = {0};

    if (rest.p != NULL && !is_type(type)) {
        refuse(v, "no type of entities '" STR_FMT "'",
               STR_ARG(str_head(type, SHOWN_MAX)));
        return refuse_hint(v,
                           "write PER:, ORG:, LOC:, EVENT: or MISC:, or the name alone");
    }
    if (watch_check(rest.p != NULL ? rest : s, &e) == 0 && memchr(s.p, '~', s.n) == NULL)
        return true;
    refuse(v, "'" STR_FMT "' is no name of an entity", STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v,
                       "write it as `newsmq extract` shows it, for example ORG:Interpol");
}

/* ---- between the keys ---- */

/* Calls each for every item of a list, or for the one value. */
static void each_item(struct reader *r, const struct said *said, const char *key,
                      void (*each)(struct reader *r, const struct node *item))
{
    const struct node *list = said_value(said, IN_WATCH, key);

    if (list == NULL || list->is_bad)
        return;
    if (list->kind == NODE_SCALAR)
        each(r, list);
    for (size_t i = 0; list->kind == NODE_LIST && i < list->n; i++)
        if (list->items[i]->kind == NODE_SCALAR && !list->items[i]->is_bad)
            each(r, list->items[i]);
}

static void check_feed(struct reader *r, const struct node *item)
{
    struct spell spell = {.word = item->text};

    for (size_t i = 0; i < r->config->n_feeds; i++) {
        if (str_eq(item->text, str_of(r->config->feeds[i].id)))
            return;
        spell_offer(&spell, r->config->feeds[i].id);
    }
    fault_add(r->faults, &item->place, "no feed '" STR_FMT "'",
              STR_ARG(str_head(item->text, SHOWN_MAX)));
    if (spell.best != NULL)
        fault_hint(r->faults, "did you mean '%s'?", spell.best);
}

static void check_group(struct reader *r, const struct node *item)
{
    struct spell spell = {.word = item->text};

    for (size_t i = 0; i < r->config->n_feeds; i++) {
        const char *group = r->config->feeds[i].group;

        if (group != NULL && str_eq(item->text, str_of(group)))
            return;
        if (group != NULL)
            spell_offer(&spell, group);
    }
    if (group_find(r, item->text) != NULL)
        return;
    fault_add(r->faults, &item->place, "no group '" STR_FMT "'",
              STR_ARG(str_head(item->text, SHOWN_MAX)));
    if (spell.best != NULL)
        fault_hint(r->faults, "did you mean '%s'?", spell.best);
}

static void check_lang(struct reader *r, const struct node *item)
{
    struct verdict v;

    if (!value_is_language(item->text, &v))
        fault_verdict(r, &item->place, "langs", &v);
}

/* ---- reading ---- */

/* A key that is not known was told, and may have been meant as one. */
static bool has_query(const struct node *map)
{
    for (size_t i = 0; map->kind == NODE_MAP && i < map->n; i++) {
        const struct key *k = key_find(IN_WATCH, node_key(map, i)->text);

        if (k == NULL || k->type == KEY_QUERIES || k->type == KEY_NAMES)
            return true;
    }
    return map->kind != NODE_MAP && !node_is_null(map);
}

static void rule_read(struct reader *r, const struct node *key, const struct node *value)
{
    struct config *c = r->config;
    struct said said = {0};
    struct verdict v;
    struct config_watch *w;

    if (key->is_bad)
        return;
    if (!value_is_id(key->text, &v)) {
        fault_verdict(r, &key->place, "watch", &v);
        return;
    }
    for (size_t i = 0; i < c->n_watch; i++) {
        if (!str_eq(str_of(c->watch[i].rule), key->text))
            continue;
        fault_add(r->faults, &key->place, "the rule '" STR_FMT "' is defined twice",
                  STR_ARG(key->text));
        fault_hint(r->faults, "first at %s:%u:%u", c->watch[i].place.file,
                   c->watch[i].place.line, c->watch[i].place.column);
        return;
    }
    c->watch = mem_resize(c->watch, c->n_watch + 1, sizeof *c->watch);
    w = &c->watch[c->n_watch++];
    *w = (struct config_watch){.place = key->place, .rule = mem_dup(key->text)};
    if (node_is_null(value))
        w->n_any = 0;
    else
        section_read(r, value, IN_WATCH, w, &said, NULL);
    if (!value->is_bad && !has_query(value)) {
        fault_add(r->faults, &key->place, "the rule '%s' looks for nothing", w->rule);
        fault_hint(r->faults, "give it 'any' or 'entities'");
    }
    each_item(r, &said, "feeds", check_feed);
    each_item(r, &said, "groups", check_group);
    each_item(r, &said, "langs", check_lang);
}

static int by_rule(const void *a, const void *b)
{
    const struct config_watch *x = a, *y = b;

    return strcmp(x->rule, y->rule);
}

void watch_read(struct reader *r)
{
    for (size_t s = 0; s < r->n_sources; s++) {
        const struct node *map = node_find(r->sources[s]->tree.root, "watch");

        if (map == NULL || map->is_bad || node_is_null(map))
            continue;
        if (map->kind != NODE_MAP) {
            fault_add(r->faults, &map->place, "'watch' wants rules");
            fault_hint(r->faults, "write `fires: { any: [wildfire*] }`, one rule a line");
            continue;
        }
        if (map->n > RULES_MAX - r->config->n_watch) {
            fault_add(r->faults, &map->place, "'watch' has more than %d rules",
                      RULES_MAX);
            continue;
        }
        for (size_t i = 0; i < map->n; i++)
            rule_read(r, node_key(map, i), node_value(map, i));
    }
    if (r->config->n_watch > 1)
        qsort(r->config->watch, r->config->n_watch, sizeof *r->config->watch, by_rule);
}
