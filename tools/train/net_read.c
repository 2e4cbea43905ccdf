#include "net_read.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "augment.h"
#include "corpus.h"

#include "tagger/network_features.h"

#define VECTOR_LENGTH 0.5F /* root of the mean of squares */

struct reader {
    struct net_data *data;
    uint32_t rows_mask;
    struct words *words;
    struct document document;
    struct document_text text;
};

/* ---- rows ---- */

static uint32_t add_rows(struct reader *r, const uint64_t *features, size_t n)
{
    struct net_data *d = r->data;

    d->rows = mem_grow(d->rows, &d->rows_cap, d->n_rows + n, sizeof *d->rows);
    for (size_t i = 0; i < n; i++)
        d->rows[d->n_rows++] = (uint32_t)features[i] & r->rows_mask;
    return (uint32_t)d->n_rows;
}

/* Each word of the cache keeps its number in net_data.words. */
static void add_word(void *ctx, struct word *w)
{
    struct reader *r = ctx;
    struct net_data *d = r->data;
    uint64_t features[NETWORK_WORD_FEATURES];
    size_t n = network_word_features(w, features);
    uint32_t from = (uint32_t)d->n_rows, number = (uint32_t)d->n_words;
    bool has_vector = w->number >= 0 && (size_t)w->number < d->n_vectors;

    d->words = mem_grow(d->words, &d->words_cap, d->n_words + 1, sizeof *d->words);
    d->words[d->n_words++] = (struct net_word){
        .from = from,
        .naming = from + NETWORK_NAMING,
        .to = add_rows(r, features, n),
        .vector = has_vector ? w->number : -1,
    };
    memcpy(w->extra, &number, sizeof number);
}

/* ---- sentences ---- */

static struct net_token token_of(struct reader *r, const struct sentence *s, size_t i)
{
    uint64_t features[NETWORK_SPOT_FEATURES];
    size_t n = network_spot_features(s, i, features);
    struct net_token t = {.from = (uint32_t)r->data->n_rows};

    t.to = add_rows(r, features, n);
    memcpy(&t.word, s->spots[i].word->extra, sizeof t.word);
    return t;
}

static void add_sentence(struct reader *r, const struct source *source,
                         const struct sentence *s, const struct corpus_token *tokens)
{
    struct net_data *d = r->data;
    float share = source->weight < 0.999F ? fminf(1, source->weight * 1.5F) : 1;
    if (s->n == 0 || s->n > NET_TOKENS_MAX)
        return;
    d->sentences = mem_grow(d->sentences, &d->sentences_cap, d->n_sentences + 1,
                            sizeof *d->sentences);
    d->sentences[d->n_sentences++] = (struct net_sentence){
        .from = (uint32_t)d->n_tokens,
        .n = (uint32_t)s->n,
        .weight = source->weight / share,
        .share = share,
        .set = source->set,
    };
    d->tokens =
        mem_grow(d->tokens, &d->tokens_cap, d->n_tokens + s->n, sizeof *d->tokens);
    for (size_t i = 0; i < s->n; i++) {
        d->tokens[d->n_tokens] = token_of(r, s, i);
        d->tokens[d->n_tokens].distance = s->spots[i].from_capital;
        d->tokens[d->n_tokens++].mask = source_mask(source, tokens[i].label);
    }
}

static void add_corpus(struct reader *r, const struct source *source,
                       const struct corpus *c)
{
    for (size_t i = 0; i < c->n_documents; i++) {
        const struct document_text *t = &r->text;
        const struct corpus_token *tokens =
            c->tokens + c->sentences[c->documents[i].from].from;

        document_text_read(c, i, &r->text);
        tagger_document_read(&r->document, r->words, t->tokens, t->n, t->ends, t->n_ends);
        for (size_t k = 0; k < r->document.n; k++) {
            const struct sentence *s = &r->document.sentences[k];

            add_sentence(r, source, s, tokens + s->first);
        }
    }
}

static int read_source(struct reader *r, const struct source *source, double copies,
                       uint64_t seed, struct err *e)
{
    struct corpus c, more;
    int rc = corpus_read(source->path, &c, e);

    if (rc < 0)
        return rc;
    add_corpus(r, source, &c);
    augment(&c, r->words, copies, seed, &more);
    add_corpus(r, source, &more);
    corpus_fini(&more);
    corpus_fini(&c);
    return 0;
}

int net_read(const struct model *m, const struct source *sources, size_t n, double copies,
             uint64_t seed, size_t rows, struct net_data *d, struct err *e)
{
    struct reader r = {.data = d, .rows_mask = (uint32_t)rows - 1};
    int rc = words_open(m, sizeof(uint32_t), add_word, &r, &r.words, e);

    for (size_t i = 0; i < n && rc == 0; i++)
        rc = read_source(&r, &sources[i], copies, seed + i, e);
    if (r.words != NULL)
        words_close(r.words);
    tagger_document_fini(&r.document);
    document_text_fini(&r.text);
    return rc;
}

/* ---- vectors ---- */

static void set_length(float *v, size_t n)
{
    double sum = 1e-9;

    for (size_t i = 0; i < n; i++)
        sum += (double)v[i] * (double)v[i];
    for (size_t i = 0; i < n; i++)
        v[i] *= VECTOR_LENGTH * (float)sqrt((double)n / sum);
}

int net_read_vectors(struct net_data *d, const char *path, size_t dimensions,
                     struct err *e)
{
    FILE *f = fopen(path, "rb");
    size_t cap = 0, at = 0, got;

    if (f == NULL)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    do {
        d->vectors = mem_grow(d->vectors, &cap, at + 65536, sizeof *d->vectors);
        got = fread(d->vectors + at, sizeof *d->vectors, 65536, f);
        at += got;
    } while (got > 0);
    (void)fclose(f); /* only read */
    if (at == 0 || at % dimensions != 0)
        return err_set(e, ERR_FORMAT, "%s: %zu numbers are no vectors of %zu", path, at,
                       dimensions);
    d->n_vectors = at / dimensions;
    for (size_t i = 0; i < d->n_vectors; i++)
        set_length(d->vectors + i * dimensions, dimensions);
    return 0;
}
