/* examples.h - annotated texts as the linear model sees them: numbers of features */
#ifndef NEWSMQ_TRAIN_EXAMPLES_H
#define NEWSMQ_TRAIN_EXAMPLES_H

#include "corpus.h"
#include "tagger/feature.h"
#include "tagger/labels.h"
#include "tagger/model.h"

/* A corpus and how far its labels are those of ours. */
struct source {
    char path[512];
    float weight;
    bool no_misc;       /* O may be MISC or EVENT */
    bool event_is_misc; /* MISC may be EVENT */
    uint32_t set;       /* number of its own features, that take up what only it does;
                           0: none, it is of our scheme */
};

/* "FILE[:WEIGHT[:no-misc,events-in-misc,ours]]"; set is given where not `ours`. */
int source_read(const char *text, uint32_t set, struct source *ret, struct err *e);

#define LABEL_ANY LABELS /* of a token: not known */

/* Bits of the labels that may be right. */
uint16_t source_mask(const struct source *s, int label);

struct example {
    size_t from; /* tokens */
    uint32_t n;
    float weight;
};

struct examples {
    struct example *list;
    size_t n, cap;
    uint32_t *ids; /* features */
    size_t n_ids, ids_cap;
    struct example_token {
        size_t at;               /* its first feature */
        uint8_t plain, identity; /* how many of both, in this order */
        uint16_t mask;
    } * tokens;
    size_t n_tokens, tokens_cap;
    uint64_t *hashes; /* of features, by number */
    bool *of_set;     /* features of one corpus only, by number */
    size_t n_features;
};

struct examples_plan {
    double augment;
    uint32_t least; /* how often a feature must be there */
    uint64_t seed;
};

int examples_make(const struct model *m, const struct source *sources, size_t n,
                  const struct examples_plan *plan, struct examples *ret, struct err *e);
void examples_fini(struct examples *x);

/* The tokens of a document as the tagger takes them; arrays are the caller's. */
struct document_text {
    struct str *tokens;
    uint32_t *ends;
    size_t n, n_ends, tokens_cap, ends_cap;
};
void document_text_read(const struct corpus *c, size_t document,
                        struct document_text *ret);
void document_text_fini(struct document_text *d);

#endif
