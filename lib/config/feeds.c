/* Groups and feeds. What a feed gets: the defaults, then its group's keys, then its own;
   labels and headers are added up, everything else is replaced. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "read.h"
#include "spell.h"

#define FEEDS_MAX ((size_t)1000 * 1000)

void feed_dup(const struct config_feed *from, struct config_feed *to)
{
    *to = (struct config_feed){0};
    section_copy(IN_POLL, from, to);
}

static void feed_fini(struct config_feed *f)
{
    section_fini(IN_POLL, f);
    section_fini(IN_FEED, f);
}

/* ---- groups ---- */

const struct group *group_find(const struct reader *r, struct str id)
{
    const struct claim *claim = claims_find(&r->group_ids, id);

    return claim != NULL ? &r->groups[claim->value] : NULL;
}

static void group_read(struct reader *r, const struct node *key, const struct node *value)
{
    const struct claim *earlier;
    struct verdict v;
    struct group *g;

    if (key->is_bad)
        return;
    if (!value_is_id(key->text, &v)) {
        fault_verdict(r, &key->place, "groups", &v);
        return;
    }
    earlier = claims_put(&r->group_ids, key->text, &key->place, r->n_groups);
    if (earlier != NULL) {
        fault_add(r->faults, &key->place, "the group '" STR_FMT "' is defined twice",
                  STR_ARG(key->text));
        fault_hint(r->faults, "first at %s:%u:%u; put its keys together",
                   earlier->place.file, earlier->place.line, earlier->place.column);
        return;
    }
    r->groups = mem_grow(r->groups, &r->groups_cap, r->n_groups + 1, sizeof *r->groups);
    g = &r->groups[r->n_groups++];
    g->id = mem_dup(key->text);
    g->said = r->defaults;
    feed_dup(&r->config->defaults, &g->settings);
    if (!node_is_null(value))
        section_read(r, value, IN_POLL, &g->settings, &g->said, NULL);
}

void groups_read(struct reader *r)
{
    for (size_t s = 0; s < r->n_sources; s++) {
        const struct node *map = node_find(r->sources[s]->tree.root, "groups");

        if (map == NULL || map->is_bad || node_is_null(map))
            continue;
        if (map->kind != NODE_MAP) {
            fault_add(r->faults, &map->place, "'groups' wants ids and their settings");
            fault_hint(r->faults, "write `wire: { every: 5m }`, one group a line");
            continue;
        }
        for (size_t i = 0; i < map->n; i++)
            group_read(r, node_key(map, i), node_value(map, i));
    }
}

/* ---- between the keys of a feed ---- */

static void show(int64_t ms, char out[64])
{
    struct strbuf b = {.max = 63};

    duration_write(ms, &b);
    (void)snprintf(out, 64, "%s", strbuf_cstr(&b));
    strbuf_fini(&b);
}

/* One of two durations must not be larger than the other. A default gives way to what
   was said; two that were said are a fault at the first that is known. */
static void keep_order(struct reader *r, const struct said *said, const char *low_name,
                       int64_t *low, const char *high_name, int64_t *high,
                       bool low_yields)
{
    const struct node *low_at = said_value(said, IN_POLL, low_name);
    const struct node *high_at = said_value(said, IN_POLL, high_name);
    const struct node *at = high_at != NULL ? high_at : low_at;
    char low_text[64], high_text[64];

    if (*low <= *high)
        return;
    if (low_yields && low_at == NULL) {
        *low = *high;
        return;
    }
    if (!low_yields && high_at == NULL) {
        *high = *low;
        return;
    }
    if (at == NULL || at->is_bad || at == r->last_conflict)
        return;
    r->last_conflict = at;
    show(*low, low_text);
    show(*high, high_text);
    fault_add(r->faults, &at->place, "'%s' (%s) is more than '%s' (%s)", low_name,
              low_text, high_name, high_text);
    fault_hint(r->faults, "lower '%s' or raise '%s'", low_name, high_name);
}

static bool is_allowed(struct reader *r, const struct config_feed *f)
{
    const struct claim *earlier;

    if (r->config->n_feeds >= FEEDS_MAX) {
        fault_add(r->faults, &f->place, "more than %zu feeds", FEEDS_MAX);
        return false;
    }
    earlier = claims_put(&r->feed_ids, str_of(f->id), &f->place, 0);
    if (earlier != NULL) {
        fault_add(r->faults, &f->place, "the feed '%s' is defined twice", f->id);
        fault_hint(r->faults, "first at %s:%u:%u; choose another id", earlier->place.file,
                   earlier->place.line, earlier->place.column);
        return false;
    }
    earlier = claims_put(&r->feed_urls, str_of(f->url), &f->place, 0);
    if (earlier != NULL) {
        warning_add(r->faults, &f->place, "the feed '%s' has the URL of another", f->id);
        fault_hint(r->faults, "see %s:%u:%u", earlier->place.file, earlier->place.line,
                   earlier->place.column);
    }
    return true;
}

void feed_add(struct reader *r, struct config_feed *f, const struct said *said)
{
    struct config *c = r->config;

    keep_order(r, said, "min_every", &f->min_every_ms, "every", &f->every_ms, true);
    keep_order(r, said, "every", &f->every_ms, "max_every", &f->max_every_ms, false);
    keep_order(r, said, "connect_timeout", &f->connect_timeout_ms, "timeout",
               &f->timeout_ms, true);
    feed_check(r, f, said);
    if (f->id == NULL || f->url == NULL || !is_allowed(r, f)) {
        feed_fini(f);
        return;
    }
    c->feeds = mem_grow(c->feeds, &r->feeds_cap, c->n_feeds + 1, sizeof *c->feeds);
    c->feeds[c->n_feeds++] = *f;
    *f = (struct config_feed){0};
}

/* ---- one entry of feeds: ---- */

/* "https://www.news.example.org/rss" → "news-example-org", for a hint. */
static void id_from_url(struct str url, char out[64])
{
    size_t at = str_find(url, STR("://"), 0), n = 0;

    at = at == SIZE_MAX ? 0 : at + 3;
    if (str_has_prefix(str_slice(url, at, url.n), STR("www.")))
        at += 4;
    for (; at < url.n && url.p[at] != '/' && url.p[at] != ':' && n < 62; at++) {
        char c =
            url.p[at] >= 'A' && url.p[at] <= 'Z' ? (char)(url.p[at] + 32) : url.p[at];

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            out[n++] = c;
        else if (n > 0 && out[n - 1] != '-')
            out[n++] = '-';
    }
    out[n] = '\0';
    if (n == 0)
        (void)snprintf(out, 64, "my-feed");
}

static void fault_no_id(struct reader *r, const struct config_place *at, struct str url)
{
    char id[64];

    id_from_url(url, id);
    fault_add(r->faults, at, "a feed without an id");
    fault_hint(r->faults, "add one, for example 'id: %s'", id);
}

/* A map of one pair whose key is no key of feeds: "un-news: https://…". */
static bool is_short(const struct node *entry)
{
    return entry->kind == NODE_MAP && entry->n == 1 && !node_key(entry, 0)->is_bad &&
           key_find(IN_FEED, node_key(entry, 0)->text) == NULL &&
           !(node_value(entry, 0)->kind != NODE_SCALAR);
}

static void short_feed(struct reader *r, const struct node *entry)
{
    const struct node *key = node_key(entry, 0), *value = node_value(entry, 0);
    struct config_feed f;
    struct verdict v;
    bool id_ok, url_ok = false;

    id_ok = value_is_id(key->text, &v);
    if (!id_ok)
        fault_verdict(r, &key->place, "id", &v);
    if (node_is_text(r, value, "the feed")) {
        url_ok = value_is_url(value->text, &v);
        if (!url_ok) {
            struct strbuf hint = {.max = 200};

            key_suggest(IN_FEED, key->text, &hint);
            fault_verdict(r, &value->place, "url", &v);
            if (hint.n > 0 && str_find_char(value->text, '.', 0) == SIZE_MAX)
                fault_hint(r->faults, "a feed is 'id: URL'; %s", strbuf_cstr(&hint));
            strbuf_fini(&hint);
        }
    }
    feed_dup(&r->config->defaults, &f);
    f.place = key->place;
    f.id = id_ok ? mem_dup(key->text) : NULL;
    f.url = url_ok ? mem_dup(value->text) : NULL;
    feed_add(r, &f, &r->defaults);
}

static bool unknown_in_feed(struct reader *r, const struct node *key,
                            const struct node *value, void *base)
{
    struct config_feed *f = base;
    struct verdict v;

    if (f->id != NULL || f->url != NULL || value->kind != NODE_SCALAR ||
        !value_is_url(value->text, &v) || !value_is_id(key->text, &v))
        return false;
    fault_add(r->faults, &key->place, "unknown key '" STR_FMT "' in a feed",
              STR_ARG(key->text));
    fault_hint(r->faults, "with other keys write 'id: " STR_FMT "' and 'url: …'",
               STR_ARG(key->text));
    f->id = mem_dup(key->text); /* so that nobody asks for them */
    f->url = mem_dup(value->text);
    return true;
}

static const struct group *group_of(struct reader *r, const struct node *at)
{
    const struct group *g;
    struct spell spell = {0};
    struct verdict v;

    if (at == NULL || at->kind != NODE_SCALAR || at->is_bad || !value_is_id(at->text, &v))
        return NULL;
    g = group_find(r, at->text);
    if (g != NULL)
        return g;
    spell.word = at->text;
    for (size_t i = 0; i < r->n_groups && r->faults->left_out == 0; i++)
        spell_offer(&spell, r->groups[i].id);
    fault_add(r->faults, &at->place, "no group '" STR_FMT "'",
              STR_ARG(str_head(at->text, SHOWN_MAX)));
    if (spell.best != NULL)
        fault_hint(r->faults, "did you mean '%s'?", spell.best);
    else
        fault_hint(r->faults, "define it under groups:");
    return NULL;
}

static void long_feed(struct reader *r, const struct node *entry)
{
    const struct node *url = node_find(entry, "url"), *id = node_find(entry, "id");
    const struct group *g = group_of(r, node_find(entry, "group"));
    struct said said = g != NULL ? g->said : r->defaults;
    struct config_feed f;

    feed_dup(g != NULL ? &g->settings : &r->config->defaults, &f);
    section_read(r, entry, IN_FEED, &f, &said, unknown_in_feed);
    f.place = id != NULL ? id->place : entry->place;
    if (id == NULL && f.id == NULL)
        fault_no_id(r, &entry->place,
                    url != NULL && url->kind == NODE_SCALAR ? url->text : STR(""));
    if (url == NULL && f.url == NULL) {
        fault_add(r->faults, &entry->place, "a feed without a url");
        fault_hint(r->faults, "add 'url: https://…'");
    }
    feed_add(r, &f, &said);
}

/* "- https://…" */
static void fault_lone(struct reader *r, const struct node *entry)
{
    struct verdict v;
    char id[64];

    if (!value_is_url(entry->text, &v)) {
        fault_verdict(r, &entry->place, "feeds", &v);
        return;
    }
    id_from_url(entry->text, id);
    fault_add(r->faults, &entry->place, "a feed without an id");
    fault_hint(r->faults, "write '- %s: " STR_FMT "'", id,
               STR_ARG(str_head(entry->text, 200)));
}

static void entry_read(struct reader *r, const struct node *entry)
{
    if (entry->is_bad)
        return;
    if (entry->kind == NODE_SCALAR && !node_is_null(entry)) {
        fault_lone(r, entry);
    } else if (entry->kind != NODE_MAP) {
        fault_add(r->faults, &entry->place, "an entry that is no feed");
        fault_hint(r->faults, "write '- id: https://…'");
    } else if (is_short(entry)) {
        short_feed(r, entry);
    } else if (node_find(entry, "opml") == NULL) {
        long_feed(r, entry);
    }
}

static void each_entry(struct reader *r, const struct node *list, bool opml)
{
    for (size_t i = 0; i < list->n; i++) {
        if (!opml)
            entry_read(r, list->items[i]);
        else if (!list->items[i]->is_bad && node_find(list->items[i], "opml") != NULL)
            opml_entry_read(r, list->items[i]);
    }
}

/* What is named here first, then the OPML files: their ids make room for ours. */
void feeds_read(struct reader *r)
{
    bool any = false, broken = false;

    for (int opml = 0; opml < 2; opml++)
        for (size_t s = 0; s < r->n_sources; s++) {
            const struct node *list = node_find(r->sources[s]->tree.root, "feeds");

            broken = broken || r->sources[s]->tree.is_broken;
            any = any || (list != NULL && !node_is_null(list) &&
                          !(list->kind == NODE_LIST && list->n == 0));
            if (list == NULL || list->is_bad || node_is_null(list))
                continue;
            if (list->kind == NODE_LIST) {
                each_entry(r, list, opml == 1);
            } else if (opml == 0) {
                fault_add(r->faults, &list->place, "'feeds' wants a list");
                fault_hint(r->faults, "put '- ' in front of each feed");
            }
        }
    if (!any && !broken && r->n_sources > 0 && r->sources[0]->tree.root != NULL) {
        fault_add(r->faults, &(struct config_place){r->sources[0]->file, 1, 1},
                  "no feeds");
        fault_hint(r->faults, "add 'feeds:' and below it '- my-feed: https://…'");
    }
}
