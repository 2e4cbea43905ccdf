/* Opening, locking and transactions. WAL with synchronous=FULL: a commit is one fsync of
   the log, however many rows it holds; the caller makes the batches. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "private.h"

/* Chosen by measuring with bench-pipeline: larger pages hold several articles, smaller
   ones hold one and a half, badly; but every new key dirties a page of two trees that are
   in no order, and a page is written twice. With 4 and 16 KiB a million keys are as slow
   as each other. A longer log writes the same page fewer times. */
static const char settings[] = "PRAGMA page_size=8192;" /* counts only for a new file */
                               "PRAGMA journal_mode=WAL;"
                               "PRAGMA synchronous=FULL;"
                               "PRAGMA cache_size=-32768;" /* 32 MB */
                               "PRAGMA wal_autocheckpoint=8000;"
                               "PRAGMA journal_size_limit=67108864;"
                               "PRAGMA temp_store=MEMORY;"
                               "PRAGMA cell_size_check=ON;";

#define STEPS_A_LOOK 100000

static int take_lock(struct store *s, const char *dir, struct err *e)
{
    char *path = mem_printf("%s/hub.lock", dir);
    int rc = 0;

    s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (s->lock_fd < 0)
        rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
    else if (flock(s->lock_fd, LOCK_EX | LOCK_NB) < 0)
        rc =
            err_set(e, -EBUSY,
                    "%s: another newsmq-hub works on this state folder; stop it, or give "
                    "this one its own state.path",
                    path);
    free(path);
    return rc;
}

static int exec(struct store *s, const char *sql, const char *doing, struct err *e)
{
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? 0 : sql_fault(s, sqlite3_extended_errcode(s->db), doing, e);
}

static int ask_number(struct store *s, const char *sql, int64_t *ret, struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &st, NULL);

    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        *ret = sqlite3_column_int64(st, 0);
        rc = SQLITE_OK;
    }
    (void)sqlite3_finalize(st); /* answers the step's error again */
    return rc == SQLITE_OK ? 0 : sql_fault(s, rc, sql, e);
}

/* From version to the newest, 0 being an empty file. All or nothing. */
static int make_schema(struct store *s, int64_t version, struct err *e)
{
    struct strbuf sql = {.max = (size_t)64 * 1024}; /* ours, and far smaller */
    int rc;

    (void)strbuf_add_text(&sql, "BEGIN IMMEDIATE;");
    (void)strbuf_add_text(&sql, version == 0 ? schema_sql : "");
    for (int64_t v = version > 0 ? version : 1; v < SCHEMA_VERSION; v++)
        (void)strbuf_add_text(&sql, schema_upgrades[v]);
    (void)strbuf_addf(&sql, "PRAGMA user_version=%d;COMMIT;", SCHEMA_VERSION);
    rc = exec(s, strbuf_cstr(&sql), "make the tables", e);
    if (rc < 0 && sqlite3_get_autocommit(s->db) == 0)
        (void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL); /* or at the close */
    strbuf_fini(&sql);
    return rc;
}

static int check_version(struct store *s, struct err *e)
{
    int64_t version = 0, tables = 0;
    int rc = ask_number(s, "PRAGMA user_version", &version, e);

    if (rc == 0)
        rc = ask_number(s, "SELECT count(*) FROM sqlite_master", &tables, e);
    if (rc < 0)
        return rc;
    if (version > SCHEMA_VERSION)
        return err_set(
            e, ERR_FORMAT,
            "%s was written by a newer newsmq (schema %lld, this one knows %d); "
            "run that newsmq, or choose another state.path",
            s->path, (long long)version, SCHEMA_VERSION);
    if (version == 0 && tables > 0)
        return err_set(e, ERR_FORMAT, "%s is a database of something else", s->path);
    return version < SCHEMA_VERSION ? make_schema(s, version, e) : 0;
}

static int load_heads(struct store *s, struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(s->db,
                                "SELECT 0, n, head, first FROM stream UNION ALL"
                                " SELECT 1, name, n, 0 FROM counter UNION ALL"
                                " SELECT 2, 0, coalesce(max(n), 0), 0 FROM dead",
                                -1, &st, NULL);

    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        int kind = sqlite3_column_int(st, 0);
        uint64_t at = column_u64(st, 1), n = column_u64(st, 2);

        if (kind == 0 && at < STREAMS) {
            s->now.head[at] = n;
            s->now.first[at] = column_u64(st, 3);
        } else if (kind == 1 && at < COUNTERS) {
            s->now.counters[at] = n;
        } else if (kind == 2) {
            s->now.dead = n;
        }
        rc = SQLITE_OK;
    }
    (void)sqlite3_finalize(st); /* answers the step's error again */
    s->saved = s->now;
    return rc == SQLITE_DONE ? 0 : sql_fault(s, rc, "read the heads", e);
}

static int load_topics(struct store *s, struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(s->db, "SELECT n, name, head FROM topic ORDER BY n", -1,
                                &st, NULL);

    s->topics.beat = 2;
    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(st, 1);

        rc = SQLITE_OK;
        if (name == NULL || sqlite3_column_int64(st, 0) != (int64_t)s->topics.n + 1)
            rc = SQLITE_CORRUPT;
        else
            topic_load(&s->topics, name, sqlite3_column_int64(st, 0), column_u64(st, 2));
    }
    (void)sqlite3_finalize(st); /* answers the step's error again */
    return rc == SQLITE_DONE ? 0 : sql_fault(s, rc, "read the topics", e);
}

/* Heads are stored apart from the rows; rows beyond a head mean that the file was put
   together from two. */
static int check_heads(struct store *s, struct err *e)
{
    static const char *const ask[STREAMS] = {"SELECT coalesce(max(seq),0) FROM item",
                                             "SELECT coalesce(max(seq),0) FROM record",
                                             "SELECT coalesce(max(seq),0) FROM event"};

    for (int i = 0; i < STREAMS; i++) {
        int64_t last = 0;
        int rc = ask_number(s, ask[i], &last, e);

        if (rc < 0)
            return rc;
        if ((uint64_t)last > s->now.head[i])
            return err_set(e, ERR_FORMAT, "%s: %s %lld is beyond the head %llu", s->path,
                           stream_name((enum stream)i), (long long)last,
                           (unsigned long long)s->now.head[i]);
    }
    return 0;
}

static int load(struct store *s, struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = load_heads(s, e);

    if (rc == 0)
        rc = check_heads(s, e);
    if (rc == 0)
        rc = load_topics(s, e);
    if (rc < 0)
        return rc;
    rc = sqlite3_prepare_v2(s->db, "SELECT value FROM meta WHERE key='epoch'", -1, &st,
                            NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        (void)snprintf(s->epoch, sizeof s->epoch, "%s", sqlite3_column_text(st, 0));
        rc = SQLITE_OK;
    }
    (void)sqlite3_finalize(st); /* answers the step's error again */
    return rc == SQLITE_OK ? 0 : sql_fault(s, rc, "read the epoch", e);
}

/* SQLite calls it every so many steps. */
static int still_busy(void *due)
{
    os_notify_busy(due, "reading the state");
    return 0;
}

static int open_all(struct store *s, const char *dir, struct err *e)
{
    int rc = os_make_dirs(dir, e);

    if (rc == 0)
        rc = take_lock(s, dir, e);
    if (rc < 0)
        return rc;
    (void)still_busy(&s->busy_due); /* the log may be long, and is read at once */
    rc = sqlite3_open_v2(s->path, &s->db,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                         NULL);
    if (rc != SQLITE_OK)
        return sql_fault(s, rc, "open", e);
    (void)sqlite3_extended_result_codes(s->db, 1);
    (void)sqlite3_busy_timeout(s->db, 250);
    sqlite3_progress_handler(s->db, STEPS_A_LOOK, still_busy, &s->busy_due);
    rc = exec(s, settings, "open", e);
    if (rc == 0)
        rc = check_version(s, e);
    if (rc == 0)
        rc = load(s, e);
    if (rc == 0)
        rc = sql_prepare_all(s, e);
    sqlite3_progress_handler(s->db, 0, NULL, NULL);
    return rc;
}

int store_open(const char *dir, struct store **ret, struct err *e)
{
    struct store *s = mem_new(sizeof *s);
    int rc;

    s->lock_fd = -1;
    s->path = mem_printf("%s/state.db", dir);
    rc = open_all(s, dir, e);
    if (rc == ERR_FORMAT && sqlite3_errcode(s->db) != SQLITE_OK &&
        sqlite3_errcode(s->db) != SQLITE_DONE && sqlite3_errcode(s->db) != SQLITE_ROW)
        rc = err_wrap(e,
                      "the state is damaged (keep a copy of %s, then try `sqlite3 %s "
                      ".recover`)",
                      dir, s->path);
    if (rc < 0) {
        store_close(s);
        return rc;
    }
    *ret = s;
    return 0;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    for (int i = 0; i < SQL_STATEMENTS; i++)
        (void)sqlite3_finalize(s->st[i]); /* answers the last step's error again */
    (void)sqlite3_close(s->db);           /* checkpoints; what is left stays in the WAL */
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    topics_fini(&s->topics);
    free(s->made);
    free(s->path);
    free(s);
}

bool store_should_retry(int code)
{
    return code == -ENOSPC || code == -EIO || code == -EBUSY || code == -ENOMEM ||
           code == -EROFS;
}

int store_begin(struct store *s, int64_t now_ms, struct err *e)
{
    int rc = sql_run(s, SQL_BEGIN, e, "");

    if (rc < 0)
        return rc;
    s->n_made = 0;
    s->now_ms = now_ms;
    return 0;
}

static int save_heads(struct store *s, struct err *e)
{
    for (int64_t i = 0; i < STREAMS; i++) {
        if (s->now.head[i] != s->saved.head[i] || s->now.first[i] != s->saved.first[i]) {
            int rc =
                sql_run(s, SQL_HEAD_SET, e, "iuu", i, s->now.head[i], s->now.first[i]);

            if (rc < 0)
                return rc;
        }
    }
    for (int64_t i = 0; i < COUNTERS; i++) {
        if (s->now.counters[i] != s->saved.counters[i]) {
            int rc = sql_run(s, SQL_COUNTER_SET, e, "iu", i, s->now.counters[i]);

            if (rc < 0)
                return rc;
        }
    }
    return topics_save(s, e);
}

int store_commit(struct store *s, struct err *e)
{
    int rc;

    s->now.counters[COUNTER_COMMITS]++;
    rc = save_heads(s, e);
    if (rc == 0)
        rc = sql_run(s, SQL_COMMIT, e, "");
    if (rc < 0)
        return rc;
    s->saved = s->now;
    topics_saved(&s->topics);
    return 0;
}

void store_rollback(struct store *s)
{
    for (int i = 0; i < SQL_STATEMENTS; i++)
        sql_reset(s, (enum sql)i);
    if (sqlite3_get_autocommit(s->db) == 0)
        (void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL,
                           NULL); /* SQLite has it rolled back itself, or does at BEGIN */
    s->now = s->saved;
    topics_undo(&s->topics);
    s->n_made = 0;
}

int64_t store_bytes(const struct store *s)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    int64_t bytes = 0;

    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char *path = mem_printf("%s%s", s->path, ends[i]);
        struct stat st;

        if (stat(path, &st) == 0)
            bytes += st.st_size;
        free(path);
    }
    return bytes;
}

const char *store_epoch(const struct store *s)
{
    return s->epoch;
}

uint64_t store_head(const struct store *s, enum stream stream)
{
    return s->saved.head[stream];
}

uint64_t store_first(const struct store *s, enum stream stream)
{
    return s->saved.first[stream];
}
