#include <stdlib.h>

#include "newsmq/ask.h"
#include "newsmq/mem.h"

#include "feedlist.h"

static int by_health(const void *pa, const void *pb)
{
    const struct feed_line *a = pa, *b = pb;

    return a->row.health != b->row.health ? (int)a->row.health - (int)b->row.health
                                          : strcmp(a->row.id, b->row.id);
}

static int by_id(const void *key, const void *entry)
{
    const struct digest_feed *f = entry;
    const char *id = key;

    return str_cmp(str_of(id), f->id);
}

static void add(struct feed_list *l, const char *id, const struct config_feed *feed,
                const json_t *state, int64_t now_ms, size_t n_digests)
{
    struct feed_line *line = &l->lines[l->n++];
    const struct digest_feed *d =
        n_digests > 0 ? bsearch(id, l->digests, n_digests, sizeof *d, by_id) : NULL;

    feed_row_init(&line->row, id, feed, state, now_ms);
    l->counts[line->row.health]++;
    if (d != NULL)
        line->digest = *d;
}

static void learn(struct feed_list *l, const json_t *feeds)
{
    json_t *state;
    size_t i;

    l->known = json_object();
    json_array_foreach(feeds, i, state)
    {
        const char *id = json_string_value(json_object_get(state, "feed"));

        if (id != NULL)
            (void)json_object_set(l->known, id, state); /* or the feed counts as new */
    }
}

void feed_list_init(struct feed_list *l, struct http *h)
{
    const struct config *c = http_config(h);
    const struct digest *d = http_digest(h);
    int64_t now_ms = http_now_ms(h);
    size_t n_digests;
    json_t *state;
    const char *id;

    *l = (struct feed_list){.axis = digest_days(now_ms, FEED_DAYS)};
    learn(l, json_object_get(http_known(h, SOURCE_FEEDS)->json, "feeds"));
    l->lines =
        mem_new_array(c->n_feeds + json_object_size(l->known) + 1, sizeof *l->lines);
    n_digests = digest_feeds(d, &l->axis, NULL, 0);
    l->digests = mem_new_array(n_digests + 1, sizeof *l->digests);
    n_digests = digest_feeds(d, &l->axis, l->digests, n_digests);
    for (size_t i = 0; i < c->n_feeds; i++) {
        add(l, c->feeds[i].id, &c->feeds[i], json_object_get(l->known, c->feeds[i].id),
            now_ms, n_digests);
        (void)json_object_del(l->known, c->feeds[i].id); /* may not be there */
    }
    json_object_foreach(l->known, id, state)
    {
        const char *own = json_string_value(json_object_get(state, "feed"));

        if (own != NULL)
            add(l, own, NULL, state, now_ms, n_digests);
    }
    qsort(l->lines, l->n, sizeof *l->lines, by_health);
}

void feed_list_fini(struct feed_list *l)
{
    free(l->lines);
    free(l->digests);
    json_decref(l->known);
    *l = (struct feed_list){0};
}

const struct feed_line *feed_list_find(const struct feed_list *l, struct str id)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(str_of(l->lines[i].row.id), id))
            return &l->lines[i];
    return NULL;
}
