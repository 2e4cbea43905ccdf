/* lexicon.h - what is known of names before a text is read: lists, places, weights */
#ifndef NEWSMQ_WORKERS_ENTITIES_LEXICON_H
#define NEWSMQ_WORKERS_ENTITIES_LEXICON_H

#include "newsmq/err.h"
#include "newsmq/str.h"

#include "words.h"

/* What a single word is known as; word.lists. */
enum word_list {
    LIST_COMMON = 1,  /* a word that is mostly written small */
    LIST_GIVEN = 2,   /* a given name */
    LIST_SURNAME = 4, /* a surname */
    LIST_TITLE = 8,   /* begins a title or role */
    LIST_LINK = 16,   /* small, but stands inside names: of, the, van, al */
};

/* What a phrase is known as. */
enum phrase_kind {
    PHRASE_COUNTRY,
    PHRASE_CITY,
    PHRASE_TOWN, /* a smaller city */
    PHRASE_PROVINCE,
    PHRASE_REGION, /* continents, seas, rivers, mountains */
    PHRASE_PEOPLE,
    PHRASE_ORG,
    PHRASE_FACILITY,
    PHRASE_LAW,
    PHRASE_EVENT,
    PHRASE_WORK,
    PHRASE_PRODUCT,
    PHRASE_MISC,
    PHRASE_TITLE,
    PHRASE_KINDS,
};

#define PHRASE_TOKENS_MAX 8

struct phrase {
    uint64_t hash;
    uint32_t kinds;  /* a bit for each enum phrase_kind */
    struct str name; /* canonical, as in the file; lives as long as the lexicon */
};

/* The types that the weights tell apart. */
enum name_class {
    CLASS_NONE,
    CLASS_PER,
    CLASS_ORG,
    CLASS_GPE,
    CLASS_LOC,
    CLASS_FAC,
    CLASS_NORP,
    CLASS_LAW,
    CLASS_EVENT,
    CLASS_PROD,
    CLASS_WORK,
    CLASS_MISC,
    CLASSES,
};

#define WEIGHT_SCALE 16 /* a weight of 16 is one unit of log-odds */

struct weights {
    uint32_t check; /* the upper half of the feature's hash */
    int8_t of[CLASSES];
};

struct lexicon;

/* Loads the files of data/gazetteer. Errors say which file and where it was looked for.
   What it says of itself is in ret_sha256 ("sha256:…" over all files, 72 bytes). */
int lexicon_open(struct lexicon **ret, struct err *e);
void lexicon_close(struct lexicon *l);
const char *lexicon_sha256(const struct lexicon *l);

/* Sets lists and WORD_TITLE of all tokens. */
void lexicon_mark(const struct lexicon *l, struct words *t);

/* NULL when not known. */
const struct phrase *lexicon_phrase(const struct lexicon *l, uint64_t hash);
const struct weights *lexicon_weights(const struct lexicon *l, uint64_t feature);

#endif
