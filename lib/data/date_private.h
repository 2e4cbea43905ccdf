/* date_private.h - what the files of date.h share with each other */
#ifndef NEWSMQ_DATE_PRIVATE_H
#define NEWSMQ_DATE_PRIVATE_H

#include "newsmq/date.h"

#define DATE_MAX_BYTES  128
#define DATE_MAX_TOKENS 48

enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_WORD,
    TOKEN_MARK, /* one character of punctuation */
    TOKEN_USED, /* understood and done with */
};

struct token {
    enum token_kind kind;
    bool spaced; /* white space stood before it */
    char mark;
    unsigned digits;
    uint64_t value;
    struct str word; /* lower case, without accents */
};

/* A date on the way to be understood. */
struct dating {
    char text[DATE_MAX_BYTES * 4];
    struct token tokens[DATE_MAX_TOKENS + 1]; /* the last is TOKEN_END */
    size_t n;

    bool has_time;
    size_t time_at, time_end; /* tokens */
    unsigned hour, minute, second, ms;

    bool has_zone;
    bool zone_is_guess;
    struct str zone_name; /* absent: only an offset */
    int offset_s;         /* east of UTC */
    bool is_korean;       /* one country, one zone */

    int64_t year;
    unsigned month, day;
    unsigned weekday; /* 1 = Monday; 0 = not said */
    bool has_day;     /* false: a year or a month alone */
    bool odd;         /* in none of the standard formats */

    enum date_order wanted; /* NONE: whatever is beyond doubt */
    uint8_t orders, form;   /* as in struct date */
};

/* Fills text, tokens and n; false when it is too long, or no date at all. */
bool date_tokens(struct dating *d, struct str text);

/* These mark the tokens that they understand as used. False: a contradiction. */
bool date_take_time(struct dating *d);
bool date_take_zone(struct dating *d);
bool date_take_day(struct dating *d);

/* The day and the month of the wall clock decide for "PT" and the like. */
bool date_zone_fits(struct dating *d);

struct date_name {
    char word[28];
    unsigned char month;      /* 0 = none */
    unsigned char weekday;    /* 0 = none; 8 = one of two */
    unsigned char is_english; /* as RFC 5322 writes it */
};

extern const struct date_name date_names[];
extern const size_t date_names_count;

const struct date_name *date_name_find(struct str word);

/* Reads the commonest forms when text is exactly one of them. */
bool date_quick(struct str text, struct date *ret);

static inline bool date_is_mark(const struct token *t, char mark)
{
    return t->kind == TOKEN_MARK && t->mark == mark;
}

static inline bool date_is_word(const struct token *t, const char *word)
{
    return t->kind == TOKEN_WORD && str_eq(t->word, str_of(word));
}

#endif
