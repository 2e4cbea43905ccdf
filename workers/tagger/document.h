/* document.h - the tokens of one text where they stand: what the text as a whole, lists
   of names of several tokens and the neighbours say of each */
#ifndef NEWSMQ_WORKERS_TAGGER_DOCUMENT_H
#define NEWSMQ_WORKERS_TAGGER_DOCUMENT_H

#include "words.h"

/* What is said of a capitalised form anywhere in the text. */
enum spot_flag {
    SPOT_SMALL = 1,    /* the same word is also written small */
    SPOT_INSIDE = 2,   /* has its capital inside a sentence */
    SPOT_TITLE = 4,    /* behind a title */
    SPOT_GIVEN = 8,    /* behind a given name */
    SPOT_ORG = 16,     /* in front of a word that ends names of organisations */
    SPOT_IN = 32,      /* behind "in" */
    SPOT_ACRONYM = 64, /* alone in brackets, in capitals */
    SPOT_MANY = 128,   /* beside another capitalised word */
    SPOT_AGAIN = 256,  /* more than once */
    SPOT_SAID = 512,   /* beside "said" */
    SPOT_PER = 1024,   /* part of a name of several tokens that a list has */
    SPOT_LOC = 2048,
    SPOT_LISTED_ORG = 4096,
    SPOT_BRACKET = 8192, /* behind a bracket */
};
#define SPOT_FLAGS 14

struct spot {
    const struct word *word;
    uint64_t acronym; /* small form of what stood in front of its brackets; 0: none */
    uint16_t begins;  /* GAZ_BITs of names of several tokens that begin here */
    uint16_t inside;  /* … that this is a later token of */
    uint16_t flags;   /* enum spot_flag; of capitalised words only */
    /* Tokens to the next capitalised word, on either side, and to the next one that may
       be of a name at all; at most UINT8_MAX, also where there is none. */
    uint8_t from_capital, from_name;
    uint32_t run_from, run_to; /* first and last token of the run of capitals around it,
                                  counted in the sentence; of capitalised words only */
};

struct sentence {
    const struct spot *spots; /* two without a token stand in front and two behind */
    size_t n;
    size_t first; /* number of its first token in the document */
    bool capitals, title_case;
    uint8_t topic; /* of the text (topics.h); 0: none */
};

struct document {
    struct sentence *sentences;
    size_t n, cap;
    struct spot *spots;
    size_t spots_cap;
    struct form *forms;
    size_t forms_cap;
    uint32_t turn;
};

/* Replaces what d held. ends: for each sentence the number of the token behind its last;
   rising; tokens behind the last end are one more sentence. Linear in n. */
void tagger_document_read(struct document *d, struct words *w, const struct str *tokens,
                          size_t n, const uint32_t *ends, size_t n_ends);
void tagger_document_fini(struct document *d);

#endif
