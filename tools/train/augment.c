#include "augment.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "newsmq/mem.h"

#define TITLE_TOKENS_MAX 25
#define BYTES_MORE       3 /* times as many, at most, in capitals */

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
    }
}

void augment(const struct corpus *c, struct words *words, double share, uint64_t seed,
             struct corpus *ret)
{
    struct chance chance = chance_of(seed);
    size_t bytes = 1;
    char *room;

    *ret = (struct corpus){0};
    for (size_t i = 0; i < c->n_tokens; i++)
        bytes += c->tokens[i].text.n * BYTES_MORE;
    room = ret->bytes = mem_new(bytes);
    ret->tokens = mem_new_array(c->n_tokens + 1, sizeof *ret->tokens);
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
