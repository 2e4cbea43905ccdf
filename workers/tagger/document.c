/* A text is read in five turns, each once over its tokens: the words; names of gazetteers
   and runs of capitals; what it is about; what the places of a word say of its form; and
   back from the forms to all places. So the second "Wilson" knows that the first stood
   behind "Mr.". */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "document.h"
#include "mix.h"

#define EDGE     2  /* spots without a token around each sentence */
#define TOGETHER 64 /* words that are looked up */
#define ORG_AHEAD                                                        \
    5 /* tokens in which the end of an organisation's name is looked for \
       */

struct form {
    uint64_t acronym;
    uint32_t turn; /* of the document that it was last in */
    uint16_t flags;
    uint16_t count;
};

/* ---- words ---- */

static size_t sentence_add(struct document *d, struct words *w, const struct str *tokens,
                           size_t from, size_t to, size_t at)
{
    struct spot none = {.word = words_none(w)};
    const struct word *words[TOGETHER];

    for (size_t i = from, n; i < to; i += n) {
        n = to - i > TOGETHER ? TOGETHER : to - i;
        words_get_all(w, tokens + i, n, words);
        for (size_t k = 0; k < n; k++)
            d->spots[at++] = (struct spot){.word = words[k]};
    }
    for (size_t i = 0; i < EDGE; i++)
        d->spots[at++] = none;
    d->sentences[d->n++] = (struct sentence){
        .spots = &d->spots[at - EDGE - (to - from)], .n = to - from, .first = from};
    return at;
}

static void read_words(struct document *d, struct words *w, const struct str *tokens,
                       size_t n, const uint32_t *ends, size_t n_ends)
{
    size_t from = 0, at = 0;

    d->n = 0;
    d->sentences = mem_grow(d->sentences, &d->cap, n_ends + 1, sizeof *d->sentences);
    d->spots =
        mem_grow(d->spots, &d->spots_cap, n + EDGE * (n_ends + 2), sizeof *d->spots);
    while (at < EDGE)
        d->spots[at++] = (struct spot){.word = words_none(w)};
    for (size_t i = 0; i <= n_ends; i++) {
        size_t to = i < n_ends && ends[i] < n ? ends[i] : n;

        if (to > from)
            at = sentence_add(d, w, tokens, from, to, at);
        from = to > from ? to : from;
    }
}

/* ---- names of several tokens ---- */

static void mark_name(struct spot *s, size_t from, size_t to, uint32_t kinds)
{
    s[from].begins |= (uint16_t)kinds;
    for (size_t i = from + 1; i < to; i++)
        s[i].inside |= (uint16_t)kinds;
}

static void find_names(const struct words *w, struct spot *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t hash = mix(GAZ_START, s[i].word->key);
        uint32_t gaz = GAZ_GOES_ON;

        if (!s[i].word->goes_on || !word_is_capital(s[i].word))
            continue;
        for (size_t j = i + 1; j < n && j < i + GAZ_TOKENS && (gaz & GAZ_GOES_ON) != 0;
             j++) {
            hash = mix(hash, s[j].word->key);
            gaz = words_gaz(w, hash);
            if ((gaz & GAZ_MASK) != 0)
                mark_name(s, i, j + 1, gaz & GAZ_MASK);
        }
    }
}

/* ---- capitals of a sentence ---- */

static void count_case(struct sentence *s)
{
    size_t all = 0, some = 0, small = 0, words;

    for (size_t i = 0; i < s->n; i++) {
        const struct word *w = s->spots[i].word;

        all += w->is == CASE_ALL;
        some += w->is == CASE_FIRST || w->is == CASE_MIXED;
        small += w->is == CASE_SMALL;
    }
    words = all + some + small;
    s->capitals = words >= 2 && all * 10 >= words * 6 && small * 20 <= words * 3;
    s->title_case = !s->capitals && words > 3 && (all + some) * 10 > words * 6;
}

static bool links(const struct word *w)
{
    return (w->lists & (LIST_CONNECTS | LIST_HYPHEN)) != 0;
}

/* Runs may have "of" and the like inside; they begin behind the last of them. */
static void find_runs(struct spot *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!word_is_capital(s[i].word))
            continue;
        s[i].run_from =
            i > 0 && word_is_capital(s[i - 1].word) ? s[i - 1].run_from : (uint32_t)i;
    }
    for (size_t i = n; i-- > 0;) {
        if (!word_is_capital(s[i].word))
            continue;
        if (i + 1 < n && word_is_capital(s[i + 1].word))
            s[i].run_to = s[i + 1].run_to;
        else if (i + 2 < n && links(s[i + 1].word) && word_is_capital(s[i + 2].word))
            s[i].run_to = s[i + 2].run_to;
        else
            s[i].run_to = (uint32_t)i;
    }
}

static bool may_be_name(const struct word *w)
{
    if (w->is == CASE_SMALL)
        return w->number < 0; /* nobody knows it */
    return w->is != CASE_MARKS;
}

static uint8_t farther(uint8_t n)
{
    return n < UINT8_MAX ? (uint8_t)(n + 1) : n;
}

static void find_distances(struct spot *s, size_t n)
{
    uint8_t capital = UINT8_MAX, name = UINT8_MAX;

    for (size_t i = 0; i < n; i++) {
        s[i].from_capital = capital = word_is_capital(s[i].word) ? 0 : farther(capital);
        s[i].from_name = name = may_be_name(s[i].word) ? 0 : farther(name);
    }
    for (size_t i = n; i-- > 0; capital = farther(capital), name = farther(name)) {
        s[i].from_capital = capital =
            capital < s[i].from_capital ? capital : s[i].from_capital;
        s[i].from_name = name = name < s[i].from_name ? name : s[i].from_name;
    }
}

/* ---- from places to forms ---- */

static unsigned flags_of_names(const struct spot *s)
{
    unsigned kinds = (unsigned)s->begins | s->inside, flags = 0;

    if ((kinds & GAZ_BIT(GAZ_KNOWN_PER)) != 0)
        flags |= SPOT_PER;
    if ((kinds & (GAZ_BIT(GAZ_COUNTRY) | GAZ_BIT(GAZ_CITY_BIG) | GAZ_BIT(GAZ_REGION))) !=
        0)
        flags |= SPOT_LOC;
    if ((kinds & (GAZ_BIT(GAZ_ORG) | GAZ_BIT(GAZ_ORG_INT))) != 0)
        flags |= SPOT_LISTED_ORG;
    return flags;
}

static unsigned flags_of_before(const struct word *w, const struct word *before,
                                bool headline)
{
    bool capital = word_is_capital(before);
    unsigned flags = 0;

    if (!headline && before->is != CASE_MARKS)
        flags |= SPOT_INSIDE;
    if ((before->lists & LIST_TITLE) != 0 && (w->lists & LIST_TITLE) == 0)
        flags |= SPOT_TITLE;
    if (capital && (before->gaz & GAZ_BIT(GAZ_FIRST)) != 0 && !headline)
        flags |= SPOT_GIVEN;
    if ((before->lists & LIST_IN) != 0)
        flags |= SPOT_IN;
    if (capital && !headline)
        flags |= SPOT_MANY;
    if ((before->lists & LIST_SAID) != 0)
        flags |= SPOT_SAID;
    if ((before->lists & LIST_OPENS) != 0)
        flags |= SPOT_BRACKET;
    return flags;
}

static unsigned flags_of_behind(const struct spot *s, size_t left, bool headline)
{
    unsigned flags = 0;

    if (left == 0)
        return 0;
    if ((s[1].word->lists & LIST_TOLD) != 0)
        flags |= SPOT_SAID;
    if (headline)
        return flags;
    if (word_is_capital(s[1].word))
        flags |= SPOT_MANY;
    for (size_t i = 1; i <= left && i <= ORG_AHEAD; i++) {
        bool capital = word_is_capital(s[i].word);

        if (!capital && (s[i].word->lists & LIST_CONNECTS) == 0)
            break;
        if (capital && (s[i].word->lists & LIST_ORG) != 0)
            flags |= SPOT_ORG;
    }
    return flags;
}

static struct form *form_get(struct document *d, const struct word *w)
{
    struct form *f = &d->forms[w->form];

    if (f->turn != d->turn)
        *f = (struct form){.turn = d->turn};
    return f;
}

static bool in_brackets(const struct sentence *s, size_t i)
{
    return s->spots[i].word->is == CASE_ALL && i > 1 && i + 1 < s->n &&
           (s->spots[i - 1].word->lists & LIST_OPENS) != 0 &&
           (s->spots[i + 1].word->lists & LIST_CLOSES) != 0;
}

static void note_spot(struct document *d, const struct sentence *s, size_t i)
{
    const struct spot *spot = &s->spots[i];
    struct form *f = form_get(d, spot->word);
    bool headline = s->title_case || s->capitals;
    unsigned flags = flags_of_names(spot) | flags_of_behind(spot, s->n - i - 1, headline);

    if (i > 0)
        flags |= flags_of_before(spot->word, spot[-1].word, headline);
    if (in_brackets(s, i)) {
        const struct word *before = s->spots[i - 2].word;

        flags |= SPOT_ACRONYM;
        f->acronym = word_is_capital(before) ? before->small : 0;
    }
    f->flags |= (uint16_t)flags;
    if (f->count < 2)
        f->count++;
}

static void note_forms(struct document *d)
{
    for (size_t k = 0; k < d->n; k++) {
        const struct sentence *s = &d->sentences[k];

        for (size_t i = 0; i < s->n; i++) {
            const struct word *w = s->spots[i].word;

            if (w->is == CASE_SMALL)
                form_get(d, w)->flags |= SPOT_SMALL;
            else if (word_is_capital(w))
                note_spot(d, s, i);
        }
    }
}

/* ---- and back ---- */

static void mark_spots(struct document *d, struct spot *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct form *f;

        if (!word_is_capital(s[i].word))
            continue;
        f = &d->forms[s[i].word->form];
        s[i].flags = (uint16_t)(f->flags | (f->count > 1 ? SPOT_AGAIN : 0));
        s[i].acronym = f->acronym;
    }
}

static void make_forms(struct document *d, size_t n)
{
    if (n > d->forms_cap) {
        free(d->forms);
        d->forms_cap = n + n / 2;
        d->forms = mem_new_array(d->forms_cap, sizeof *d->forms);
        d->turn = 0;
    }
    if (++d->turn == 0) { /* all turns were used: forget them */
        memset(d->forms, 0, d->forms_cap * sizeof *d->forms);
        d->turn = 1;
    }
}

static void mark_topic(struct document *d, unsigned topic)
{
    for (size_t k = 0; k < d->n; k++)
        d->sentences[k].topic = (uint8_t)topic;
}

void tagger_document_read(struct document *d, struct words *w, const struct str *tokens,
                          size_t n, const uint32_t *ends, size_t n_ends)
{
    read_words(d, w, tokens, n, ends, n_ends);
    make_forms(d, words_forms(w));
    for (size_t k = 0; k < d->n; k++) {
        struct sentence *s = &d->sentences[k];
        struct spot *spots = &d->spots[s->spots - d->spots];

        find_names(w, spots, s->n);
        count_case(s);
        find_runs(spots, s->n);
        find_distances(spots, s->n);
    }
    mark_topic(d, topics_choose(words_topics(w), d));
    note_forms(d);
    for (size_t k = 0; k < d->n; k++)
        mark_spots(d, &d->spots[d->sentences[k].spots - d->spots], d->sentences[k].n);
}

void tagger_document_fini(struct document *d)
{
    free(d->sentences);
    free(d->spots);
    free(d->forms);
    *d = (struct document){0};
}
