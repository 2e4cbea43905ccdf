/* A copy of the database while its hub works on it. One read transaction sees one commit,
   and in WAL mode holds up nobody; what the hub commits meanwhile is not in the copy. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/mem.h"

#include "private.h"

static int fault(const char *path, sqlite3 *db, int rc, struct err *e)
{
    struct store s = {.path = mem_strdup(path), .db = db}; /* what sql_fault looks at */

    rc = sql_fault(&s, rc, "copy", e);
    free(s.path);
    return rc;
}

/* Only what is there: a copy of nothing would be worse than none. */
static int open_source(const char *path, sqlite3 **ret, struct err *e)
{
    int rc = sqlite3_open_v2(path, ret, SQLITE_OPEN_READWRITE, NULL); /* for the -shm */

    if (access(path, F_OK) < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(*ret, 5000);
    return rc == SQLITE_OK ? 0 : fault(path, *ret, rc, e);
}

static int copy(sqlite3 *from, const char *source, sqlite3 *to, const char *path,
                struct err *e)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    int rc;

    if (b == NULL)
        return fault(path, to, sqlite3_errcode(to), e);
    rc = sqlite3_backup_step(b, -1);
    (void)sqlite3_backup_finish(b); /* answers the step's error again */
    if (rc == SQLITE_DONE)
        return 0;
    return fault((rc & 0xff) == SQLITE_FULL ? path : source, to, rc, e);
}

static int look(sqlite3 *db, const char *path, struct store_copy *ret, struct err *e)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(
        db,
        "SELECT (SELECT count(*) FROM item), (SELECT head FROM stream WHERE n=1),"
        " (SELECT quick_check FROM pragma_quick_check LIMIT 1),"
        " (SELECT user_version FROM pragma_user_version),"
        " (SELECT page_count FROM pragma_page_count) *"
        " (SELECT page_size FROM pragma_page_size)",
        -1, &st, NULL);

    if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        const char *check = (const char *)sqlite3_column_text(st, 2);

        rc = check != NULL && strcmp(check, "ok") == 0 ? SQLITE_OK : SQLITE_CORRUPT;
        *ret = (struct store_copy){.items = column_u64(st, 0),
                                   .record_head = column_u64(st, 1),
                                   .version = sqlite3_column_int(st, 3),
                                   .bytes = column_u64(st, 4)};
    }
    (void)sqlite3_finalize(st); /* answers the step's error again */
    return rc == SQLITE_OK ? 0 : fault(path, db, rc, e);
}

static int copy_and_look(const char *source, const char *path, struct store_copy *ret,
                         struct err *e)
{
    sqlite3 *from = NULL, *to = NULL;
    int rc = open_source(source, &from, e), opened;

    if (rc == 0 && (opened = sqlite3_open(path, &to)) != SQLITE_OK)
        rc = fault(path, to, opened, e);
    if (rc == 0)
        rc = copy(from, source, to, path, e);
    if (rc == 0)
        rc = look(to, path, ret, e);
    (void)sqlite3_close(to); /* durable since the copy's commit */
    (void)sqlite3_close(from);
    return rc;
}

/* The name counts only when the whole is there. */
static int give_name(const char *part, const char *path, struct err *e)
{
    if (link(part, path) < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    return 0;
}

int store_copy_to(const char *dir, const char *path, struct store_copy *ret,
                  struct err *e)
{
    char *source = mem_printf("%s/state.db", dir), *part = mem_printf("%s.part", path);
    int fd = -1, rc = 0;

    if (access(path, F_OK) == 0)
        rc = err_set(e, -EEXIST, "%s is there already", path);
    if (rc == 0)
        (void)unlink(part); /* of a copy that was broken off; else open says it */
    if (rc == 0 && (fd = open(part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)) < 0)
        rc = err_set(e, -errno, "%s: %s", part, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (rc == 0) {
        rc = copy_and_look(source, part, ret, e);
        if (rc == 0)
            rc = give_name(part, path, e);
        (void)unlink(part); /* the copy has its name, or is none */
    }
    free(source);
    free(part);
    return rc;
}
