/* Server-sent events (WHATWG HTML §9.2): every stream gets the same bytes, each at its
   own pace. One that is not read is cut; the page comes again by itself. */
#include <stdlib.h>
#include <sys/socket.h>

#include "newsmq/mem.h"

#include "server_private.h"

#define PENDING_MAX ((size_t)8 << 20) /* a page with many feeds that comes again */
#define STUCK_MS    (20 * SECOND_MS)

static ssize_t read_stream(void *arg, uint64_t pos, char *buf, size_t max)
{
    struct server_request *r = arg;
    struct stream *st = r->stream;
    size_t n;

    (void)pos;
    if (st == NULL || st->is_over)
        return MHD_CONTENT_READER_END_OF_STREAM;
    n = st->pending.n - st->sent;
    if (n == 0) {
        server_suspend(r);
        return 0;
    }
    if (n > max)
        n = max;
    memcpy(buf, st->pending.p + st->sent, n);
    st->sent += n;
    st->stuck = clock_mono();
    if (st->sent == st->pending.n) {
        strbuf_reset(&st->pending);
        st->sent = 0;
    }
    return (ssize_t)n;
}

bool server_stream(struct server_request *r, struct str first)
{
    struct server *s = r->server;
    struct MHD_Response *m;
    struct stream *st;

    if (s->counts->streams >= s->config->max_streams) {
        s->counts->refused_streams++;
        return false;
    }
    m = server_response(read_stream, r, NULL);
    if (m == NULL)
        return false;
    st = mem_new(sizeof *st);
    *st = (struct stream){.next = s->streams,
                          .at = &s->streams,
                          .request = r,
                          .pending = {.max = PENDING_MAX},
                          .stuck = clock_mono()};
    (void)strbuf_add(&st->pending, first); /* too large: the page is whole without it */
    if (st->next != NULL)
        st->next->at = &st->next;
    s->streams = st;
    s->counts->streams++;
    r->stream = st;
    r->connection->is_stream = true;
    server_queue(r, MHD_HTTP_OK, m);
    return true;
}

void server_stream_gone(struct server_request *r)
{
    struct stream *st = r->stream;

    if (st == NULL)
        return;
    *st->at = st->next;
    if (st->next != NULL)
        st->next->at = st->at;
    r->server->counts->streams--;
    strbuf_fini(&st->pending);
    free(st);
    r->stream = NULL;
}

static void cut(struct server *s, struct stream *st)
{
    if (st->is_over)
        return;
    st->is_over = true;
    s->counts->cut_streams++;
    (void)shutdown(st->request->connection->fd, SHUT_RDWR); /* MHD finds out */
    server_wake(st->request);
}

void server_tell(struct server *s, struct str bytes)
{
    struct mono now = clock_mono();

    for (struct stream *st = s->streams; st != NULL; st = st->next) {
        if (st->pending.n == 0)
            st->stuck = now;
        if (strbuf_add(&st->pending, bytes) < 0)
            cut(s, st);
        else
            server_wake(st->request);
    }
}

void server_streams_sweep(struct server *s, struct mono now)
{
    for (struct stream *st = s->streams; st != NULL; st = st->next)
        if (st->pending.n > 0 && mono_ms_between(st->stuck, now) > STUCK_MS)
            cut(s, st);
}

unsigned server_streams(const struct server *s)
{
    return s->counts->streams;
}

void server_streams_end(struct server *s)
{
    for (struct stream *st = s->streams; st != NULL; st = st->next) {
        st->is_over = true;
        server_wake(st->request);
    }
}
