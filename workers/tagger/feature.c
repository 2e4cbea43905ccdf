#include "feature.h"
#include "mix.h"

/* The numbers are part of the model: add at the end of a group, never in between. */
enum kind {
    BIAS = 1,
    EXACT,
    SMALL,
    BEFORE_SMALL,
    BEHIND_SMALL,
    BEFORE2_SMALL,
    BEHIND2_SMALL,
    SHAPE,
    LONG_SHAPE,
    CASE_PLACE,
    CASES,
    CASES_BEFORE,
    CASES_BEHIND,
    PREFIX, /* 4 */
    SUFFIX = PREFIX + WORD_AFFIXES,
    SUFFIX_CASE = SUFFIX + WORD_AFFIXES,
    BEFORE_SUFFIX,
    BEHIND_SUFFIX,
    PAIR_BEFORE,
    PAIR_BEHIND,
    AROUND,
    SHAPES,
    BEFORE_SHAPE,
    SHAPE_BEHIND,
    TWO_BEFORE,
    TWO_BEHIND,
    BEFORE2_CASE,
    BEHIND2_CASE,
    HYPHEN_FRONT,
    HYPHEN_BEHIND,
    LISTS,
    RUN_LAST,
    RUN_AFTER,
    RUN_BEFORE,
    RUN_LENGTH,
    RUN_ORG,
    RUN_FIRST,
    RUN_FIRST_LISTS,

    CLASS64 = 50,
    CLASS64_CASE,
    CLASS512,
    CLASS512_CASE,
    CLASS2048_CASE,
    CLASS_NONE,
    BEFORE_CLASS512,
    BEHIND_CLASS512,
    BEFORE2_CLASS512,
    BEHIND2_CLASS512,
    BEFORE_CLASS2048,
    BEHIND_CLASS2048,
    CLASSES_BEFORE,
    CLASSES_BEHIND,
    BEFORE_CLASS_CASE,
    BEHIND_CLASS_CASE,
    CLASSES512_BEFORE,
    CLASSES512_BEHIND,
    CLASSES_AROUND,

    GAZ_ALONE = 70,
    GAZ_BEGINS,
    GAZ_INSIDE,
    GAZ_CASE,
    GAZ_CASES,
    GAZ_WITH_BEHIND,
    GAZ_WITH_BEFORE,
    GAZ_INSIDE_SMALL,
    GAZ_BESIDE_SMALL,

    FLAG = 80,
    FLAGS_SEEN,
    FLAGS_BESIDE,
    FLAGS_SPEECH,
    ACRONYM,

    TOPIC_CASE = 90,
    TOPIC_GAZ,
    TOPIC_BEHIND,
    TOPIC_BEFORE,
    TOPIC_RUN,
};

static inline void add(struct features *out, enum kind kind, uint64_t a, uint64_t b,
                       uint64_t c)
{
    out->hash[out->n++] = mix_feature((uint64_t)kind, a, b, c);
}

static inline uint64_t class_of(int16_t number)
{
    return (uint64_t)(number + 1);
}

/* ---- words alone ---- */

static void add_classes(const struct word *w, struct features *out)
{
    if (w->class64 < 0) {
        add(out, CLASS_NONE, w->is, 0, 0);
        return;
    }
    add(out, CLASS64, class_of(w->class64), 0, 0);
    add(out, CLASS64_CASE, class_of(w->class64), w->is, 0);
    add(out, CLASS512, class_of(w->class512), 0, 0);
    add(out, CLASS512_CASE, class_of(w->class512), w->is, 0);
    add(out, CLASS2048_CASE, class_of(w->class2048), w->is, 0);
}

static void add_self(const struct word *w, struct features *out)
{
    add(out, BIAS, 0, 0, 0);
    add(out, SHAPE, w->shape, 0, 0);
    add(out, LONG_SHAPE, w->long_shape, 0, 0);
    for (int k = 0; k < WORD_AFFIXES; k++) {
        if (w->prefix[k] != 0)
            add(out, (enum kind)(PREFIX + k), w->prefix[k], 0, 0);
        if (w->suffix[k] != 0)
            add(out, (enum kind)(SUFFIX + k), w->suffix[k], 0, 0);
    }
    if (w->suffix[2] != 0)
        add(out, SUFFIX_CASE, w->suffix[2], w->is, 0);
    if (w->front != 0) {
        add(out, HYPHEN_FRONT, w->front, 0, 0);
        add(out, HYPHEN_BEHIND, w->behind, 0, 0);
    }
    add_classes(w, out);
    for (unsigned k = 0; word_is_capital(w) && k < GAZ_KINDS; k++)
        if ((w->gaz & GAZ_BIT(k)) != 0)
            add(out, GAZ_ALONE, k, w->is, 0);
}

static void add_beside(const struct word *w, bool before, struct features *out)
{
    add(out, before ? BEFORE_SMALL : BEHIND_SMALL, w->small, 0, 0);
    if (w->suffix[2] != 0)
        add(out, before ? BEFORE_SUFFIX : BEHIND_SUFFIX, w->suffix[2], 0, 0);
    add(out, before ? BEFORE_CLASS512 : BEHIND_CLASS512, class_of(w->class512), 0, 0);
    add(out, before ? BEFORE_CLASS2048 : BEHIND_CLASS2048, class_of(w->class2048), 0, 0);
}

static void add_far(const struct word *w, bool before, struct features *out)
{
    add(out, before ? BEFORE2_SMALL : BEHIND2_SMALL, w->small, 0, 0);
    add(out, before ? BEFORE2_CLASS512 : BEHIND2_CLASS512, class_of(w->class512), 0, 0);
}

void features_of_word(const struct word *w, enum features_part part, struct features *out)
{
    if (part == PART_IDENTITY) {
        add(out, EXACT, w->exact, 0, 0);
        add(out, SMALL, w->small, 0, 0);
    } else if (part == PART_SELF) {
        add_self(w, out);
    } else if (part == PART_BEFORE || part == PART_BEHIND) {
        add_beside(w, part == PART_BEFORE, out);
    } else {
        add_far(w, part == PART_BEFORE2, out);
    }
}

/* ---- words with their neighbours ---- */

struct around {
    const struct word *t, *p1, *p2, *n1, *n2; /* itself, previous, next */
};

static inline struct around around_of(const struct spot *s)
{
    return (struct around){s->word, s[-1].word, s[-2].word, s[1].word, s[2].word};
}

static inline uint64_t least(uint64_t n, uint64_t max)
{
    return n < max ? n : max;
}

static inline unsigned has(unsigned set, unsigned any, unsigned answer)
{
    return (set & any) != 0 ? answer : 0;
}

static unsigned lists_of(const struct around *a)
{
    unsigned t = a->t->lists, p = a->p1->lists, n = a->n1->lists;

    return has(t, LIST_TITLE, 1) | has(p, LIST_TITLE, 2) | has(n, LIST_TITLE, 4) |
           has(t, LIST_ORG, 8) | has(n, LIST_ORG, 16) | has(p, LIST_ORG, 32);
}

static void add_cases(const struct around *a, bool first, unsigned style,
                      struct features *out)
{
    uint64_t is = a->t->is;

    add(out, CASE_PLACE, is, first, style);
    add(out, CASES, is, a->p1->is, a->n1->is);
    add(out, CASES_BEFORE, is, a->p1->is, a->p2->is);
    add(out, CASES_BEHIND, is, a->n1->is, a->n2->is);
    add(out, LISTS, lists_of(a), is, 0);
}

static void add_words(const struct around *a, struct features *out)
{
    uint64_t is = a->t->is;

    add(out, AROUND, a->p1->small, a->n1->small, is);
    add(out, SHAPES, a->p1->shape, a->t->shape, a->n1->shape);
    add(out, BEFORE_SHAPE, a->p1->small, a->t->shape, 0);
    add(out, SHAPE_BEHIND, a->t->shape, a->n1->small, 0);
    add(out, TWO_BEFORE, a->p2->small, a->p1->small, is);
    add(out, TWO_BEHIND, a->n1->small, a->n2->small, is);
    add(out, BEFORE2_CASE, a->p2->small, is, 0);
    add(out, BEHIND2_CASE, a->n2->small, is, 0);
}

static void add_class_pairs(const struct around *a, struct features *out)
{
    uint64_t is = a->t->is, t = class_of(a->t->class64), p = class_of(a->p1->class64),
             n = class_of(a->n1->class64);

    add(out, CLASSES_BEFORE, p, t, is);
    add(out, CLASSES_BEHIND, t, n, is);
    add(out, BEFORE_CLASS_CASE, p, is, 0);
    add(out, BEHIND_CLASS_CASE, n, is, 0);
    add(out, CLASSES512_BEFORE, class_of(a->p1->class512), class_of(a->t->class512), 0);
    add(out, CLASSES512_BEHIND, class_of(a->t->class512), class_of(a->n1->class512), 0);
    add(out, CLASSES_AROUND, p, n, is);
}

static void add_run(const struct sentence *s, size_t i, struct features *out)
{
    const struct spot *at = &s->spots[i];
    const struct word *last = s->spots[at->run_to].word,
                      *first = s->spots[at->run_from].word;
    uint64_t ahead = at->run_to - i, back = i - at->run_from;

    add(out, RUN_LAST, last->small, least(ahead, 4), 0);
    add(out, RUN_AFTER, at->run_to + 1 < s->n ? s->spots[at->run_to + 1].word->small : 0,
        least(ahead, 3), 0);
    add(out, RUN_BEFORE, at->run_from > 0 ? s->spots[at->run_from - 1].word->small : 0,
        least(back, 3), 0);
    add(out, RUN_LENGTH, least(ahead, 4), least(back, 4), at->word->is);
    if ((last->lists & LIST_ORG) != 0)
        add(out, RUN_ORG, 1, 0, 0);
    if (back > 0) {
        add(out, RUN_FIRST, first->small, 0, 0);
        add(out, RUN_FIRST_LISTS, (first->lists & LIST_ORG) != 0,
            (first->lists & LIST_TITLE) != 0, 0);
    }
}

/* ---- gazetteers ---- */

static unsigned gaz_sort(const struct spot *s)
{
    unsigned g = s->word->gaz;

    return has(g, GAZ_BIT(GAZ_FIRST), 1) | has(g, GAZ_BIT(GAZ_LAST), 2) |
           has(g, GAZ_BIT(GAZ_COUNTRY), 4) |
           has(g, GAZ_BIT(GAZ_CITY_BIG) | GAZ_BIT(GAZ_CITY), 8) |
           has(g, GAZ_BIT(GAZ_PEOPLE), 16) |
           has(g, GAZ_BIT(GAZ_ORG) | GAZ_BIT(GAZ_ORG_INT) | GAZ_BIT(GAZ_KNOWN_ORG), 32) |
           (s->begins != 0 || s->inside != 0 ? 64 : 0);
}

static unsigned gaz_beside(const struct word *w, bool with_people)
{
    unsigned g = w->gaz;

    if (!word_is_capital(w))
        return 0;
    return has(g, GAZ_BIT(GAZ_FIRST), 1) | has(g, GAZ_BIT(GAZ_LAST), 2) |
           has(g, GAZ_BIT(GAZ_COUNTRY) | GAZ_BIT(GAZ_CITY_BIG), 4) |
           (with_people ? has(g, GAZ_BIT(GAZ_PEOPLE), 8) : 0);
}

static void add_gaz(const struct spot *s, const struct around *a, struct features *out)
{
    unsigned sort = gaz_sort(s);

    for (unsigned g = s->begins, k = 0; g != 0; g >>= 1, k++)
        if ((g & 1) != 0)
            add(out, GAZ_BEGINS, k, 0, 0);
    for (unsigned g = s->inside, k = 0; g != 0; g >>= 1, k++)
        if ((g & 1) != 0)
            add(out, GAZ_INSIDE, k, 0, 0);
    add(out, GAZ_CASE, sort, a->t->is, 0);
    add(out, GAZ_CASES, sort, a->n1->is, a->p1->is);
    add(out, GAZ_WITH_BEHIND, sort, gaz_beside(a->n1, false), a->n1->is);
    add(out, GAZ_WITH_BEFORE, sort, gaz_beside(a->p1, true), a->p1->is);
}

static void add_gaz_small(const struct spot *s, const struct around *a,
                          struct features *out)
{
    if (s->inside != 0)
        add(out, GAZ_INSIDE_SMALL, s->inside, 0, 0);
    add(out, GAZ_BESIDE_SMALL, word_is_capital(a->n1) && a->n1->gaz != 0,
        word_is_capital(a->p1) && a->p1->gaz != 0, a->t->is);
}

/* ---- the text ---- */

static void add_flags(const struct spot *s, const struct around *a, bool first,
                      unsigned style, struct features *out)
{
    unsigned flags = s->flags;

    for (unsigned f = flags, k = 0; f != 0; f >>= 1, k++)
        if ((f & 1) != 0)
            add(out, FLAG, k, a->t->is, 0);
    add(out, FLAGS_SEEN, flags & (SPOT_SMALL | SPOT_INSIDE), first, style);
    add(out, FLAGS_BESIDE,
        flags & (SPOT_TITLE | SPOT_GIVEN | SPOT_ORG | SPOT_IN | SPOT_SAID | SPOT_MANY),
        a->t->is, 0);
    add(out, FLAGS_SPEECH, flags & (SPOT_TITLE | SPOT_GIVEN | SPOT_SAID), a->p1->is,
        a->n1->is);
    if (s->acronym != 0)
        add(out, ACRONYM, s->acronym, 0, 0);
}

static void add_topic(const struct sentence *s, size_t i, unsigned style,
                      struct features *out)
{
    const struct spot *at = &s->spots[i];
    const struct word *before = at[-1].word, *behind = at[1].word;
    uint64_t topic = s->topic, is = at->word->is;

    if (topic == 0)
        return;
    add(out, TOPIC_CASE, topic, is, style);
    add(out, TOPIC_GAZ, topic, gaz_sort(at), is);
    add(out, TOPIC_BEHIND, topic, class_of(behind->class64), behind->is);
    add(out, TOPIC_BEFORE, topic, class_of(before->class64), before->is);
    add(out, TOPIC_RUN, topic, least(at->run_to - i, 3), least(i - at->run_from, 3));
}

void features_of_spot(const struct sentence *s, size_t i, struct features *out)
{
    const struct spot *at = &s->spots[i];
    struct around a = around_of(at);
    unsigned style = s->capitals ? 2 : s->title_case ? 1 : 0;

    add_cases(&a, i == 0, style, out);
    add_words(&a, out);
    add_class_pairs(&a, out);
    if (word_is_capital(a.t)) {
        add_run(s, i, out);
        add_gaz(at, &a, out);
        add_flags(at, &a, i == 0, style, out);
        add_topic(s, i, style, out);
    } else {
        add_gaz_small(at, &a, out);
    }
}

void features_of_pairs(const struct sentence *s, size_t i, struct features *out)
{
    struct around a = around_of(&s->spots[i]);

    add(out, PAIR_BEFORE, a.p1->small, a.t->small, 0);
    add(out, PAIR_BEHIND, a.t->small, a.n1->small, 0);
}
