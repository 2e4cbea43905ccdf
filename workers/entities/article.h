/* article.h - the names of one item and which of them are the same thing */
#ifndef NEWSMQ_WORKERS_ENTITIES_ARTICLE_H
#define NEWSMQ_WORKERS_ENTITIES_ARTICLE_H

#include "newsmq/item.h"
#include "newsmq/record.h"

#include "lexicon.h"
#include "../document/map.h"
#include "spans.h"
#include "words.h"

#define PAIRS_MAX 64
#define NAMES_MAX 8192 /* of one item; what is behind them is left out */

/* A name as it stands in the text. */
struct name {
    uint32_t from, to; /* tokens of text[field] */
    enum field field;
    enum name_class is;
    float score;
    uint64_t key;   /* the same for the same words */
    uint32_t group; /* before joining; use article_root */
};

/* Names that are the same thing. */
struct group {
    uint32_t parent; /* itself: a root */
    uint32_t first;  /* number of its first name */
    uint32_t tokens; /* of its longest name */
    float votes[CLASSES];
    const struct phrase *phrase; /* NULL when not known */
};

/* An acronym and its long form, where the text explains it. */
struct pair {
    enum field field;
    uint32_t long_from, long_to, acronym; /* tokens */
    enum name_class is;
    uint64_t key, short_key;
};

struct article {
    const struct lexicon *lexicon;
    struct words text[2]; /* by enum field */
    struct seen seen;
    struct spans spans;
    struct name *names;
    size_t n_names, names_cap;
    struct group *groups;
    size_t n_groups, groups_cap;
    struct pair pairs[PAIRS_MAX];
    size_t n_pairs;
    struct map by_key;  /* of names to groups */
    struct map persons; /* last and first names to groups of persons */
    struct map shorts;  /* short forms of organisations to groups */
};

void article_fini(struct article *d);

/* Finds the names of all classes, or (places_only) only countries, cities, regions and
   bodies that the lists have. */
void article_read(struct article *d, const struct item *it, bool places_only);

/* Takes in one more name, unless its tokens are taken: true when it was. */
bool article_add(struct article *d, enum field field, size_t from, size_t to,
                 enum name_class is, float score);

/* Gives up the names that touch the tokens [from, to). */
void article_drop(struct article *d, enum field field, size_t from, size_t to);

/* The words of tokens as a key, "the" in front and full stops left out. */
uint64_t article_key(const struct words *t, size_t from, size_t to);

enum name_class group_class(const struct group *g); /* the one most votes are for */
uint32_t article_root(struct article *d, uint32_t group);
void article_join(struct article *d, uint32_t a, uint32_t b); /* b becomes part of a */

/* Acronyms with their long forms: "Task Force (TF)", "TF (Task Force)". Both become
   names, and pairs that groups_make joins. */
void acronyms_find(struct article *d);

/* Puts names into groups, then surnames to full names and short forms to long ones;
   adds names that only this shows. */
void groups_make(struct article *d);

/* Writes the groups as entities, the most important first. */
void entities_write(struct article *d, struct result *out);

#endif
