/* What a reload changes. Feeds are told apart by id, extractors and sinks by name. */
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "write.h"

struct side {
    const struct config *config;
    const struct config_feed **feeds; /* sorted by id */
};

static int by_id(const void *pa, const void *pb)
{
    const struct config_feed *a = *(const struct config_feed *const *)pa;
    const struct config_feed *b = *(const struct config_feed *const *)pb;

    return strcmp(a->id, b->id);
}

static struct side side_of(const struct config *c)
{
    struct side s = {c, mem_new_array(c->n_feeds, sizeof(struct config_feed *))};

    for (size_t i = 0; i < c->n_feeds; i++)
        s.feeds[i] = &c->feeds[i];
    qsort(s.feeds, c->n_feeds, sizeof(struct config_feed *), by_id);
    return s;
}

static void put_side(struct writer *w, const struct key *k, const void *base)
{
    if (key_is_set(k, base))
        put_value(w, k, base);
    else
        put(w, "(none)");
}

/* One key; what starts the line is "feed bbc: " or "bus.". Says nothing when equal. */
static void diff_key(struct writer *w, const char *what, const struct key *k,
                     const void *before, const void *after)
{
    char *old = value_text(k, before, true), *new = value_text(k, after, true);
    char *old_shown = value_text(k, before, false),
         *new_shown = value_text(k, after, false);

    if (strcmp(old, new) != 0) {
        put(w, "~ %s%s ", what, k->name);
        if (strcmp(old_shown, new_shown) == 0) {
            put(w, "changed (not shown)");
        } else {
            put_side(w, k, before);
            put(w, " → ");
            put_side(w, k, after);
        }
        put(w, "\n");
    }
    free(old);
    free(new);
    free(old_shown);
    free(new_shown);
}

static void diff_keys(struct writer *w, const char *what, enum section in,
                      const void *before, const void *after)
{
    for (size_t i = 0; i < n_keys; i++)
        if (keys[i].section == in)
            diff_key(w, what, &keys[i], before, after);
}

/* ---- feeds ---- */

/* A feed that only follows the defaults needs no line of its own. */
static bool follows_defaults(const struct key *k, const struct side *before,
                             const struct side *after, const struct config_feed *old,
                             const struct config_feed *new)
{
    char *text[4] = {
        value_text(k, old, true),
        value_text(k, &before->config->defaults, true),
        value_text(k, new, true),
        value_text(k, &after->config->defaults, true),
    };
    bool follows = strcmp(text[0], text[1]) == 0 && strcmp(text[2], text[3]) == 0;

    for (size_t i = 0; i < ARRAY_LEN(text); i++)
        free(text[i]);
    return follows;
}

static void diff_feed(struct writer *w, const struct side *before,
                      const struct side *after, const struct config_feed *old,
                      const struct config_feed *new)
{
    char *what = mem_printf("feed %s: ", new->id);

    for (size_t i = 0; i < n_keys; i++) {
        if (keys[i].section == IN_FEED ||
            (keys[i].section == IN_POLL &&
             !follows_defaults(&keys[i], before, after, old, new)))
            diff_key(w, what, &keys[i], old, new);
    }
    free(what);
}

static void diff_feeds(struct writer *w, const struct side *before,
                       const struct side *after)
{
    size_t i = 0, j = 0, n = before->config->n_feeds, m = after->config->n_feeds;

    while (i < n || j < m) {
        int rc = i == n ? 1 : j == m ? -1 : by_id(&before->feeds[i], &after->feeds[j]);

        if (rc < 0) {
            put(w, "- feed %s %s\n", before->feeds[i]->id, before->feeds[i]->url);
            i++;
        } else if (rc > 0) {
            put(w, "+ feed %s %s\n", after->feeds[j]->id, after->feeds[j]->url);
            j++;
        } else {
            diff_feed(w, before, after, before->feeds[i++], after->feeds[j++]);
        }
    }
}

/* ---- extractors and sinks ---- */

/* What the two lists need to be compared alike. */
struct list {
    const char *what; /* "extractor" */
    enum section in;
    const void *items;
    size_t n, each, name_at;
};

static const void *item_at(const struct list *l, size_t i)
{
    return (const char *)l->items + i * l->each;
}

static const char *item_name(const struct list *l, size_t i)
{
    return *(char *const *)((const char *)item_at(l, i) + l->name_at);
}

static size_t item_find(const struct list *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(item_name(l, i), name) == 0)
            return i;
    return SIZE_MAX;
}

static void diff_options(struct writer *w, const char *what,
                         const struct config_extractor *old,
                         const struct config_extractor *new)
{
    struct strbuf a = {.max = 1 << 20}, b = {.max = 1 << 20};

    put_pairs(&(struct writer){.out = &a}, old->options, old->n_options, false);
    put_pairs(&(struct writer){.out = &b}, new->options, new->n_options, false);
    if (!str_eq(strbuf_str(&a), strbuf_str(&b)))
        put(w, "~ %soptions %s → %s\n", what, strbuf_cstr(&a), strbuf_cstr(&b));
    strbuf_fini(&a);
    strbuf_fini(&b);
}

static void diff_list(struct writer *w, const struct list *before,
                      const struct list *after)
{
    bool same = before->n == after->n;

    for (size_t i = 0; i < before->n; i++)
        if (item_find(after, item_name(before, i)) == SIZE_MAX) {
            put(w, "- %s %s\n", before->what, item_name(before, i));
            same = false;
        }
    for (size_t j = 0; j < after->n; j++) {
        size_t i = item_find(before, item_name(after, j));
        char *what;

        if (i == SIZE_MAX) {
            put(w, "+ %s %s\n", after->what, item_name(after, j));
            same = false;
            continue;
        }
        what = mem_printf("%s %s: ", after->what, item_name(after, j));
        diff_keys(w, what, after->in, item_at(before, i), item_at(after, j));
        if (after->in == IN_WORKER)
            diff_options(w, what, item_at(before, i), item_at(after, j));
        free(what);
    }
    for (size_t i = 0; same && i < before->n; i++)
        if (strcmp(item_name(before, i), item_name(after, i)) != 0) {
            put(w, "~ the order of the %ss\n", after->what);
            break;
        }
}

static struct list extractors_of(const struct config *c)
{
    return (struct list){"extractor",           IN_WORKER,
                         c->extractors,         c->n_extractors,
                         sizeof *c->extractors, offsetof(struct config_extractor, name)};
}

static struct list rules_of(const struct config *c)
{
    return (struct list){"rule",           IN_WATCH,
                         c->watch,         c->n_watch,
                         sizeof *c->watch, offsetof(struct config_watch, rule)};
}

static struct list sinks_of(const struct config *c)
{
    return (struct list){"sink",           IN_SINK,
                         c->sinks,         c->n_sinks,
                         sizeof *c->sinks, offsetof(struct config_sink, name)};
}

int config_diff(const struct config *before, const struct config *after,
                struct strbuf *out)
{
    struct writer w = {.out = out};
    struct side old = side_of(before), new = side_of(after);
    struct list old_list, new_list;

    diff_keys(&w, "defaults.", IN_POLL, &before->defaults, &after->defaults);
    diff_feeds(&w, &old, &new);
    diff_keys(&w, "politeness.", IN_POLITENESS, &before->politeness, &after->politeness);
    diff_keys(&w, "websub.", IN_WEBSUB, &before->websub, &after->websub);
    diff_keys(&w, "dedup.", IN_DEDUP, &before->dedup, &after->dedup);
    diff_keys(&w, "bus.", IN_BUS, &before->bus, &after->bus);
    old_list = extractors_of(before);
    new_list = extractors_of(after);
    diff_list(&w, &old_list, &new_list);
    if (before->worker_processes != after->worker_processes)
        put(&w, "~ worker processes %u → %u\n", before->worker_processes,
            after->worker_processes);
    old_list = rules_of(before);
    new_list = rules_of(after);
    diff_list(&w, &old_list, &new_list);
    old_list = sinks_of(before);
    new_list = sinks_of(after);
    diff_list(&w, &old_list, &new_list);
    diff_keys(&w, "state.", IN_STATE, &before->state, &after->state);
    diff_keys(&w, "http.", IN_HTTP, &before->http, &after->http);
    diff_keys(&w, "log.", IN_LOG, &before->log, &after->log);
    diff_key(&w, "", key_find(IN_TOP, STR("sandbox")), before, after);
    free(old.feeds);
    free(new.feeds);
    return w.rc;
}
