/* private.h - the digest inside

   A record holds postings: one for each entity that it names. The postings of an entity
   are a chain in the order of the records, so the oldest record's are in front and leave
   in front. Nothing else is counted while records come: each question walks the records
   or one chain, and so the answers are right whatever has left. */
#ifndef NEWSMQ_DIGEST_PRIVATE_H
#define NEWSMQ_DIGEST_PRIVATE_H

#include "newsmq/clock.h"
#include "newsmq/digest.h"
#include "newsmq/mem.h"

#define RECORD_ENTITIES 64 /* of one record; what is behind them is not counted */
#define RECORD_QUOTES   32
#define ENTITY_ALIASES  8
#define NAME_BYTES      200
#define KEY_BYTES       (NAME_BYTES * 3 + 8) /* folding can make a name longer */
#define CLAIMS          3    /* long names that one short name may stand for */
#define SHORTS          4    /* short names of one long one */
#define SOURCES         1024 /* buckets of feeds, which no stranger makes */

struct rec;
struct node;

struct posting {
    struct posting *next; /* of the same entity, in a later record */
    struct rec *rec;
    struct node *node;
    uint32_t mentions;
};

struct claim { /* "this record says that A is short for B" */
    struct node *shorter, *whole;
    bool is_counted; /* in a slot of shorter; else among the others */
};

struct said {
    struct str text, cue;
    struct node *speaker; /* NULL: not known */
};

struct source { /* a feed */
    struct source *next;
    char *id, *group, *title;
    size_t refs;
    uint64_t stamp; /* of the question that counts it now */
    size_t place;
};

struct rec {          /* its strings and lists are in the same piece of memory */
    struct rec *next; /* same bucket of ids */
    struct source *source;
    struct str id, title, url, lead, language;
    int64_t seen_ms, published_ms, news_ms;
    uint64_t seq, serial, stamp;
    uint32_t revision, text_chars;
    bool is_duplicate, is_failed, is_replaced;
    struct posting *postings;
    struct claim *claims;
    struct said *quotes;
    size_t n_postings, n_claims, n_quotes;
    char *json;
    size_t n_json, bytes;
};

struct node {          /* an entity */
    struct node *next; /* same bucket */
    char *key;         /* "ORG:folded name" */
    char *name, *uri;
    enum entity_type type;
    char subtype[12], wikidata[16], country[4];
    bool has_geo;
    double lat, lon;
    struct posting *first, *last;
    size_t refs; /* postings, claims and quotes */
    struct {
        struct node *whole;
        uint32_t n;
    } claims[CLAIMS];
    uint32_t n_others; /* claims that found no slot */
    struct node *shorts[SHORTS];
    /* of the question that is answered now */
    uint64_t stamp, rec_stamp;
    uint32_t now, before, mentions;
    double surprise;
};

/* What questions change though the digest stays as it is. */
struct work {
    uint64_t stamp;
    struct node **nodes; /* found by a tally */
    size_t n_nodes, cap_nodes;
    const struct posting **postings; /* of one entity */
    size_t n_postings, cap_postings;
};

struct draft;

struct digest {
    struct digest_limits limits;
    struct rec **ring; /* limits.max_records + 1 places */
    size_t first, n;
    uint64_t serial;
    struct rec **by_id;
    struct node **nodes;
    size_t n_ids, n_buckets, n_nodes;
    struct source *sources[SOURCES];
    size_t n_sources;
    size_t bytes;
    uint64_t seed;
    uint64_t added, refused, left, newest_seq;
    struct draft *draft;
    struct work *work;
};

static inline struct rec *rec_at(const struct digest *d, size_t i)
{
    return d->ring[(d->first + i) % (d->limits.max_records + 1)];
}

/* ---- draft.c: a record as it was read, slices of a tree of JSON ---- */

struct draft_entity {
    struct str id, name, subtype, uri, wikidata, country;
    enum entity_type type;
    struct str aliases[ENTITY_ALIASES];
    size_t n_aliases;
    uint32_t mentions;
    bool has_geo;
    double lat, lon;
    struct node *node; /* filled when it is added */
};

struct draft_quote {
    struct str text, cue, speaker;
};

struct draft {
    void *tree;
    struct str id, title, url, lead, language;
    struct str feed, group, feed_title;
    int64_t seen_ms, published_ms;
    uint64_t seq;
    uint32_t revision, text_chars;
    bool is_duplicate, is_failed;
    struct draft_entity entities[RECORD_ENTITIES];
    struct draft_quote quotes[RECORD_QUOTES];
    size_t n_entities, n_quotes;
};

int draft_read(struct draft *f, struct str json, struct err *e);
void draft_fini(struct draft *f);

/* ---- fold.c ---- */

/* The key of a name, NUL-terminated, or 0 when it is empty or too long. */
size_t fold_key(enum entity_type type, struct str name, char out[KEY_BYTES]);

/* A name without a type; for searching. */
size_t fold_name(struct str name, char *out, size_t max);

/* Whether a name in capitals is made of the letters of a long one, in their order. */
bool is_short_for(struct str name, struct str whole);

/* ---- nodes.c ---- */

/* The entity, new if need be, with one more reference; NULL when the name is none. */
struct node *node_take(struct digest *d, enum entity_type type, struct str name);
void node_give(struct digest *d, struct node *node); /* one reference less */
struct node *nodes_find(const struct digest *d, const char *key);
void node_learn(struct digest *d, struct node *node, const struct draft_entity *from);
bool claim_add(struct node *shorter, struct node *whole);
void claim_drop(const struct claim *c);

/* What the entity counts as: itself, or what it is short for. */
struct node *node_whole(struct node *node);

struct source *source_take(struct digest *d, const struct draft *f);
void source_give(struct digest *d, struct source *s);

/* ---- questions ---- */

void item_of(const struct rec *r, struct digest_item *ret);
bool rec_passes(const struct rec *r, const struct digest_filter *f);
void entity_of(const struct digest *d, struct node *node, struct digest_entity *ret);
struct node *node_asked(const struct digest *d, struct str key);

/* The postings of an entity and of what is short for it, one a record, in order, without
   records that are replaced or copies: in d->work. */
void postings_of(const struct digest *d, const struct node *node);

/* The step of a time; SIZE_MAX when it is outside. */
size_t axis_step(const struct digest_axis *a, int64_t ms);

/* Counts the entities of one more record under the running stamp: in now or in before. */
void tally_start(const struct digest *d);
void tally(const struct digest *d, const struct rec *r, bool is_before);
/* Sorts what was counted, by order, and answers the first max. */
size_t tally_top(const struct digest *d, int (*order)(const void *, const void *),
                 struct digest_entity *ret, size_t max);
int by_records(const void *a, const void *b);

#endif
