/* Lines on the standard output. It keeps nothing, so it goes on where its cursor at the
   hub stands; what was written and not acknowledged before a crash is written again. The
   reader may be slow: only as much is written as it takes at once, and the rest of the
   batch when it comes again. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/output.h"

#include "line.h"

#define BATCH_MAX ((size_t)256 << 20)
#define PIECE     4096 /* PIPE_BUF: so much a pipe that is ready takes without waiting */

struct to_stdout {
    const struct config_sink *c;
    struct strbuf lines; /* of the batch that began with `first` */
    size_t done;
    uint64_t first;
    size_t n;
    bool is_file; /* takes all at once */
    char host[LINE_HOST_MAX];
};

static int stdout_open(const struct config_sink *c, void **ret_state, uint64_t *ret_last,
                       bool *ret_has_cursor, struct err *e)
{
    struct to_stdout *o = mem_new(sizeof *o);
    struct stat st;

    if (fstat(STDOUT_FILENO, &st) < 0) {
        free(o);
        return err_set(e, -errno, "the standard output is closed: %s", strerror(errno));
    }
    o->c = c;
    o->lines.max = BATCH_MAX;
    o->is_file = S_ISREG(st.st_mode);
    (void)line_host(o->host);
    *ret_state = o;
    *ret_last = 0;
    *ret_has_cursor = false;
    return 0;
}

static void stdout_close(void *state)
{
    struct to_stdout *o = state;

    strbuf_fini(&o->lines);
    free(o);
}

static int fill(struct to_stdout *o, const struct output_record *r, size_t n,
                struct err *e)
{
    struct line_sink line = {clock_wall_ms(), o->host, o->c->include_html};

    strbuf_reset(&o->lines);
    o->done = 0;
    for (size_t i = 0; i < n; i++) {
        int rc = line_add(&line, r[i].seq, r[i].json, &o->lines, e);

        if (rc < 0)
            return rc;
    }
    o->first = r[0].seq;
    o->n = n;
    return 0;
}

/* 1 = some was taken, 0 = not now. */
static int push(struct to_stdout *o, struct err *e)
{
    struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};
    size_t left = o->lines.n - o->done;
    ssize_t n;

    if (!o->is_file) {
        int ready = poll(&p, 1, 0);

        if (ready == 0 || (ready < 0 && errno == EINTR))
            return 0;
        left = left < PIECE ? left : PIECE;
    }
    n = write(STDOUT_FILENO, o->lines.p + o->done, left);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return 0;
    if (n < 0 && errno == EPIPE)
        return err_set(e, -EPIPE, "nobody reads the standard output any more");
    if (n < 0)
        return err_set(e, -errno, "standard output: %s", strerror(errno));
    o->done += (size_t)n;
    return 1;
}

static int stdout_write(void *state, const struct output_record *r, size_t n,
                        struct err *e)
{
    struct to_stdout *o = state;
    int rc = 1;

    if (o->n != n || o->first != r[0].seq)
        rc = fill(o, r, n, e);
    while (rc >= 0 && o->done < o->lines.n) {
        rc = push(o, e);
        if (rc == 0)
            return err_set(e, ERR_LATER, "the reader of the standard output is slow");
    }
    if (rc < 0)
        return rc;
    o->n = 0;
    return 0;
}

static int stdout_tick(void *state, int64_t wall_ms, struct err *e)
{
    (void)state;
    (void)wall_ms;
    (void)e;
    return 0;
}

const struct output output_stdout = {
    .name = "stdout",
    .open = stdout_open,
    .write = stdout_write,
    .tick = stdout_tick,
    .close = stdout_close,
};
