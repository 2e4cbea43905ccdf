/* Groups as entities: one type, one name, how much the text is about it. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "article.h"

#define ALIASES_MAX 16
#define SHORT_MAX   6    /* bytes of "U.S.A." */
#define FREQUENT    3    /* mentions, at the least */
#define ABOUT       0.5F /* salience from which a text is about it */

static const struct {
    enum entity_type type;
    struct str subtype;
} classes[CLASSES] = {
    [CLASS_NONE] = {ENTITY_MISC, {NULL, 0}},
    [CLASS_PER] = {ENTITY_PER, {NULL, 0}},
    [CLASS_ORG] = {ENTITY_ORG, {NULL, 0}},
    [CLASS_GPE] = {ENTITY_LOC, STR_INIT("GPE")},
    [CLASS_LOC] = {ENTITY_LOC, STR_INIT("LOC")},
    [CLASS_FAC] = {ENTITY_LOC, STR_INIT("FAC")},
    [CLASS_NORP] = {ENTITY_MISC, STR_INIT("NORP")},
    [CLASS_LAW] = {ENTITY_MISC, STR_INIT("LAW")},
    [CLASS_EVENT] = {ENTITY_EVENT, {NULL, 0}},
    [CLASS_PROD] = {ENTITY_MISC, STR_INIT("PROD")},
    [CLASS_WORK] = {ENTITY_MISC, STR_INIT("WORK")},
    [CLASS_MISC] = {ENTITY_MISC, {NULL, 0}},
};

/* One root while its entity is made. */
struct making {
    uint32_t group;
    size_t names, in_title;
    float score;   /* of the best mention */
    bool is_early; /* in the first paragraph */
    float salience;
    bool is_frequent; /* runs through the text: half as often as the first, or more */
    uint32_t best;    /* the name that is its canonical form */
    uint32_t start;   /* for the order */
};

static struct str surface(const struct article *d, const struct name *m)
{
    const struct words *t = &d->text[m->field];

    return str_slice(t->text, t->list[m->from].start, t->list[m->to - 1].end);
}

/* Longer in words, then not shouted, then longer in letters. */
static bool is_better_name(const struct article *d, const struct name *a,
                           const struct name *b)
{
    bool loud_a = d->text[a->field].list[a->from].mode == 'A';
    bool loud_b = d->text[b->field].list[b->from].mode == 'A';

    if (a->to - a->from != b->to - b->from)
        return a->to - a->from > b->to - b->from;
    if (loud_a != loud_b)
        return loud_b;
    return false;
}

static size_t first_paragraph_end(const struct words *t)
{
    for (size_t i = 1; i < t->n; i++)
        if ((t->list[i].flags & WORD_PARAGRAPH) != 0)
            return t->list[i].start;
    return t->text.n;
}

static void gather(struct article *d, struct making *list)
{
    size_t early = first_paragraph_end(&d->text[FIELD_CONTENT_TEXT]);

    for (size_t i = 0; i < d->n_names; i++) {
        const struct name *m = &d->names[i];
        struct making *x = &list[article_root(d, m->group)];
        uint32_t start = d->text[m->field].list[m->from].start;

        if (x->names++ == 0) {
            x->best = (uint32_t)i;
            x->start = start;
        } else if (is_better_name(d, m, &d->names[x->best])) {
            x->best = (uint32_t)i;
        }
        x->in_title += m->field == FIELD_TITLE;
        x->is_early |= m->field == FIELD_CONTENT_TEXT && start < early;
        if (m->score > x->score)
            x->score = m->score;
    }
}

static void judge(const struct article *d, struct making *list)
{
    size_t most = 3;

    for (size_t i = 0; i < d->n_groups; i++)
        if (list[i].names > most)
            most = list[i].names;
    for (size_t i = 0; i < d->n_groups; i++) {
        list[i].salience = 0.5F * (float)list[i].names / (float)most +
                           (list[i].in_title > 0 ? 0.3F : 0) +
                           (list[i].is_early ? 0.2F : 0);
        list[i].is_frequent = list[i].names >= FREQUENT && list[i].names * 2 >= most;
    }
}

static int by_salience(const void *a, const void *b)
{
    const struct making *x = a, *y = b;

    if (x->salience != y->salience)
        return x->salience > y->salience ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

static bool is_short_form(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] >= 'a' && name.p[i] <= 'z')
            return false;
    return name.n <= SHORT_MAX;
}

static void add_alias(struct result *out, struct entity *en, struct str text)
{
    if (en->n_aliases == ALIASES_MAX || str_eq(text, en->name))
        return;
    for (size_t i = 0; i < en->n_aliases; i++)
        if (str_eq(en->aliases[i], text))
            return;
    if (en->aliases == NULL)
        en->aliases = arena_alloc(&out->arena, ALIASES_MAX * sizeof *en->aliases);
    en->aliases[en->n_aliases++] = text;
}

/* The lists know "UN" and "U.S." by their long forms. A person is as the text says, and
   so is a place: Geneva is not Genève here. */
static bool wants_listed_name(const struct entity *en, enum name_class is)
{
    if (is == CLASS_PER || is == CLASS_NORP)
        return false;
    return en->type != ENTITY_LOC || is_short_form(en->name);
}

static void write_entity(struct article *d, const struct making *x, struct result *out)
{
    const struct group *g = &d->groups[x->group];
    enum name_class is = group_class(g);
    struct entity *en = result_add_entity(out);

    en->type = classes[is].type;
    en->subtype = classes[is].subtype;
    en->name = surface(d, &d->names[x->best]);
    if (g->phrase != NULL && wants_listed_name(en, is))
        en->name = arena_dup(&out->arena, g->phrase->name);
    en->salience = x->salience;
    en->is_about = is != CLASS_NORP && (x->salience >= ABOUT || x->is_frequent);
    en->score = x->score;
}

static int by_place(const void *a, const void *b)
{
    const struct name *x = a, *y = b;

    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

static void write_mentions(struct article *d, const uint32_t *entity_of,
                           struct result *out)
{
    if (d->n_names > 1)
        qsort(d->names, d->n_names, sizeof *d->names, by_place);
    for (size_t i = 0; i < d->n_names; i++) {
        const struct name *m = &d->names[i];
        const struct words *t = &d->text[m->field];
        struct entity *en = &out->entities[entity_of[article_root(d, m->group)]];

        (void)result_add_mention(
            out, en,
            (struct span){t->list[m->from].start, t->list[m->to - 1].end, m->field},
            m->score);
        add_alias(out, en, surface(d, m));
    }
}

void entities_write(struct article *d, struct result *out)
{
    struct making *list =
        mem_new_array(d->n_groups, sizeof *list); /* at most NAMES_MAX */
    uint32_t *entity_of = mem_new_array(d->n_groups, sizeof *entity_of);
    size_t n = 0;

    gather(d, list);
    judge(d, list);
    for (uint32_t i = 0; i < d->n_groups; i++) {
        list[i].group = i;
        if (list[i].names > 0)
            list[n++] = list[i];
    }
    if (n > 1)
        qsort(list, n, sizeof *list, by_salience);
    for (size_t i = 0; i < n; i++) {
        entity_of[list[i].group] = (uint32_t)out->n_entities;
        write_entity(d, &list[i], out);
    }
    write_mentions(d, entity_of, out);
    free(list);
    free(entity_of);
}
