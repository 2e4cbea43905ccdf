/* "Counter-Terrorism Implementation Task Force (CTITF)", "CTITF (Counter-…)": the letters
   of the short form must be found in the long one, in order, the first at the start of a
   word and most of them at starts (after Schwartz and Hearst, "A simple algorithm for
   identifying abbreviation definitions", 2003). A name that stands right before the
   parenthesis and begins with the same letter is believed with less: UNCCT is the United
   Nations Counter-Terrorism Centre. */
#include "article.h"

#define SHORT_MAX 10 /* letters of an acronym */
#define LONG_MORE 5  /* words of the long form more than letters of the short one */
#define SURE      0.95F

struct parentheses {
    struct article *d;
    enum field field;
    const struct words *t;
    size_t open, close; /* the tokens ( and ) */
};

static bool is_mark(const struct words *t, size_t i, char c)
{
    const struct word *k = &t->list[i];

    return k->end - k->start == 1 && t->text.p[k->start] == c;
}

/* Its letters in small, or 0: "CTITF", "U.N.", "MoD". */
static size_t acronym_letters(const struct words *t, size_t i, char *out)
{
    const struct word *k = &t->list[i];
    struct str key = word_key(t, k), text = word_text(t, k);
    size_t n = 0, capitals = 0;

    if ((k->flags & WORD_LETTERS) == 0 || (k->flags & WORD_CAP) == 0 || k->mode == 'A')
        return 0;
    for (size_t c = 0; c < text.n; c++)
        capitals += text.p[c] >= 'A' && text.p[c] <= 'Z';
    for (size_t c = 0; c < key.n; c++) {
        if (key.p[c] == '.' || key.p[c] == '-' || key.p[c] == '&')
            continue;
        if (n == SHORT_MAX)
            return 0;
        out[n++] = key.p[c];
    }
    return capitals >= 2 && capitals * 2 >= n && n >= 2 ? n : 0;
}

/* Whether the letters are found backwards in the words [from, to), the first of them at
   the start of word from. Counts those at starts of words or of parts of them. */
static bool letters_fit(const struct words *t, size_t from, size_t to,
                        const char *letters, size_t n)
{
    size_t at_start = 0, left = n;

    for (size_t i = to; i > from && left > 0; i--) {
        struct str key = word_key(t, &t->list[i - 1]);

        for (size_t c = key.n; c > 0 && left > 0; c--) {
            bool starts = c == 1 || key.p[c - 2] == '-';

            if (key.p[c - 1] != letters[left - 1] || (left == 1 && !(c == 1)))
                continue;
            if (left == 1 && i - 1 != from)
                continue;
            at_start += starts;
            left--;
        }
    }
    return left == 0 && at_start * 10 >= n * 6;
}

static bool may_be_long(const struct words *t, size_t from, size_t to)
{
    size_t capitals = 0;

    for (size_t i = from; i < to; i++) {
        const struct word *k = &t->list[i];

        if ((k->flags & (WORD_LETTERS | WORD_NUMBER | WORD_POSSESSIVE)) == 0 &&
            !is_mark(t, i, '&') && !is_mark(t, i, ','))
            return false;
        capitals += (k->flags & WORD_CAP) != 0;
    }
    return capitals >= 2 && (t->list[from].flags & WORD_CAP) != 0;
}

/* The start of the long form that ends before `end`; `end` when there is none. */
static size_t long_form_before(const struct words *t, size_t end, const char *letters,
                               size_t n)
{
    size_t most = n + LONG_MORE < 2 * n + 1 ? n + LONG_MORE : 2 * n + 1;

    for (size_t words = 2; words <= most && words <= end; words++) {
        size_t from = end - words;

        if ((t->list[from].flags & WORD_LETTERS) == 0 && !is_mark(t, from, '&') &&
            !is_mark(t, from, ',') && (t->list[from].flags & WORD_POSSESSIVE) == 0)
            break;
        if (word_key(t, &t->list[from]).p[0] == letters[0] && may_be_long(t, from, end) &&
            letters_fit(t, from, end, letters, n))
            return from;
        if ((t->list[from].flags & WORD_PARAGRAPH) != 0)
            break;
    }
    return end;
}

/* A name that was found and ends right there, of which the letters remind. */
static size_t name_before(const struct parentheses *p, const char *letters, size_t n)
{
    const struct words *t = p->t;
    size_t from = p->open, shared = 0;

    while (from > 0 && (t->list[from - 1].flags & WORD_TAKEN) != 0 &&
           p->open - from < SPAN_TOKENS_MAX)
        from--;
    if (p->open - from < 2 || word_key(t, &t->list[from]).p[0] != letters[0])
        return p->open;
    for (size_t i = from; i < p->open; i++) {
        char c = word_key(t, &t->list[i]).p[0];

        shared += memchr(letters, c, n) != NULL;
    }
    return shared * 3 >= n * 2 ? from : p->open;
}

static enum name_class class_at(const struct article *d, enum field field, size_t from,
                                size_t to)
{
    enum name_class is = CLASS_ORG;
    size_t lo = 0, hi = d->n_names;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const struct name *m = &d->names[mid];

        if (m->field < field || (m->field == field && m->to < to))
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo < d->n_names && d->names[lo].field == field && d->names[lo].from >= from &&
        d->names[lo].to == to && d->names[lo].is != CLASS_NONE)
        is = d->names[lo].is;
    /* Acronyms of persons are rare enough to be wrong. */
    return is == CLASS_PER || is == CLASS_NORP ? CLASS_ORG : is;
}

/* Remembers that two names are the same thing, by their words. */
static void pair(const struct parentheses *p, size_t long_from, size_t long_to,
                 size_t acronym)
{
    struct article *d = p->d;
    enum name_class is = class_at(d, p->field, long_from, long_to);

    if (d->n_pairs == PAIRS_MAX)
        return;
    d->pairs[d->n_pairs++] =
        (struct pair){.field = p->field,
                      .long_from = (uint32_t)long_from,
                      .long_to = (uint32_t)long_to,
                      .acronym = (uint32_t)acronym,
                      .is = is,
                      .key = article_key(p->t, long_from, long_to),
                      .short_key = article_key(p->t, acronym, acronym + 1)};
}

/* Long (SHORT) */
static bool take_short(const struct parentheses *p)
{
    char letters[SHORT_MAX];
    size_t n = p->close - p->open == 2 ? acronym_letters(p->t, p->open + 1, letters) : 0;
    size_t from;

    if (n == 0)
        return false;
    from = long_form_before(p->t, p->open, letters, n);
    if (from == p->open)
        from = name_before(p, letters, n);
    if (from == p->open)
        return false;
    pair(p, from, p->open, p->open + 1);
    return true;
}

/* SHORT (Long) */
static void take_long(const struct parentheses *p)
{
    char letters[SHORT_MAX];
    size_t n = p->open > 0 ? acronym_letters(p->t, p->open - 1, letters) : 0;
    size_t words = p->close - p->open - 1;

    if (n > 0 && words >= 2 && words <= n + LONG_MORE &&
        may_be_long(p->t, p->open + 1, p->close) &&
        word_key(p->t, &p->t->list[p->open + 1]).p[0] == letters[0] &&
        letters_fit(p->t, p->open + 1, p->close, letters, n))
        pair(p, p->open + 1, p->close, p->open - 1);
}

static void find_pairs(struct article *d, enum field field)
{
    struct parentheses p = {.d = d, .field = field, .t = &d->text[field]};
    bool is_open = false;

    for (size_t i = 0; i < p.t->n; i++) {
        if (is_mark(p.t, i, '(')) {
            p.open = i;
            is_open = true;
        } else if (is_open && is_mark(p.t, i, ')')) {
            p.close = i;
            is_open = false;
            if (!take_short(&p))
                take_long(&p);
        } else if (is_open && i - p.open > SHORT_MAX + LONG_MORE) {
            is_open = false;
        }
    }
}

/* Both forms are names then, whatever was seen there before. */
static void take_pairs(struct article *d)
{
    for (size_t i = 0; i < d->n_pairs; i++) {
        const struct pair *x = &d->pairs[i];

        article_drop(d, x->field, x->long_from, x->long_to);
        article_drop(d, x->field, x->acronym, x->acronym + 1);
    }
    for (size_t i = 0; i < d->n_pairs; i++) {
        const struct pair *x = &d->pairs[i];

        (void)article_add(d, x->field, x->long_from, x->long_to, x->is, SURE);
        (void)article_add(d, x->field, x->acronym, x->acronym + 1, x->is, SURE);
    }
}

void acronyms_find(struct article *d)
{
    d->n_pairs = 0;
    for (int i = 0; i < 2; i++)
        find_pairs(d, (enum field)i);
    take_pairs(d);
}
