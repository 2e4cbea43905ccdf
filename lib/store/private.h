/* private.h - what the files of the store share */
#ifndef NEWSMQ_STORE_PRIVATE_H
#define NEWSMQ_STORE_PRIVATE_H

#include <sqlite3.h>

#include "newsmq/clock.h"
#include "newsmq/store.h"

/* Every statement, prepared once; the texts are in sql.c. */
enum sql {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_HEAD_SET,
    SQL_COUNTER_SET,
    SQL_TOPIC_ADD,
    SQL_TOPIC_SET,
    SQL_FEED_GET,
    SQL_FEED_ADD,
    SQL_FEED_COUNT,
    SQL_FEED_STATE,
    SQL_FEED_ASK,
    SQL_FEED_ALL,
    SQL_SEEN_GET,
    SQL_SEEN_ADD,
    SQL_SEEN_CHANGE,
    SQL_SEEN_TOUCH,
    SQL_SEEN_COPY,
    SQL_ALIAS_GET,
    SQL_ALIAS_SET,
    SQL_ALIAS_LAST,
    SQL_ALIAS_RANGE,
    SQL_ITEM_ADD,
    SQL_ITEM_HEAD,
    SQL_ITEM_GET,
    SQL_PENDING_ADD,
    SQL_PENDING_GET,
    SQL_PENDING_DROP,
    SQL_PENDING_ATTEMPT,
    SQL_PENDING_ALL,
    SQL_PENDING_COUNT,
    SQL_PENDING_OLDEST,
    SQL_RECORD_ADD,
    SQL_EVENT_ADD,
    SQL_WATCH_ADD,
    SQL_WATCH_GET,
    SQL_DEAD_ADD,
    SQL_DEAD_ALL,
    SQL_DEAD_COUNT,
    SQL_READ_ITEM,
    SQL_READ_RECORD,
    SQL_READ_EVENT,
    SQL_FIND_ID,
    SQL_FIND_URL,
    SQL_FIND_ALSO,
    SQL_FIND_ALIAS,
    SQL_FIND_STATE,
    SQL_CONSUMER_SET,
    SQL_CONSUMER_DROP,
    SQL_CONSUMER_ALL,
    SQL_TRIM_RECORD_TO,
    SQL_TRIM_RECORD,
    SQL_TRIM_ITEM_TO,
    SQL_TRIM_ITEM,
    SQL_TRIM_EVENT_TO,
    SQL_TRIM_EVENT,
    SQL_SEEN_RANGE,
    SQL_TRIM_SEEN,
    SQL_TRIM_ALIAS,
    SQL_STATEMENTS,
};

/* A topic and its head. What a transaction changed is kept apart from what is saved, so
   that a rollback can put it back. */
struct topic {
    char *name;
    int64_t row;
    uint64_t head, saved;
    uint64_t moved; /* in which beat */
    bool in_db, dirty;
    struct topic *next; /* same bucket */
};

struct topics {
    struct topic **all;
    size_t n, cap;
    struct topic **buckets;
    size_t n_buckets;
    uint64_t beat;
    struct topic **dirty;
    size_t n_dirty, cap_dirty;
};

enum counter {
    COUNTER_DUPLICATES,
    COUNTER_UPDATES,
    COUNTER_COMMITS,
    COUNTER_DROPPED,
    COUNTERS
};

struct heads {
    uint64_t head[STREAMS], first[STREAMS], dead;
    uint64_t counters[COUNTERS];
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *st[SQL_STATEMENTS];
    int lock_fd;
    struct mono busy_due; /* while it is opened */
    char *path;
    char epoch[33];
    struct topics topics;
    struct heads now, saved;
    struct store_made *made;
    size_t n_made, cap_made;
    int64_t now_ms;
    struct store_id seen_cursor; /* of trimming */
    int64_t alias_feed;
    uint64_t alias_key;
};

/* ---- sql.c ---- */

/* Binds a statement from the start: i int64_t, u uint64_t, b and t struct str (absent =
   NULL) as blob and text, k const struct store_id * (NULL = NULL). Slices must live until
   the statement is done. */
sqlite3_stmt *sql_bind(struct store *s, enum sql q, const char *kinds, ...);
/* 1 = a row, 0 = done (and reset), negative (and reset). */
int sql_step(struct store *s, enum sql q, struct err *e);
/* Binds and runs to the end; answers how many rows it changed. */
#define sql_run(s, q, e, ...) sql_finish((s), (q), sql_bind((s), (q), __VA_ARGS__), (e))
int sql_finish(struct store *s, enum sql q, const sqlite3_stmt *bound, struct err *e);
void sql_reset(struct store *s, enum sql q);
int sql_fault(struct store *s, int rc, const char *doing, struct err *e);
int sql_prepare_all(struct store *s, struct err *e);

struct str column_blob(sqlite3_stmt *st, int i); /* absent for NULL */
uint64_t column_u64(sqlite3_stmt *st, int i);
bool column_id(sqlite3_stmt *st, int i, struct store_id *ret); /* false for NULL */

/* ---- schema.c ---- */
extern const char schema_sql[];
extern const char *const schema_upgrades[]; /* [n]: from version n to n + 1 */
#define SCHEMA_VERSION 2

/* ---- topics.c ---- */
struct topic *topic_get(struct topics *t, const char *name); /* made when missing */
struct topic *topic_by_row(const struct topics *t, int64_t row);
void topic_load(struct topics *t, const char *name, int64_t row, uint64_t head);
void topic_move(struct topics *t, struct topic *topic, uint64_t seq);
int topics_save(struct store *s, struct err *e);
void topics_saved(struct topics *t);
void topics_undo(struct topics *t);
void topics_fini(struct topics *t);

/* ---- alias.c ---- */
/* The id under which the entry of k is known, when k->id itself is not: 1 and *ret, or 0.
 */
int alias_find(struct store *s, const struct store_key *k, int64_t feed,
               struct store_id *ret, struct err *e);
/* k's alias is that of id from now on. */
int alias_note(struct store *s, const struct store_key *k, int64_t feed,
               const struct store_id *id, struct err *e);
/* The entry that has come as id, in any feed: 1 or 0. */
int alias_find_id(struct store *s, const struct store_id *id, struct store_id *ret,
                  struct err *e);
int alias_trim(struct store *s, int64_t keep_ms, size_t *ret_n, struct err *e);

/* ---- made.c ---- */
/* The next seq of the stream on this topic. The answer is valid until the next. */
struct store_made *made_add(struct store *s, enum stream stream, struct topic *topic);

#endif
