/* digest.h - what a stretch of records says: feeds, entities, quotes, places, trends

   An index in memory over the newest records that were added. It is bounded: when one of
   its limits is reached the oldest records leave, and everything that was counted of them
   with them. All that is answered is counted from the records that are there, so the
   answers agree with each other.

   An entity is its type and its folded name (case, spaces, the dots of initials; accents
   count). "UN" of one record is "United Nations" of others while records in the digest
   say so by their aliases, and say so of one name only.

   Slices that are answered live until the next digest_add. Nothing in here escapes text:
   it is a stranger's. */
#ifndef NEWSMQ_DIGEST_H
#define NEWSMQ_DIGEST_H

#include "newsmq/err.h"
#include "newsmq/record.h"
#include "newsmq/str.h"

struct digest;

struct digest_limits {   /* 0: the default */
    size_t max_records;  /* 20000 */
    size_t max_bytes;    /* of memory: 256 MiB */
    size_t max_entities; /* different names: 200000 */
    size_t keep_json;    /* of the newest records the whole line is kept; none */
};

struct digest *digest_new(const struct digest_limits *limits); /* NULL: the defaults */
void digest_free(struct digest *d);

/* Adds one record/1. A record that is there already (same id and revision) changes
   nothing; a later revision takes the place of the earlier. seq: its number in the stream
   of records, 0: as its "sink" says, if it does. 0, or ERR_FORMAT, ERR_LIMIT: it is no
   such record and was counted as refused. */
int digest_add(struct digest *d, struct str json, uint64_t seq, struct err *e);

/* ---- all of it ---- */

struct digest_totals {
    size_t records; /* that are there, without those that a later revision replaced */
    size_t feeds, entities, quotes;
    size_t duplicates; /* of the records: the same text came before in another feed */
    size_t failed;     /* … whose nlp.status is failed or partial */
    uint64_t text_chars, mentions;
    uint64_t added, refused, left; /* since birth: records; no records; gone for room */
    size_t bytes;
    int64_t first_ms, last_ms; /* earliest and latest date_seen; 0: no records */
    uint64_t newest_seq;
};
void digest_totals(const struct digest *d, struct digest_totals *ret);

/* ---- counts over time ---- */

#define DIGEST_STEPS 48

/* n steps of step_ms up to end_ms (not included); the last is counts[n - 1]. */
struct digest_axis {
    int64_t end_ms, step_ms;
    size_t n; /* 1 to DIGEST_STEPS */
};

/* n whole days (UTC) up to the one that now_ms is in; the same with hours. */
struct digest_axis digest_days(int64_t now_ms, size_t n);
struct digest_axis digest_hours(int64_t now_ms, size_t n);

/* ---- records ---- */

struct digest_item {
    struct str id, title, url, feed, group, lead; /* lead: the text's first ~300 bytes */
    struct str language;                          /* detected; else declared */
    int64_t seen_ms, published_ms;                /* published: 0 when not known */
    int64_t news_ms; /* published if that is known and not later than seen, else seen */
    uint64_t seq;
    uint32_t revision, text_chars, entities, quotes;
    bool is_duplicate;
    struct str json; /* the whole line; absent when it is not kept any more */
};

struct digest_filter {
    struct str feed, group; /* absent: any */
    struct str contains;    /* in the title, or in the name of an entity: folded */
    int64_t from_ms, to_ms; /* date_seen, half-open; 0: open */
    uint64_t before_seq;    /* only older ones, to page; 0: from the newest */
    bool no_duplicates;
    int type; /* enum entity_type of an entity; -1: any */
};
#define DIGEST_ALL ((struct digest_filter){.type = -1})

/* The newest first. How many were written. */
size_t digest_newest(const struct digest *d, const struct digest_filter *f,
                     struct digest_item *ret, size_t max);
bool digest_find(const struct digest *d, struct str id, struct digest_item *ret);

/* ---- feeds ---- */

struct digest_feed {
    struct str id, group, title;
    size_t records, duplicates;
    uint64_t text_chars;           /* of all its records */
    int64_t last_ms;               /* date_seen of its newest */
    uint32_t counts[DIGEST_STEPS]; /* by date_seen */
};

/* By id. How many there are; the first max are written. */
size_t digest_feeds(const struct digest *d, const struct digest_axis *axis,
                    struct digest_feed *ret, size_t max);
bool digest_feed(const struct digest *d, struct str id, const struct digest_axis *axis,
                 struct digest_feed *ret);

/* ---- entities: counted in records, without duplicates ---- */

struct digest_entity {
    struct str key;  /* "ORG:united nations": asks for it again */
    struct str name; /* as it was written last in full */
    struct str subtype, uri, wikidata, country; /* absent when not known */
    enum entity_type type;
    bool has_geo;
    double lat, lon;
    size_t records, mentions, feeds;
    int64_t first_ms, last_ms; /* news_ms */
    double surprise;           /* trends: G², see there; else 0 */
    size_t before;             /* trends: records with it before the last step */
};

/* The most frequent first. */
size_t digest_entities(const struct digest *d, const struct digest_filter *f,
                       struct digest_entity *ret, size_t max);

/* "TYPE:name" in any case; its other names (acronyms) answer the same. */
bool digest_entity(const struct digest *d, struct str key, struct digest_entity *ret);

/* Of one entity: records an interval by news_ms; who it appears with (records: of both
   together); in which feeds (records: of the feed with it); its newest records. */
bool digest_entity_counts(const struct digest *d, struct str key,
                          const struct digest_axis *axis, uint32_t ret[DIGEST_STEPS]);
size_t digest_entity_with(const struct digest *d, struct str key,
                          struct digest_entity *ret, size_t max);
size_t digest_entity_feeds(const struct digest *d, struct str key,
                           const struct digest_axis *axis, struct digest_feed *ret,
                           size_t max);
size_t digest_entity_items(const struct digest *d, struct str key,
                           struct digest_item *ret, size_t max);
size_t digest_entity_aliases(const struct digest *d, struct str key, struct str *ret,
                             size_t max);

/* Rising entities: a larger part of the records of the axis' last step has them than of
   the steps before. The most surprising first, by the log-likelihood ratio G² of Dunning
   (Accurate Methods for the Statistics of Surprise and Coincidence, Computational
   Linguistics 19(1), 1993):

       G² = 2 Σ O ln(O / E)

   over the four counts O of records: with the entity in the last step (a) and before (b),
   without it in the last step (c - a) and before (d - b), where E is what each would be
   if the entity were as frequent before and after: row total times column total by all.
   Only a / c > b / d, a of 3 at least, and G² of 3.84 at least (p < 0.05 for one entity;
   of many names some rise by chance). None while there is nothing before. */
size_t digest_trends(const struct digest *d, const struct digest_axis *axis,
                     struct digest_entity *ret, size_t max);

/* ---- quotes and places ---- */

struct digest_quote {
    struct str text, cue;
    struct str speaker, speaker_key; /* absent when not known */
    struct digest_item item;
};

/* The newest first; of one speaker, or of all (key absent). */
size_t digest_quotes(const struct digest *d, struct str key, struct digest_quote *ret,
                     size_t max);

/* Entities with coordinates, the most frequent first. */
size_t digest_places(const struct digest *d, const struct digest_filter *f,
                     struct digest_entity *ret, size_t max);

#endif
