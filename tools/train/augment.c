#include "augment.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "newsmq/mem.h"

#include "examples.h"
#include "tagger/labels.h"

#define TITLE_TOKENS_MAX 25
#define BYTES_MORE       3 /* times as many, at most, in capitals */
#define SPLIT_SHARES     2 /* of sentences with hyphens */

struct chance chance_of(uint64_t seed)
{
    struct chance c = {seed * UINT64_C(0x9E3779B97F4A7C15) + 1};

    for (int i = 0; i < 8; i++)
        (void)chance_next(&c);
    return c;
}

uint32_t chance_next(struct chance *c)
{
    c->state ^= c->state << 13;
    c->state ^= c->state >> 7;
    c->state ^= c->state << 17;
    return (uint32_t)(c->state >> 16);
}

float chance_unit(struct chance *c)
{
    return (float)(chance_next(c) & 0xFFFFFF) / 16777216.0F;
}

/* The first `letters` of s as capitals. */
static struct str capitals(struct str s, size_t letters, char **room)
{
    char *from = *room;

    for (size_t i = 0, n; i<s.n; i += n, letters -= letters> 0) {
        utf8proc_int32_t c;
        utf8proc_ssize_t m = utf8proc_iterate((const utf8proc_uint8_t *)s.p + i,
                                              (utf8proc_ssize_t)(s.n - i), &c);

        n = m > 0 ? (size_t)m : 1;
        if (m > 0 && letters > 0) {
            *room += utf8proc_encode_char(utf8proc_toupper(c), (utf8proc_uint8_t *)*room);
        } else {
            memcpy(*room, s.p + i, n);
            *room += n;
        }
    }
    return (struct str){from, (size_t)(*room - from)};
}

static bool is_small_letter(struct str s)
{
    return s.n > 0 && s.p[0] >= 'a' && s.p[0] <= 'z';
}

static void copy_sentence(const struct corpus *c, const struct corpus_sentence *s,
                          struct words *words, bool title, struct corpus *ret,
                          char **room)
{
    uint32_t first = (uint32_t)ret->n_tokens;

    for (uint32_t i = s->from; i < s->to; i++) {
        struct corpus_token t = c->tokens[i];
        bool stays = i > s->from && (words_get(words, t.text)->lists & LIST_SMALL) != 0;

        if (!title)
            t.text = capitals(t.text, SIZE_MAX, room);
        else if (is_small_letter(t.text) && !stays)
            t.text = capitals(t.text, 1, room);
        ret->tokens[ret->n_tokens++] = t;
    }
    ret->sentences[ret->n_sentences++] =
        (struct corpus_sentence){first, (uint32_t)ret->n_tokens};
}

/* ---- hyphens, and dots of abbreviations, as tokens of their own ---- */

/* Where a token is cut: before a hyphen inside it, or before the dot of "Calif."; its
   size: nowhere. */
static size_t cut_of(struct str token, int label)
{
    size_t hyphen = str_find_char(token, '-', 1);

    if (token.n < 3)
        return token.n;
    if (hyphen < token.n - 1 && token.p[0] != '-' && token.p[hyphen + 1] != '-')
        return hyphen;
    if (label != LABEL_O && token.p[token.n - 1] == '.' &&
        is_small_letter(str_slice(token, token.n - 2, token.n)))
        return token.n - 1;
    return token.n;
}

static bool may_split(const struct corpus_token *t)
{
    return cut_of(t->text, t->label) < t->text.n;
}

static bool has_split(const struct corpus *c, const struct corpus_sentence *s)
{
    for (uint32_t i = s->from; i < s->to; i++)
        if (may_split(&c->tokens[i]))
            return true;
    return false;
}

/* "Chad-Sudan" are two; "Banpo-dong" and "Calif." are one. */
static bool is_pair(struct str token)
{
    bool hyphens = false;

    for (size_t i = 1; i + 1 < token.n; i++) {
        if (token.p[i] != '-')
            continue;
        if (is_small_letter(str_slice(token, i + 1, token.n)))
            return false;
        hyphens = true;
    }
    return hyphens;
}

/* What the label of a part is: names stay one; what pairs of places and peoples become,
   and "U.S." in "U.S.-led", is left open. */
static int part_label(struct corpus_token t, struct str part, bool first)
{
    if (t.label == LABEL_O)
        return is_small_letter(part) || part.p[0] == '-' ? LABEL_O : LABEL_ANY;
    if ((label_type(t.label) == ENTITY_LOC || label_type(t.label) == ENTITY_MISC) &&
        is_pair(t.text))
        return LABEL_ANY;
    return first ? t.label : label_inside(label_type(t.label));
}

static void add_part(struct corpus *ret, struct corpus_token t, struct str part,
                     bool first)
{
    t.label = (uint8_t)part_label(t, part, first);
    t.text = part;
    ret->tokens[ret->n_tokens++] = t;
}

static void split_token(struct corpus_token t, struct corpus *ret)
{
    struct str rest = t.text;
    bool first = true;
    size_t cut;

    for (; (cut = cut_of(rest, t.label)) < rest.n; first = false) {
        add_part(ret, t, str_slice(rest, 0, cut), first);
        rest = str_slice(rest, cut, rest.n);
        if (rest.p[0] != '-')
            continue;
        add_part(ret, t, str_slice(rest, 0, 1), false);
        rest = str_slice(rest, 1, rest.n);
    }
    if (first)
        ret->tokens[ret->n_tokens++] = t;
    else
        add_part(ret, t, rest, false);
}

static void copy_split(const struct corpus *c, const struct corpus_sentence *s,
                       struct corpus *ret)
{
    uint32_t first = (uint32_t)ret->n_tokens;

    for (uint32_t i = s->from; i < s->to; i++)
        split_token(c->tokens[i], ret);
    ret->sentences[ret->n_sentences++] =
        (struct corpus_sentence){first, (uint32_t)ret->n_tokens};
}

/* ---- all ---- */

static void copy_some(const struct corpus *c, const struct corpus_document *d,
                      struct words *words, float share, struct chance *chance,
                      struct corpus *ret, char **room)
{
    for (uint32_t k = d->from; k < d->to; k++) {
        const struct corpus_sentence *s = &c->sentences[k];
        float x = chance_unit(chance);

        if (x < share)
            copy_sentence(c, s, words, false, ret, room);
        else if (x < 2 * share && s->to - s->from < TITLE_TOKENS_MAX)
            copy_sentence(c, s, words, true, ret, room);
        else if (x >= 2 * share && x < (2 + SPLIT_SHARES) * share && has_split(c, s))
            copy_split(c, s, ret);
    }
}

void augment(const struct corpus *c, struct words *words, double share, uint64_t seed,
             struct corpus *ret)
{
    struct chance chance = chance_of(seed);
    size_t bytes = 1, tokens = c->n_tokens + 1;
    char *room;

    *ret = (struct corpus){0};
    for (size_t i = 0; i < c->n_tokens; i++) {
        bytes += c->tokens[i].text.n * BYTES_MORE;
        tokens += may_split(&c->tokens[i]) ? c->tokens[i].text.n : 0;
    }
    room = ret->bytes = mem_new(bytes);
    ret->tokens = mem_new_array(tokens, sizeof *ret->tokens);
    ret->sentences = mem_new_array(c->n_sentences + 1, sizeof *ret->sentences);
    ret->documents = mem_new_array(c->n_documents + 1, sizeof *ret->documents);
    for (size_t d = 0; d < c->n_documents; d++) {
        uint32_t first = (uint32_t)ret->n_sentences;

        copy_some(c, &c->documents[d], words, (float)share, &chance, ret, &room);
        if (ret->n_sentences > first)
            ret->documents[ret->n_documents++] =
                (struct corpus_document){first, (uint32_t)ret->n_sentences};
        words_trim(words);
    }
}
