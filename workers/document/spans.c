/* Names that were found in part: "J. Richard West" without its initials, "Zembla Trust,
   Inc." without what is behind its comma, or the other way round. */
#include "who.h"

#define INC_WORDS_MAX 5 /* of a name in front of ", Inc." that nobody found */

static bool same_sentence(const struct names *d, enum field field, size_t a, size_t b)
{
    return d->texts[field]->list[a].sentence == d->texts[field]->list[b].sentence;
}

static bool is_initial(const struct names *d, enum field field, size_t i)
{
    const struct form *f = &d->forms[field][i];

    return (f->flags & (FORM_CAP | FORM_LONE)) == (FORM_CAP | FORM_LONE) &&
           (f->flags & FORM_TAKEN) == 0;
}

/* Where a person's name begins: "J. Richard West" with the stop apart, "R B Sreekumar".
 */
static size_t with_initials(const struct names *d, const struct name *m)
{
    size_t from = m->from;

    for (;;) {
        if (from >= 2 && names_is_mark(d, m->field, from - 1, '.') &&
            is_initial(d, m->field, from - 2) &&
            same_sentence(d, m->field, from - 2, m->from))
            from -= 2;
        else if (from >= 1 && is_initial(d, m->field, from - 1) &&
                 ((d->forms[m->field][from].flags & FORM_LONE) != 0 ||
                  (d->forms[m->field][from - 1].flags & FORM_DOTTED) != 0) &&
                 same_sentence(d, m->field, from - 1, m->from))
            from--;
        else
            return from;
    }
}

static bool is_word(const struct names *d, enum field field, size_t i)
{
    return (d->forms[field][i].flags & (FORM_WORD | FORM_CAP)) == (FORM_WORD | FORM_CAP);
}

/* "Ustad Ghausuddin", "Weaver Toivo Kangas" at the beginning of a sentence. */
static size_t without_title(const struct who *w, const struct name *m)
{
    const struct names *d = &w->names;
    size_t from = m->from;

    while (from + 1 < m->to && (who_term(w, m->field, from) & TERM_HONOUR) != 0 &&
           is_word(d, m->field, from + 1))
        from++;
    if (from == m->from && from + 2 < m->to && is_word(d, m->field, from + 1) &&
        is_word(d, m->field, from + 2) &&
        (d->forms[m->field][from].flags & (FORM_START | FORM_LOUD)) == FORM_START &&
        (who_term(w, m->field, from) & TERM_ROLE) != 0)
        from++;
    return from;
}

static bool is_inc(const struct who *w, enum field field, size_t i)
{
    return i < w->names.texts[field]->n && (who_term(w, field, i) & TERM_INC) != 0 &&
           (w->names.forms[field][i].flags & FORM_CAP) != 0;
}

/* Behind "Inc", with its stop where that is a token and the sentence goes on. */
static size_t behind_inc(const struct names *d, enum field field, size_t to)
{
    const struct tokens *t = d->texts[field];

    return to + 1 < t->n && names_is_mark(d, field, to, '.') &&
                   same_sentence(d, field, to - 1, to + 1)
               ? to + 1
               : to;
}

/* The end of a body's name: ", Inc." is part of it. */
static size_t with_inc(const struct who *w, const struct name *m)
{
    const struct names *d = &w->names;
    size_t i = m->to;

    if (i + 1 < d->texts[m->field]->n && names_is_mark(d, m->field, i, ',') &&
        is_inc(w, m->field, i + 1) && same_sentence(d, m->field, m->from, i + 1))
        return behind_inc(d, m->field, i + 2);
    return is_inc(w, m->field, m->to - 1) ? behind_inc(d, m->field, m->to) : m->to;
}

static bool is_only_inc(const struct who *w, const struct name *m)
{
    for (size_t k = m->from; k < m->to; k++)
        if (!is_inc(w, m->field, k) && !names_is_mark(&w->names, m->field, k, '.'))
            return false;
    return true;
}

/* Where the words in capitals that end with token `last` begin: "A VENTURE OF SARK
   TIMES"; last + 1: there are none. */
static size_t capitals_before(const struct who *w, enum field field, size_t last)
{
    const struct names *d = &w->names;
    size_t from = last + 1;

    while (from > 0 && last + 1 - from < INC_WORDS_MAX && is_word(d, field, from - 1) &&
           same_sentence(d, field, from - 1, last) &&
           (who_term(w, field, from - 1) & (TERM_ENDS | TERM_ARTICLE)) == 0)
        from--;
    return from;
}

/* Where the name begins that ", Inc." was found without; m->from when there is none. */
static size_t name_of_inc(const struct who *w, const struct name *m, size_t i)
{
    const struct names *d = &w->names;
    const struct name *before = i > 0 ? &d->list[i - 1] : NULL;
    size_t comma = m->from - 1, from;

    if (!is_only_inc(w, m) || m->from < 2 || !names_is_mark(d, m->field, comma, ',') ||
        !same_sentence(d, m->field, comma - 1, m->from))
        return m->from;
    if (before != NULL && before->field == m->field && before->to == comma)
        return before->from;
    from = capitals_before(w, m->field, comma - 1);
    return from < comma ? from : m->from;
}

static void replace(struct who *w, const struct name *m, size_t from, size_t to,
                    const struct entity *en)
{
    enum entity_type type = en->type;
    struct str subtype = en->subtype;
    size_t entity;

    names_drop(&w->names, m->field, from, to);
    entity = names_new_entity(&w->names, type, subtype);
    (void)names_add(&w->names, entity, m->field, from, to, m->score);
}

bool who_complete(struct who *w)
{
    bool any = false;
    struct name last = {0}; /* what was replaced, to its new end */
    bool hyphens[2] = {who_hyphens_alone(w, 0), who_hyphens_alone(w, 1)};

    for (size_t i = 0; i < w->names.n; i++) {
        const struct name m = w->names.list[i];
        enum entity_type type = who_entity(w, i)->type;
        size_t from = m.from, to = m.to;

        if (type == ENTITY_PER)
            from = with_initials(&w->names, &m);
        if (type == ENTITY_PER && from == m.from)
            from = without_title(w, &m);
        if (hyphens[m.field])
            to = who_with_hyphens(w, i);
        if (type == ENTITY_ORG && to == m.to) {
            to = with_inc(w, &m);
            if (to == m.to)
                to = who_with_rest(w, i);
            from = name_of_inc(w, &m, i);
        }
        if ((from == m.from && to == m.to) ||
            (any && last.field == m.field && from < last.to))
            continue;
        last = m;
        last.to = (uint32_t)to;
        replace(w, &m, from, to, who_entity(w, i));
        any = true;
    }
    return any;
}
