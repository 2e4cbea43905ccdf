/* What the record says of each entity, the most important first: one name, the others,
   how much the text is about it. */
#include <stdlib.h>

#include "who.h"

#define ALIASES_MAX 16
#define SHORT_MAX   8    /* bytes of "U.S.A." */
#define FREQUENT    3    /* mentions, at the least */
#define ABOUT       0.5F /* salience from which a text is about it */

struct order {
    struct entity entity;
    uint32_t start; /* of its first mention; the body before the title */
};

static struct str text_of(const struct who *w, struct span s)
{
    return str_slice(w->names.texts[s.field]->text, s.start, s.end);
}

static int by_place(const void *a, const void *b)
{
    const struct span *x = &((const struct mention *)a)->span;
    const struct span *y = &((const struct mention *)b)->span;

    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

/* ---- names ---- */

static size_t count_words(struct str s)
{
    size_t n = 1;

    for (size_t i = 0; i + 1 < s.n; i++)
        n += s.p[i] == ' ' && s.p[i + 1] != ' ';
    return n;
}

static bool has_small(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] >= 'a' && s.p[i] <= 'z') || (unsigned char)s.p[i] >= 0x80)
            return true;
    return false;
}

static bool has_stop(struct str s)
{
    return memchr(s.p, '.', s.n) != NULL;
}

/* More words, then not in capitals only, then no abbreviation. */
static bool is_better(struct str a, struct str b)
{
    size_t n = count_words(a), m = count_words(b);

    if (n != m)
        return n > m;
    if (has_small(a) != has_small(b))
        return has_small(a);
    return !has_stop(a) && has_stop(b);
}

static void set_name(const struct who *w, struct entity *en)
{
    const struct known *k;

    en->name = text_of(w, en->mentions[0].span);
    for (size_t i = 1; i < en->n_mentions; i++) {
        struct str text = text_of(w, en->mentions[i].span);

        if (is_better(text, en->name))
            en->name = text;
    }
    if (en->name.n > SHORT_MAX || has_small(en->name))
        return;
    k = terms_known(w->terms, names_phrase(en->name));
    if (k != NULL && k->type == en->type)
        en->name = arena_dup(&w->names.out->arena, k->name);
}

static bool is_alias(const struct entity *en, struct str text)
{
    if (str_eq(text, en->name))
        return false;
    for (size_t i = 0; i < en->n_aliases; i++)
        if (str_eq(en->aliases[i], text))
            return false;
    return true;
}

static void set_aliases(const struct who *w, struct entity *en)
{
    en->aliases = NULL;
    en->n_aliases = 0;
    for (size_t i = 0; i < en->n_mentions && en->n_aliases < ALIASES_MAX; i++) {
        struct str text = text_of(w, en->mentions[i].span);

        if (!is_alias(en, text))
            continue;
        if (en->aliases == NULL)
            en->aliases =
                arena_alloc(&w->names.out->arena, ALIASES_MAX * sizeof *en->aliases);
        en->aliases[en->n_aliases++] = text;
    }
}

/* ---- how important ---- */

static size_t first_paragraph_end(const struct tokens *t)
{
    for (size_t i = 1; i < t->n; i++)
        if ((t->list[i].flags & TOKEN_PARAGRAPH) != 0)
            return t->list[i].start;
    return t->text.n;
}

static void judge(const struct who *w, struct entity *en, size_t most, size_t early)
{
    bool in_title = false, is_early = false, is_frequent;

    for (size_t i = 0; i < en->n_mentions; i++) {
        in_title |= en->mentions[i].span.field == FIELD_TITLE;
        is_early |= en->mentions[i].span.field == FIELD_CONTENT_TEXT &&
                    en->mentions[i].span.start < early;
    }
    en->salience = 0.5F * (float)en->n_mentions / (float)most + (in_title ? 0.3F : 0) +
                   (is_early ? 0.2F : 0);
    is_frequent = en->n_mentions >= FREQUENT && en->n_mentions * 2 >= most;
    en->is_about =
        !str_eq(en->subtype, STR("NORP")) && (en->salience >= ABOUT || is_frequent);
    (void)w;
}

static int by_salience(const void *a, const void *b)
{
    const struct order *x = a, *y = b;

    if (x->entity.salience != y->entity.salience)
        return x->entity.salience > y->entity.salience ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

static void sort(struct result *r)
{
    struct order *list = mem_new_array(r->n_entities + 1, sizeof *list);

    for (size_t i = 0; i < r->n_entities; i++)
        list[i] = (struct order){r->entities[i], r->entities[i].mentions[0].span.start};
    if (r->n_entities > 1)
        qsort(list, r->n_entities, sizeof *list, by_salience);
    for (size_t i = 0; i < r->n_entities; i++)
        r->entities[i] = list[i].entity;
    free(list);
}

void who_describe(struct who *w)
{
    struct result *r = w->names.out;
    size_t early = first_paragraph_end(w->names.texts[FIELD_CONTENT_TEXT]), most = 3;

    result_tidy(r);
    for (size_t i = 0; i < r->n_entities; i++) {
        struct entity *en = &r->entities[i];

        if (en->n_mentions > most)
            most = en->n_mentions;
        if (en->n_mentions > 1)
            qsort(en->mentions, en->n_mentions, sizeof *en->mentions, by_place);
        set_name(w, en);
        set_aliases(w, en);
    }
    for (size_t i = 0; i < r->n_entities; i++)
        judge(w, &r->entities[i], most, early);
    sort(r);
}
