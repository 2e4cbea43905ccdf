/* Names in a list are of one kind: "Larbi, Eshun, Kwofie and Awuku". One that the model
   was not sure of has the type of most of them. */
#include "who.h"

#define LIST_MIN 3
#define DOUBT    0.7F /* a score up to which a type may be wrong */
#define TYPES    (ENTITY_MISC + 1)
#define GAP_MAX  3 /* tokens between two names of a list */

static bool divides(const struct names *d, enum field field, size_t i)
{
    return names_is_mark(d, field, i, ',') || names_is_mark(d, field, i, ';');
}

static bool is_last_of_gap(const struct names *d, enum field field, size_t i)
{
    return d->forms[field][i].key == names_word("and") ||
           d->forms[field][i].key == names_word("or");
}

/* Only ',' ';' and "and" stand between a name and the next. */
static bool goes_on(const struct who *w, size_t i)
{
    const struct names *d = &w->names;
    const struct name *a = &d->list[i], *b = a + 1;
    const struct tokens *t = d->texts[a->field];

    if (i + 1 >= d->n || a->field != b->field || b->from <= a->to ||
        b->from - a->to > GAP_MAX ||
        t->list[a->from].sentence != t->list[b->from].sentence)
        return false;
    for (size_t k = a->to; k < b->from; k++)
        if (!divides(d, a->field, k) &&
            (k + 1 < b->from || !is_last_of_gap(d, a->field, k)))
            return false;
    return true;
}

/* The type of most of [from, to); false: none has half of it. */
static bool main_type(struct who *w, size_t from, size_t to, enum entity_type *ret)
{
    float of[TYPES] = {0}, all = 0;

    *ret = ENTITY_PER;
    for (size_t i = from; i < to; i++) {
        of[who_entity(w, i)->type] += w->names.list[i].score;
        all += w->names.list[i].score;
        if (of[who_entity(w, i)->type] > of[*ret])
            *ret = who_entity(w, i)->type;
    }
    return 2 * of[*ret] >= all;
}

static void make_alike(struct who *w, size_t from, size_t to)
{
    enum entity_type type;

    if (!main_type(w, from, to, &type) ||
        (type != ENTITY_PER && type != ENTITY_ORG && type != ENTITY_LOC))
        return;
    for (size_t i = from; i < to; i++) {
        struct entity *en = who_entity(w, i);

        if (en->type == type || en->score >= DOUBT || who_is_called(w, who_is(w, i)))
            continue;
        en->type = type;
        en->subtype = type == ENTITY_LOC ? STR("GPE") : (struct str){NULL, 0};
    }
}

void who_lists(struct who *w)
{
    for (size_t i = 0, to; i < w->names.n; i = to) {
        for (to = i + 1; goes_on(w, to - 1);)
            to++;
        if (to - i >= LIST_MIN)
            make_alike(w, i, to);
    }
}
