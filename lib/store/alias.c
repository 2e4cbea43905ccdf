/* What an entry is known by beside its id. Some feeds give an entry a new guid, once when
   they move or at each poll, while link and title stay. The hash of these is noted with
   each item; an id that nobody knows, with an alias that is known in the same feed, is
   the entry that had it. When the other id comes a second time it is noted too, so that
   the entry stays known when its title changes; one that is new at each poll leaves no
   trace. */
#include "newsmq/clock.h"
#include "newsmq/hash.h"

#include "private.h"

struct alias {
    struct store_id id;
    bool has_id; /* false: several entries have it */
    bool is_id;  /* the key is another id, not link and title */
    uint64_t last;
    int64_t day;
};

static uint64_t key_of(const struct store_id *id)
{
    return hash_xxh64((struct str){(const char *)id->b, sizeof id->b}, 0) | 1;
}

/* 1 or 0. */
static int get(struct store *s, int64_t feed, uint64_t key, struct alias *ret,
               struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_ALIAS_GET, "iu", feed, key);
    int rc = sql_step(s, SQL_ALIAS_GET, e);

    if (rc <= 0)
        return rc;
    *ret = (struct alias){.is_id = sqlite3_column_type(st, 1) == SQLITE_NULL,
                          .last = column_u64(st, 1),
                          .day = sqlite3_column_int64(st, 2)};
    ret->has_id = column_id(st, 0, &ret->id);
    sql_reset(s, SQL_ALIAS_GET);
    return 1;
}

static int set_id(struct store *s, int64_t feed, uint64_t key, const struct store_id *id,
                  struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_ALIAS_SET, "iukii", feed, key, id, INT64_C(0),
                                s->now_ms / DAY_MS);

    (void)sqlite3_bind_null(st, 4); /* cannot fail on a statement that is reset */
    return sql_finish(s, SQL_ALIAS_SET, st, e);
}

/* The id came as one before: it is known by itself. */
static int find_other_id(struct store *s, uint64_t key, int64_t feed,
                         struct store_id *ret, struct err *e)
{
    struct alias a;
    int rc = get(s, feed, key, &a, e);

    if (rc < 0 || rc == 0 || !a.is_id || !a.has_id)
        return rc < 0 ? rc : 0;
    *ret = a.id;
    if (a.day != s->now_ms / DAY_MS)
        rc = set_id(s, feed, key, &a.id, e);
    return rc < 0 ? rc : 1;
}

int alias_find(struct store *s, const struct store_key *k, int64_t feed,
               struct store_id *ret, struct err *e)
{
    uint64_t key = key_of(&k->id);
    int rc = find_other_id(s, key, feed, ret, e);
    struct alias a;

    if (rc != 0 || k->alias == 0 || k->alias_is_shared)
        return rc;
    rc = get(s, feed, k->alias, &a, e);
    if (rc <= 0 || !a.has_id || a.is_id)
        return rc < 0 ? rc : 0;
    *ret = a.id;
    rc = a.last == key ? set_id(s, feed, key, &a.id, e)
                       : sql_run(s, SQL_ALIAS_LAST, e, "iuu", feed, k->alias, key);
    return rc < 0 ? rc : 1;
}

int alias_note(struct store *s, const struct store_key *k, int64_t feed,
               const struct store_id *id, struct err *e)
{
    struct alias a = {0};
    int rc = k->alias != 0 ? get(s, feed, k->alias, &a, e) : 0;

    if (k->alias == 0 || rc < 0)
        return rc;
    if (rc == 1 &&
        (!a.has_id || (!k->alias_is_shared && memcmp(a.id.b, id->b, sizeof id->b) == 0)))
        return 0; /* as it stands there */
    rc = sql_run(s, SQL_ALIAS_SET, e, "iukii", feed, k->alias,
                 k->alias_is_shared ? NULL : id, INT64_C(0), s->now_ms / DAY_MS);
    return rc < 0 ? rc : 0;
}

int alias_find_id(struct store *s, const struct store_id *id, struct store_id *ret,
                  struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_FIND_ALIAS, "u", key_of(id));
    int rc = sql_step(s, SQL_FIND_ALIAS, e);
    bool found = rc == 1 && column_id(st, 0, ret);

    sql_reset(s, SQL_FIND_ALIAS);
    return rc < 0 ? rc : found;
}

/* As with the keys: through all of them, some thousands a step. */
int alias_trim(struct store *s, int64_t keep_ms, size_t *ret_n, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_ALIAS_RANGE, "iu", s->alias_feed, s->alias_key);
    int rc = sql_step(s, SQL_ALIAS_RANGE, e);
    int64_t feed;
    uint64_t key;

    if (rc < 0)
        return rc;
    feed = rc == 1 ? sqlite3_column_int64(st, 0) : 0;
    key = rc == 1 ? column_u64(st, 1) : 0;
    if (rc == 1) {
        sql_reset(s, SQL_ALIAS_RANGE);
        rc = sql_run(s, SQL_TRIM_ALIAS, e, "iuiui", s->alias_feed, s->alias_key, feed,
                     key, keep_ms / DAY_MS);
    }
    if (rc < 0)
        return rc;
    s->alias_feed = feed;
    s->alias_key = key;
    *ret_n += (size_t)rc;
    return 0;
}
