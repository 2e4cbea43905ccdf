/* Entities: tallies over records, and the chain of one. */
#include <stdlib.h>

#include "private.h"

/* ---- the chain of one entity ---- */

static int by_serial(const void *a, const void *b)
{
    const struct posting *p = *(const struct posting *const *)a;
    const struct posting *q = *(const struct posting *const *)b;

    return p->rec->serial < q->rec->serial ? -1 : p->rec->serial > q->rec->serial;
}

static void collect(struct work *w, const struct node *node)
{
    for (const struct posting *p = node->first; p != NULL; p = p->next) {
        if (p->rec->is_replaced || p->rec->is_duplicate || p->rec->stamp == w->stamp)
            continue;
        p->rec->stamp = w->stamp;
        w->postings = mem_grow(w->postings, &w->cap_postings, w->n_postings + 1,
                               sizeof(struct posting *));
        w->postings[w->n_postings++] = p;
    }
}

void postings_of(const struct digest *d, const struct node *node)
{
    struct work *w = d->work;
    bool has_shorts = false;

    w->stamp++;
    w->n_postings = 0;
    collect(w, node);
    for (size_t i = 0; i < SHORTS; i++) {
        if (node->shorts[i] == NULL || node_whole(node->shorts[i]) != node)
            continue;
        collect(w, node->shorts[i]);
        has_shorts = true;
    }
    if (has_shorts)
        qsort(w->postings, w->n_postings, sizeof(struct posting *), by_serial);
}

/* A key with its name folded anew, so any spelling asks for it. */
struct node *node_asked(const struct digest *d, struct str key)
{
    struct str type = str_cut(&key, ':');
    char folded[KEY_BYTES];
    struct node *node;

    for (enum entity_type t = ENTITY_PER; key.p != NULL && t <= ENTITY_MISC; t++) {
        if (!str_eq_nocase(type, str_of(entity_type_name(t))) ||
            fold_key(t, key, folded) == 0)
            continue;
        node = nodes_find(d, folded);
        return node != NULL ? node_whole(node) : NULL;
    }
    return NULL;
}

static struct str or_absent(const char *z)
{
    return z != NULL && z[0] != '\0' ? str_of(z) : (struct str){NULL, 0};
}

static void describe(const struct node *node, struct digest_entity *ret)
{
    *ret = (struct digest_entity){
        .key = str_of(node->key),
        .name = str_of(node->name),
        .type = node->type,
        .subtype = or_absent(node->subtype),
        .uri = or_absent(node->uri),
        .wikidata = or_absent(node->wikidata),
        .country = or_absent(node->country),
        .has_geo = node->has_geo,
        .lat = node->lat,
        .lon = node->lon,
    };
}

void entity_of(const struct digest *d, struct node *node, struct digest_entity *ret)
{
    uint64_t stamp;

    describe(node, ret);
    postings_of(d, node);
    ret->records = d->work->n_postings;
    stamp = ++d->work->stamp;
    for (size_t i = 0; i < d->work->n_postings; i++) {
        const struct posting *p = d->work->postings[i];

        ret->mentions += p->mentions;
        if (ret->first_ms == 0 || p->rec->news_ms < ret->first_ms)
            ret->first_ms = p->rec->news_ms;
        if (p->rec->news_ms > ret->last_ms)
            ret->last_ms = p->rec->news_ms;
        ret->feeds += p->rec->source->stamp != stamp;
        p->rec->source->stamp = stamp;
    }
}

bool digest_entity(const struct digest *d, struct str key, struct digest_entity *ret)
{
    struct node *node = node_asked(d, key);

    if (node == NULL)
        return false;
    entity_of(d, node, ret);
    return ret->records > 0;
}

bool digest_entity_counts(const struct digest *d, struct str key,
                          const struct digest_axis *axis, uint32_t ret[DIGEST_STEPS])
{
    struct node *node = node_asked(d, key);

    if (node == NULL)
        return false;
    memset(ret, 0, DIGEST_STEPS * sizeof *ret);
    postings_of(d, node);
    for (size_t i = 0; i < d->work->n_postings; i++) {
        size_t step = axis_step(axis, d->work->postings[i]->rec->news_ms);

        if (step != SIZE_MAX)
            ret[step]++;
    }
    return true;
}

size_t digest_entity_items(const struct digest *d, struct str key,
                           struct digest_item *ret, size_t max)
{
    struct node *node = node_asked(d, key);
    size_t n = 0;

    if (node == NULL)
        return 0;
    postings_of(d, node);
    for (size_t i = d->work->n_postings; i > 0 && n < max; i--)
        item_of(d->work->postings[i - 1]->rec, &ret[n++]);
    return n;
}

size_t digest_entity_aliases(const struct digest *d, struct str key, struct str *ret,
                             size_t max)
{
    struct node *node = node_asked(d, key);
    size_t n = 0;

    for (size_t i = 0; node != NULL && i < SHORTS && n < max; i++)
        if (node->shorts[i] != NULL && node_whole(node->shorts[i]) == node)
            ret[n++] = str_of(node->shorts[i]->name);
    return n;
}

/* ---- tallies ---- */

void tally_start(const struct digest *d)
{
    d->work->stamp++;
    d->work->n_nodes = 0;
}

void tally(const struct digest *d, const struct rec *r, bool is_before)
{
    struct work *w = d->work;

    for (size_t i = 0; i < r->n_postings; i++) {
        struct node *node = node_whole(r->postings[i].node);

        if (node->stamp != w->stamp) {
            node->stamp = w->stamp;
            node->rec_stamp = node->now = node->before = node->mentions = 0;
            w->nodes =
                mem_grow(w->nodes, &w->cap_nodes, w->n_nodes + 1, sizeof(struct node *));
            w->nodes[w->n_nodes++] = node;
        }
        node->mentions += r->postings[i].mentions;
        if (node->rec_stamp == r->serial)
            continue;
        node->rec_stamp = r->serial;
        node->now += !is_before;
        node->before += is_before;
    }
}

int by_records(const void *a, const void *b)
{
    const struct node *p = *(struct node *const *)a, *q = *(struct node *const *)b;

    if (p->now != q->now)
        return p->now < q->now ? 1 : -1;
    if (p->mentions != q->mentions)
        return p->mentions < q->mentions ? 1 : -1;
    return strcmp(p->key, q->key);
}

size_t tally_top(const struct digest *d, int (*order)(const void *, const void *),
                 struct digest_entity *ret, size_t max)
{
    struct work *w = d->work;
    size_t n = w->n_nodes < max ? w->n_nodes : max;

    if (w->n_nodes > 1)
        qsort(w->nodes, w->n_nodes, sizeof(struct node *), order);
    for (size_t i = 0; i < n; i++) {
        entity_of(d, w->nodes[i], &ret[i]);
        ret[i].records = w->nodes[i]->now;
        ret[i].mentions = w->nodes[i]->mentions;
        ret[i].before = w->nodes[i]->before;
        ret[i].surprise = w->nodes[i]->surprise;
    }
    return n;
}

static void drop_nodes(struct work *w, bool (*stays)(const struct node *, const void *),
                       const void *ctx)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n_nodes; i++)
        if (stays(w->nodes[i], ctx))
            w->nodes[n++] = w->nodes[i];
    w->n_nodes = n;
}

struct wanted {
    int type;
    struct str contains;
    bool must_have_geo;
    const struct node *but;
};

static bool is_wanted(const struct node *node, const void *ctx)
{
    const struct wanted *w = ctx;
    struct str key = str_of(node->key);

    return node != w->but && (w->type < 0 || (int)node->type == w->type) &&
           (!w->must_have_geo || node->has_geo) &&
           (w->contains.n == 0 ||
            str_find(key, w->contains, str_find_char(key, ':', 0) + 1) != SIZE_MAX);
}

static size_t list(const struct digest *d, const struct digest_filter *f, bool geo,
                   struct digest_entity *ret, size_t max)
{
    char folded[NAME_BYTES * 3];
    struct wanted w = {.type = f->type, .must_have_geo = geo};

    tally_start(d);
    for (size_t i = 0; i < d->n; i++) {
        const struct rec *r = rec_at(d, i);

        if (rec_passes(r, f) && !r->is_duplicate)
            tally(d, r, false);
    }
    w.contains = (struct str){folded, fold_name(f->contains, folded, sizeof folded)};
    if (w.contains.n == 0 && f->contains.n > 0)
        return 0;
    drop_nodes(d->work, is_wanted, &w);
    for (size_t i = 0; i < d->work->n_nodes; i++)
        d->work->nodes[i]->surprise = 0;
    return tally_top(d, by_records, ret, max);
}

size_t digest_entities(const struct digest *d, const struct digest_filter *f,
                       struct digest_entity *ret, size_t max)
{
    return list(d, f, false, ret, max);
}

size_t digest_places(const struct digest *d, const struct digest_filter *f,
                     struct digest_entity *ret, size_t max)
{
    return list(d, f, true, ret, max);
}

size_t digest_entity_with(const struct digest *d, struct str key,
                          struct digest_entity *ret, size_t max)
{
    struct node *node = node_asked(d, key);
    struct wanted w = {.type = -1, .but = node};

    if (node == NULL)
        return 0;
    postings_of(d, node);
    tally_start(d);
    for (size_t i = 0; i < d->work->n_postings; i++)
        tally(d, d->work->postings[i]->rec, false);
    drop_nodes(d->work, is_wanted, &w);
    for (size_t i = 0; i < d->work->n_nodes; i++)
        d->work->nodes[i]->surprise = 0;
    return tally_top(d, by_records, ret, max);
}
