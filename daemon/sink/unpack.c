#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "newsmq/mem.h"
#include "newsmq/unpack.h"

#include "archive.h"

struct unpack {
    char *path;
    int fd;
    ZSTD_DCtx *zstd; /* NULL: plain */
    char *from;
    ZSTD_inBuffer in;
    size_t from_bytes;
    bool is_between; /* frames: the end is a good one here */
};

int unpack_open(const char *path, struct unpack **ret, struct err *e)
{
    struct unpack *u = mem_new(sizeof *u);
    int rc;

    u->path = mem_printf("%s" PACKED_SUFFIX, path);
    u->fd = open(u->path, O_RDONLY | O_CLOEXEC);
    if (u->fd >= 0) {
        u->zstd = ZSTD_createDCtx();
        u->from_bytes = ZSTD_DStreamInSize();
        u->from = mem_new(u->from_bytes);
        u->is_between = true;
    } else if (errno == ENOENT) {
        free(u->path);
        u->path = mem_strdup(path);
        u->fd = open(u->path, O_RDONLY | O_CLOEXEC);
    }
    if (u->fd >= 0) {
        *ret = u;
        return 0;
    }
    rc = err_set(e, -errno, "%s: %s", u->path, strerror(errno));
    unpack_close(u);
    return rc;
}

void unpack_close(struct unpack *u)
{
    if (u == NULL)
        return;
    (void)ZSTD_freeDCtx(u->zstd); /* answers 0 always */
    if (u->fd >= 0)
        close(u->fd);
    free(u->from);
    free(u->path);
    free(u);
}

bool unpack_is_packed(const struct unpack *u)
{
    return u->zstd != NULL;
}

static ssize_t read_some(const struct unpack *u, char *to, size_t max, struct err *e)
{
    ssize_t n;

    do
        n = read(u->fd, to, max);
    while (n < 0 && errno == EINTR);
    return n < 0 ? err_set(e, -errno, "%s: %s", u->path, strerror(errno)) : n;
}

/* 1 = there is more to unpack, 0 = the end. */
static ssize_t refill(struct unpack *u, struct err *e)
{
    ssize_t n;

    if (u->in.pos < u->in.size)
        return 1;
    n = read_some(u, u->from, u->from_bytes, e);
    if (n <= 0)
        return n;
    u->in = (ZSTD_inBuffer){u->from, (size_t)n, 0};
    return 1;
}

static ssize_t read_packed(struct unpack *u, char *to, size_t max, struct err *e)
{
    ZSTD_outBuffer out = {to, max, 0};

    while (out.pos < out.size) {
        size_t before = out.pos, left;
        ssize_t more = u->zstd != NULL ? refill(u, e) : -ENOMEM;

        if (more < 0)
            return more;
        if (more == 0 && u->is_between)
            break;
        left = ZSTD_decompressStream(u->zstd, &out, &u->in);
        if (ZSTD_isError(left))
            return err_set(e, ERR_FORMAT, "zstd: %s", ZSTD_getErrorName(left));
        u->is_between = left == 0;
        if (more == 0 && out.pos == before)
            return err_set(e, ERR_FORMAT, "zstd: the end is missing");
    }
    return (ssize_t)out.pos;
}

ssize_t unpack_read(struct unpack *u, char *to, size_t max, struct err *e)
{
    size_t have = 0;

    if (u->from != NULL)
        return read_packed(u, to, max, e);
    while (have < max) {
        ssize_t n = read_some(u, to + have, max - have, e);

        if (n < 0)
            return n;
        if (n == 0)
            break;
        have += (size_t)n;
    }
    return (ssize_t)have;
}
