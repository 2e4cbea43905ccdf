#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "current.h"

static int fault(struct err *e, const char *path, const char *what)
{
    int number = errno;

    return err_set(e, -number, "%s: cannot %s: %s", path, what, strerror(number));
}

/* ---- making one ---- */

static int make_folders(const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');
    char *dir;
    int rc;

    if (slash == NULL || slash == path)
        return 0;
    dir = mem_dup((struct str){path, (size_t)(slash - path)});
    rc = os_make_dirs(dir, e);
    free(dir);
    return rc;
}

/* New, or there and empty. */
static int create(const char *path, int *ret_fd, struct err *e)
{
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0) {
        if (fd >= 0)
            close(fd);
        return fault(e, path, "create it");
    }
    if (st.st_size > 0) {
        close(fd);
        return err_set(e, -EEXIST, "%s: cannot create it: it is there", path);
    }
    *ret_fd = fd;
    return 0;
}

int current_create(struct current *c, const struct archive *a, const char *path,
                   const struct sums_head *head, struct err *e)
{
    struct current made = {.fd = -1, .sums_fd = -1, .head = *head};
    struct strbuf text = {.max = SUMS_LINE_MAX};
    char *sums_path = mem_printf("%s" SUMS_SUFFIX, path);
    int rc = make_folders(path, e);

    sums_head_write(&made.head, &text);
    made.sums_bytes = text.n;
    if (rc == 0)
        rc = create(sums_path, &made.sums_fd, e);
    if (rc == 0)
        rc = os_write_all(made.sums_fd, strbuf_str(&text), e);
    if (rc == 0 && fsync(made.sums_fd) < 0)
        rc = fault(e, sums_path, "sync it");
    if (rc == 0)
        rc = create(path, &made.fd, e);
    if (rc == 0)
        rc = archive_sync_names(a, path, e);
    if (rc == 0) {
        made.path = mem_strdup(path);
        *c = made;
    } else {
        if (made.fd >= 0)
            (void)unlink(path); /* the first cause is the one to report */
        if (made.sums_fd >= 0)
            (void)unlink(sums_path);
        current_fini(&made);
    }
    strbuf_fini(&text);
    free(sums_path);
    return rc;
}

int current_open(struct current *c, const char *path, const struct sums *s, struct err *e)
{
    struct current o = {.fd = -1, .sums_fd = -1, .head = s->head};
    char *sums_path = mem_printf("%s" SUMS_SUFFIX, path);
    int rc = 0;

    o.fd = open(path, O_RDWR | O_CLOEXEC);
    o.sums_fd = open(sums_path, O_RDWR | O_CLOEXEC);
    if (o.fd < 0 || o.sums_fd < 0)
        rc = fault(e, o.fd < 0 ? path : sums_path, "open it");
    free(sums_path);
    if (rc < 0) {
        current_fini(&o);
        return rc;
    }
    o.path = mem_strdup(path);
    o.bytes = s->bytes;
    o.sums_bytes = s->text_bytes;
    *c = o;
    return 0;
}

void current_fini(struct current *c)
{
    if (c->path != NULL || c->fd > 0)
        close(c->fd);
    if (c->path != NULL || c->sums_fd > 0)
        close(c->sums_fd);
    free(c->path);
    *c = (struct current){.fd = -1, .sums_fd = -1};
}

/* ---- writing ---- */

static int write_at(int fd, struct str bytes, uint64_t at)
{
    while (bytes.n > 0) {
        ssize_t n = pwrite(fd, bytes.p, bytes.n, (off_t)at);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        at += (uint64_t)n;
        bytes = str_slice(bytes, (size_t)n, bytes.n);
    }
    return 0;
}

/* The sidecar first: bytes that it does not know of are cut at the next start too. */
static int clean(struct current *c, struct err *e)
{
    if (ftruncate(c->sums_fd, (off_t)c->sums_bytes) < 0 ||
        ftruncate(c->fd, (off_t)c->bytes) < 0)
        return fault(e, c->path, "take back what did not fit");
    c->is_dirty = false;
    return 0;
}

/* Others read the file, nobody else writes it. */
static int check_alone(const struct current *c, struct err *e)
{
    struct stat mine, named, sums;

    if (fstat(c->fd, &mine) < 0 || fstat(c->sums_fd, &sums) < 0)
        return fault(e, c->path, "look at it");
    if (stat(c->path, &named) < 0 || named.st_ino != mine.st_ino ||
        named.st_dev != mine.st_dev)
        return err_set(e, -ESTALE,
                       "%s: somebody has moved, replaced or deleted it while it was "
                       "written",
                       c->path);
    if ((uint64_t)mine.st_size != c->bytes || (uint64_t)sums.st_size != c->sums_bytes)
        return err_set(e, -ESTALE, "%s: somebody else has written to it or to %s%s",
                       c->path, c->path, SUMS_SUFFIX);
    return 0;
}

int current_append(struct current *c, struct str bytes, struct str sums, struct err *e)
{
    int rc = c->is_dirty ? clean(c, e) : 0;

    if (rc == 0)
        rc = check_alone(c, e);
    if (rc < 0)
        return rc;
    c->is_dirty = true;
    if (write_at(c->fd, bytes, c->bytes) < 0 ||
        write_at(c->sums_fd, sums, c->sums_bytes) < 0)
        rc = fault(e, c->path, "write");
    else if ((bytes.n > 0 && fdatasync(c->fd) < 0) || fdatasync(c->sums_fd) < 0)
        rc = fault(e, c->path, "make it durable");
    if (rc < 0) {
        (void)clean(c, NULL); /* else before the next batch */
        return rc;
    }
    c->bytes += bytes.n;
    c->sums_bytes += sums.n;
    c->is_dirty = false;
    return 0;
}
