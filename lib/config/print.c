/* The configuration as understood. What is printed reads back as the same configuration,
   but for the secrets. */
#include <stdlib.h>
#include <string.h>

#include "write.h"

static void print_key(struct writer *w, const struct key *k, const void *base,
                      const char *indent)
{
    put(w, "%s%s: ", indent, k->name);
    put_value(w, k, base);
    put(w, "\n");
}

static void print_keys(struct writer *w, enum section in, const void *base,
                       const char *indent)
{
    for (size_t i = 0; i < n_keys; i++)
        if (keys[i].section == in && key_is_set(&keys[i], base))
            print_key(w, &keys[i], base, indent);
}

/* Only what differs from the defaults. */
static void print_feed(struct writer *w, const struct config *c,
                       const struct config_feed *f)
{
    put(w, "  - id: %s\n    url: ", f->id);
    put_scalar(w, f->url);
    put(w, "\n");
    if (f->group != NULL)
        put(w, "    group: %s\n", f->group);
    for (size_t i = 0; i < n_keys; i++) {
        char *mine, *usual;

        if (keys[i].section != IN_POLL || !key_is_set(&keys[i], f))
            continue;
        mine = value_text(&keys[i], f, true);
        usual = value_text(&keys[i], &c->defaults, true);
        if (strcmp(mine, usual) != 0) {
            put(w, "    %s: ", keys[i].name);
            put_value(w, &keys[i], f);
            put(w, "\n");
        }
        free(mine);
        free(usual);
    }
}

static int by_text(const void *pa, const void *pb)
{
    return strcmp(*(const char *const *)pa, *(const char *const *)pb);
}

/* The groups' settings are in the feeds already; here they only have to exist. */
static void print_groups(struct writer *w, const struct config *c)
{
    const char **names = calloc(c->n_feeds + 1, sizeof *names);
    size_t n = 0;

    if (names == NULL)
        return;
    for (size_t i = 0; i < c->n_feeds; i++)
        if (c->feeds[i].group != NULL)
            names[n++] = c->feeds[i].group;
    qsort(names, n, sizeof *names, by_text);
    if (n > 0)
        put(w, "groups:\n");
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(names[i - 1], names[i]) != 0)
            put(w, "  %s: {}\n", names[i]);
    free(names);
}

static void print_section(struct writer *w, const char *name, enum section in,
                          const void *base)
{
    put(w, "%s:\n", name);
    print_keys(w, in, base, "  ");
}

static void print_entry(struct writer *w, enum section in, const void *base,
                        const struct config_pair *options, size_t n_options)
{
    const char *indent = "  - ";

    for (size_t i = 0; i < n_keys; i++) {
        if (keys[i].section != in || !key_is_set(&keys[i], base))
            continue;
        put(w, "%s%s: ", indent, keys[i].name);
        put_value(w, &keys[i], base);
        put(w, "\n");
        indent = "    ";
    }
    for (size_t i = 0; i < n_options; i++) {
        put(w, "    ");
        put_scalar(w, options[i].key);
        put(w, ": ");
        put_scalar(w, options[i].value);
        put(w, "\n");
    }
}

int config_print(const struct config *c, struct strbuf *out)
{
    struct writer w = {.out = out};

    put(&w, "version: %u\n", c->version);
    print_section(&w, "defaults", IN_POLL, &c->defaults);
    print_groups(&w, c);
    put(&w, "feeds:%s\n", c->n_feeds == 0 ? " []" : "");
    for (size_t i = 0; i < c->n_feeds; i++)
        print_feed(&w, c, &c->feeds[i]);
    print_section(&w, "politeness", IN_POLITENESS, &c->politeness);
    print_section(&w, "websub", IN_WEBSUB, &c->websub);
    print_section(&w, "bus", IN_BUS, &c->bus);
    put(&w, "workers: # %u process%s\n", c->worker_processes,
        c->worker_processes == 1 ? "" : "es");
    for (size_t i = 0; i < c->n_extractors; i++)
        print_entry(&w, IN_WORKER, &c->extractors[i], c->extractors[i].options,
                    c->extractors[i].n_options);
    if (c->n_watch > 0)
        put(&w, "watch:\n");
    for (size_t i = 0; i < c->n_watch; i++) {
        put(&w, "  %s:\n", c->watch[i].rule);
        print_keys(&w, IN_WATCH, &c->watch[i], "    ");
    }
    print_section(&w, "dedup", IN_DEDUP, &c->dedup);
    put(&w, "sinks:\n");
    for (size_t i = 0; i < c->n_sinks; i++)
        print_entry(&w, IN_SINK, &c->sinks[i], NULL, 0);
    print_section(&w, "state", IN_STATE, &c->state);
    print_section(&w, "http", IN_HTTP, &c->http);
    print_section(&w, "log", IN_LOG, &c->log);
    print_key(&w, key_find(IN_TOP, STR("sandbox")), c, "");
    return w.rc;
}
