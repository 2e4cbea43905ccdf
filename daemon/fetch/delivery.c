/* What is old or new is told by the items' dates; those without one stand where their
   neighbour in the document stands, since feeds have the newest first. Items are handed
   over oldest first, so that the stream reads in the order of events. */
#include <stdlib.h>

#include "newsmq/json.h"

#include "delivery.h"

#define STATE_MAX ((size_t)64 * 1024)

/* ---- which and in what order ---- */

struct rank {
    const struct item *item;
    int64_t date_ms; /* its own or its neighbour's */
    size_t at;
};

static int64_t date_of(const struct item *it)
{
    return it->date_published_ms != 0 ? it->date_published_ms : it->date_modified_ms;
}

static int newest_first(const void *pa, const void *pb)
{
    const struct rank *a = pa, *b = pb;

    if (a->date_ms != b->date_ms)
        return a->date_ms > b->date_ms ? -1 : 1;
    return a->at < b->at ? -1 : 1;
}

static struct rank *rank_items(const struct item *items, size_t n)
{
    struct rank *list = mem_new_array(n, sizeof *list);
    int64_t neighbour = INT64_MAX;

    for (size_t i = 0; i < n; i++) {
        if (date_of(&items[i]) != 0)
            neighbour = date_of(&items[i]);
        list[i] = (struct rank){&items[i], neighbour, i};
    }
    qsort(list, n, sizeof *list, newest_first);
    return list;
}

static bool is_wanted_first(const struct config_feed *f, size_t newest,
                            const struct item *it, int64_t now_ms)
{
    switch (f->first_poll) {
    case FIRST_ALL:
        return true;
    case FIRST_NONE:
        return false;
    case FIRST_LAST:
        return newest < f->first_last;
    case FIRST_SINCE:
        return date_of(it) != 0 && date_of(it) >= now_ms - f->first_since_ms;
    }
    return true;
}

size_t delivery_choose(const struct item *items, size_t n, bool first,
                       const struct config_feed *f, int64_t now_ms, size_t *ret)
{
    struct rank *list = n > 0 ? rank_items(items, n) : NULL;
    size_t n_wanted = 0;

    for (size_t i = 0; i < n; i++)
        if (!first || is_wanted_first(f, i, list[i].item, now_ms))
            ret[n_wanted++] = list[i].at;
    free(list);
    return n_wanted;
}

/* ---- as JSON ---- */

static void add(struct delivery *d, struct str key, struct str core)
{
    struct bus_item one = {arena_dup(&d->arena, key), {"", 0}};

    if (core.n > 0)
        one.core = arena_dup(&d->arena, core);
    d->items = mem_grow(d->items, &d->cap_items, d->n_items + 1, sizeof *d->items);
    d->items[d->n_items++] = one;
}

/* The key of PUT: the id, what else the entry is known by, its text without what counts
   by itself. */
static void add_item(struct delivery *d, const struct item *it, struct str core)
{
    char room[80];
    struct strbuf key = {.p = room, .cap = sizeof room, .max = sizeof room - 1};

    (void)strbuf_add(&key, it->id); /* all of it fits */
    if (it->alias != 0)
        (void)strbuf_addf(&key, " %c%016llx", it->alias_is_shared ? 'x' : 'k',
                          (unsigned long long)it->alias);
    if (it->steady != 0)
        (void)strbuf_addf(&key, " s%016llx", (unsigned long long)it->steady);
    add(d, strbuf_str(&key), core);
}

/* One item that the hub would refuse takes its whole batch with it: look first. */
static bool is_sound(struct str core)
{
    static const struct str keys[] = {STR_INIT("content_hash")};
    struct str values[1];

    return json_scan(core, keys, 1, values, NULL) == 0 && values[0].p != NULL;
}

void delivery_fill(struct delivery *d, const struct item *items, size_t n, bool first,
                   const struct config_feed *f, int64_t now_ms, size_t max_core)
{
    struct rank *list = n > 0 ? rank_items(items, n) : NULL;
    struct strbuf core = {.max = max_core};

    for (size_t i = n; i-- > 0;) {
        const struct item *it = list[i].item;

        strbuf_reset(&core);
        if (first && !is_wanted_first(f, i, it, now_ms))
            add_item(d, it, (struct str){0});
        else if (item_write_core(it, &core) == 0 && is_sound(strbuf_str(&core)))
            add_item(d, it, strbuf_str(&core));
        else
            d->n_broken++;
    }
    strbuf_fini(&core);
    free(list);
}

/* ---- to the bus ---- */

const struct bus_item *delivery_batch(const struct delivery *d, size_t *ret_n,
                                      bool *ret_is_last)
{
    size_t n = 0, bytes = 0, left = d->n_items - d->n_sent;
    const struct bus_item *from = d->items != NULL ? d->items + d->n_sent : NULL;

    while (from != NULL && n < left && n < DELIVERY_BATCH_ITEMS) {
        bytes += from[n].core.n;
        if (n > 0 && bytes > DELIVERY_BATCH_BYTES)
            break;
        n++;
    }
    *ret_n = n;
    *ret_is_last = n == left;
    return from;
}

int delivery_put(struct delivery *d, struct bus *b, const struct feed_state *s,
                 const struct config_feed *f, uint64_t *ret_batch, struct err *e)
{
    struct strbuf state = {.max = STATE_MAX};
    const struct bus_item *items;
    bool is_last;
    size_t n;
    int rc;

    items = delivery_batch(d, &n, &is_last);
    rc = state_write(s, f, !is_last, &state);
    if (rc < 0)
        err_set(e, rc, "the feed's state is larger than %zu bytes", STATE_MAX);
    else
        rc = bus_put(b, strbuf_str(&state), items, n, ret_batch, e);
    strbuf_fini(&state);
    if (rc < 0)
        return rc;
    d->n_sent += n;
    d->is_done = is_last;
    return is_last ? 0 : 1;
}

void delivery_fini(struct delivery *d)
{
    free(d->items);
    arena_fini(&d->arena);
    *d = (struct delivery){0};
}
