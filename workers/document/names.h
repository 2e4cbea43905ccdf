/* names.h - the names of one item where they stand among the tokens, as whoever reads the
   document as a whole needs them */
#ifndef NEWSMQ_WORKERS_DOCUMENT_NAMES_H
#define NEWSMQ_WORKERS_DOCUMENT_NAMES_H

#include "newsmq/item.h"
#include "newsmq/record.h"

/* Of one item; what is behind them stays as it is. */
#define NAMES_MAX 16384

enum form_flag {
    FORM_WORD = 1,      /* letters begin it */
    FORM_CAP = 2,       /* a capital begins it, or a part of it: "al-Qaida" */
    FORM_CAPS = 4,      /* two capitals or more, no small letter */
    FORM_DOTTED = 8,    /* a full stop is part of it: U.N., J., Mr. */
    FORM_LONE = 16,     /* one letter: an initial */
    FORM_MIXED = 32,    /* a part in small letters behind a hyphen: U.S.-led */
    FORM_START = 64,    /* begins a sentence or what stands in quotation marks */
    FORM_TAKEN = 128,   /* part of a name */
    FORM_LOUD = 256,    /* in a sentence of capitals, or of words that begin with them */
    FORM_SHOUTED = 512, /* in one of capitals */
};

/* What a token is. */
struct form {
    uint64_t key; /* of its small letters, without accents and full stops */
    uint16_t flags;
};

struct name {
    uint32_t from, to; /* tokens of texts[field] */
    enum field field;
    uint32_t entity, mention; /* when it was read; names_root tells of what it is now */
    float score;
    uint64_t key; /* of its words, "the" in front left out */
};

struct names {
    const struct tokens *texts[2]; /* by enum field; of the result */
    struct form *forms[2]; /* … too: FORM_TAKEN is as whoever read them last left it */
    struct name *list;     /* body first, then title, by place */
    size_t n, cap;
    uint32_t *parents; /* of each entity: itself, or the one that it was joined to */
    size_t n_parents, parents_cap;
    struct result *out;
};

/* Replaces what d held. */
void names_read(struct names *d, const struct item *it, struct result *out);
void names_fini(struct names *d);

/* The entity that it has become. */
size_t names_root(struct names *d, size_t entity);
/* b becomes part of a; a keeps its type. */
void names_join(struct names *d, size_t a, size_t b);

size_t names_new_entity(struct names *d, enum entity_type type, struct str subtype);
/* A mention of the tokens [from, to), unless one of them is taken. */
bool names_add(struct names *d, size_t entity, enum field field, size_t from, size_t to,
               float score);
/* Gives up the names that touch the tokens; names_read is due when all is done. */
void names_drop(struct names *d, enum field field, size_t from, size_t to);

/* The number of the first name that ends behind a token; d->n when there is none. */
size_t names_at(const struct names *d, enum field field, size_t token);

/* "the" is left out in front, full stops everywhere. Of one word it is the word's. */
uint64_t names_key(const struct names *d, enum field field, size_t from, size_t to);
uint64_t names_word(const char *word); /* the key of a word of small letters */
uint64_t names_token(struct str token);
uint64_t names_phrase(struct str text); /* … of a text by itself; slow */
/* The key of what follows; starts at 0. names_key is that of its words' keys. */
uint64_t names_follow(uint64_t before, uint64_t key);

/* The small letters of a word, without accents and full stops, in at most max bytes. */
size_t names_fold(struct str word, char *out, size_t max);

static inline struct str names_text(const struct names *d, enum field field, size_t from,
                                    size_t to)
{
    return tokens_slice(d->texts[field], from, to);
}

static inline bool names_is_mark(const struct names *d, enum field field, size_t i,
                                 char c)
{
    const struct tokens *t = d->texts[field];

    return t->list[i].end - t->list[i].start == 1 && t->text.p[t->list[i].start] == c;
}

#endif
