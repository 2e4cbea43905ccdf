/* Entities and feeds: they are there as long as a record has them. */
#include <stdlib.h>

#include "newsmq/hash.h"

#include "private.h"

#define BUCKETS_FIRST 1024

static size_t bucket(const struct digest *d, const char *key)
{
    return hash_xxh64(str_of(key), d->seed) & (d->n_buckets - 1);
}

static size_t cost(const char *text)
{
    return text != NULL ? strlen(text) + 17 : 0; /* and what malloc keeps of it */
}

static void grow(struct digest *d)
{
    struct node **old = d->nodes;
    size_t n_old = d->n_buckets;

    d->n_buckets = n_old > 0 ? n_old * 2 : BUCKETS_FIRST;
    d->nodes = mem_new_array(d->n_buckets, sizeof(struct node *));
    d->bytes += (d->n_buckets - n_old) * sizeof(struct node *);
    for (size_t i = 0; i < n_old; i++) {
        for (struct node *at = old[i], *next; at != NULL; at = next) {
            struct node **to = &d->nodes[bucket(d, at->key)];

            next = at->next;
            at->next = *to;
            *to = at;
        }
    }
    free(old);
}

struct node *nodes_find(const struct digest *d, const char *key)
{
    struct node *at = d->n_buckets > 0 ? d->nodes[bucket(d, key)] : NULL;

    while (at != NULL && strcmp(at->key, key) != 0)
        at = at->next;
    return at;
}

struct node *node_take(struct digest *d, enum entity_type type, struct str name)
{
    char key[KEY_BYTES];
    struct node *node, **to;

    if (fold_key(type, name, key) == 0)
        return NULL;
    node = nodes_find(d, key);
    if (node == NULL) {
        if (d->n_nodes >= d->n_buckets)
            grow(d);
        node = mem_new(sizeof *node);
        node->type = type;
        node->key = mem_strdup(key);
        node->name = mem_dup(name);
        to = &d->nodes[bucket(d, key)];
        node->next = *to;
        *to = node;
        d->n_nodes++;
        d->bytes += sizeof *node + 16 + cost(node->key) + cost(node->name);
    }
    node->refs++;
    return node;
}

void node_give(struct digest *d, struct node *node)
{
    struct node **at;

    if (--node->refs > 0)
        return;
    at = &d->nodes[bucket(d, node->key)];
    while (*at != node)
        at = &(*at)->next;
    *at = node->next;
    d->n_nodes--;
    d->bytes -= sizeof *node + 16 + cost(node->key) + cost(node->name) + cost(node->uri);
    free(node->key);
    free(node->name);
    free(node->uri);
    free(node);
}

static void keep(struct digest *d, char **to, struct str text)
{
    if (str_eq(str_of(*to), text))
        return;
    d->bytes -= cost(*to);
    free(*to);
    *to = mem_dup(text);
    d->bytes += cost(*to);
}

static void keep_short(char *to, size_t max, struct str text)
{
    if (text.n > 0 && text.n < max) {
        memcpy(to, text.p, text.n);
        to[text.n] = '\0';
    }
}

static bool is_loud(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] >= 'a' && name.p[i] <= 'z')
            return false;
    return true;
}

void node_learn(struct digest *d, struct node *node, const struct draft_entity *from)
{
    if (!is_loud(from->name)) /* a headline in capitals is not how the name is written */
        keep(d, &node->name, from->name);
    if (from->uri.n > 0)
        keep(d, &node->uri, from->uri);
    keep_short(node->subtype, sizeof node->subtype, from->subtype);
    keep_short(node->wikidata, sizeof node->wikidata, from->wikidata);
    keep_short(node->country, sizeof node->country, from->country);
    if (from->has_geo) {
        node->has_geo = true;
        node->lat = from->lat;
        node->lon = from->lon;
    }
}

/* ---- short names ---- */

static bool know_each_other(struct node *shorter, struct node *whole, size_t slot)
{
    for (size_t i = 0; i < SHORTS; i++) {
        if (whole->shorts[i] == NULL) {
            whole->shorts[i] = shorter;
            shorter->claims[slot].whole = whole;
            return true;
        }
    }
    return false;
}

/* False when it is only counted as a claim for something else. */
bool claim_add(struct node *shorter, struct node *whole)
{
    size_t empty = CLAIMS;

    for (size_t i = 0; i < CLAIMS; i++) {
        if (shorter->claims[i].whole == whole) {
            shorter->claims[i].n++;
            return true;
        }
        if (shorter->claims[i].whole == NULL && empty == CLAIMS)
            empty = i;
    }
    if (empty == CLAIMS || !know_each_other(shorter, whole, empty)) {
        shorter->n_others++;
        return false;
    }
    shorter->claims[empty].n = 1;
    return true;
}

void claim_drop(const struct claim *c)
{
    if (!c->is_counted) {
        c->shorter->n_others--;
        return;
    }
    for (size_t i = 0; i < CLAIMS; i++) {
        if (c->shorter->claims[i].whole != c->whole || --c->shorter->claims[i].n > 0)
            continue;
        c->shorter->claims[i].whole = NULL;
        for (size_t s = 0; s < SHORTS; s++)
            if (c->whole->shorts[s] == c->shorter)
                c->whole->shorts[s] = NULL;
    }
}

static bool has_claims(const struct node *node)
{
    for (size_t i = 0; i < CLAIMS; i++)
        if (node->claims[i].whole != NULL)
            return true;
    return node->n_others > 0;
}

/* Of the claims, nine in ten must be for the one; which is short for nothing itself. */
struct node *node_whole(struct node *node)
{
    uint64_t all = node->n_others, most = 0;
    struct node *whole = NULL;

    for (size_t i = 0; i < CLAIMS; i++) {
        all += node->claims[i].n;
        if (node->claims[i].n > most) {
            most = node->claims[i].n;
            whole = node->claims[i].whole;
        }
    }
    return whole != NULL && most * 10 >= all * 9 && !has_claims(whole) ? whole : node;
}

/* ---- feeds ---- */

static struct source **source_bucket(struct digest *d, struct str id)
{
    return &d->sources[hash_xxh64(id, d->seed) % SOURCES];
}

struct source *source_take(struct digest *d, const struct draft *f)
{
    struct source **to = source_bucket(d, f->feed), *s = *to;

    while (s != NULL && !str_eq(str_of(s->id), f->feed))
        s = s->next;
    if (s == NULL) {
        s = mem_new(sizeof *s);
        s->id = mem_dup(f->feed);
        s->next = *to;
        *to = s;
        d->n_sources++;
        d->bytes += sizeof *s + 16 + cost(s->id);
    }
    if (f->group.n > 0)
        keep(d, &s->group, f->group);
    if (f->feed_title.n > 0)
        keep(d, &s->title, f->feed_title);
    s->refs++;
    return s;
}

void source_give(struct digest *d, struct source *s)
{
    struct source **at = source_bucket(d, str_of(s->id));

    if (--s->refs > 0)
        return;
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    d->n_sources--;
    d->bytes -= sizeof *s + 16 + cost(s->id) + cost(s->group) + cost(s->title);
    free(s->id);
    free(s->group);
    free(s->title);
    free(s);
}
