/* extractor.h - the contract of an extractor: one file in workers/, one line in CMake */
#ifndef NEWSMQ_EXTRACTOR_H
#define NEWSMQ_EXTRACTOR_H

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/item.h"
#include "newsmq/record.h"

struct extractor {
    const char *name; /* as in the configuration: workers: [{ name: … }] */
    const char *version;
    const char *help;           /* one line */
    const char *const *options; /* its own keys of the configuration, NULL at the end;
                                   NULL: none. Others are refused when it is opened. */

    /* Loads what it needs; c is its part of the configuration (never NULL), valid as long
       as the state. *ret_state may stay NULL. */
    int (*open)(const struct config_extractor *c, void **ret_state, struct err *e);

    /* Adds to *out what it finds in *it, or says with result_skip why it does not look.
       An error makes nlp.status partial (or failed when all failed) and loses nothing
       that others found. */
    int (*run)(void *state, const struct item *it, struct result *out, struct err *e);

    void (*close)(void *state);
};

/* All that were compiled in, in CMake's order, NULL at the end. */
extern const struct extractor *const extractors[];

const struct extractor *extractor_find(struct str name);
const char *extractor_name(size_t i); /* NULL behind the last */

/* ---- a chain: the extractors of one configuration, opened, in order ---- */

struct chain;

int chain_open(const struct config_extractor *list, size_t n, struct chain **ret,
               struct err *e);

/* The same for a program that has to go on: an extractor that cannot be opened, for
   another reason than ERR_CONFIG (a model that does not fit), stays in the chain; every
   record says why and is NLP_FAILED. How many they are, with *e of the last of them, or
   ERR_CONFIG. */
int chain_open_anyway(const struct config_extractor *list, size_t n, struct chain **ret,
                      struct err *e);

/* Runs all on *it. out is reset first; status, error and runs are set. Never fails: what
   went wrong stands in the result. */
void chain_run(struct chain *c, const struct item *it, struct result *out);

/* The same on a result that has something in it already: tokens that were given, or
   entities for the extractors behind the one that finds them. */
void chain_go_on(struct chain *c, const struct item *it, struct result *out);
void chain_close(struct chain *c);

/* From now on calls enter before each extractor runs, and with NULL when all have: for
   whoever keeps the time that one item may take. */
void chain_watch(struct chain *c,
                 void (*enter)(void *ctx, const struct config_extractor *x), void *ctx);

#endif
