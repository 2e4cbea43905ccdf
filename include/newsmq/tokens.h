/* tokens.h - a text as tokens and sentences, with their places in it */
#ifndef NEWSMQ_TOKENS_H
#define NEWSMQ_TOKENS_H

#include "newsmq/str.h"

/* Of one text; what is behind them is not read. */
#define TOKENS_MAX ((size_t)1 << 18)
/* A longer sentence is cut there. */
#define SENTENCE_TOKENS_MAX 256

enum token_flag {
    TOKEN_SPACE = 1,     /* white space in front of it, or the text begins */
    TOKEN_LINE = 2,      /* … and a line break; the first of the text too */
    TOKEN_PARAGRAPH = 4, /* … and a blank line; the first of the text too */
    TOKEN_WORD = 8,      /* has letters and is none of the three below */
    TOKEN_NUMBER = 16,   /* has digits and no letters */
    TOKEN_ADDRESS = 32,  /* of the web or of e-mail */
    TOKEN_TAG = 64,      /* #hashtag or @handle */
    TOKEN_MARKUP = 128,  /* what is left of HTML: <b>, &nbsp; */
};

struct token {
    uint32_t start, end; /* bytes of the text, half-open */
    uint32_t sentence;   /* index into tokens.sentences */
    uint32_t flags;      /* enum token_flag */
};

struct token_sentence {
    uint32_t from, to; /* tokens, half-open; never empty */
};

struct tokens {
    struct str text;     /* borrowed */
    struct str language; /* BCP 47, borrowed; whose abbreviations are known. Absent: en */
    struct token *list;
    size_t n, cap;
    struct token_sentence *sentences;
    size_t n_sentences, cap_sentences;
};

/* Replaces what t held; the text is borrowed as long as t is used. Any bytes will do, and
   the time is linear in them. Tokens are divided as in the Penn Treebank and in CoNLL:
   's and n't apart, hyphenated words whole, U.S. and Mr. whole. */
void tokens_read(struct tokens *t, struct str text);

/* The same for text that is divided already: tokens by white space, sentences by LF. */
void tokens_given(struct tokens *t, struct str text);
void tokens_fini(struct tokens *t);

static inline struct str token_text(const struct tokens *t, size_t i)
{
    return str_slice(t->text, t->list[i].start, t->list[i].end);
}

/* The text of the tokens [from, to), from < to. */
static inline struct str tokens_slice(const struct tokens *t, size_t from, size_t to)
{
    return str_slice(t->text, t->list[from].start, t->list[to - 1].end);
}

/* The first token that ends behind the byte offset; t->n when there is none. */
size_t tokens_find(const struct tokens *t, size_t offset);

#endif
