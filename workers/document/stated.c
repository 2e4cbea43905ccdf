/* Names of one thing because the text says so: "X, known as Y", "X alias Y", "X, or
   XYZ,", "X (XYZ)", "She was born X". Between the two stand only words that say it, small
   words beside them, marks, and at most one other name ("known in Peru as Y"). */
#include "newsmq/text.h"

#include "who.h"

#define GAP_MAX    10    /* tokens between two names */
#define OTHER_MAX  3     /* tokens of the other name between them */
#define FIRST_WIDE 0x370 /* letters from there on are not Latin */

/* Two names and what is between them. */
struct gap {
    const struct name *a, *b;
    size_t marks, named, between, others;
    bool opens; /* a parenthesis begins it */
};

static bool is_letter_of_latin(struct str s)
{
    size_t len;

    return s.n > 0 && utf8_decode(s.p, s.p + s.n, &len) < FIRST_WIDE;
}

/* False: something stands there that does not say it. */
static bool read_gap(struct who *w, size_t first, size_t second, struct gap *g)
{
    struct names *d = &w->names;

    *g = (struct gap){.a = &d->list[first], .b = &d->list[second]};
    if (g->b->from - g->a->to > GAP_MAX || g->a->field != g->b->field)
        return false;
    g->opens = g->a->to < g->b->from && names_is_mark(d, g->a->field, g->a->to, '(');
    for (size_t i = g->a->to; i < g->b->from; i++) {
        uint64_t terms = who_term(w, g->a->field, i);
        const struct form *f = &d->forms[g->a->field][i];

        if ((f->flags & FORM_TAKEN) != 0)
            g->others++;
        else if ((f->flags & FORM_WORD) == 0)
            g->marks++;
        else if ((terms & TERM_NAMED) != 0)
            g->named++;
        else if ((terms & TERM_BETWEEN) != 0)
            g->between++;
        else
            return false;
    }
    return g->others <= OTHER_MAX && !names_is_mark(d, g->a->field, g->b->from - 1, '.');
}

static bool closes(const struct names *d, const struct name *b)
{
    return b->to < d->texts[b->field]->n && names_is_mark(d, b->field, b->to, ')');
}

/* Each capital of one word, in order, among the first letters of the other's. */
static bool begins_alike(const struct names *d, const struct name *a,
                         const struct name *b)
{
    char x[8], y[8];
    size_t n = names_fold(token_text(d->texts[a->field], a->from), x, sizeof x);
    size_t m = names_fold(token_text(d->texts[b->field], b->from), y, sizeof y);

    return n > 0 && m > 0 && x[0] == y[0];
}

/* "Maritime Safety Authority (Samsa)", "Maritime Safety Authority, or MSA," */
static bool is_short_form(const struct names *d, const struct gap *g)
{
    return g->b->to - g->b->from == 1 && g->a->to - g->a->from > 1 &&
           begins_alike(d, g->a, g->b);
}

/* "a group within X called Y": not X. */
static bool is_bare(const struct who *w, const struct gap *g)
{
    return (who_term(w, g->a->field, g->a->to) & (TERM_NAMED | TERM_ALIAS)) == TERM_NAMED;
}

static bool is_stated(struct who *w, const struct gap *g)
{
    const struct names *d = &w->names;
    size_t n = g->b->from - g->a->to;
    enum entity_type type = who_entity(w, (size_t)(g->a - d->list))->type;

    if (type != who_entity(w, (size_t)(g->b - d->list))->type || n == 0)
        return false;
    if (g->named > 0)
        return !is_bare(w, g);
    if (g->others > 0)
        return false;
    if (n == 1 && g->opens && closes(d, g->b))
        return is_letter_of_latin(token_text(d->texts[g->a->field], g->a->from)) !=
                   is_letter_of_latin(token_text(d->texts[g->b->field], g->b->from)) ||
               (type == ENTITY_ORG && is_short_form(d, g));
    return type == ENTITY_ORG && n == 2 && g->marks == 1 && g->between == 1 &&
           (who_term(w, g->a->field, g->b->from - 1) & TERM_OR) != 0 &&
           is_short_form(d, g);
}

/* "Born Ida Mae Willis": who was named before by the same given name. */
static void was_born(struct who *w, size_t i)
{
    struct names *d = &w->names;
    const struct name *m = &d->list[i];

    if (m->from == 0 || m->to - m->from < 2 ||
        (who_term(w, m->field, m->from - 1) & TERM_BORN) == 0)
        return;
    for (size_t k = i; k > 0 && d->list[k - 1].field == m->field; k--) {
        const struct name *other = &d->list[k - 1];

        if (other->to - other->from > 1 && who_entity(w, k - 1)->type == ENTITY_PER &&
            d->forms[m->field][other->from].key == d->forms[m->field][m->from].key) {
            who_unite(w, who_is(w, i), who_is(w, k - 1));
            return;
        }
    }
}

void who_stated(struct who *w)
{
    struct gap g;

    for (size_t i = 0; i < w->names.n; i++) {
        if (who_entity(w, i)->type == ENTITY_PER)
            was_born(w, i);
        for (size_t k = i + 1; k < w->names.n && k <= i + 2; k++) {
            if (!read_gap(w, i, k, &g) ||
                (k > i + 1 && who_entity(w, i + 1)->type == who_entity(w, k)->type))
                break;
            if (is_stated(w, &g)) {
                who_unite(w, who_is(w, k), who_is(w, i));
                break;
            }
        }
    }
}
