/* store.h - the hub's state: items, records, seen keys, feed states and cursors

   One SQLite database in the state folder, owned by one process. Everything that changes
   it happens between store_begin and store_commit; what such a call answers is true only
   once store_commit has answered 0. Codes that store_should_retry knows (a full disk, an
   I/O error, somebody else's lock) leave the store usable: roll back and do the same
   again. Any other error of a call that is given good arguments means damage. */
#ifndef NEWSMQ_STORE_H
#define NEWSMQ_STORE_H

#include "newsmq/err.h"
#include "newsmq/str.h"

enum stream { STREAM_ITEM, STREAM_RECORD, STREAM_EVENT, STREAMS };

const char *stream_name(enum stream s); /* "item", "record", "event" */
bool stream_find(struct str name, enum stream *ret);

/* An item id as 16 bytes; as text it has 26 characters (hash.h). */
#define STORE_ID_CHARS 26
struct store_id {
    uint8_t b[16];
};
bool store_id_read(struct str text, struct store_id *ret);
const char *store_id_text(struct store_id id, char buf[STORE_ID_CHARS + 1]);

struct store;

/* Opens or creates the store in folder dir and locks it against a second hub. Errors say
   what to do: in use (-EBUSY), written by a newer newsmq or damaged (ERR_FORMAT). */
int store_open(const char *dir, struct store **ret, struct err *e);
void store_close(struct store *s); /* the write-ahead log goes into the database */

const char *store_epoch(const struct store *s); /* differs for every new store */
uint64_t store_head(const struct store *s, enum stream stream);
uint64_t store_first(const struct store *s, enum stream stream); /* oldest kept */

bool store_should_retry(int code);
int store_begin(struct store *s, int64_t now_ms, struct err *e);
int store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);

/* What was added to the streams since store_begin, in order; valid until the next. */
struct store_made {
    enum stream stream;
    uint64_t seq, prev; /* prev: the seq before it of the same topic */
    const char *topic;  /* valid as long as the store */
    struct store_id id; /* of the item */
    uint64_t item_seq;
    uint32_t revision;
    bool is_copy; /* of an earlier item of another feed */
    struct store_id copy_of;
};
const struct store_made *store_made(const struct store *s, size_t *ret_n);

/* ---- items ---- */

struct store_key {
    struct store_id id;
    uint64_t content;     /* hash of content_hash */
    uint64_t url;         /* hash of the canonical link; 0: none */
    uint8_t basis;        /* enum id_basis */
    uint64_t steady;      /* of the content without what counts by itself; 0: not known */
    uint64_t alias;       /* second key, of link and title; 0: none */
    bool alias_is_shared; /* several entries have it: it tells nothing */
    bool is_long;         /* long enough that the same content means the same article */
    struct str lang;      /* a topic level: "en", "und" */
    struct str core;      /* JSON object; empty: only remember the key */
    char *id_in_core; /* its id, which store_put replaces by that of the entry; or NULL */
    bool emit_updates; /* changed content makes a new item */
};

/* What becomes of an article that came before in another feed. */
enum store_copies { COPIES_MARK, COPIES_DROP, COPIES_IGNORE };

struct store_feed {
    struct str id, group; /* topic levels */
    struct str state;     /* JSON object; absent: not stored */
    struct str status;    /* its member `state`; absent: unknown */
    struct str moved_to;  /* its member of that name; absent: none */
    bool has_asked;       /* what was asked of the feed is done */
    enum store_copies copies;
    int64_t stale_before_ms; /* "ok" becomes "stale" when nothing new came since */
};

struct store_fed {
    uint64_t n_new, n_dup, last_seq; /* what was dropped counts as a duplicate too */
    size_t made_from, made_to;       /* range of store_made, one per new item */
    char was[16], is[16];            /* the feed's status before and now; "" unknown */
    bool has_moved;                  /* moved_to is another than before */
    int64_t last_new_ms;             /* 0: never */
};

/* Takes in one batch of a feed. An id that is not known, with an alias that is, is the
   entry that had the alias: its item is made under the id of that entry. ret_index[k] is
   the key of the k-th new item. */
int store_put(struct store *s, const struct store_feed *f, const struct store_key *keys,
              size_t n, size_t *ret_index, struct store_fed *ret, struct err *e);

/* Writes into a feed's state what somebody asks of it. 1, or 0: no such feed. */
int store_ask_feed(struct store *s, const char *id, const char *ask, struct err *e);

/* What store_put would make of an item with this id and hash of content_hash; nothing is
   changed. */
enum store_seen { STORE_NEW, STORE_SAME, STORE_CHANGED };
int store_find_seen(struct store *s, const struct store_id *id, uint64_t content,
                    enum store_seen *ret, struct err *e);

/* ---- work ---- */

/* The item is done: its record is added. 1, or 0 when it was not pending. */
int store_add_record(struct store *s, uint64_t item_seq, struct str lang, struct str nlp,
                     struct err *e);

/* Counts a failed attempt. At max the item becomes a dead letter. 1 = still pending, 2 =
   dead, 0 = it was not pending. */
int store_add_attempt(struct store *s, uint64_t item_seq, unsigned max, struct str reason,
                      uint32_t *ret_attempts, struct err *e);

int store_add_event(struct store *s, const char *topic, struct str body, struct err *e);

/* A standing query has hit once more. */
int store_add_watch_hit(struct store *s, const char *rule, struct err *e);
/* How often it has hit in all, and when last; 0: never. */
int store_watch_hits(struct store *s, const char *rule, uint64_t *ret_hits,
                     int64_t *ret_last_ms, struct err *e);

/* ---- reading ---- */

/* item/1: `core` with its head. */
int store_write_item(uint32_t revision, struct str core, struct strbuf *out);
/* record/1 from the item's part of m. */
int store_write_record(const struct store_made *m, struct str core, struct str nlp,
                       struct strbuf *out);

/* One item as item/1. 0, or ERR_GONE. Appends to out. */
int store_read_item(struct store *s, uint64_t seq, struct strbuf *out, struct err *e);
/* The core of an item as it came. */
int store_read_core(struct store *s, uint64_t seq, struct strbuf *out, struct err *e);

struct store_row {
    uint64_t seq;
    struct str topic, json; /* valid during the call */
};
/* Rows from..to of a stream in order; fn answers 0 to go on, 1 to stop. */
int store_read(struct store *s, enum stream stream, uint64_t from, uint64_t to,
               int (*fn)(void *ctx, const struct store_row *row), void *ctx,
               struct err *e);

int store_each_pending(struct store *s,
                       void (*fn)(void *ctx, uint64_t seq, uint32_t attempts), void *ctx,
                       struct err *e);

int store_each_topic(const struct store *s, bool only_moved,
                     void (*fn)(void *ctx, const char *topic, uint64_t head), void *ctx);
/* Forgets the moves before the last call of this: a topic counts as moved for two. */
void store_topics_beat(struct store *s);

struct store_feed_row {
    struct str id, state; /* state: JSON object, absent when never stored */
    uint64_t items, duplicates;
    int64_t last_new_ms;
};
int store_each_feed(struct store *s,
                    void (*fn)(void *ctx, const struct store_feed_row *row), void *ctx,
                    struct err *e);

struct store_dead_row {
    uint64_t seq;
    struct store_id id;
    struct str feed, reason, core; /* core: absent when no longer kept */
    uint32_t attempts;
    int64_t time_ms;
};
/* The newest first. */
int store_each_dead(struct store *s, unsigned limit,
                    void (*fn)(void *ctx, const struct store_dead_row *row), void *ctx,
                    struct err *e);

struct store_found {
    struct store_id id;
    uint8_t basis;
    uint32_t revision;
    uint64_t first_seq, last_seq, record_seq; /* record_seq 0: none (kept) */
    struct str feed, core;                    /* core: absent when no longer kept */
    const char *state; /* "done", "pending", "dead", "seen", "dropped" (as a copy) */
    bool is_copy;
    struct store_id copy_of;
    const struct store_id *also; /* the same content elsewhere, at most 32 */
    size_t n_also;
};
/* By id (also one under which the entry came later), or (id NULL) by the hash of a link.
 */
int store_find(struct store *s, const struct store_id *id, uint64_t url,
               void (*fn)(void *ctx, const struct store_found *f), void *ctx,
               struct err *e);

/* ---- totals ---- */
struct store_totals {
    uint64_t items, records, dead, pending; /* each counted from its own table */
    uint64_t duplicates, updates, commits;
    uint64_t dropped; /* copies of which no item was made; they are duplicates too */
    bool accounts_ok; /* items = records + dead + pending */
};
int store_totals(struct store *s, struct store_totals *ret, struct err *e);

/* When the oldest item that is pending was taken in. 1, or 0: nothing is pending. */
int store_oldest_pending(struct store *s, int64_t *ret_ms, struct err *e);

int64_t store_bytes(const struct store *s); /* of its files; 0 when that is not known */

/* ---- durable consumers ---- */
int store_set_consumer(struct store *s, const char *name, enum stream stream,
                       uint64_t acked, struct err *e);
int store_forget_consumer(struct store *s, const char *name, struct err *e);
int store_each_consumer(struct store *s,
                        void (*fn)(void *ctx, const char *name, enum stream stream,
                                   uint64_t acked, int64_t last_ms),
                        void *ctx, struct err *e);

/* ---- retention ---- */
struct store_keep {
    int64_t before_ms;       /* items and records older than this may go */
    int64_t keep_seen_ms;    /* keys that their feed has not listed for so long, while it
                                listed others, may go */
    uint64_t acked[STREAMS]; /* nothing after it goes */
};
/* One small step inside a transaction; *ret_n is how many rows went (0: nothing to do).
 */
int store_trim(struct store *s, const struct store_keep *k, size_t *ret_n, struct err *e);

/* ---- copies ---- */
struct store_copy {
    uint64_t items, record_head, bytes;
    int version; /* of the schema */
};

/* Copies the state in folder dir to the new file path, as one commit left it, whether a
   hub works on it or not; the copy is looked through. -EEXIST: path is there. */
int store_copy_to(const char *dir, const char *path, struct store_copy *ret,
                  struct err *e);

#endif
