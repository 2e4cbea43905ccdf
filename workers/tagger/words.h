/* words.h - what is known of a token by itself: its form, its classes, the lists it is
   in. Each form is looked at once and kept, in a cache of one reader of texts. */
#ifndef NEWSMQ_WORKERS_TAGGER_WORDS_H
#define NEWSMQ_WORKERS_TAGGER_WORDS_H

#include "model.h"
#include "topics.h"

#define WORD_BYTES_MAX 64 /* of a token that are looked at */
#define WORD_AFFIXES   4

/* Capitals and small letters of a token. */
enum word_case {
    CASE_SMALL,
    CASE_FIRST, /* a capital begins it */
    CASE_ALL,   /* capitals only */
    CASE_MIXED,
    CASE_DIGITS,
    CASE_MARKS, /* punctuation */
    CASE_ALNUM, /* small letters and digits */
    CASE_NONE,  /* there is no token */
};

/* Lists of words that belong to the language; section "lists", from files of the same
   names in tools/train/LANGUAGE. */
enum word_list {
    LIST_TITLE = 1,    /* in front of persons */
    LIST_ORG = 2,      /* ends names of organisations */
    LIST_CONNECTS = 4, /* small, inside names: of, and, for, the */
    LIST_IN = 8,       /* in front of places */
    LIST_SAID = 16,    /* beside who speaks */
    LIST_TOLD = 32,    /* behind who speaks */
    LIST_SMALL = 64,   /* stays small in headlines */
    LIST_HYPHEN = 128, /* the token is a hyphen; set by its bytes */
    LIST_OPENS = 256,  /* ( */
    LIST_CLOSES = 512, /* ) */
};

/* What gazetteers know a name as; section "gazetteer". */
enum gaz {
    GAZ_COUNTRY,
    GAZ_CITY_BIG,
    GAZ_CITY,
    GAZ_REGION,
    GAZ_PEOPLE,
    GAZ_FIRST,
    GAZ_LAST,
    GAZ_HUMAN,
    GAZ_KNOWN_PER,
    GAZ_KNOWN_LOC,
    GAZ_KNOWN_ORG,
    GAZ_KNOWN_EVENT,
    GAZ_ORG,
    GAZ_ORG_INT,
    GAZ_KINDS,
};
#define GAZ_BIT(k)  (1U << (k))
#define GAZ_MASK    (GAZ_BIT(GAZ_KINDS) - 1)
#define GAZ_GOES_ON GAZ_BIT(15) /* longer names begin so */
#define GAZ_TOKENS  8           /* of the longest name */
#define GAZ_START   UINT64_C(77)
/* The hash of a name: mix(…mix(GAZ_START, key of token 1)…, key of token n). */

struct word {
    uint64_t exact;         /* of the canonical form (’ as ', US as U.S.) */
    uint64_t small;         /* of that in small letters, digits as 0 */
    uint64_t shape;         /* Xx, X.X, d: runs as one */
    uint64_t long_shape;    /* the first ten letters */
    uint64_t key;           /* for names of gazetteers: small letters, digits kept */
    uint64_t front, behind; /* of a hyphen; 0: none */
    uint64_t prefix[WORD_AFFIXES], suffix[WORD_AFFIXES]; /* 1 to 4 bytes of the small
                            form; 0: it is not longer than that */
    uint32_t form;  /* number of the small form in this cache, < words_forms() */
    int32_t number; /* in the model's words, most frequent first; -1: unknown */
    int16_t class64, class512, class2048; /* -1: unknown */
    uint16_t gaz;                         /* GAZ_BITs of the token alone */
    uint16_t lists;                       /* enum word_list */
    uint8_t is;                           /* enum word_case */
    bool goes_on; /* names of gazetteers begin with it and have more tokens */
    uint8_t text_n;
    uint32_t uses;
    char text[WORD_BYTES_MAX]; /* as it came, its first bytes */
    /* what the readers of the cache keep with it; aligned to 32 */
    _Alignas(32) unsigned char extra[];
};

static inline bool word_is_capital(const struct word *w)
{
    return w->is == CASE_FIRST || w->is == CASE_ALL || w->is == CASE_MIXED;
}

struct words;

/* Called once for each new word, to fill its extra. */
typedef void words_fill(void *ctx, struct word *w);

/* The model is borrowed. fill may be NULL. */
int words_open(const struct model *m, size_t extra_bytes, words_fill *fill, void *ctx,
               struct words **ret, struct err *e);
void words_close(struct words *w);

/* Any bytes. Never NULL; valid until words_trim. */
struct word *words_get(struct words *w, struct str text);
/* The same of n texts, which is faster than one after the other. */
void words_get_all(struct words *w, const struct str *texts, size_t n,
                   const struct word **ret);
/* What stands before the first and behind the last token of a sentence. */
struct word *words_none(struct words *w);
size_t words_forms(const struct words *w);
/* Of the model; as long as w. */
const struct topics *words_topics(const struct words *w);
/* To be called between texts: when the cache is large, forgets what was rare. */
void words_trim(struct words *w);

/* The GAZ_BITs and GAZ_GOES_ON of a name's hash. */
uint32_t words_gaz(const struct words *w, uint64_t hash);

/* For those who make models: the key of a token, its canonical small form as it is looked
   up among the words and lists. */
uint64_t word_key(struct str token);
uint64_t word_hash(struct str small);
uint64_t word_same_hash(struct str token);
/* Small letters of UTF-8; bytes that are none stay. At most max bytes; the number
 * written.
 */
size_t word_small(struct str s, char *out, size_t max);

#endif
