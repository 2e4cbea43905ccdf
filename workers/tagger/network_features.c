/* The features of the network. Those of neighbours are left to its layers, which see
   three tokens each. Pieces of three to five letters from anywhere in the word were tried
   for names that were never seen, and hurt just those. */
#include "network_features.h"

#include "mix.h"

enum kind {
    KIND_EXACT = 1,
    KIND_SMALL,
    KIND_PLACE,
    KIND_SHAPE,
    KIND_LONG_SHAPE,
    KIND_FRONT,
    KIND_BEHIND,
    KIND_LISTS,
    KIND_UNKNOWN,
    KIND_CLASS,
    KIND_CLASS_CASE,
    KIND_LISTED,
    KIND_BEGINS,
    KIND_INSIDE,
    KIND_FLAG,
    KIND_FLAGS,
    KIND_ACRONYM,
    KIND_PREFIX,
    KIND_SUFFIX = KIND_PREFIX + WORD_AFFIXES,
    KIND_TOPIC = KIND_SUFFIX + WORD_AFFIXES,
};

static uint64_t *add(uint64_t *at, uint64_t kind, uint64_t a, uint64_t b)
{
    *at = mix_feature(kind, a, b, 0);
    return at + 1;
}

static uint64_t *add_affixes(uint64_t *at, const struct word *w)
{
    for (unsigned k = 0; k < WORD_AFFIXES; k++) {
        if (w->prefix[k] != 0 && k + 1 < WORD_AFFIXES)
            at = add(at, KIND_PREFIX + k, w->prefix[k], 0);
        if (w->suffix[k] != 0)
            at = add(at, KIND_SUFFIX + k, w->suffix[k], 0);
    }
    return at;
}

static uint64_t *add_bits(uint64_t *at, uint64_t kind, uint32_t bits, uint64_t with)
{
    for (uint64_t k = 0; bits != 0; bits >>= 1, k++)
        if (bits & 1)
            at = add(at, kind, k, with);
    return at;
}

size_t network_word_features(const struct word *w, uint64_t ret[NETWORK_WORD_FEATURES])
{
    uint64_t *at = ret;

    at = add(at, KIND_SMALL, w->small, 0);
    at = add(at, KIND_EXACT, w->exact, 0);
    at = add(at, KIND_SHAPE, w->shape, 0);
    at = add(at, KIND_LONG_SHAPE, w->long_shape, 0);
    at = add_affixes(at, w);
    at = add(at, KIND_LISTS, w->lists & (LIST_TITLE | LIST_ORG), w->is);
    if (w->class64 < 0) {
        at = add(at, KIND_UNKNOWN, w->is, 0);
    } else {
        at = add(at, KIND_CLASS, (uint64_t)w->class512, 0);
        at = add(at, KIND_CLASS_CASE, (uint64_t)w->class64, w->is);
    }
    if (w->front != 0)
        at = add(at, KIND_FRONT, w->front, 0);
    if (w->behind != 0)
        at = add(at, KIND_BEHIND, w->behind, 0);
    if (word_is_capital(w))
        at = add_bits(at, KIND_LISTED, w->gaz, w->is);
    return (size_t)(at - ret);
}

size_t network_spot_features(const struct sentence *s, size_t i,
                             uint64_t ret[NETWORK_SPOT_FEATURES])
{
    const struct spot *spot = &s->spots[i];
    const uint16_t telling =
        SPOT_SMALL | SPOT_TITLE | SPOT_GIVEN | SPOT_ORG | SPOT_IN | SPOT_MANY | SPOT_SAID;
    uint64_t *at = ret, style = s->capitals ? 2 : s->title_case ? 1 : 0;

    at = add(at, KIND_PLACE, spot->word->is, style * 2 + (i == 0));
    if (word_is_capital(spot->word)) {
        at = add_bits(at, KIND_BEGINS, spot->begins, 0);
        at = add_bits(at, KIND_FLAG, spot->flags, spot->word->is == CASE_ALL);
        at = add(at, KIND_FLAGS, spot->flags & telling, 0);
        if (s->topic != 0)
            at = add(at, KIND_TOPIC, s->topic, spot->word->is);
        if (spot->acronym != 0)
            at = add(at, KIND_ACRONYM, spot->acronym, 0);
    }
    at = add_bits(at, KIND_INSIDE, spot->inside, 0);
    return (size_t)(at - ret);
}
