/* Bodies, places, laws and events. A short form is a part of the name of what it stands
   for: its end ("the Task Force"), its beginning ("Boeing"), or something between. Of
   several the best fitting one is meant, then the one mentioned last. */
#include "who.h"

#define LOOK_MAX 64

/* ---- parts ---- */

static bool is_capital(const struct form *f)
{
    return (f->flags & (FORM_WORD | FORM_CAP)) == (FORM_WORD | FORM_CAP);
}

static bool is_possessive(const struct names *d, enum field field, size_t i)
{
    struct str s = token_text(d->texts[field], i);

    return str_eq(s, STR("'s")) || str_eq(s, STR("’s"));
}

/* The same thing has a name of several words: it is known by each part of it that begins
   and ends with a capital, or with the 's of one. */
static void remember(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];
    const struct form *forms = w->names.forms[m->field];
    size_t n = m->to - m->from;

    if (n < 2 || n > WORDS_MAX)
        return;
    for (size_t from = m->from; from < m->to; from++) {
        for (size_t to = from + 1; is_capital(&forms[from]) && to <= m->to; to++)
            if (to - from < n && (is_capital(&forms[to - 1]) ||
                                  is_possessive(&w->names, m->field, to - 1)))
                links_put(&w->bodies, names_key(&w->names, m->field, from, to),
                          (uint32_t)i);
    }
}

/* Where a part stands: its first token, or SIZE_MAX. */
static size_t place_of(const struct names *d, const struct name *part,
                       const struct name *whole)
{
    size_t n = part->to - part->from;

    for (size_t end = whole->to; end >= whole->from + n; end--)
        if (names_key(d, whole->field, end - n, end) == part->key)
            return end - n;
    return SIZE_MAX;
}

static bool left_out_are(const struct who *w, const struct name *whole, size_t from,
                         size_t to, uint64_t term)
{
    for (size_t i = whole->from; i < whole->to; i++)
        if ((i < from || i >= to) && (who_term(w, whole->field, i) & term) == 0)
            return false;
    return true;
}

static bool is_subtype(const struct entity *en, const char *subtype)
{
    return str_eq(en->subtype, str_of(subtype));
}

enum { FIT_NOT, FIT_INSIDE, FIT_BEGINS, FIT_ENDS };

/* Without "Ltd", "Corp." behind it. */
static size_t length_of_body(const struct who *w, const struct name *whole)
{
    size_t to = whole->to;

    while (to > whole->from + 1 &&
           (who_term(w, whole->field, to - 1) & TERM_COMPANY) != 0)
        to--;
    return to - whole->from;
}

static int fit_of_body(const struct who *w, const struct name *m,
                       const struct name *whole, size_t from)
{
    size_t n = m->to - m->from;
    bool one = n == 1;
    uint64_t terms = who_term(w, m->field, m->from);

    if (left_out_are(w, whole, from, from + n, TERM_COMPANY))
        return FIT_ENDS;
    if (from + n == whole->to)
        return one && (terms & (TERM_COMMON | TERM_COMPANY)) != 0 ? FIT_NOT : FIT_ENDS;
    /* "SAARC Secretariat" is not SAARC. */
    if (one && ((terms & (TERM_COMMON | TERM_COMPANY)) != 0 ||
                (w->names.forms[m->field][m->from].flags & FORM_CAPS) != 0))
        return FIT_NOT;
    if (from > whole->from)
        return FIT_INSIDE;
    return one || n + 1 >= length_of_body(w, whole) ||
                   is_possessive(&w->names, m->field, m->to - 1)
               ? FIT_BEGINS
               : FIT_NOT;
}

static int fit(struct who *w, const struct name *m, const struct entity *part,
               const struct name *whole, const struct entity *en)
{
    size_t from = place_of(&w->names, m, whole), n = m->to - m->from;

    if (from == SIZE_MAX || part->type != en->type)
        return FIT_NOT;
    switch (part->type) {
    case ENTITY_ORG:
        return fit_of_body(w, m, whole, from);
    case ENTITY_LOC:
        if (!str_eq(part->subtype, en->subtype))
            return FIT_NOT; /* a town is not its river, nor its airport */
        if (left_out_are(w, whole, from, from + n, TERM_PLACE))
            return FIT_ENDS;
        return is_subtype(en, "FAC") && from == whole->from ? FIT_BEGINS : FIT_NOT;
    case ENTITY_EVENT:
        return from + n == whole->to ? FIT_ENDS : FIT_INSIDE;
    default:
        if (is_subtype(en, "NORP") || is_subtype(part, "NORP"))
            return FIT_NOT;
        return from + n == whole->to ? FIT_ENDS
               : from == whole->from ? FIT_BEGINS
                                     : FIT_NOT;
    }
}

static size_t choose(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];
    const struct entity *part = who_entity(w, i);
    const struct link *l = links_get(&w->bodies, m->key);
    size_t best = NOBODY;
    int best_fit = 0;

    for (int looked = 0; l != NULL && looked < LOOK_MAX; looked++) {
        size_t other = who_is(w, l->what);
        int fits =
            fit(w, m, part, &w->names.list[l->what], &w->names.out->entities[other]);

        l = links_next(&w->bodies, l);
        if (fits == FIT_NOT || other == who_is(w, i))
            continue;
        if (w->things[other].last > 0)
            fits += FIT_ENDS;
        if (fits > best_fit ||
            (fits == best_fit && w->things[best].last < w->things[other].last)) {
            best = other;
            best_fit = fits;
        }
    }
    return best;
}

/* ---- peoples ---- */

/* "Muslim" and "Muslims". */
static void join_people(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];
    struct str text = names_text(&w->names, m->field, m->from, m->to);
    uint32_t other;
    uint64_t key;

    if (text.n > 4 && text.p[text.n - 1] == 's')
        text.n--;
    key = names_follow(names_phrase(text), 7);
    if (map_get(&w->by_key, key, &other) && is_subtype(who_entity(w, other), "NORP"))
        who_unite(w, who_is(w, i), who_is(w, other));
    else
        map_put(&w->by_key, key, (uint32_t)i);
}

/* ---- places ---- */

/* "Mt. Elgon" and "Mount Elgon": the first word is a kind of place, and cut off. */
static void join_place(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];
    struct str word = token_text(w->names.texts[m->field], m->from);
    uint32_t other;
    uint64_t key;

    if (m->to - m->from < 2 || (who_term(w, m->field, m->from) & TERM_PLACE) == 0)
        return;
    key = names_follow(names_token(str_slice(word, 0, 1)),
                       names_key(&w->names, m->field, m->from + 1, m->to));
    key = names_follow(key, 11);
    if (map_get(&w->by_key, key, &other) && who_entity(w, other)->type == ENTITY_LOC)
        who_unite(w, who_is(w, i), who_is(w, other));
    else
        map_put(&w->by_key, key, (uint32_t)i);
}

/* ---- */

static bool is_known(struct who *w, size_t i)
{
    const struct known *k = terms_known(w->terms, w->names.list[i].key);

    return k != NULL && k->type == who_entity(w, i)->type;
}

static void resolve(struct who *w, size_t i)
{
    struct thing *own = &w->things[who_is(w, i)];
    size_t whole = NOBODY;

    if (own->longest == NOBODY) {
        own->longest = (uint32_t)i;
        if (is_subtype(who_entity(w, i), "NORP"))
            join_people(w, i);
        if (who_entity(w, i)->type == ENTITY_LOC)
            join_place(w, i);
    }
    if (!is_known(w, i))
        whole = choose(w, i);
    if (whole != NOBODY)
        w->is[i] = (uint32_t)whole;
    w->things[who_is(w, i)].last = (uint32_t)i + 1;
}

void who_bodies(struct who *w)
{
    links_reset(&w->bodies);
    for (size_t i = 0; i < w->names.n; i++) {
        struct thing *own = &w->things[who_is(w, i)];

        if (who_entity(w, i)->type == ENTITY_PER)
            continue;
        if (own->last == 0)
            remember(w, i);
        own->last = 1;
    }
    for (size_t i = 0; i < w->names.n; i++)
        if (who_entity(w, i)->type != ENTITY_PER)
            w->things[who_is(w, i)].last = 0;
    for (size_t i = 0; i < w->names.n; i++)
        if (who_entity(w, i)->type != ENTITY_PER)
            resolve(w, i);
}
