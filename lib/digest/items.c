/* Records and feeds. */
#include <stdlib.h>

#include "private.h"

/* ---- steps of time ---- */

static struct digest_axis axis_to(int64_t now_ms, int64_t step_ms, size_t n)
{
    n = n < 1 ? 1 : n > DIGEST_STEPS ? DIGEST_STEPS : n;
    return (struct digest_axis){(now_ms / step_ms + 1) * step_ms, step_ms, n};
}

struct digest_axis digest_days(int64_t now_ms, size_t n)
{
    return axis_to(now_ms, DAY_MS, n);
}

struct digest_axis digest_hours(int64_t now_ms, size_t n)
{
    return axis_to(now_ms, HOUR_MS, n);
}

size_t axis_step(const struct digest_axis *a, int64_t ms)
{
    uint64_t back;

    if (ms >= a->end_ms || a->step_ms <= 0)
        return SIZE_MAX;
    back = ((uint64_t)a->end_ms - 1 - (uint64_t)ms) / (uint64_t)a->step_ms;
    return back < a->n && a->n <= DIGEST_STEPS ? a->n - 1 - (size_t)back : SIZE_MAX;
}

/* ---- records ---- */

void item_of(const struct rec *r, struct digest_item *ret)
{
    *ret = (struct digest_item){
        .id = r->id,
        .title = r->title,
        .url = r->url,
        .feed = str_of(r->source->id),
        .group = str_of(r->source->group),
        .lead = r->lead,
        .language = r->language,
        .seen_ms = r->seen_ms,
        .published_ms = r->published_ms,
        .news_ms = r->news_ms,
        .seq = r->seq,
        .revision = r->revision,
        .text_chars = r->text_chars,
        .entities = (uint32_t)r->n_postings,
        .quotes = (uint32_t)r->n_quotes,
        .is_duplicate = r->is_duplicate,
        .json = {r->json, r->n_json},
    };
}

bool rec_passes(const struct rec *r, const struct digest_filter *f)
{
    return !r->is_replaced && !(f->no_duplicates && r->is_duplicate) &&
           (f->feed.p == NULL || str_eq(f->feed, str_of(r->source->id))) &&
           (f->group.p == NULL || str_eq(f->group, str_of(r->source->group))) &&
           (f->from_ms == 0 || r->seen_ms >= f->from_ms) &&
           (f->to_ms == 0 || r->seen_ms < f->to_ms) &&
           (f->before_seq == 0 || r->seq < f->before_seq);
}

static bool has_in_title(const struct rec *r, struct str wanted)
{
    char title[NAME_BYTES * 3];
    size_t n = fold_name(str_head(r->title, NAME_BYTES), title, sizeof title);

    return str_find((struct str){title, n}, wanted, 0) != SIZE_MAX;
}

size_t digest_newest(const struct digest *d, const struct digest_filter *f,
                     struct digest_item *ret, size_t max)
{
    char wanted[NAME_BYTES * 3];
    size_t n = 0, wanted_n = fold_name(f->contains, wanted, sizeof wanted);

    for (size_t i = d->n; i > 0 && n < max; i--) {
        const struct rec *r = rec_at(d, i - 1);

        if (rec_passes(r, f) &&
            (f->contains.n == 0 || has_in_title(r, (struct str){wanted, wanted_n})))
            item_of(r, &ret[n++]);
    }
    return n;
}

/* ---- feeds ---- */

static void feed_of(const struct source *s, struct digest_feed *ret)
{
    *ret = (struct digest_feed){
        .id = str_of(s->id), .group = str_of(s->group), .title = str_of(s->title)};
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(struct source *const *)a)->id, (*(struct source *const *)b)->id);
}

static void count(struct digest_feed *f, const struct rec *r,
                  const struct digest_axis *axis)
{
    size_t step = axis_step(axis, r->seen_ms);

    f->records++;
    f->duplicates += r->is_duplicate;
    f->text_chars += r->text_chars;
    if (r->seen_ms > f->last_ms)
        f->last_ms = r->seen_ms;
    if (step != SIZE_MAX)
        f->counts[step]++;
}

size_t digest_feeds(const struct digest *d, const struct digest_axis *axis,
                    struct digest_feed *ret, size_t max)
{
    struct source **list = mem_new_array(d->n_sources + 1, sizeof(struct source *));
    size_t n = 0;

    for (size_t b = 0; b < SOURCES; b++)
        for (struct source *s = d->sources[b]; s != NULL; s = s->next)
            list[n++] = s;
    qsort(list, n, sizeof(struct source *), by_id);
    for (size_t i = 0; i < n; i++) {
        list[i]->place = i;
        if (i < max)
            feed_of(list[i], &ret[i]);
    }
    for (size_t i = 0; i < d->n; i++) {
        const struct rec *r = rec_at(d, i);

        if (!r->is_replaced && r->source->place < max)
            count(&ret[r->source->place], r, axis);
    }
    free(list);
    return n;
}

bool digest_feed(const struct digest *d, struct str id, const struct digest_axis *axis,
                 struct digest_feed *ret)
{
    bool is_there = false;

    for (size_t i = 0; i < d->n; i++) {
        const struct rec *r = rec_at(d, i);

        if (r->is_replaced || !str_eq(str_of(r->source->id), id))
            continue;
        if (!is_there)
            feed_of(r->source, ret);
        is_there = true;
        count(ret, r, axis);
    }
    return is_there;
}

static int by_count(const void *a, const void *b)
{
    const struct digest_feed *f = a, *g = b;

    if (f->records != g->records)
        return f->records < g->records ? 1 : -1;
    return str_cmp(f->id, g->id);
}

size_t digest_entity_feeds(const struct digest *d, struct str key,
                           const struct digest_axis *axis, struct digest_feed *ret,
                           size_t max)
{
    struct node *node = node_asked(d, key);
    struct digest_feed *all;
    size_t n = 0;
    uint64_t stamp;

    if (node == NULL)
        return 0;
    postings_of(d, node);
    all = mem_new_array(d->n_sources + 1, sizeof *all);
    stamp = ++d->work->stamp;
    for (size_t i = 0; i < d->work->n_postings; i++) {
        struct source *s = d->work->postings[i]->rec->source;

        if (s->stamp != stamp) {
            s->stamp = stamp;
            s->place = n;
            feed_of(s, &all[n++]);
        }
        count(&all[s->place], d->work->postings[i]->rec, axis);
    }
    qsort(all, n, sizeof *all, by_count);
    n = n < max ? n : max;
    if (n > 0)
        memcpy(ret, all, n * sizeof *all);
    free(all);
    return n;
}
