/* words.h - a text as words, numbers and marks, with their places in it */
#ifndef NEWSMQ_WORKERS_ENTITIES_WORDS_H
#define NEWSMQ_WORKERS_ENTITIES_WORDS_H

#include "newsmq/str.h"

#define WORDS_MAX      65536 /* of one text; what is behind them is not read */
#define WORD_KEY_MAX   64
#define FOLD_TABLE_MAX 0x250

enum word_flag {
    WORD_LETTERS = 1, /* has letters */
    WORD_NUMBER = 2,  /* begins with a digit */
    WORD_CAP = 4,     /* a capital begins it, or a part of it ("al-Qaida", "iPhone") */
    WORD_CAPS = 8,    /* two capitals or more, no small letter */
    WORD_START = 16,  /* of a sentence, a paragraph or a quotation */
    WORD_DOTTED = 32, /* "U.N.", or an abbreviation or initial with its full stop */
    WORD_MIXED = 64,  /* a part in small letters behind a hyphen ("U.S.-led") */
    WORD_SPACE = 128, /* white space in front of it */
    WORD_PARAGRAPH = 256,  /* the first of a paragraph */
    WORD_POSSESSIVE = 512, /* 's */
    WORD_TITLE = 1024,     /* part of a title or a role; set by the lexicon */
    WORD_TAKEN = 2048,     /* part of a name that was found; set by the article */
};

struct word {
    uint64_t hash; /* of its key */
    uint32_t start, end;
    uint32_t key; /* offset in tokens.keys: small letters without accents */
    uint16_t key_n;
    uint16_t flags; /* enum word_flag */
    uint8_t lists;  /* enum word_list of lexicon.h */
    char mode;      /* of its line: 'n'ormal, 'T'itle Case, 'A'LL CAPITALS; by spans */
};

struct words {
    struct str text; /* borrowed */
    struct word *list;
    size_t n, cap;
    char *keys;
    size_t n_keys, cap_keys;
    size_t n_capital, n_small; /* words that begin with a capital, or not */
    size_t n_caps;             /* words all in capitals */
};

/* Replaces what t held; text is borrowed as long as t is used. */
void words_read(struct words *t, struct str text);
void words_fini(struct words *t);

static inline struct str word_key(const struct words *t, const struct word *k)
{
    return (struct str){t->keys + k->key, k->key_n};
}

static inline struct str word_text(const struct words *t, const struct word *k)
{
    return str_slice(t->text, k->start, k->end);
}

uint64_t key_hash(struct str key);

/* The hash of several tokens one after the other; starts at 0. */
static inline uint64_t phrase_hash(uint64_t before, uint64_t token)
{
    uint64_t h = (before ^ token) * UINT64_C(0x9E3779B97F4A7C15);

    return h ^ h >> 32;
}

#endif
