/* tagger.h - names in a text of tokens, by a trained model */
#ifndef NEWSMQ_WORKERS_TAGGER_TAGGER_H
#define NEWSMQ_WORKERS_TAGGER_TAGGER_H

#include "newsmq/err.h"
#include "newsmq/record.h"
#include "newsmq/str.h"

#include "labels.h"
#include "model.h"

enum tagger_mode {
    TAGGER_FAST,     /* the linear model alone */
    TAGGER_ACCURATE, /* averaged with the network */
    TAGGER_NETWORK,  /* the network alone: to see what it can do */
};

/* What kind of its type; PER and ORG have none. */
enum name_subtype {
    SUBTYPE_NONE,
    SUBTYPE_GPE,
    SUBTYPE_LOC,
    SUBTYPE_FAC,
    SUBTYPE_NORP,
    SUBTYPE_LAW,
    SUBTYPE_EVENT,
    SUBTYPE_PROD,
    SUBTYPE_WORK,
    SUBTYPE_MISC,
    SUBTYPES,
};

/* The tokens [from, to) are a name. */
struct name_span {
    uint32_t from, to;
    enum entity_type type;
    enum name_subtype subtype;
    float score; /* 0–1: how probable the model thinks it */
};

struct tagger;

/* path: a model file. An error names it and what to do. TAGGER_ACCURATE needs a model
   with a network. The file stays mapped until tagger_close. */
int tagger_open(const char *path, enum tagger_mode mode, struct tagger **ret,
                struct err *e);
/* The same of a model that is open; takes it over, and closes it also when it fails. */
int tagger_open_model(struct model *m, enum tagger_mode mode, struct tagger **ret,
                      struct err *e);
void tagger_close(struct tagger *t);
const struct model_about *tagger_about(const struct tagger *t); /* as long as t */

/* One text: its tokens in the style of the Penn treebank, any bytes, and for each
   sentence the number of the token behind its last (rising; the title is a sentence, or
   several). Answers how many names were found; they are sorted, none touches another, and
   stay until the next call. Never fails; linear in time and memory. */
size_t tagger_run(struct tagger *t, const struct str *tokens, size_t n,
                  const uint32_t *ends, size_t n_ends, const struct name_span **ret);

/* Only for tests: from now on without the instructions that not every machine has. */
void tagger_be_portable(struct tagger *t);

struct transitions; /* viterbi.h */
/* Only for training: from now on fn sees each piece of a sentence, in order: the scores
   of the labels for each of its n tokens, and those of the steps between labels. */
typedef void tagger_watch_fn(void *ctx, const struct transitions *steps,
                             const int32_t (*scores)[LABEL_LANES], size_t n);
void tagger_watch(struct tagger *t, tagger_watch_fn *fn, void *ctx);

const char *subtype_name(enum name_subtype s); /* "GPE"; NULL for SUBTYPE_NONE */
bool subtype_from(struct str name, enum name_subtype *ret);

#endif
