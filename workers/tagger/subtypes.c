#include "labels.h"
#include "mix.h"
#include "subtypes.h"

#define WORDS_MAX 8 /* of a name that are looked at one by one */

_Static_assert(SUBTYPES <= ROW_WEIGHTS, "a row has a weight for each subtype");

static const char *const names[SUBTYPES] = {
    NULL, "GPE", "LOC", "FAC", "NORP", "LAW", "EVENT", "PROD", "WORK", "MISC",
};

static const unsigned fitting[LABEL_TYPES] = {
    [ENTITY_PER] = 1U << SUBTYPE_NONE,
    [ENTITY_ORG] = 1U << SUBTYPE_NONE,
    [ENTITY_LOC] = 1U << SUBTYPE_GPE | 1U << SUBTYPE_LOC | 1U << SUBTYPE_FAC,
    [ENTITY_EVENT] = 1U << SUBTYPE_EVENT,
    [ENTITY_MISC] = 1U << SUBTYPE_NORP | 1U << SUBTYPE_LAW | 1U << SUBTYPE_PROD |
                    1U << SUBTYPE_WORK | 1U << SUBTYPE_MISC,
};

const char *subtype_name(enum name_subtype s)
{
    return s < SUBTYPES ? names[s] : NULL;
}

bool subtype_from(struct str name, enum name_subtype *ret)
{
    for (unsigned s = SUBTYPE_NONE + 1; s < SUBTYPES; s++) {
        if (!str_eq(name, str_of(names[s])))
            continue;
        *ret = (enum name_subtype)s;
        return true;
    }
    return false;
}

bool subtype_fits(enum entity_type type, enum name_subtype s)
{
    return (fitting[type] >> s & 1) != 0;
}

/* ---- features ---- */

enum kind {
    BIAS = 200,
    WHOLE,
    FIRST,
    LAST,
    ANY,
    BEFORE,
    BEFORE2,
    BEHIND,
    BEHIND2,
    LENGTH,
    SUFFIX,
    SUFFIX4,
    SUFFIX2,
    PREFIX4,
    SHAPE,
    CLASS64,
    CLASS512,
    CLASS2048,
    FIRST_CLASS512,
    BEFORE_CLASS512,
    BEHIND_CLASS512,
    GAZ,
    GAZ_LONG,
    FLAG,
    LISTS,
    BESIDE_CASES,
    BEHIND_HYPHEN,
    BEFORE_BEHIND,
};

static inline void add(struct features *out, enum kind kind, enum entity_type type,
                       uint64_t a, uint64_t b)
{
    out->hash[out->n++] = mix_feature((uint64_t)kind, (uint64_t)type + 1, a, b);
}

static void add_words(const struct spot *s, size_t n, enum entity_type type,
                      struct features *out)
{
    uint64_t whole = n;

    for (size_t i = 0; i < n && i < WORDS_MAX; i++) {
        whole = mix(whole, s[i].word->small);
        add(out, ANY, type, s[i].word->small, 0);
    }
    add(out, WHOLE, type, whole, 0);
    add(out, FIRST, type, s[0].word->small, 0);
    add(out, LENGTH, type, n < 5 ? n : 5, s[0].word->is);
}

static void add_last(const struct word *w, enum entity_type type, struct features *out)
{
    add(out, LAST, type, w->small, 0);
    add(out, SUFFIX, type, w->suffix[2], 0);
    add(out, SUFFIX4, type, w->suffix[3], 0);
    add(out, SUFFIX2, type, w->suffix[1], 0);
    add(out, PREFIX4, type, w->prefix[3], 0);
    add(out, SHAPE, type, w->shape, 0);
    add(out, BEHIND_HYPHEN, type, w->behind, 0);
    add(out, CLASS64, type, (uint64_t)(w->class64 + 1), 0);
    add(out, CLASS512, type, (uint64_t)(w->class512 + 1), 0);
    add(out, CLASS2048, type, (uint64_t)(w->class2048 + 1), 0);
}

static void add_lists(const struct spot *s, size_t n, enum entity_type type,
                      struct features *out)
{
    unsigned gaz = n == 1 ? s->word->gaz : s->begins;

    for (unsigned k = 0; gaz != 0; gaz >>= 1, k++)
        if ((gaz & 1) != 0)
            add(out, n == 1 ? GAZ : GAZ_LONG, type, k, 0);
    for (unsigned f = s->flags, k = 0; f != 0; f >>= 1, k++)
        if ((f & 1) != 0)
            add(out, FLAG, type, k, 0);
    add(out, LISTS, type, s[n - 1].word->lists, 0);
}

void subtypes_features(const struct sentence *sentence, size_t from, size_t to,
                       enum entity_type type, struct features *out)
{
    const struct spot *s = &sentence->spots[from];
    size_t n = to - from;
    const struct word *before = s[-1].word, *behind = s[n].word;

    add(out, BIAS, type, 0, 0);
    add_words(s, n, type, out);
    add_last(s[n - 1].word, type, out);
    add(out, FIRST_CLASS512, type, (uint64_t)(s[0].word->class512 + 1), 0);
    add_lists(s, n, type, out);
    add(out, BEFORE, type, before->small, 0);
    add(out, BEHIND, type, behind->small, 0);
    add(out, BEFORE2, type, s[-2].word->small, before->small);
    add(out, BEHIND2, type, behind->small, s[n + 1].word->small);
    add(out, BEFORE_CLASS512, type, (uint64_t)(before->class512 + 1), 0);
    add(out, BEHIND_CLASS512, type, (uint64_t)(behind->class512 + 1), 0);
    add(out, BESIDE_CASES, type, before->is, behind->is);
    add(out, BEFORE_BEHIND, type, before->small, behind->small);
}

enum name_subtype subtypes_choose(const struct rows *rows, const struct sentence *s,
                                  size_t from, size_t to, enum entity_type type)
{
    _Alignas(32) int16_t sums[ROW_LANES] = {0};
    struct features f;
    enum name_subtype best = SUBTYPE_NONE;

    if (type == ENTITY_PER || type == ENTITY_ORG)
        return SUBTYPE_NONE;
    if (type == ENTITY_EVENT)
        return SUBTYPE_EVENT;
    if (rows == NULL)
        return SUBTYPE_NONE;
    f.n = 0;
    subtypes_features(s, from, to, type, &f);
    rows_add(rows, f.hash, f.n, sums);
    for (unsigned k = SUBTYPE_NONE + 1; k < SUBTYPES; k++)
        if (subtype_fits(type, (enum name_subtype)k) &&
            (best == SUBTYPE_NONE || sums[k] > sums[best]))
            best = (enum name_subtype)k;
    return best;
}
