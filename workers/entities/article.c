#include <stdlib.h>

#include "newsmq/mem.h"

#include "article.h"

#define SURE 0.6F /* of a name that only the lists know */

void article_fini(struct article *d)
{
    for (int i = 0; i < 2; i++)
        words_fini(&d->text[i]);
    spans_fini(&d->spans);
    free(d->names);
    free(d->groups);
    map_fini(&d->by_key);
    map_fini(&d->persons);
    map_fini(&d->shorts);
    *d = (struct article){.lexicon = d->lexicon};
}

/* ---- names ---- */

static uint64_t key_without_stops(const struct words *t, const struct word *k)
{
    struct str key = word_key(t, k);
    char plain[WORD_KEY_MAX + 8];
    size_t n = 0;

    if ((k->flags & WORD_DOTTED) == 0)
        return k->hash;
    for (size_t i = 0; i < key.n; i++)
        if (key.p[i] != '.')
            plain[n++] = key.p[i];
    return key_hash((struct str){plain, n});
}

uint64_t article_key(const struct words *t, size_t from, size_t to)
{
    uint64_t h = 0;

    if (to - from > 1 && str_eq(word_key(t, &t->list[from]), STR("the")))
        from++;
    for (size_t i = from; i < to; i++)
        h = phrase_hash(h, key_without_stops(t, &t->list[i]));
    return h;
}

bool article_add(struct article *d, enum field field, size_t from, size_t to,
                 enum name_class is, float score)
{
    struct words *t = &d->text[field];

    if (d->n_names == NAMES_MAX)
        return false;
    for (size_t i = from; i < to; i++)
        if ((t->list[i].flags & WORD_TAKEN) != 0)
            return false;
    for (size_t i = from; i < to; i++)
        t->list[i].flags |= WORD_TAKEN;
    d->names = mem_grow(d->names, &d->names_cap, d->n_names + 1, sizeof *d->names);
    d->names[d->n_names++] = (struct name){.from = (uint32_t)from,
                                           .to = (uint32_t)to,
                                           .field = field,
                                           .is = is,
                                           .score = score,
                                           .key = article_key(t, from, to)};
    return true;
}

void article_drop(struct article *d, enum field field, size_t from, size_t to)
{
    struct words *t = &d->text[field];
    size_t lo = 0, hi = d->n_names;

    /* Names are in order while this is called: only a few can touch the tokens. */
    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        const struct name *m = &d->names[mid];

        if (m->field < field || (m->field == field && m->to <= from))
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < d->n_names; lo++) {
        struct name *m = &d->names[lo];

        if (m->field != field || m->from >= to)
            break;
        for (size_t i = m->from; i < m->to; i++)
            t->list[i].flags &= (uint16_t)~WORD_TAKEN;
        m->is = CLASS_NONE;
    }
}

/* ---- finding ---- */

static void add_found(struct article *d, enum field field)
{
    spans_find(d->lexicon, &d->text[field], &d->seen, &d->spans);
    for (size_t i = 0; i < d->spans.n; i++) {
        const struct found *f = &d->spans.list[i];

        (void)article_add(d, field, f->from, f->to, f->is, f->score);
    }
}

static enum name_class class_of_known(const struct phrase *p, bool is_caps)
{
    static const unsigned places = 1U << PHRASE_COUNTRY | 1U << PHRASE_CITY;

    if (p == NULL || (p->kinds & 1U << PHRASE_TITLE) != 0)
        return CLASS_NONE;
    if ((p->kinds & places) != 0)
        return CLASS_GPE;
    if ((p->kinds & 1U << PHRASE_ORG) != 0 && is_caps)
        return CLASS_ORG; /* "NATO" is one everywhere, "Shell" may be a word */
    return CLASS_NONE;
}

/* The longest thing that the lists know, from each capitalised token on. */
static void add_known(struct article *d, enum field field)
{
    struct words *t = &d->text[field];

    for (size_t i = 0; i < t->n; i++) {
        enum name_class is = CLASS_NONE;
        size_t end = i;
        uint64_t h = 0;

        if ((t->list[i].flags & (WORD_CAP | WORD_LETTERS)) != (WORD_CAP | WORD_LETTERS))
            continue;
        for (size_t n = i; n < t->n && n - i < PHRASE_TOKENS_MAX; n++) {
            enum name_class known;

            h = phrase_hash(h, t->list[n].hash);
            known = class_of_known(
                lexicon_phrase(d->lexicon, h),
                n > i || ((t->list[i].flags & WORD_CAPS) != 0 && t->list[i].mode == 'n'));
            if (known == CLASS_NONE)
                continue;
            is = known;
            end = n + 1;
        }
        if (is != CLASS_NONE && article_add(d, field, i, end, is, SURE))
            i = end - 1;
    }
}

void article_read(struct article *d, const struct item *it, bool places_only)
{
    d->n_names = d->n_groups = 0;
    d->seen = (struct seen){0};
    map_reset(&d->by_key);
    map_reset(&d->persons);
    map_reset(&d->shorts);
    words_read(&d->text[FIELD_CONTENT_TEXT], it->content_text);
    words_read(&d->text[FIELD_TITLE], it->title);
    for (int i = 0; i < 2; i++) {
        lexicon_mark(d->lexicon, &d->text[i]);
        spans_prepare(&d->text[i], &d->seen);
    }
    for (int i = 0; i < 2; i++) {
        if (places_only)
            add_known(d, (enum field)i);
        else
            add_found(d, (enum field)i);
    }
}
