/* The statements of the store, and the few helpers to run them. */
#include <errno.h>
#include <stdarg.h>

#include "private.h"

static const char *const texts[SQL_STATEMENTS] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_HEAD_SET] = "UPDATE stream SET head=?2, first=?3 WHERE n=?1",
    [SQL_COUNTER_SET] = "UPDATE counter SET n=?2 WHERE name=?1",
    [SQL_TOPIC_ADD] = "INSERT INTO topic(n, name, head) VALUES(?1,?2,?3)",
    [SQL_TOPIC_SET] = "UPDATE topic SET head=?2 WHERE n=?1",

    [SQL_FEED_GET] = "SELECT n, status, day, last_new_ms, CASE WHEN json_valid(state)"
                     " THEN json_extract(state, '$.moved_to') END FROM feed WHERE id=?1",
    [SQL_FEED_ADD] = "INSERT INTO feed(id, items, duplicates, last_new_ms, day)"
                     " VALUES(?1, 0, 0, 0, 0)",
    [SQL_FEED_COUNT] = "UPDATE feed SET items=items+?2, duplicates=duplicates+?3,"
                       " last_new_ms=max(last_new_ms,?4), day=max(day,?5) WHERE n=?1",
    /* What was asked of the feed stays until the fetcher says that it has done it. */
    [SQL_FEED_STATE] = "UPDATE feed SET state=CASE WHEN ?4 OR NOT json_valid(state)"
                       " OR json_extract(state, '$.ask') IS NULL THEN ?2"
                       " ELSE json_set(?2, '$.ask', json_extract(state, '$.ask')) END,"
                       " status=coalesce(?3, status) WHERE n=?1",
    [SQL_FEED_ASK] = "UPDATE feed SET state=json_set(CASE WHEN json_valid(state)"
                     " THEN state ELSE json_object('feed', id) END, '$.ask', ?2)"
                     " WHERE id=?1",
    [SQL_FEED_ALL] = "SELECT id, state, items, duplicates, last_new_ms FROM feed"
                     " ORDER BY id",

    [SQL_SEEN_GET] = "SELECT content, revision, day, steady, last FROM seen"
                     " WHERE id=?1",
    [SQL_SEEN_ADD] = "INSERT INTO seen(id, content, url, revision, first, last, feed,"
                     " basis, day, steady) VALUES(?1,?2,?3,1,?4,?9,?5,?6,?7,?8)",
    [SQL_SEEN_CHANGE] = "UPDATE seen SET content=?2, url=?3, revision=?4, last=?5,"
                        " first=CASE WHEN first=0 AND ?5>0 THEN ?5 ELSE first END,"
                        " basis=?6,"
                        " day=?7, steady=?8 WHERE id=?1",
    [SQL_SEEN_TOUCH] = "UPDATE seen SET day=?2,"
                       " steady=CASE steady WHEN 0 THEN ?3 ELSE steady END WHERE id=?1",
    /* The bound keeps a flood of equal texts from making every insert slow. */
    [SQL_SEEN_COPY] = "SELECT id FROM (SELECT id, feed, first, url FROM seen"
                      " WHERE content=?1 AND first>0 ORDER BY first LIMIT 32)"
                      " WHERE feed<>?2 AND id<>?3 AND (?4=0 OR url=?4)"
                      " ORDER BY first LIMIT 1",

    [SQL_ALIAS_GET] = "SELECT id, last, day FROM alias WHERE feed=?1 AND key=?2",
    [SQL_ALIAS_SET] = "INSERT OR REPLACE INTO alias(feed, key, id, last, day)"
                      " VALUES(?1,?2,?3,?4,?5)",
    [SQL_ALIAS_LAST] = "UPDATE alias SET last=?3 WHERE feed=?1 AND key=?2",
    [SQL_ALIAS_RANGE] = "SELECT feed, key FROM (SELECT feed, key FROM alias"
                        " WHERE (feed, key)>(?1, ?2) ORDER BY feed, key LIMIT 5000)"
                        " ORDER BY feed DESC, key DESC LIMIT 1",

    [SQL_ITEM_ADD] = "INSERT INTO item(seq, id, revision, topic, copy_of, time_ms, core)"
                     " VALUES(?1,?2,?3,?4,?5,?6,?7)",
    [SQL_ITEM_HEAD] = "SELECT id, revision, topic, copy_of FROM item WHERE seq=?1",
    [SQL_ITEM_GET] = "SELECT revision, core FROM item WHERE seq=?1",

    [SQL_PENDING_ADD] = "INSERT INTO pending(seq, attempts) VALUES(?1, 0)",
    [SQL_PENDING_GET] = "SELECT attempts FROM pending WHERE seq=?1",
    [SQL_PENDING_DROP] = "DELETE FROM pending WHERE seq=?1",
    [SQL_PENDING_ATTEMPT] = "UPDATE pending SET attempts=attempts+1 WHERE seq=?1",
    [SQL_PENDING_ALL] = "SELECT seq, attempts FROM pending ORDER BY seq",
    [SQL_PENDING_COUNT] = "SELECT count(*) FROM pending",
    [SQL_PENDING_OLDEST] = "SELECT time_ms FROM item"
                           " WHERE seq=(SELECT min(seq) FROM pending)",
    [SQL_RECORD_ADD] = "INSERT INTO record(seq, item, topic, time_ms, nlp)"
                       " VALUES(?1,?2,?3,?4,?5)",
    [SQL_EVENT_ADD] = "INSERT INTO event(seq, topic, time_ms, body) VALUES(?1,?2,?3,?4)",
    /* Beside the other facts, so that older versions can read the file all the same. */
    [SQL_WATCH_ADD] = "INSERT INTO meta(key, value) VALUES('watch:' || ?1,"
                      " json_object('hits', 1, 'last_ms', ?2)) ON CONFLICT(key)"
                      " DO UPDATE SET value=json_object('hits',"
                      " coalesce(json_extract(value, '$.hits'), 0) + 1, 'last_ms', ?2)",
    [SQL_WATCH_GET] = "SELECT json_extract(value, '$.hits'),"
                      " json_extract(value, '$.last_ms') FROM meta"
                      " WHERE key='watch:' || ?1 AND json_valid(value)",
    [SQL_DEAD_ADD] = "INSERT INTO dead(item, id, topic, attempts, reason, time_ms)"
                     " VALUES(?1,?2,?3,?4,?5,?6)",
    [SQL_DEAD_ALL] =
        "SELECT d.item, d.id, t.name, d.reason, d.attempts, d.time_ms, i.core"
        " FROM dead d LEFT JOIN topic t ON t.n=d.topic"
        " LEFT JOIN item i ON i.seq=d.item ORDER BY d.n DESC LIMIT ?1",
    [SQL_DEAD_COUNT] = "SELECT count(*) FROM dead",

    [SQL_READ_ITEM] = "SELECT seq, topic, revision, core FROM item"
                      " WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
    [SQL_READ_RECORD] = "SELECT r.seq, r.topic, i.revision, i.core, r.nlp, i.copy_of"
                        " FROM record r JOIN item i ON i.seq=r.item"
                        " WHERE r.seq BETWEEN ?1 AND ?2 ORDER BY r.seq",
    [SQL_READ_EVENT] = "SELECT seq, topic, 0, body FROM event"
                       " WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",

#define FIND                                                                  \
    "SELECT s.id, s.basis, s.revision, s.first, s.last, f.id, i.core, r.seq," \
    " i.copy_of, s.content FROM seen s JOIN feed f ON f.n=s.feed"             \
    " LEFT JOIN item i ON i.seq=s.last LEFT JOIN record r ON r.item=s.last"
    [SQL_FIND_ID] = FIND " WHERE s.id=?1",
    [SQL_FIND_URL] = FIND " WHERE s.url=?1 AND s.url<>0 ORDER BY s.first LIMIT 100",
    [SQL_FIND_ALSO] = "SELECT id FROM seen WHERE content=?1 AND content<>0 AND id<>?2"
                      " ORDER BY first=0, first LIMIT 32",
    [SQL_FIND_ALIAS] = "SELECT id FROM alias WHERE id IS NOT NULL AND"
                       " ((key=?1 AND last IS NULL) OR last=?1) LIMIT 1",
    [SQL_FIND_STATE] = "SELECT (SELECT 1 FROM pending WHERE seq=?1),"
                       " (SELECT 1 FROM dead WHERE item=?1)",

    [SQL_CONSUMER_SET] = "INSERT INTO consumer(name, stream, acked, last_ms)"
                         " VALUES(?1,?2,?3,?4) ON CONFLICT(name) DO UPDATE"
                         " SET stream=?2, acked=?3, last_ms=?4",
    [SQL_CONSUMER_DROP] = "DELETE FROM consumer WHERE name=?1",
    [SQL_CONSUMER_ALL] =
        "SELECT name, stream, acked, last_ms FROM consumer ORDER BY name",

    /* The first seq of a step that must stay, else the end of the step. */
    [SQL_TRIM_RECORD_TO] = "SELECT coalesce((SELECT min(seq) FROM record"
                           " WHERE seq>=?1 AND seq<?2 AND time_ms>=?3), ?2)",
    [SQL_TRIM_RECORD] = "DELETE FROM record WHERE seq<?1",
    [SQL_TRIM_ITEM_TO] = "SELECT coalesce((SELECT min(seq) FROM item i"
                         " WHERE seq>=?1 AND seq<?2 AND (time_ms>=?3"
                         " OR EXISTS(SELECT 1 FROM pending p WHERE p.seq=i.seq)"
                         " OR EXISTS(SELECT 1 FROM record r WHERE r.item=i.seq))), ?2)",
    [SQL_TRIM_ITEM] = "DELETE FROM item WHERE seq<?1",
    [SQL_TRIM_EVENT_TO] = "SELECT coalesce((SELECT min(seq) FROM event"
                          " WHERE seq>=?1 AND seq<?2 AND time_ms>=?3), ?2)",
    [SQL_TRIM_EVENT] = "DELETE FROM event WHERE seq<?1",
    [SQL_SEEN_RANGE] = "SELECT max(id) FROM (SELECT id FROM seen WHERE id>?1"
                       " ORDER BY id LIMIT 5000)",
    [SQL_TRIM_SEEN] = "DELETE FROM seen WHERE id IN (SELECT s.id FROM seen s"
                      " JOIN feed f ON f.n=s.feed"
                      " WHERE s.id>?1 AND s.id<=?2 AND s.day<f.day-?3)",
    /* Of an entry that is forgotten; a mark that is as old; an id not come for a month.
     */
    [SQL_TRIM_ALIAS] = "DELETE FROM alias WHERE (feed, key) IN (SELECT a.feed, a.key"
                       " FROM alias a JOIN feed f ON f.n=a.feed"
                       " WHERE (a.feed, a.key)>(?1, ?2) AND (a.feed, a.key)<=(?3, ?4)"
                       " AND (CASE WHEN a.id IS NULL THEN a.day<f.day-?5"
                       " ELSE NOT EXISTS(SELECT 1 FROM seen s WHERE s.id=a.id) OR"
                       " (a.last IS NULL AND a.day<f.day-30) END))",
};

int sql_prepare_all(struct store *s, struct err *e)
{
    for (int i = 0; i < SQL_STATEMENTS; i++) {
        int rc = sqlite3_prepare_v3(s->db, texts[i], -1, SQLITE_PREPARE_PERSISTENT,
                                    &s->st[i], NULL);

        if (rc != SQLITE_OK)
            return sql_fault(s, rc, "prepare", e);
    }
    return 0;
}

int sql_fault(struct store *s, int rc, const char *doing, struct err *e)
{
    const char *text = sqlite3_errmsg(s->db);
    int os_error = sqlite3_system_errno(s->db);

    switch (rc & 0xff) {
    case SQLITE_FULL:
        return err_set(e, -ENOSPC, "%s: no room on the disk", s->path);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return err_set(e, os_error == ENOSPC || os_error == EDQUOT ? -ENOSPC : -EIO,
                       "%s: %s (%s)", s->path, text,
                       os_error != 0 ? strerror(os_error) : "no reason given");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(e, -EBUSY, "%s: another program holds the database", s->path);
    case SQLITE_NOMEM:
        return err_set(e, -ENOMEM, "%s: out of memory", s->path);
    case SQLITE_READONLY:
        return err_set(e, -EROFS, "%s: %s", s->path, text);
    default:
        return err_set(e, ERR_FORMAT, "%s: %s: %s (code %d)", s->path, doing, text, rc);
    }
}

static void bind_text(sqlite3_stmt *st, int at, struct str text)
{
    (void)sqlite3_bind_text64(st, at, text.p, text.n, SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_blob(sqlite3_stmt *st, int at, struct str blob)
{
    (void)sqlite3_bind_blob64(st, at, blob.p, blob.n, SQLITE_STATIC);
}

static void bind_id(sqlite3_stmt *st, int at, const struct store_id *id)
{
    bind_blob(st, at,
              (struct str){id != NULL ? (const char *)id->b : NULL, sizeof id->b});
}

/* Binding fails only without memory or over SQLite's size limit; the step then meets a
   NULL where the table allows none, so nothing wrong is ever stored. */
sqlite3_stmt *sql_bind(struct store *s, enum sql q, const char *kinds, ...)
{
    sqlite3_stmt *st = s->st[q];
    va_list ap;

    (void)sqlite3_reset(st); /* answers the last step's error again */
    va_start(ap, kinds);
    for (int i = 0; kinds[i] != '\0'; i++) {
        switch (kinds[i]) {
        case 'i':
            (void)sqlite3_bind_int64(st, i + 1, va_arg(ap, int64_t));
            break;
        case 'u':
            (void)sqlite3_bind_int64(st, i + 1, (int64_t)va_arg(ap, uint64_t));
            break;
        case 'k':
            bind_id(st, i + 1, va_arg(ap, const struct store_id *));
            break;
        case 't':
            bind_text(st, i + 1, va_arg(ap, struct str));
            break;
        default:
            bind_blob(st, i + 1, va_arg(ap, struct str));
            break;
        }
    }
    va_end(ap);
    return st;
}

void sql_reset(struct store *s, enum sql q)
{
    (void)sqlite3_reset(s->st[q]); /* answers the last step's error again */
}

int sql_step(struct store *s, enum sql q, struct err *e)
{
    int rc = sqlite3_step(s->st[q]);

    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        rc = sql_fault(s, sqlite3_extended_errcode(s->db), texts[q], e);
    else
        rc = 0;
    sql_reset(s, q);
    return rc;
}

int sql_finish(struct store *s, enum sql q, const sqlite3_stmt *bound, struct err *e)
{
    int rc;

    (void)bound; /* says that sql_bind came first */
    do {
        rc = sql_step(s, q, e);
    } while (rc > 0);
    return rc < 0 ? rc : sqlite3_changes(s->db);
}

struct str column_blob(sqlite3_stmt *st, int i)
{
    const void *p = sqlite3_column_blob(st, i);
    int n = sqlite3_column_bytes(st, i);

    if (sqlite3_column_type(st, i) == SQLITE_NULL)
        return (struct str){NULL, 0};
    return (struct str){p != NULL ? p : "", n > 0 ? (size_t)n : 0};
}

uint64_t column_u64(sqlite3_stmt *st, int i)
{
    return (uint64_t)sqlite3_column_int64(st, i);
}

bool column_id(sqlite3_stmt *st, int i, struct store_id *ret)
{
    struct str blob = column_blob(st, i);

    if (blob.n != sizeof ret->b)
        return false;
    memcpy(ret->b, blob.p, sizeof ret->b);
    return true;
}
