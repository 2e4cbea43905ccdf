/* Any bytes as tokens: in order, none empty, between them nothing that is a letter or a
   digit in ASCII, and the sentences hold them all. */
#include <stdlib.h>

#include "newsmq/tokens.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool has_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] >= '0' && s.p[i] <= '9') ||
            ((s.p[i] | 0x20) >= 'a' && (s.p[i] | 0x20) <= 'z'))
            return true;
    return false;
}

static void check(const struct tokens *t)
{
    size_t at = 0, next = 0;

    for (size_t i = 0; i < t->n; i++) {
        const struct token *k = &t->list[i];

        if (k->start < at || k->end <= k->start || k->end > t->text.n ||
            has_word(str_slice(t->text, at, k->start)) || tokens_find(t, k->start) != i ||
            k->sentence >= t->n_sentences || t->sentences[k->sentence].from > i ||
            t->sentences[k->sentence].to <= i)
            abort();
        at = k->end;
    }
    if (t->n < TOKENS_MAX && has_word(str_slice(t->text, at, t->text.n)))
        abort();
    for (size_t i = 0; i < t->n_sentences; i++) {
        if (t->sentences[i].from != next || t->sentences[i].to <= next ||
            t->sentences[i].to - next > SENTENCE_TOKENS_MAX)
            abort();
        next = t->sentences[i].to;
    }
    if (next != t->n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tokens t = {0};
    struct str in = {(const char *)data, size};

    tokens_read(&t, in);
    check(&t);
    tokens_given(&t, in);
    check(&t);
    tokens_fini(&t);
    return 0;
}
