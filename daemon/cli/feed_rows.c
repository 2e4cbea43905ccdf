#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "feed_rows.h"

static int by_health(const void *pa, const void *pb)
{
    const struct feed_row *a = pa, *b = pb;

    return a->health != b->health ? (int)a->health - (int)b->health
                                  : strcmp(a->id, b->id);
}

static void add_row(struct feed_rows *rows, const char *id,
                    const struct config_feed *feed, const json_t *state)
{
    struct feed_row *r = &rows->list[rows->n++];

    feed_row_init(r, id, feed, state, rows->now_ms);
    rows->counts[r->health]++;
}

/* Those of the configuration, then what else the hub remembers. */
void feed_rows_init(struct feed_rows *rows, const struct config *c, const json_t *feeds,
                    int64_t now_ms)
{
    json_t *known = json_object(), *state;
    const char *id;
    size_t i;

    *rows = (struct feed_rows){.now_ms = now_ms};
    json_array_foreach(feeds, i, state)
    {
        id = json_string_value(json_object_get(state, "feed"));
        if (id != NULL)
            (void)json_object_set(known, id, state); /* or the feed counts as new */
    }
    rows->list =
        mem_new_array(c->n_feeds + json_object_size(known) + 1, sizeof *rows->list);
    for (i = 0; i < c->n_feeds; i++) {
        add_row(rows, c->feeds[i].id, &c->feeds[i],
                json_object_get(known, c->feeds[i].id));
        (void)json_object_del(known, c->feeds[i].id); /* may not be there */
    }
    json_object_foreach(known, id, state)
    {
        const char *own = json_string_value(json_object_get(state, "feed"));

        if (own != NULL)
            add_row(rows, own, NULL, state);
    }
    json_decref(known); /* the states live on in feeds */
    qsort(rows->list, rows->n, sizeof *rows->list, by_health);
}

void feed_rows_fini(struct feed_rows *rows)
{
    free(rows->list);
    *rows = (struct feed_rows){0};
}
