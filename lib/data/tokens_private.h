/* tokens_private.h - what the parts of the tokenizer share */
#ifndef NEWSMQ_LIB_DATA_TOKENS_PRIVATE_H
#define NEWSMQ_LIB_DATA_TOKENS_PRIVATE_H

#include "newsmq/text.h"
#include "newsmq/tokens.h"

/* Kinds of code points, as bits. */
enum kind {
    KIND_UPPER = 1,
    KIND_LOWER = 2,
    KIND_LETTER = 4, /* of scripts without capitals */
    KIND_DIGIT = 8,
    KIND_MARK = 16,   /* combines with what is in front */
    KIND_HIDDEN = 32, /* soft hyphen, zero width, direction: not seen */
    KIND_SPACE = 64,
    KIND_SIGN = 128,  /* all else */
    KIND_GLYPH = 256, /* a word by itself: Han, Kana, emoji */
    KIND_DOT = 512,   /* '.' (in sets of kinds only) */
    KIND_AT = 1024,   /* '@' or ':' */
    KIND_WIDE = 2048, /* beyond ASCII */
    KIND_END = 4096,
};
#define KINDS_LETTER (KIND_UPPER | KIND_LOWER | KIND_LETTER)
#define KINDS_WORD   (KINDS_LETTER | KIND_DIGIT | KIND_MARK)

struct rune {
    uint32_t cp;
    uint32_t len;
    unsigned kind; /* one of KIND_UPPER … KIND_GLYPH; KIND_END at the end, of length 0 */
};

/* By ASCII code: kinds, '.' and the like as KIND_SIGN and their own. */
extern const uint16_t token_ascii[128];

struct rune token_rune_wide(const char *p, const char *end);

static inline struct rune token_rune(const char *p, const char *end)
{
    if (p >= end)
        return (struct rune){0, 0, KIND_END};
    if ((unsigned char)*p < 0x80)
        return (struct rune){(unsigned char)*p, 1,
                             token_ascii[(unsigned char)*p] &
                                 (unsigned)~(KIND_DOT | KIND_AT)};
    return token_rune_wide(p, end);
}

static inline bool token_is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2019;
}

/* ---- lists of a language ---- */

enum abbreviation {
    ABBREVIATION_NONE,
    ABBREVIATION_TITLE,  /* something always follows: Mr., vs. */
    ABBREVIATION_NUMBER, /* only before digits: No., p. */
    ABBREVIATION_ANY,    /* a sentence may end there: Inc., Sept. */
};

struct token_lists;

const struct token_lists *token_lists_get(struct str language); /* never NULL */
enum abbreviation token_abbreviation(const struct token_lists *l, struct str word);

/* Whether a word and a hyphen stand in front of a headline or a name: SOCCER-Braga win.
 */
bool token_is_slug(const struct token_lists *l, struct str word);

/* Whether a word with a capital most likely begins a sentence: The, He, But. */
bool token_begins(const struct token_lists *l, struct str word);

/* ---- lines ---- */

/* The width that a text was wrapped at; 0: its line feeds end something. */
size_t token_wrap_width(struct str text);

/* Whether a wrapped text goes on from the line to the next. */
bool token_is_wrap(const char *line, const char *next, const char *end, size_t width);

/* ---- one token ---- */

struct token_place {
    const char *begin, *end; /* of the text */
    const struct token_lists *lists;
    unsigned line_tokens; /* in front in the same line */
    bool small_before;    /* the token in front begins with a small letter */
    bool sign_before;     /* … is a sign */
};

struct token_word {
    const char *end;
    const char *cut; /* a clitic begins there ("n't", "'s"); NULL: none */
    unsigned kinds;
    bool may_end; /* a full stop is part of it, and a sentence may end with it: U.S. */
};

/* The word at p, which is of KINDS_WORD. */
struct token_word token_word(const struct token_place *at, const char *p);

/* The end of an address, tag or markup at p; p when there is none. *ret_flag is what it
   is. Looks at a bounded number of bytes in vain. */
const char *token_address(const char *p, const char *end, uint32_t *ret_flag);
const char *token_tag(const char *p, const char *end);
const char *token_markup(const char *p, const char *end);

#endif
