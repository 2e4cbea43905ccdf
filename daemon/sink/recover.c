#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/hash.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "recover.h"

/* n bytes at `at` into to; what is there of them. */
static ssize_t read_whole(int fd, char *to, size_t n, uint64_t at)
{
    size_t have = 0;

    while (have < n) {
        ssize_t got = pread(fd, to + have, n - have, (off_t)(at + have));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

int64_t recover_verify(int fd, const struct sums *s, struct err *e)
{
    struct strbuf batch = {.max = SUMS_BATCH_MAX};
    struct mono busy_due = {0};
    struct stat st;
    size_t i = 0;
    int rc = 0;

    if (fstat(fd, &st) < 0)
        return err_set(e, -errno, "cannot look at it: %s", strerror(errno));
    for (; i < s->n; i++) {
        const struct sums_line *l = &s->lines[i];
        ssize_t n;

        if (l->kind != SUMS_BATCH)
            continue;
        os_notify_busy(&busy_due, "verifying what was written");
        if (l->offset + l->bytes > (uint64_t)st.st_size)
            break;
        strbuf_reset(&batch);
        n = read_whole(fd, strbuf_room(&batch, (size_t)l->bytes), (size_t)l->bytes,
                       l->offset);
        if (n < 0) {
            rc =
                err_set(e, -errno, "at byte %" PRIu64 ": %s", l->offset, strerror(errno));
            break;
        }
        if ((uint64_t)n < l->bytes ||
            hash_xxh64((struct str){batch.p, (size_t)n}, 0) != l->hash)
            break;
    }
    strbuf_fini(&batch);
    return rc < 0 ? rc : (int64_t)i;
}

/* Whether a crash can have spoilt the n-th line's batch. */
static bool is_at_the_end(const struct sums *s, size_t n)
{
    size_t batches_behind = 0;
    uint64_t bytes_behind = 0;

    for (size_t i = n + 1; i < s->n; i++) {
        batches_behind += s->lines[i].kind == SUMS_BATCH;
        bytes_behind += s->lines[i].bytes;
    }
    return batches_behind <= 1 || bytes_behind < RECOVER_TAIL_BYTES;
}

static int cut(int fd, uint64_t bytes, struct err *e)
{
    if (ftruncate(fd, (off_t)bytes) < 0 || fsync(fd) < 0)
        return err_set(e, -errno, "cannot cut it at byte %" PRIu64 ": %s", bytes,
                       strerror(errno));
    return 0;
}

static int say_mismatch(const char *path, const struct sums *s, size_t n, off_t size,
                        struct err *e)
{
    uint64_t line = sums_records(s, n) + 1;
    const struct sums_line *l = &s->lines[n];

    if (l->offset + l->bytes > (uint64_t)size)
        return err_set(e, ERR_FORMAT,
                       "%s:%" PRIu64 ": the file ends here, but %" PRIu64 " records of "
                       "it were durable: somebody has cut it. Put it back; or move it "
                       "and %s%s away, then what the hub still keeps is written again",
                       path, line, sums_records(s, s->n), path, SUMS_SUFFIX);
    return err_set(e, ERR_FORMAT,
                   "%s:%" PRIu64 ": lines %" PRIu64 " to %" PRIu64 " are not what was "
                   "written: an edit or a bad disk. Put them back; or move the file and "
                   "%s%s away, then what the hub still keeps is written again",
                   path, line, line, line + l->last - l->first, path, SUMS_SUFFIX);
}

/* Both are open. */
static int recover_both(const char *path, int fd, int sums_fd, struct sums *s,
                        uint64_t *ret_cut, struct err *e)
{
    struct stat st, sums_st;
    int64_t good;
    int rc = 0;

    if (fstat(fd, &st) < 0 || fstat(sums_fd, &sums_st) < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (s->text_bytes == 0 && st.st_size > 0)
        return err_set(e, ERR_FORMAT,
                       "%s%s: its first line is not what was written; put it back, or "
                       "move it and %s away",
                       path, SUMS_SUFFIX, path);
    if (s->is_broken)
        return err_set(e, ERR_FORMAT,
                       "%s%s:%zu: the line is not what was written: an edit or a bad "
                       "disk. Put it back, or move it and %s away",
                       path, SUMS_SUFFIX, s->n + 2, path);
    good = recover_verify(fd, s, e);
    if (good < 0)
        return err_wrap(e, "%s", path);
    if ((size_t)good < s->n && !is_at_the_end(s, (size_t)good))
        return say_mismatch(path, s, (size_t)good, st.st_size, e);
    sums_cut(s, (size_t)good);
    /* The sidecar first: what it does not know of is cut the next time. */
    if ((uint64_t)sums_st.st_size > s->text_bytes)
        rc = cut(sums_fd, s->text_bytes, e);
    if (rc == 0 && (uint64_t)st.st_size > s->bytes)
        rc = cut(fd, s->bytes, e);
    if (rc < 0)
        return err_wrap(e, "%s", path);
    *ret_cut = (uint64_t)st.st_size > s->bytes ? (uint64_t)st.st_size - s->bytes : 0;
    return 0;
}

static int remove_empty(const char *path, const char *sums_path, struct err *e)
{
    if ((unlink(path) < 0 && errno != ENOENT) || unlink(sums_path) < 0)
        return err_set(e, -errno, "%s: cannot remove it, it is empty: %s", path,
                       strerror(errno));
    return err_set(e, ERR_GONE, "%s: empty", path);
}

int recover_file(const char *path, struct sums *ret_s, uint64_t *ret_cut, struct err *e)
{
    char *sums_path = mem_printf("%s" SUMS_SUFFIX, path);
    struct strbuf text = {.max = SUMS_TEXT_MAX};
    struct sums s = {0};
    int fd = open(path, O_RDWR | O_CLOEXEC), sums_fd = -1;
    int rc = os_read_file(sums_path, SUMS_TEXT_MAX, &text, e);
    struct stat st;

    if (rc < 0)
        goto out;
    sums_read(strbuf_str(&text), &s);
    if (fd < 0 && errno != ENOENT) {
        rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
        goto out;
    }
    if (s.bytes == 0 && s.n == 0 && !s.is_broken &&
        (fd < 0 || (fstat(fd, &st) == 0 && st.st_size == 0))) {
        rc = remove_empty(path, sums_path, e);
        goto out;
    }
    if (fd < 0) {
        rc = err_set(e, ERR_FORMAT,
                     "%s: the file is gone, but its records %" PRIu64 " to %" PRIu64
                     " were written. Put it back; or move %s away too, then what the hub "
                     "still keeps is written again",
                     path, s.head.first_seq, s.last, sums_path);
        goto out;
    }
    sums_fd = open(sums_path, O_RDWR | O_CLOEXEC);
    if (sums_fd < 0)
        rc = err_set(e, -errno, "%s: %s", sums_path, strerror(errno));
    else
        rc = recover_both(path, fd, sums_fd, &s, ret_cut, e);
out:
    if (rc == 0)
        *ret_s = s;
    else
        sums_fini(&s);
    strbuf_fini(&text);
    if (sums_fd >= 0)
        close(sums_fd);
    if (fd >= 0)
        close(fd);
    free(sums_path);
    return rc;
}
