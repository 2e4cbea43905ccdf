/* Who is who in one text. Names of the same words are one group. Then, in the order of
   reading: a surname or a given name alone is the person last named in full; "the Task
   Force" is the body whose name ends so, "Boeing" the one whose name begins so; an
   acronym is what the text or the lists say it stands for. */
#include "newsmq/mem.h"

#include "article.h"

#define LIKELY 0.6F /* of a name that only its long form shows */

/* ---- groups ---- */

uint32_t article_root(struct article *d, uint32_t group)
{
    while (d->groups[group].parent != group) {
        d->groups[group].parent = d->groups[d->groups[group].parent].parent;
        group = d->groups[group].parent;
    }
    return group;
}

void article_join(struct article *d, uint32_t a, uint32_t b)
{
    struct group *x, *y;

    a = article_root(d, a);
    b = article_root(d, b);
    if (a == b)
        return;
    x = &d->groups[a];
    y = &d->groups[b];
    y->parent = a;
    for (unsigned c = 0; c < CLASSES; c++)
        x->votes[c] += y->votes[c];
    if (y->first < x->first)
        x->first = y->first;
    if (y->tokens > x->tokens)
        x->tokens = y->tokens;
    if (x->phrase == NULL)
        x->phrase = y->phrase;
}

static bool phrase_fits(const struct phrase *p, enum name_class is)
{
    static const uint32_t place = 1U << PHRASE_COUNTRY | 1U << PHRASE_CITY |
                                  1U << PHRASE_TOWN | 1U << PHRASE_PROVINCE |
                                  1U << PHRASE_REGION | 1U << PHRASE_FACILITY;
    static const uint32_t other = 1U << PHRASE_LAW | 1U << PHRASE_EVENT |
                                  1U << PHRASE_WORK | 1U << PHRASE_PRODUCT |
                                  1U << PHRASE_MISC;

    switch (is) {
    case CLASS_ORG:
        return (p->kinds & 1U << PHRASE_ORG) != 0;
    case CLASS_GPE:
    case CLASS_LOC:
    case CLASS_FAC:
        return (p->kinds & place) != 0;
    case CLASS_NORP:
        return (p->kinds & 1U << PHRASE_PEOPLE) != 0;
    case CLASS_NONE:
    case CLASS_PER:
        return false;
    default:
        return (p->kinds & other) != 0;
    }
}

static const struct phrase *listed(const struct article *d, const struct name *m)
{
    const struct words *t = &d->text[m->field];
    uint64_t h = 0;

    if (m->to - m->from > PHRASE_TOKENS_MAX)
        return NULL;
    for (size_t i = m->from; i < m->to; i++)
        h = phrase_hash(h, t->list[i].hash);
    return lexicon_phrase(d->lexicon, h);
}

static const struct phrase *phrase_of(const struct article *d, const struct name *m)
{
    const struct phrase *p = listed(d, m);

    return p != NULL && phrase_fits(p, m->is) ? p : NULL;
}

/* A name of several words that the lists have as one thing only is that thing. */
static enum name_class class_by_lists(const struct article *d, const struct name *m)
{
    static const enum name_class classes[PHRASE_KINDS] = {
        [PHRASE_COUNTRY] = CLASS_GPE, [PHRASE_REGION] = CLASS_LOC,
        [PHRASE_ORG] = CLASS_ORG,     [PHRASE_FACILITY] = CLASS_FAC,
        [PHRASE_LAW] = CLASS_LAW,     [PHRASE_EVENT] = CLASS_EVENT,
    };
    const struct phrase *p = listed(d, m);

    if (p == NULL || m->to - m->from < 2 || __builtin_popcount(p->kinds) != 1 ||
        classes[__builtin_ctz(p->kinds)] == CLASS_NONE)
        return m->is;
    return classes[__builtin_ctz(p->kinds)];
}

static void put_into_group(struct article *d, uint32_t number)
{
    struct name *m = &d->names[number];
    const struct phrase *p;
    /* What the lists call by one name is one thing: "U.S.", "America". */
    uint64_t key;
    struct group *g;
    uint32_t at;

    m->is = class_by_lists(d, m);
    p = phrase_of(d, m);
    key = p != NULL ? key_hash(p->name) : m->key;
    if (!map_get(&d->by_key, key, &at)) {
        d->groups =
            mem_grow(d->groups, &d->groups_cap, d->n_groups + 1, sizeof *d->groups);
        at = (uint32_t)d->n_groups++;
        d->groups[at] = (struct group){.parent = at, .first = number, .phrase = p};
        map_put(&d->by_key, key, at);
    }
    if (p != NULL) /* so that the acronym of a text finds it by its words, too */
        map_put(&d->by_key, m->key, at);
    g = &d->groups[at];
    g->votes[m->is] += m->score;
    if (m->to - m->from > g->tokens)
        g->tokens = m->to - m->from;
    m->group = at;
}

enum name_class group_class(const struct group *g)
{
    enum name_class best = CLASS_PER;

    for (unsigned c = CLASS_PER; c < CLASSES; c++)
        if (g->votes[c] > g->votes[best])
            best = (enum name_class)c;
    return best;
}

/* ---- acronyms that the text explains ---- */

static void join_pairs(struct article *d)
{
    for (size_t i = 0; i < d->n_pairs; i++) {
        uint32_t a, b;

        if (map_get(&d->by_key, d->pairs[i].key, &a) &&
            map_get(&d->by_key, d->pairs[i].short_key, &b))
            article_join(d, a, b);
    }
}

/* ---- persons ---- */

static bool is_junior(const struct words *t, size_t i)
{
    struct str key = word_key(t, &t->list[i]);

    return str_eq(key, STR("jr")) || str_eq(key, STR("sr")) || str_eq(key, STR("jr.")) ||
           str_eq(key, STR("sr."));
}

/* A full name is known by its first word and by its last ones from now on. */
static void remember_person(struct article *d, const struct name *m)
{
    const struct words *t = &d->text[m->field];
    size_t to = m->to;

    while (to - m->from > 2 && is_junior(t, to - 1))
        to--;
    if (to - m->from < 2)
        return;
    if ((t->list[m->from].flags & WORD_DOTTED) == 0)
        map_put(&d->persons, article_key(t, m->from, m->from + 1), m->group);
    for (size_t from = m->from + 1; from < to; from++)
        if ((t->list[from].flags & (WORD_CAP | WORD_DOTTED)) == WORD_CAP ||
            (t->list[from].lists & LIST_LINK) != 0)
            map_put(&d->persons, article_key(t, from, to), m->group);
}

/* A name alone that may be a person's, although it may have looked like something else.
 */
static bool may_be_person(const struct article *d, const struct name *m)
{
    const struct phrase *p;

    if (m->is == CLASS_PER)
        return true;
    if (m->to - m->from != 1 || m->is == CLASS_NORP)
        return false;
    p = phrase_of(d, m);
    return p == NULL && m->score < 0.9F;
}

static void join_persons(struct article *d)
{
    /* Twice: what was only named later counts in the second round. */
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < d->n_names; i++) {
            struct name *m = &d->names[i];
            uint32_t full;

            if (m->is == CLASS_NONE)
                continue;
            if (may_be_person(d, m) && map_get(&d->persons, m->key, &full) &&
                d->groups[full].tokens > m->to - m->from) {
                article_join(d, full, m->group);
                m->is = CLASS_PER;
            }
            if (round == 0 && m->is == CLASS_PER)
                remember_person(d, m);
        }
    }
}

/* ---- bodies ---- */

static bool has_short_forms(enum name_class is)
{
    return is == CLASS_ORG || is == CLASS_LAW || is == CLASS_EVENT || is == CLASS_FAC;
}

static void remember_body(struct article *d, const struct name *m)
{
    const struct words *t = &d->text[m->field];
    const struct word *first = &t->list[m->from];
    uint32_t known;

    if (m->to - m->from < 2)
        return;
    for (size_t from = m->from + 1; from < m->to; from++) {
        uint64_t key = article_key(t, from, m->to);

        /* Of several bodies that end alike, the first is meant. */
        if ((t->list[from].flags & WORD_CAP) != 0 && !map_get(&d->shorts, key, &known))
            map_put(&d->shorts, key, m->group);
    }
    if (m->is == CLASS_ORG && (first->lists & LIST_COMMON) == 0 &&
        lexicon_phrase(d->lexicon, phrase_hash(0, first->hash)) == NULL &&
        !map_get(&d->shorts, first->hash, &known))
        map_put(&d->shorts, article_key(t, m->from, m->from + 1), m->group);
}

/* "the Centre" is short for a name that ends so; "Centre" alone is not. */
static bool is_short_form(const struct article *d, const struct name *m)
{
    const struct words *t = &d->text[m->field];
    bool after_the =
        m->from > 0 && str_eq(word_key(t, &t->list[m->from - 1]), STR("the"));

    return m->to - m->from > 1 || after_the ||
           (t->list[m->from].lists & LIST_COMMON) == 0;
}

static void join_bodies(struct article *d)
{
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < d->n_names; i++) {
            struct name *m = &d->names[i];
            uint32_t body;

            if (!has_short_forms(m->is))
                continue;
            if (phrase_of(d, m) == NULL && is_short_form(d, m) &&
                map_get(&d->shorts, m->key, &body) &&
                d->groups[body].tokens > m->to - m->from)
                article_join(d, body, m->group);
            if (round == 0)
                remember_body(d, m);
        }
    }
}

/* ---- names that only their long form shows ---- */

static bool is_plain_cap(const struct word *k)
{
    return (k->flags & (WORD_CAP | WORD_LETTERS)) == (WORD_CAP | WORD_LETTERS) &&
           (k->flags & (WORD_TAKEN | WORD_MIXED)) == 0;
}

static void add_hidden(struct article *d, enum field field, size_t from, size_t to,
                       uint32_t group)
{
    enum name_class is = group_class(&d->groups[article_root(d, group)]);

    if (article_add(d, field, from, to, is, LIKELY)) {
        d->names[d->n_names - 1].group = group;
        d->groups[article_root(d, group)].votes[is] += LIKELY;
    }
}

static void find_hidden_at(struct article *d, enum field field, size_t i)
{
    const struct words *t = &d->text[field];
    const struct word *k = &t->list[i];
    uint64_t key = article_key(t, i, i + 1);
    uint32_t group;

    if (map_get(&d->persons, key, &group) && (k->lists & LIST_COMMON) == 0) {
        add_hidden(d, field, i, i + 1, group);
        return;
    }
    if ((k->flags & WORD_CAPS) != 0 && k->mode != 'A' &&
        map_get(&d->by_key, key, &group)) {
        add_hidden(d, field, i, i + 1, group);
        return;
    }
    if (i == 0 || !str_eq(word_key(t, &t->list[i - 1]), STR("the")))
        return;
    for (size_t to = i + 1; to <= t->n && to - i <= 4; to++) {
        if (!is_plain_cap(&t->list[to - 1]))
            return;
        if (to < t->n && is_plain_cap(&t->list[to]))
            continue; /* only up to the end of the capitals */
        if (map_get(&d->shorts, article_key(t, i, to), &group))
            add_hidden(d, field, i, to, group);
        return;
    }
}

static void find_hidden(struct article *d)
{
    for (int f = 0; f < 2; f++)
        for (size_t i = 0; i < d->text[f].n; i++)
            if (is_plain_cap(&d->text[f].list[i]))
                find_hidden_at(d, (enum field)f, i);
}

void groups_make(struct article *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_names; i++)
        if (d->names[i].is != CLASS_NONE)
            d->names[n++] = d->names[i];
    d->n_names = n;
    for (size_t i = 0; i < n; i++)
        put_into_group(d, (uint32_t)i);
    join_pairs(d);
    join_persons(d);
    join_bodies(d);
    find_hidden(d);
}
