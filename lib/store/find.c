/* Questions that people ask: feeds, dead letters, and why an entry is what it is. */
#include "private.h"

int store_each_feed(struct store *s,
                    void (*fn)(void *ctx, const struct store_feed_row *row), void *ctx,
                    struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_FEED_ALL, "");
    int rc;

    while ((rc = sql_step(s, SQL_FEED_ALL, e)) == 1) {
        struct store_feed_row row = {column_blob(st, 0), column_blob(st, 1),
                                     column_u64(st, 2), column_u64(st, 3),
                                     sqlite3_column_int64(st, 4)};

        fn(ctx, &row);
    }
    return rc;
}

/* The feed's level of "item/<group>/<feed>/<lang>/". */
static struct str feed_of_topic(struct str topic)
{
    struct str rest = topic;

    (void)str_cut(&rest, '/');
    (void)str_cut(&rest, '/');
    return str_cut(&rest, '/');
}

int store_each_dead(struct store *s, unsigned limit,
                    void (*fn)(void *ctx, const struct store_dead_row *row), void *ctx,
                    struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_DEAD_ALL, "i", (int64_t)limit);
    int rc;

    while ((rc = sql_step(s, SQL_DEAD_ALL, e)) == 1) {
        struct store_dead_row row = {.seq = column_u64(st, 0),
                                     .feed = feed_of_topic(column_blob(st, 2)),
                                     .reason = column_blob(st, 3),
                                     .attempts = (uint32_t)sqlite3_column_int64(st, 4),
                                     .time_ms = sqlite3_column_int64(st, 5),
                                     .core = column_blob(st, 6)};

        (void)column_id(st, 1, &row.id); /* an id that is none stays zero */
        fn(ctx, &row);
    }
    return rc;
}

static int find_also(struct store *s, uint64_t content, const struct store_id *id,
                     struct store_id *ret, size_t *ret_n, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_FIND_ALSO, "uk", content, id);
    int rc;

    *ret_n = 0;
    while ((rc = sql_step(s, SQL_FIND_ALSO, e)) == 1)
        if (*ret_n < 32 && column_id(st, 0, &ret[*ret_n]))
            ++*ret_n;
    return rc;
}

/* DROPPED of put.c: the seq of a copy of which no item was made. */
static void find_dropped(struct store_found *f)
{
    if (f->last_seq != UINT64_MAX)
        return;
    f->last_seq = 0;
    f->state = "dropped";
    f->is_copy = f->n_also > 0;
    if (f->is_copy)
        f->copy_of = f->also[0];
}

static int find_state(struct store *s, struct store_found *f, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_FIND_STATE, "u", f->last_seq);
    int rc = sql_step(s, SQL_FIND_STATE, e);

    if (rc < 0)
        return rc;
    f->state = "done";
    if (f->last_seq == UINT64_MAX)
        find_dropped(f);
    else if (f->last_seq == 0)
        f->state = "seen";
    else if (rc == 1 && sqlite3_column_int(st, 0) != 0)
        f->state = "pending";
    else if (rc == 1 && sqlite3_column_int(st, 1) != 0)
        f->state = "dead";
    sql_reset(s, SQL_FIND_STATE);
    return 0;
}

static int each_found(struct store *s, enum sql q,
                      void (*fn)(void *ctx, const struct store_found *f), void *ctx,
                      size_t *ret_n, struct err *e)
{
    sqlite3_stmt *st = s->st[q]; /* bound by the caller */
    int rc;

    while ((rc = sql_step(s, q, e)) == 1) {
        struct store_id also[32];
        struct store_found f = {.basis = (uint8_t)sqlite3_column_int(st, 1),
                                .revision = (uint32_t)sqlite3_column_int64(st, 2),
                                .first_seq = column_u64(st, 3),
                                .last_seq = column_u64(st, 4),
                                .feed = column_blob(st, 5),
                                .core = column_blob(st, 6),
                                .record_seq = column_u64(st, 7),
                                .also = also};

        (void)column_id(st, 0, &f.id); /* an id that is none stays zero */
        f.is_copy = column_id(st, 8, &f.copy_of);
        rc = find_also(s, column_u64(st, 9), &f.id, also, &f.n_also, e);
        if (rc == 0)
            rc = find_state(s, &f, e);
        if (rc < 0)
            break;
        fn(ctx, &f);
        ++*ret_n;
    }
    sql_reset(s, q);
    return rc;
}

int store_find(struct store *s, const struct store_id *id, uint64_t url,
               void (*fn)(void *ctx, const struct store_found *f), void *ctx,
               struct err *e)
{
    enum sql q = id != NULL ? SQL_FIND_ID : SQL_FIND_URL;
    struct store_id known;
    size_t n = 0;
    int rc;

    if (id != NULL)
        (void)sql_bind(s, q, "k", id);
    else
        (void)sql_bind(s, q, "u", url);
    rc = each_found(s, q, fn, ctx, &n, e);
    if (rc < 0 || n > 0 || id == NULL)
        return rc;
    rc = alias_find_id(s, id, &known, e);
    if (rc <= 0)
        return rc;
    (void)sql_bind(s, q, "k", &known);
    return each_found(s, q, fn, ctx, &n, e);
}
