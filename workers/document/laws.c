/* Laws and treaties by their head words: "the Charter and the Universal Declaration" are
   two, and a strategy is no body. */
#include "who.h"

static bool is_law(const struct who *w, enum field field, size_t token)
{
    return (who_term(w, field, token) & TERM_LAW) != 0 &&
           (w->names.forms[field][token].flags & FORM_CAP) != 0;
}

static bool has_law(const struct who *w, enum field field, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (is_law(w, field, i))
            return true;
    return false;
}

/* The "and" of two laws in one name; m->to when there is none. */
static size_t seam(const struct who *w, const struct name *m)
{
    const struct form *forms = w->names.forms[m->field];

    for (size_t i = m->from + 1; i + 2 < m->to; i++)
        if (forms[i].key == names_word("and") && forms[i + 1].key == names_word("the") &&
            is_law(w, m->field, i - 1) && has_law(w, m->field, i + 2, m->to))
            return i;
    return m->to;
}

static void add(struct who *w, const struct name *m, size_t from, size_t to)
{
    size_t entity = names_new_entity(&w->names, ENTITY_MISC, STR("LAW"));

    (void)names_add(&w->names, entity, m->field, from, to, m->score);
}

bool who_split_laws(struct who *w)
{
    bool any = false;

    for (size_t i = 0; i < w->names.n; i++) {
        struct name m = w->names.list[i];
        size_t at = seam(w, &m);

        if (at == m.to)
            continue;
        names_drop(&w->names, m.field, m.from, m.to);
        add(w, &m, m.from, at);
        add(w, &m, at + 2, m.to);
        any = true;
    }
    return any;
}

/* Its last word, or the one in front of "of" or "on". */
static bool is_named_law(const struct who *w, const struct name *m)
{
    const struct form *forms = w->names.forms[m->field];

    if (m->to - m->from < 2)
        return false;
    for (size_t i = m->from; i < m->to; i++)
        if (is_law(w, m->field, i) &&
            (i + 1 == m->to || (i > m->from && (forms[i + 1].key == names_word("of") ||
                                                forms[i + 1].key == names_word("on")))))
            return true;
    return false;
}

void who_laws(struct who *w)
{
    for (size_t i = 0; i < w->names.n; i++) {
        struct entity *en = who_entity(w, i);

        if (en->type != ENTITY_ORG || !is_named_law(w, &w->names.list[i]))
            continue;
        en->type = ENTITY_MISC;
        en->subtype = STR("LAW");
    }
}
