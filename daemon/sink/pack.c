#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "pack.h"
#include "recover.h"

#define SLICE      ((size_t)1 << 20)
#define LEVEL      3
#define TMP_SUFFIX PACKED_SUFFIX ".tmp"

struct pack {
    char *path, *tmp, *packed;
    int in, out;
    uint64_t expected, done; /* bytes of the plain file */
    ZSTD_CCtx *zstd;
    char *from, *to;
    size_t to_bytes;
};

static int fault(struct err *e, const char *path, const char *what)
{
    int number = errno;

    return err_set(e, -number, "%s: cannot %s: %s", path, what, strerror(number));
}

void pack_free(struct pack *p)
{
    if (p == NULL)
        return;
    if (p->out >= 0) {
        close(p->out);
        (void)unlink(p->tmp); /* the next start removes it else */
    }
    if (p->in >= 0)
        close(p->in);
    (void)ZSTD_freeCCtx(p->zstd); /* answers 0 always */
    free(p->from);
    free(p->to);
    free(p->path);
    free(p->tmp);
    free(p->packed);
    free(p);
}

const char *pack_path(const struct pack *p)
{
    return p->path;
}

int pack_new(const struct archive_file *f, struct pack **ret, struct err *e)
{
    struct pack *p = mem_new(sizeof *p);
    struct stat st = {0};
    int rc = 0;

    p->path = mem_strdup(f->path);
    p->tmp = mem_printf("%s" TMP_SUFFIX, f->path);
    p->packed = mem_printf("%s" PACKED_SUFFIX, f->path);
    p->expected = f->bytes;
    p->out = -1;
    p->in = open(p->path, O_RDONLY | O_CLOEXEC);
    if (p->in < 0 || fstat(p->in, &st) < 0)
        rc = fault(e, p->path, "open it");
    else if ((uint64_t)st.st_size != f->bytes)
        rc = err_set(e, ERR_FORMAT,
                     "%s: it has %lld bytes, but was closed with %" PRIu64
                     ": somebody has changed it; it is not compressed",
                     p->path, (long long)st.st_size, f->bytes);
    if (rc == 0) {
        p->out = open(p->tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
        if (p->out < 0)
            rc = fault(e, p->tmp, "create it");
    }
    if (rc < 0) {
        pack_free(p);
        return rc;
    }
    p->zstd = ZSTD_createCCtx();
    p->to_bytes = ZSTD_CStreamOutSize();
    p->from = mem_new(SLICE);
    p->to = mem_new(p->to_bytes);
    if (p->zstd == NULL)
        log_fatal("no memory for compression", "path=%s", p->path);
    (void)ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_compressionLevel, LEVEL);
    (void)ZSTD_CCtx_setParameter(p->zstd, ZSTD_c_checksumFlag, 1);
    (void)ZSTD_CCtx_setPledgedSrcSize(p->zstd, f->bytes); /* none can fail before use */
    *ret = p;
    return 0;
}

/* All of `from`; with `end` the frame too. */
static int compress(struct pack *p, struct str from, bool end, struct err *e)
{
    ZSTD_inBuffer in = {from.p, from.n, 0};
    size_t left;

    do {
        ZSTD_outBuffer out = {p->to, p->to_bytes, 0};

        left =
            ZSTD_compressStream2(p->zstd, &out, &in, end ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left))
            return err_set(e, ERR_FORMAT, "%s: zstd: %s", p->path,
                           ZSTD_getErrorName(left));
        if (os_write_all(p->out, (struct str){p->to, out.pos}, e) < 0)
            return err_wrap(e, "%s", p->tmp);
    } while (end ? left > 0 : in.pos < in.size);
    return 0;
}

static int finish(struct pack *p, const struct archive *a, struct err *e)
{
    int rc = compress(p, STR(""), true, e);

    if (rc < 0)
        return rc;
    if (fsync(p->out) < 0)
        return fault(e, p->tmp, "make it durable");
    if (rename(p->tmp, p->packed) < 0)
        return fault(e, p->packed, "name it");
    close(p->out);
    p->out = -1;
    rc = archive_sync_names(a, p->packed, e);
    if (rc == 0 && unlink(p->path) < 0 && errno != ENOENT)
        rc = fault(e, p->path, "remove it");
    return rc;
}

int pack_step(struct pack *p, const struct archive *a, struct err *e)
{
    ssize_t n = read(p->in, p->from, SLICE);

    if (n < 0)
        return errno == EINTR ? 1 : fault(e, p->path, "read it");
    if (n == 0 && p->done < p->expected)
        return err_set(e, ERR_FORMAT, "%s: somebody has cut it", p->path);
    if (n == 0)
        return finish(p, a, e);
    p->done += (uint64_t)n;
    if (compress(p, (struct str){p->from, (size_t)n}, false, e) < 0)
        return e != NULL ? e->code : ERR_FORMAT;
    /* So that the sync at the end is short; only a hint. */
    (void)sync_file_range(p->out, 0, 0, SYNC_FILE_RANGE_WRITE);
    return 1;
}

/* ---- after a crash ---- */

static bool is_as_written(const struct archive_file *f)
{
    char *sums_path = mem_printf("%s" SUMS_SUFFIX, f->path);
    struct strbuf text = {.max = SUMS_TEXT_MAX};
    struct sums s = {0};
    struct stat st;
    int fd = open(f->path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && fstat(fd, &st) == 0 && (uint64_t)st.st_size == f->bytes &&
              os_read_file(sums_path, SUMS_TEXT_MAX, &text, NULL) == 0;

    if (is) {
        sums_read(strbuf_str(&text), &s);
        is = s.is_closed && recover_verify(fd, &s, NULL) == (int64_t)s.n;
    }
    if (fd >= 0)
        close(fd);
    sums_fini(&s);
    strbuf_fini(&text);
    free(sums_path);
    return is;
}

int pack_tidy(struct archive_file *f, const struct archive *a, struct err *e)
{
    char *tmp = mem_printf("%s" TMP_SUFFIX, f->path);
    int rc = 0;

    if (unlink(tmp) < 0 && errno != ENOENT)
        rc = fault(e, tmp, "remove it");
    free(tmp);
    if (rc < 0 || !f->is_packed || !f->has_plain)
        return rc;
    if (!is_as_written(f)) {
        log_warn("a file stands beside its compressed one and differs; it is left alone",
                 "path=%s", f->path);
        return 0;
    }
    if (archive_sync_names(a, f->path, e) < 0 || unlink(f->path) < 0)
        return fault(e, f->path, "remove it");
    f->has_plain = false;
    return 0;
}
