/* The messages of the streams, put together from what is stored. */
#include <errno.h>

#include "private.h"

int store_write_item(uint32_t revision, struct str core, struct strbuf *out)
{
    int rc = strbuf_addf(out, "{\"schema\":\"item/1\",\"revision\":%u,", revision);

    return rc == 0 ? strbuf_add(out, str_slice(core, 1, core.n)) : rc;
}

static int write_dedup(const struct store_made *m, struct strbuf *out)
{
    char id[STORE_ID_CHARS + 1];

    if (m->is_copy)
        return strbuf_addf(out,
                           ",\"dedup\":{\"status\":\"exact_duplicate\",\"of\":\"%s\"}}",
                           store_id_text(m->copy_of, id));
    return strbuf_addf(out, ",\"dedup\":{\"status\":\"%s\"}}",
                       m->revision > 1 ? "updated" : "unique");
}

int store_write_record(const struct store_made *m, struct str core, struct str nlp,
                       struct strbuf *out)
{
    int rc = strbuf_addf(out, "{\"schema\":\"record/1\",\"revision\":%u,", m->revision);

    if (rc == 0)
        rc = strbuf_add(out, str_slice(core, 1, core.n - 1));
    if (rc == 0)
        rc = strbuf_add_text(out, ",\"nlp\":");
    if (rc == 0)
        rc = strbuf_add(out, nlp);
    return rc == 0 ? write_dedup(m, out) : rc;
}

static int get_core(struct store *s, uint64_t seq, sqlite3_stmt **ret, struct err *e)
{
    int rc;

    *ret = sql_bind(s, SQL_ITEM_GET, "u", seq);
    rc = sql_step(s, SQL_ITEM_GET, e);
    if (rc == 0)
        return err_set(e, ERR_GONE, "item %llu is not kept", (unsigned long long)seq);
    if (rc == 1 && column_blob(*ret, 1).n < 2) {
        sql_reset(s, SQL_ITEM_GET);
        return err_set(e, ERR_FORMAT, "%s: item %llu has no text", s->path,
                       (unsigned long long)seq);
    }
    return rc < 0 ? rc : 0;
}

int store_read_item(struct store *s, uint64_t seq, struct strbuf *out, struct err *e)
{
    sqlite3_stmt *st;
    int rc = get_core(s, seq, &st, e);

    if (rc < 0)
        return rc;
    rc = store_write_item((uint32_t)sqlite3_column_int64(st, 0), column_blob(st, 1), out);
    sql_reset(s, SQL_ITEM_GET);
    return rc;
}

int store_read_core(struct store *s, uint64_t seq, struct strbuf *out, struct err *e)
{
    sqlite3_stmt *st;
    int rc = get_core(s, seq, &st, e);

    if (rc < 0)
        return rc;
    rc = strbuf_add(out, column_blob(st, 1));
    sql_reset(s, SQL_ITEM_GET);
    return rc;
}

static int write_row(enum stream stream, sqlite3_stmt *st, struct strbuf *out)
{
    struct store_made m = {.revision = (uint32_t)sqlite3_column_int64(st, 2)};
    struct str body = column_blob(st, 3);

    if (stream == STREAM_EVENT)
        return strbuf_add(out, body);
    if (body.n < 2)
        return ERR_FORMAT;
    if (stream == STREAM_ITEM)
        return store_write_item(m.revision, body, out);
    m.is_copy = column_id(st, 5, &m.copy_of);
    return store_write_record(&m, body, column_blob(st, 4), out);
}

int store_read(struct store *s, enum stream stream, uint64_t from, uint64_t to,
               int (*fn)(void *ctx, const struct store_row *row), void *ctx,
               struct err *e)
{
    static const enum sql ask[STREAMS] = {SQL_READ_ITEM, SQL_READ_RECORD, SQL_READ_EVENT};
    sqlite3_stmt *st = sql_bind(s, ask[stream], "uu", from, to);
    struct strbuf json = {.max = SIZE_MAX / 2};
    int rc;

    while ((rc = sql_step(s, ask[stream], e)) == 1) {
        const struct topic *topic = topic_by_row(&s->topics, sqlite3_column_int64(st, 1));
        struct store_row row = {.seq = column_u64(st, 0)};

        strbuf_reset(&json);
        if (topic == NULL || write_row(stream, st, &json) < 0) {
            rc = err_set(e, ERR_FORMAT, "%s: %s %llu cannot be read", s->path,
                         stream_name(stream), (unsigned long long)row.seq);
            break;
        }
        row.topic = str_of(topic->name);
        row.json = strbuf_str(&json);
        if (fn(ctx, &row) != 0)
            break;
    }
    sql_reset(s, ask[stream]);
    strbuf_fini(&json);
    return rc < 0 ? rc : 0;
}

int store_each_pending(struct store *s,
                       void (*fn)(void *ctx, uint64_t seq, uint32_t attempts), void *ctx,
                       struct err *e)
{
    sqlite3_stmt *st = sql_bind(s, SQL_PENDING_ALL, "");
    int rc;

    while ((rc = sql_step(s, SQL_PENDING_ALL, e)) == 1)
        fn(ctx, column_u64(st, 0), (uint32_t)sqlite3_column_int64(st, 1));
    return rc;
}
