/* spans.h - which words of a text are names, and of what class */
#ifndef NEWSMQ_WORKERS_ENTITIES_SPANS_H
#define NEWSMQ_WORKERS_ENTITIES_SPANS_H

#include "lexicon.h"
#include "words.h"

#define SPAN_TOKENS_MAX   10
#define FEATURES_MAX      64
#define SEEN_BITS         16384
#define SPAN_HEADLINE_MAX 6 /* tokens, where everything has capitals */

/* What a candidate looks like: hashes for the weights, and names when asked for. */
struct features {
    uint64_t hash[FEATURES_MAX];
    size_t n;
    struct strbuf *names; /* NULL: not wanted; else one a line */
};

/* Which words the text has in small letters, and with a capital inside a sentence. */
struct seen {
    uint64_t small[SEEN_BITS / 64], capital[SEEN_BITS / 64];
};

/* A name in the tokens [from, to). */
struct found {
    uint32_t from, to;
    enum name_class is;
    float score; /* 0–1 */
};

struct spans {
    struct found *list;
    size_t n, cap;
    struct span_cell *cells;
    size_t cells_cap;
};

/* "prev=the" → the hash under which its weights are kept. 0 when it is no feature. */
uint64_t feature_hash(struct str name);

void features_of(const struct lexicon *l, const struct words *t, const struct seen *seen,
                 size_t from, size_t to, struct features *out);

/* Marks the lines of headlines and adds what words were seen; before the two below. */
void spans_prepare(struct words *t, struct seen *seen);

/* Calls fn for each run of tokens that may be a name. */
void spans_each(const struct words *t, void (*fn)(void *ctx, size_t from, size_t to),
                void *ctx);

/* Replaces what s held by the best names, in order, none in another. Linear in the
   number of tokens. */
void spans_find(const struct lexicon *l, const struct words *t, const struct seen *seen,
                struct spans *s);
void spans_fini(struct spans *s);

#endif
