/* Names that were found in pieces, since something that is part of few names stands in
   them: "Ministry of Fisheries and Marine Resources", "Court of Justice of Bahia", and,
   in texts whose hyphens stand alone, "Lau Suk - han". */
#include "who.h"

#define TAIL_MAX 4 /* bytes of "han" */

static bool is_word(const struct form *f)
{
    return (f->flags & (FORM_WORD | FORM_CAP)) == (FORM_WORD | FORM_CAP);
}

static bool is_small(const struct form *f)
{
    return (f->flags & (FORM_WORD | FORM_CAP)) == FORM_WORD;
}

static bool is_beside(const struct who *w, const struct name *m, size_t i)
{
    const struct tokens *t = w->names.texts[m->field];

    return i < t->n && t->list[i].sentence == t->list[m->from].sentence;
}

/* ---- hyphens ---- */

static bool is_tail(const struct who *w, enum field field, size_t i)
{
    return is_small(&w->names.forms[field][i]) &&
           token_text(w->names.texts[field], i).n <= TAIL_MAX &&
           who_term(w, field, i) == 0;
}

/* Hyphens by what stands at their sides. */
struct hyphens {
    size_t inside, small, tails, others;
};

static void count_hyphen(const struct who *w, enum field field, size_t i,
                         struct hyphens *n)
{
    const struct tokens *t = w->names.texts[field];
    const struct form *forms = w->names.forms[field];
    struct str s = token_text(t, i);
    const char *at = memchr(s.p, '-', s.n);

    if (at == NULL)
        return;
    if (s.n > 1) {
        n->inside += at > s.p && at + 1 < s.p + s.n &&
                     (forms[i].flags & FORM_WORD) != 0 && memchr(s.p, '/', s.n) == NULL;
        return;
    }
    if (i == 0 || i + 1 == t->n)
        return;
    if (is_small(&forms[i - 1]) && is_small(&forms[i + 1]))
        n->small++;
    else if (is_word(&forms[i - 1]) && is_tail(w, field, i + 1))
        n->tails++;
    else if (!is_word(&forms[i - 1]) || !is_word(&forms[i + 1]))
        n->others++;
}

/* A text that writes "two - thirds", and no word with a hyphen inside. */
bool who_hyphens_alone(const struct who *w, enum field field)
{
    struct hyphens n = {0};

    for (size_t i = 0; i < w->names.texts[field]->n && n.inside == 0; i++)
        count_hyphen(w, field, i, &n);
    return n.inside == 0 && (n.small > 0 || (n.tails > 1 && n.others == 0));
}

/* The end of what a hyphen at `to` joins to the name; to: nothing. */
static size_t behind_hyphen(struct who *w, size_t i, size_t to)
{
    const struct names *d = &w->names;
    const struct name *m = &d->list[i], *next = m + 1;
    const struct form *f = &d->forms[m->field][to + 1];
    enum entity_type type = who_entity(w, i)->type;

    if (type == ENTITY_PER && i + 1 < d->n && next->field == m->field &&
        next->from == to + 1 && who_entity(w, i + 1)->type == ENTITY_PER)
        return next->to;
    if (type == ENTITY_ORG &&
        (f->flags & (FORM_LONE | FORM_CAP)) == (FORM_LONE | FORM_CAP))
        return to + 2;
    if ((type == ENTITY_PER || type == ENTITY_LOC) && is_tail(w, m->field, to + 1))
        return to + 2;
    return to;
}

size_t who_with_hyphens(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];
    size_t to = m->to, next;

    while (is_beside(w, m, to + 1) && names_is_mark(&w->names, m->field, to, '-')) {
        next = behind_hyphen(w, i, to);
        if (next == to)
            break;
        to = next;
    }
    return to;
}

/* ---- bodies ---- */

static bool is_key(const struct who *w, const struct name *m, size_t i, const char *word)
{
    return w->names.forms[m->field][i].key == names_word(word);
}

static bool is_office(const struct who *w, const struct name *m, size_t i)
{
    return (who_term(w, m->field, i) & TERM_OFFICE) != 0 &&
           is_word(&w->names.forms[m->field][i]);
}

/* "Ministry of …", "Directorate General for …" */
static bool has_fields(const struct who *w, const struct name *m)
{
    for (size_t i = m->from; i + 2 < m->to && i < m->from + 3; i++)
        if (is_office(w, m, i))
            for (size_t k = i + 1; k + 1 < m->to && k < i + 3; k++)
                if (is_key(w, m, k, "of") || is_key(w, m, k, "for"))
                    return true;
    return false;
}

/* "Court of Justice" of Bahia, "French Institute" of Pondicherry */
static size_t with_place(struct who *w, size_t i)
{
    const struct names *d = &w->names;
    const struct name *m = &d->list[i], *next = m + 1;
    size_t at = m->to + 1;

    if (i + 1 >= d->n || next->field != m->field || !is_beside(w, m, m->to + 1) ||
        !is_key(w, m, m->to, "of") || (!is_office(w, m, m->to - 1) && !has_fields(w, m)))
        return m->to;
    at += is_key(w, m, at, "the");
    return next->from == at && is_beside(w, m, at) &&
                   who_entity(w, i + 1)->type == ENTITY_LOC
               ? next->to
               : m->to;
}

/* Behind "Marine Resources"; i: none is there. */
static size_t field_end(const struct who *w, const struct name *m, size_t i)
{
    size_t to = i;

    while (is_beside(w, m, to) && is_word(&w->names.forms[m->field][to]) &&
           !is_office(w, m, to))
        to++;
    if (is_beside(w, m, to) && is_office(w, m, to))
        return i; /* "and Marine Resources Council": another body */
    return to > i && (who_term(w, m->field, to - 1) & TERM_FIELD) != 0 ? to : i;
}

/* "Ministry of Trade", Industry and Marine Resources */
static size_t with_fields(const struct who *w, const struct name *m)
{
    size_t to = m->to;

    while (is_beside(w, m, to + 1) && has_fields(w, m)) {
        size_t at = to + names_is_mark(&w->names, m->field, to, ','), end;
        bool last = is_key(w, m, at, "and");

        if (at == to && !last)
            break;
        at += last;
        at += last && is_beside(w, m, at) && is_key(w, m, at, "the");
        end = field_end(w, m, at);
        if (end == at)
            break;
        if (last)
            return end;
        to = end;
    }
    return m->to;
}

size_t who_with_rest(struct who *w, size_t i)
{
    const struct name *m = &w->names.list[i];
    size_t to = with_fields(w, m);

    return to > m->to ? to : with_place(w, i);
}
