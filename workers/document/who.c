#include <stdlib.h>

#include "newsmq/mem.h"

#include "who.h"

#define SHORT_MAX 4 /* bytes of an acronym that is known */

void links_reset(struct links *l)
{
    map_reset(&l->heads);
    l->n = 0;
}

void links_fini(struct links *l)
{
    map_fini(&l->heads);
    free(l->list);
    *l = (struct links){0};
}

void links_put(struct links *l, uint64_t key, uint32_t what)
{
    uint32_t head = NOBODY;

    (void)map_get(&l->heads, key, &head);
    l->list = mem_grow(l->list, &l->cap, l->n + 1, sizeof *l->list);
    l->list[l->n] = (struct link){what, head};
    map_put(&l->heads, key, (uint32_t)l->n++);
}

const struct link *links_get(const struct links *l, uint64_t key)
{
    uint32_t head;

    return map_get(&l->heads, key, &head) ? &l->list[head] : NULL;
}

const struct link *links_next(const struct links *l, const struct link *k)
{
    return k->next != NOBODY ? &l->list[k->next] : NULL;
}

void who_unite(struct who *w, size_t a, size_t b)
{
    struct names *d = &w->names;
    struct thing *x, *y;

    a = names_root(d, a);
    b = names_root(d, b);
    if (a == b)
        return;
    x = &w->things[b];
    y = &w->things[a];
    d->parents[a] = (uint32_t)b;
    if (x->gender == GENDER_UNKNOWN || (x->is_guess && y->gender != GENDER_UNKNOWN)) {
        x->gender = y->gender;
        x->is_guess = y->is_guess;
    }
    if (x->longest == NOBODY ||
        (y->longest != NOBODY && d->list[y->longest].to - d->list[y->longest].from >
                                     d->list[x->longest].to - d->list[x->longest].from))
        x->longest = y->longest;
    if (y->last > x->last)
        x->last = y->last;
}

/* ---- the same words ---- */

static float weight(const struct who *w, size_t entity)
{
    const struct entity *en = &w->names.out->entities[entity];
    float all = 0;

    for (size_t k = 0; k < en->n_mentions; k++)
        all += en->mentions[k].score > 0 ? en->mentions[k].score : 0.5F;
    return all;
}

/* One form with two types in a text: the rarer is a mistake when it is much rarer. */
static void settle(struct who *w, uint32_t a, uint32_t b)
{
    const struct entity *x = &w->names.out->entities[a], *y = &w->names.out->entities[b];
    float wa = weight(w, a), wb = weight(w, b);

    if (x->type == y->type || wa >= 2 * wb)
        who_unite(w, b, a);
    else if (wb >= 2 * wa)
        who_unite(w, a, b);
}

/* "PNG" by itself, of which the model was not sure. */
static bool is_doubtful(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];

    return m->to - m->from == 1 && who_entity(w, i)->score < SURE &&
           names_text(&w->names, m->field, m->from, m->to).n <= SHORT_MAX &&
           (w->names.forms[m->field][m->from].flags & (FORM_CAPS | FORM_SHOUTED)) ==
               FORM_CAPS;
}

static void retype(struct entity *en, enum entity_type type)
{
    if (en->type == type)
        return;
    en->type = type;
    en->subtype = type == ENTITY_LOC ? STR("GPE") : (struct str){NULL, 0};
}

static void same_words(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];
    uint64_t key = m->key;
    const struct known *k = terms_known(w->terms, key);
    uint32_t other;

    if (k != NULL && is_doubtful(w, i))
        retype(who_entity(w, i), k->type);
    if (k != NULL && k->type == who_entity(w, i)->type)
        key = names_follow(names_follow(0, (uint64_t)(uintptr_t)k), 1);
    if (map_get(&w->by_key, key, &other) && who_is(w, other) != who_is(w, i))
        settle(w, (uint32_t)who_is(w, other), (uint32_t)who_is(w, i));
    map_put(&w->by_key, key, (uint32_t)i);
}

void who_same_words(struct who *w)
{
    for (size_t i = 0; i < w->names.n; i++)
        same_words(w, i);
}

/* ---- the outcome ---- */

struct moved {
    struct mention mention;
    uint32_t to;
};

/* Who each mention is of: as the names say, else its entity. */
static struct moved *gather(struct who *w, size_t *ret_n)
{
    struct result *r = w->names.out;
    struct moved *list;
    size_t n = 0, at = 0;
    size_t *first = mem_new_array(r->n_entities + 1, sizeof *first);

    for (size_t i = 0; i < r->n_entities; i++) {
        first[i] = n;
        n += r->entities[i].n_mentions;
    }
    list = mem_new_array(n + 1, sizeof *list);
    for (size_t i = 0; i < r->n_entities; i++)
        for (size_t k = 0; k < r->entities[i].n_mentions; k++)
            list[at++] = (struct moved){r->entities[i].mentions[k],
                                        (uint32_t)names_root(&w->names, i)};
    for (size_t i = 0; i < w->names.n; i++) {
        const struct name *m = &w->names.list[i];

        list[first[m->entity] + m->mention].to = (uint32_t)who_is(w, i);
    }
    free(first);
    *ret_n = n;
    return list;
}

void who_apply(struct who *w)
{
    struct result *r = w->names.out;
    size_t n;
    struct moved *list = gather(w, &n);

    for (size_t i = 0; i < r->n_entities; i++)
        r->entities[i].n_mentions = 0;
    for (size_t i = 0; i < n; i++) {
        struct entity *en = &r->entities[list[i].to];

        (void)result_add_mention(r, en, list[i].mention.span, list[i].mention.score);
        if (list[i].mention.score > en->score)
            en->score = list[i].mention.score;
    }
    free(list);
}
