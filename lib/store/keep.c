/* Durable consumers, and what may go once all of them have it. */
#include "newsmq/clock.h"

#include "private.h"

#define STEP 500 /* rows a transaction, so that nobody waits for it */

int store_set_consumer(struct store *s, const char *name, enum stream stream,
                       uint64_t acked, struct err *e)
{
    int rc = sql_run(s, SQL_CONSUMER_SET, e, "tiui", str_of(name), (int64_t)stream, acked,
                     s->now_ms);

    return rc < 0 ? rc : 0;
}

int store_forget_consumer(struct store *s, const char *name, struct err *e)
{
    return sql_run(s, SQL_CONSUMER_DROP, e, "t", str_of(name));
}

int store_each_consumer(struct store *s,
                        void (*fn)(void *ctx, const char *name, enum stream stream,
                                   uint64_t acked, int64_t last_ms),
                        void *ctx, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_CONSUMER_ALL, "");
    int rc;

    while ((rc = sql_step(s, SQL_CONSUMER_ALL, e)) == 1) {
        const char *name = (const char *)sqlite3_column_text(st, 0);
        int stream = sqlite3_column_int(st, 1);

        if (name != NULL && stream >= 0 && stream < STREAMS)
            fn(ctx, name, (enum stream)stream, column_u64(st, 2),
               sqlite3_column_int64(st, 3));
    }
    return rc;
}

/* Only from the front, so that what is kept has no holes. */
static int trim_stream(struct store *s, enum stream stream, uint64_t acked,
                       int64_t before_ms, size_t *ret_n, struct err *e)
{
    static const struct {
        enum sql to, drop;
    } how[STREAMS] = {{SQL_TRIM_ITEM_TO, SQL_TRIM_ITEM},
                      {SQL_TRIM_RECORD_TO, SQL_TRIM_RECORD},
                      {SQL_TRIM_EVENT_TO, SQL_TRIM_EVENT}};
    uint64_t first = s->now.first[stream], end = s->now.head[stream] + 1, to;
    sqlite3_stmt *st;
    int rc;

    if (acked < end - 1)
        end = acked + 1;
    if (end <= first)
        return 0;
    if (end - first > STEP)
        end = first + STEP;
    st = sql_bind(s, how[stream].to, "uui", first, end, before_ms);
    rc = sql_step(s, how[stream].to, e);
    if (rc < 0)
        return rc;
    to = rc == 1 ? column_u64(st, 0) : first;
    sql_reset(s, how[stream].to);
    if (to <= first)
        return 0;
    rc = sql_run(s, how[stream].drop, e, "u", to);
    if (rc < 0)
        return rc;
    s->now.first[stream] = to;
    *ret_n += (size_t)rc;
    return 0;
}

/* Walks through all keys, a few hundred a step. A key goes when its feed has listed
   others for so long without it; a feed that only says "not modified" loses none. */
static int trim_seen(struct store *s, int64_t keep_ms, size_t *ret_n, struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_SEEN_RANGE, "k", &s->seen_cursor);
    struct store_id to = {{0}};
    int rc = sql_step(s, SQL_SEEN_RANGE, e);
    bool has_more;

    if (rc < 0)
        return rc;
    has_more = rc == 1 && column_id(st, 0, &to);
    sql_reset(s, SQL_SEEN_RANGE);
    if (!has_more) {
        s->seen_cursor = (struct store_id){{0}};
        return 0;
    }
    rc = sql_run(s, SQL_TRIM_SEEN, e, "kki", &s->seen_cursor, &to, keep_ms / DAY_MS);
    if (rc < 0)
        return rc;
    s->seen_cursor = to;
    *ret_n += (size_t)rc;
    return 0;
}

int store_trim(struct store *s, const struct store_keep *k, size_t *ret_n, struct err *e)
{
    size_t n = 0;
    int rc = trim_stream(s, STREAM_RECORD, k->acked[STREAM_RECORD], k->before_ms, &n, e);

    if (rc == 0)
        rc = trim_stream(s, STREAM_ITEM, k->acked[STREAM_ITEM], k->before_ms, &n, e);
    if (rc == 0)
        rc = trim_stream(s, STREAM_EVENT, k->acked[STREAM_EVENT], k->before_ms, &n, e);
    if (rc == 0 && k->keep_seen_ms > 0)
        rc = trim_seen(s, k->keep_seen_ms, &n, e);
    if (rc == 0 && k->keep_seen_ms > 0)
        rc = alias_trim(s, k->keep_seen_ms, &n, e);
    if (rc < 0)
        return rc;
    *ret_n = n;
    return 0;
}
