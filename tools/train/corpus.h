/* corpus.h - annotated texts: a line a token with its tag and, in a third column, a finer
   tag; a blank line ends a sentence; -DOCSTART- begins a document */
#ifndef NEWSMQ_TRAIN_CORPUS_H
#define NEWSMQ_TRAIN_CORPUS_H

#include <stdint.h>

#include "newsmq/err.h"
#include "newsmq/str.h"

struct corpus_token {
    struct str text;
    struct str fine; /* absent when there is no such column */
    uint8_t label;   /* tagger/labels.h */
};

/* Tokens [from, to) of a corpus. */
struct corpus_sentence {
    uint32_t from, to;
};

/* Sentences [from, to) of a corpus. */
struct corpus_document {
    uint32_t from, to;
};

struct corpus {
    char *bytes;
    struct corpus_token *tokens;
    struct corpus_sentence *sentences; /* none is empty */
    struct corpus_document *documents; /* none is empty */
    size_t n_tokens, n_sentences, n_documents;
    size_t tokens_cap, sentences_cap, documents_cap;
};

int corpus_read(const char *path, struct corpus *ret, struct err *e);
void corpus_fini(struct corpus *c);

#endif
