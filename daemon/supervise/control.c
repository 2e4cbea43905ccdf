#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "control.h"

#define CLIENTS_MAX    32
#define LINE_MAX_BYTES ((size_t)64 * 1024)
#define ANSWER_MAX     ((size_t)64 << 20)
#define UNSENT_MAX     ((size_t)1 << 20)
#define SILENT_MS      (60 * SECOND_MS)
#define BACKLOG        64

struct client {
    struct control *control;
    uv_pipe_t pipe;
    uv_timer_t silence;
    unsigned n_closing; /* handles still to be closed */
    struct strbuf line;
    bool is_skipping; /* the rest of a line that was too long */
    struct client *next;
};

struct control {
    uv_pipe_t pipe;
    char *path;
    control_answer *answer;
    void *ctx;
    struct client *clients;
    size_t n_clients;
    char bytes[4096]; /* what is being read */
};

/* ---- one client ---- */

static void on_client_closed(uv_handle_t *h)
{
    struct client *k = h->data;

    if (--k->n_closing > 0)
        return;
    strbuf_fini(&k->line);
    free(k);
}

static void drop(struct client *k)
{
    struct client **at;

    if (uv_is_closing((uv_handle_t *)&k->pipe))
        return;
    if (k->control != NULL) {
        for (at = &k->control->clients; *at != k;)
            at = &(*at)->next;
        *at = k->next;
        k->control->n_clients--;
    }
    k->n_closing = 2;
    uv_close((uv_handle_t *)&k->pipe, on_client_closed);
    uv_close((uv_handle_t *)&k->silence, on_client_closed);
}

struct sending {
    uv_write_t request;
    char *bytes;
};

static void on_sent(uv_write_t *w, int status)
{
    struct sending *sending = w->data;
    struct client *k = w->handle->data;

    free(sending->bytes);
    free(sending);
    if (status < 0)
        drop(k);
}

static void send_to(struct client *k, struct strbuf *out)
{
    struct sending *w;
    uv_buf_t buf;

    if (out->n == 0 ||
        uv_stream_get_write_queue_size((uv_stream_t *)&k->pipe) > UNSENT_MAX) {
        strbuf_fini(out);
        drop(k);
        return;
    }
    w = mem_new(sizeof *w);
    w->request.data = w;
    buf = uv_buf_init(NULL, (unsigned)out->n);
    buf.base = w->bytes = strbuf_take(out);
    if (uv_write(&w->request, (uv_stream_t *)&k->pipe, &buf, 1, on_sent) < 0) {
        free(w->bytes);
        free(w);
        drop(k);
    }
}

static void answer(struct client *k, struct str line)
{
    struct strbuf out = {.max = ANSWER_MAX};

    if (str_has_suffix(line, STR("\r")))
        line.n--;
    k->control->answer(k->control->ctx, line, &out);
    send_to(k, &out);
}

static void refuse_long(struct client *k)
{
    struct strbuf out = {.max = 128};

    (void)strbuf_add_text(&out, "ERR 413 a line has at most 65536 bytes\n"); /* fits */
    send_to(k, &out);
}

/* Takes what came up to the first end of line; answers how much. */
static size_t take_line(struct client *k, struct str in)
{
    size_t end = str_find_char(in, '\n', 0);
    struct str part = str_slice(in, 0, end == SIZE_MAX ? in.n : end);

    if (!k->is_skipping && strbuf_add(&k->line, part) < 0) {
        k->is_skipping = true;
        refuse_long(k);
    }
    if (end == SIZE_MAX)
        return in.n;
    if (!k->is_skipping)
        answer(k, strbuf_str(&k->line));
    k->is_skipping = false;
    strbuf_reset(&k->line);
    return end + 1;
}

static void on_silence(uv_timer_t *t)
{
    drop(t->data);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct client *k = stream->data;
    struct str in = {buf->base, n > 0 ? (size_t)n : 0};

    if (n < 0) {
        drop(k);
        return;
    }
    (void)uv_timer_start(&k->silence, on_silence, SILENT_MS, 0);
    while (in.n > 0 && !uv_is_closing((uv_handle_t *)stream)) {
        size_t taken = take_line(k, in);

        in = str_slice(in, taken, in.n);
    }
}

/* Reading and answering are one step, so all clients can share these bytes. */
static void on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *ret)
{
    struct client *k = h->data;

    (void)hint;
    *ret = uv_buf_init(k->control->bytes, sizeof k->control->bytes);
}

/* ---- listening ---- */

static void on_client(uv_stream_t *server, int status)
{
    struct control *c = server->data;
    struct client *k;

    if (status < 0)
        return;
    k = mem_new(sizeof *k);
    k->line.max = LINE_MAX_BYTES;
    (void)uv_pipe_init(server->loop, &k->pipe, 0); /* these two cannot fail */
    (void)uv_timer_init(server->loop, &k->silence);
    k->pipe.data = k->silence.data = k;
    if (uv_accept(server, (uv_stream_t *)&k->pipe) < 0 || c->n_clients == CLIENTS_MAX) {
        drop(k);
        return;
    }
    k->control = c;
    k->next = c->clients;
    c->clients = k;
    c->n_clients++;
    (void)uv_timer_start(&k->silence, on_silence, SILENT_MS, 0);
    if (uv_read_start((uv_stream_t *)&k->pipe, on_alloc, on_read) < 0)
        drop(k);
}

/* By hand, since libuv binds with the umask's mode, and somebody could connect before a
   chmod. */
static int bind_at(const char *path, struct err *e)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    mode_t before;
    int rc;

    if (fd < 0)
        return err_set(e, -errno, "cannot make a socket: %s", strerror(errno));
    (void)unlink(path);
    memcpy(at.sun_path, path, strlen(path)); /* place_open has looked at its length */
    before = umask(0117);
    rc = bind(fd, (const struct sockaddr *)&at, sizeof at);
    (void)umask(before);
    if (rc < 0) {
        rc = err_set(e, -errno, "cannot listen at %s: %s", path, strerror(errno));
        close(fd);
        return rc;
    }
    return fd;
}

static void on_control_closed(uv_handle_t *h)
{
    struct control *c = h->data;

    free(c->path);
    free(c);
}

int control_open(uv_loop_t *loop, const char *path, control_answer *answer_line,
                 void *ctx, struct control **ret, struct err *e)
{
    int fd = bind_at(path, e), rc;
    struct control *c;

    if (fd < 0)
        return fd;
    c = mem_new(sizeof *c);
    *c = (struct control){.path = mem_strdup(path), .answer = answer_line, .ctx = ctx};
    (void)uv_pipe_init(loop, &c->pipe, 0); /* cannot fail */
    c->pipe.data = c;
    rc = uv_pipe_open(&c->pipe, fd);
    if (rc == 0)
        rc = uv_listen((uv_stream_t *)&c->pipe, BACKLOG, on_client);
    if (rc < 0) {
        err_set(e, rc, "cannot listen at %s: %s", path, uv_strerror(rc));
        control_close(c);
        return rc;
    }
    *ret = c;
    return 0;
}

void control_close(struct control *c)
{
    if (c == NULL)
        return;
    while (c->clients != NULL)
        drop(c->clients);
    (void)unlink(c->path); /* the next one replaces it anyway */
    uv_close((uv_handle_t *)&c->pipe, on_control_closed);
}
