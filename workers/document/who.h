/* who.h - which names of one item are the same thing: what the steps of aliases.c share
 */
#ifndef NEWSMQ_WORKERS_DOCUMENT_WHO_H
#define NEWSMQ_WORKERS_DOCUMENT_WHO_H

#include "map.h"
#include "names.h"
#include "terms.h"

#define NOBODY    UINT32_MAX
#define WORDS_MAX 12    /* of a name that are compared */
#define SURE      0.95F /* a score from which on a type is not doubted */

/* Things that one key may stand for, newest first: chains in an array. */
struct links {
    struct map heads;
    struct link *list;
    size_t n, cap;
};

struct link {
    uint32_t what, next; /* next: NOBODY at the end */
};

void links_reset(struct links *l);
void links_fini(struct links *l);
void links_put(struct links *l, uint64_t key, uint32_t what);
/* The first link of a key; NULL when there is none. links_next follows it. */
const struct link *links_get(const struct links *l, uint64_t key);
const struct link *links_next(const struct links *l, const struct link *k);

#define THING_KINDS 10 /* that a name can be called: called.c */

enum gender { GENDER_UNKNOWN, GENDER_MALE, GENDER_FEMALE };

/* What is known of an entity, by its number; look at the root's. */
struct thing {
    enum gender gender;
    bool is_guess;    /* the gender, by the given name */
    uint32_t longest; /* number of the name with the most words; NOBODY: none yet */
    bool
        is_beside; /* a person who came in as somebody's kin, or goes by the given name */
    uint8_t called[THING_KINDS]; /* how often */
    uint32_t last; /* number of the name that was its last mention so far, + 1 */
};

struct who {
    const struct terms *terms;
    struct names names;
    struct thing *things;
    size_t things_cap;
    uint32_t *is; /* by number of the name: the entity that it is a mention of */
    size_t is_cap;
    struct links persons; /* by word: names in full */
    struct links bodies;  /* by words: names of which these are a part */
    struct map tails;     /* the last words of persons' names of three words or more */
    struct map heads;     /* the first words of bodies' names of two words or more */
    struct map by_key;    /* names as a whole to entities */
};

static inline size_t who_is(struct who *w, size_t name)
{
    return names_root(&w->names, w->is[name]);
}

static inline struct entity *who_entity(struct who *w, size_t name)
{
    return &w->names.out->entities[who_is(w, name)];
}

static inline uint64_t who_term(const struct who *w, enum field field, size_t token)
{
    return terms_of(w->terms, w->names.forms[field][token].key);
}

/* The entity of a becomes part of that of b. */
void who_unite(struct who *w, size_t a, size_t b);

/* Step by step: names found in part; laws; what they are called; lists; what has the same
   words; what the text says is the same; persons by parts of their names; bodies, places
   and the rest by theirs; mentions that only this shows; what the record says of each. */
bool who_complete(struct who *w);   /* true: names_read is due */
bool who_split_laws(struct who *w); /* … */
void who_laws(struct who *w);
void who_called(struct who *w);
bool who_is_called(const struct who *w, size_t entity); /* what it is */
void who_lists(struct who *w);
void who_same_words(struct who *w);
void who_stated(struct who *w);
void who_persons(struct who *w);
void who_bodies(struct who *w);
void who_apply(struct who *w);
void who_hidden(struct who *w);
void who_describe(struct who *w);

/* Of who_complete: the ends of names of which a part was found. */
bool who_hyphens_alone(const struct who *w, enum field field);
size_t who_with_hyphens(struct who *w, size_t name); /* where hyphens stand alone */
size_t who_with_rest(struct who *w, size_t name);    /* of a body */

#endif
