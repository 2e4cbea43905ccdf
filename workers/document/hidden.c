/* Mentions that only the rest of the text shows: a name of several words that was found
   elsewhere, a surname, a word that is a name wherever it was found, "the Task Force". */
#include "who.h"

#define LIKELY  0.6F
#define CERTAIN 0.9F /* a score from which on a name is one everywhere */
#define RUN_MAX 4    /* words of a short form */

struct seeking {
    struct who *w;
    struct links by_first; /* names found, of several words, by the first */
    struct map small;      /* words that are written small somewhere in the text */
};

static bool is_free_cap(const struct form *f)
{
    return (f->flags & (FORM_WORD | FORM_CAP)) == (FORM_WORD | FORM_CAP) &&
           (f->flags & (FORM_TAKEN | FORM_MIXED)) == 0;
}

static void add(struct seeking *s, enum field field, size_t from, size_t to, size_t name)
{
    struct who *w = s->w;

    (void)names_add(&w->names, who_is(w, name), field, from, to, LIKELY);
}

/* ---- what is known ---- */

static void note_small(struct seeking *s, enum field field)
{
    const struct names *d = &s->w->names;

    for (size_t i = 0; i < d->texts[field]->n; i++)
        if ((d->forms[field][i].flags & (FORM_WORD | FORM_CAP)) == FORM_WORD)
            map_put(&s->small, d->forms[field][i].key, 1);
}

static void note_long(struct seeking *s)
{
    struct who *w = s->w;
    struct map seen = {0};

    for (size_t i = 0; i < w->names.n; i++) {
        const struct name *m = &w->names.list[i];
        uint32_t known;

        if (m->to - m->from < 2 || map_get(&seen, m->key, &known))
            continue;
        map_put(&seen, m->key, 1);
        links_put(&s->by_first, w->names.forms[m->field][m->from].key, (uint32_t)i);
    }
    map_fini(&seen);
}

/* ---- seeking ---- */

static bool stands_at(const struct names *d, const struct name *m, enum field field,
                      size_t at)
{
    const struct form *forms = d->forms[field];
    size_t n = m->to - m->from;

    if (at + n > d->texts[field]->n)
        return false;
    for (size_t k = 0; k < n; k++)
        if (forms[at + k].key != d->forms[m->field][m->from + k].key ||
            (forms[at + k].flags & FORM_TAKEN) != 0 ||
            (forms[at + k].flags & FORM_CAP) <
                (d->forms[m->field][m->from + k].flags & FORM_CAP))
            return false;
    return true;
}

static bool seek_long(struct seeking *s, enum field field, size_t i)
{
    const struct names *d = &s->w->names;
    const struct link *l = links_get(&s->by_first, d->forms[field][i].key);
    const struct name *best = NULL;
    size_t which = 0;

    for (int looked = 0; l != NULL && looked < 16; looked++) {
        const struct name *m = &d->list[l->what];

        if ((best == NULL || m->to - m->from > best->to - best->from) &&
            who_entity(s->w, l->what)->score >= CERTAIN && stands_at(d, m, field, i)) {
            best = m;
            which = l->what;
        }
        l = links_next(&s->by_first, l);
    }
    if (best != NULL)
        add(s, field, i, i + best->to - best->from, which);
    return best != NULL;
}

/* Alone among words that are no free capitals. */
static bool is_alone(const struct names *d, enum field field, size_t i)
{
    const struct tokens *t = d->texts[field];
    const struct form *forms = d->forms[field];

    if (i > 0 && is_free_cap(&forms[i - 1]) &&
        t->list[i - 1].sentence == t->list[i].sentence &&
        (forms[i - 1].flags & FORM_START) == 0)
        return false;
    return i + 1 == t->n || !is_free_cap(&forms[i + 1]) ||
           t->list[i + 1].sentence != t->list[i].sentence;
}

/* A single word that is a name, or part of a person's, elsewhere. */
static void seek_word(struct seeking *s, enum field field, size_t i)
{
    struct who *w = s->w;
    const struct form *f = &w->names.forms[field][i];
    const struct link *l = links_get(&w->persons, f->key);
    uint32_t name;

    if ((f->flags & (FORM_LOUD | FORM_LONE)) != 0 || map_get(&s->small, f->key, &name) ||
        (who_term(w, field, i) & TERM_TITLE) != 0 || !is_alone(&w->names, field, i))
        return;
    if (map_get(&w->by_key, f->key, &name) && w->names.list[name].key == f->key) {
        if (who_entity(w, name)->score >= CERTAIN)
            add(s, field, i, i + 1, name);
    } else if (l != NULL && (f->flags & FORM_START) == 0)
        add(s, field, i, i + 1, l->what);
}

/* "the Task Force": up to the end of the capitals. */
static void seek_short(struct seeking *s, enum field field, size_t i)
{
    struct who *w = s->w;
    const struct names *d = &w->names;
    const struct form *forms = d->forms[field];
    size_t to = i + 1;
    const struct link *l;

    if (i == 0 || forms[i - 1].key != names_word("the") ||
        (forms[i].flags & FORM_LOUD) != 0)
        return;
    while (to < d->texts[field]->n && is_free_cap(&forms[to]))
        to++;
    if (to - i > RUN_MAX)
        return;
    l = links_get(&w->bodies, names_key(d, field, i, to));
    for (; l != NULL; l = links_next(&w->bodies, l)) {
        const struct name *m = &d->list[l->what];
        enum entity_type type = who_entity(w, l->what)->type;

        if ((type == ENTITY_ORG || type == ENTITY_EVENT || type == ENTITY_MISC) &&
            names_key(d, m->field, m->to - (to - i), m->to) ==
                names_key(d, field, i, to)) {
            add(s, field, i, to, l->what);
            return;
        }
    }
}

void who_hidden(struct who *w)
{
    struct seeking s = {.w = w};

    note_long(&s);
    for (int f = 0; f < 2; f++)
        note_small(&s, (enum field)f);
    for (int f = 0; f < 2; f++) {
        enum field field = (enum field)f;

        for (size_t i = 0; i < w->names.texts[field]->n; i++) {
            if (!is_free_cap(&w->names.forms[field][i]))
                continue;
            if (!seek_long(&s, field, i)) {
                seek_short(&s, field, i);
                seek_word(&s, field, i);
            }
        }
    }
    links_fini(&s.by_first);
    map_fini(&s.small);
}
