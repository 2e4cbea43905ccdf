/* curl tells which sockets it wants watched (on_socket) and when it wants to be woken
   (on_timer); libuv watches them; what happens is told back with
   curl_multi_socket_action, after which finished transfers are collected. */
#include <errno.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "multi.h"

#define IDLE_CONNECTIONS_MAX 64

struct multi {
    uv_loop_t *loop;
    uv_timer_t timer;
    CURLM *curl;
    void (*done)(void *ctx, struct transfer *t);
    void *ctx;
};

/* One socket that curl wants watched. */
struct watch {
    uv_poll_t poll;
    struct multi *multi;
    curl_socket_t socket;
};

static struct transfer *transfer_of(CURL *easy)
{
    char *private = NULL;

    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private);
    return (struct transfer *)(void *)private;
}

static void collect(struct multi *m)
{
    CURLMsg *msg;
    int left;

    while ((msg = curl_multi_info_read(m->curl, &left)) != NULL) {
        CURL *easy = msg->easy_handle;
        CURLcode code = msg->data.result; /* msg is gone after the next call */
        struct transfer *t;

        if (msg->msg != CURLMSG_DONE)
            continue;
        t = transfer_of(easy);
        curl_multi_remove_handle(m->curl, easy);
        while (transfer_step(t, code)) { /* a redirect */
            if (curl_multi_add_handle(m->curl, easy) == CURLM_OK) {
                t = NULL;
                break;
            }
            code = CURLE_OUT_OF_MEMORY;
        }
        if (t != NULL)
            m->done(m->ctx, t);
    }
}

static void act(struct multi *m, curl_socket_t socket, int events)
{
    int running;

    (void)curl_multi_socket_action(m->curl, socket, events, &running);
    collect(m);
}

/* ---- from libuv ---- */

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct watch *w = poll->data;
    int curl_events = 0;

    if (status < 0)
        curl_events = CURL_CSELECT_ERR;
    if (events & UV_READABLE)
        curl_events |= CURL_CSELECT_IN;
    if (events & UV_WRITABLE)
        curl_events |= CURL_CSELECT_OUT;
    act(w->multi, w->socket, curl_events);
}

static void on_timeout(uv_timer_t *timer)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* ---- from curl ---- */

static struct watch *watch_new(struct multi *m, curl_socket_t socket)
{
    struct watch *w = mem_new(sizeof *w);

    w->multi = m;
    w->socket = socket;
    if (uv_poll_init_socket(m->loop, &w->poll, socket) < 0) {
        free(w);
        return NULL;
    }
    w->poll.data = w;
    return w;
}

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *arg, void *known)
{
    struct multi *m = arg;
    struct watch *w = known;
    int events = 0;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (w != NULL) {
            (void)uv_poll_stop(&w->poll);
            uv_close((uv_handle_t *)&w->poll, on_closed);
            curl_multi_assign(m->curl, socket, NULL);
        }
        return 0;
    }
    if (w == NULL) {
        w = watch_new(m, socket);
        if (w == NULL)
            return -1;
        curl_multi_assign(m->curl, socket, w);
    }
    if (what != CURL_POLL_IN)
        events |= UV_WRITABLE;
    if (what != CURL_POLL_OUT)
        events |= UV_READABLE;
    return uv_poll_start(&w->poll, events, on_ready);
}

static int on_timer(CURLM *curl, long timeout_ms, void *arg)
{
    struct multi *m = arg;

    (void)curl;
    if (timeout_ms < 0)
        return uv_timer_stop(&m->timer);
    return uv_timer_start(&m->timer, on_timeout, (uint64_t)timeout_ms, 0);
}

/* ---- from outside ---- */

struct multi *multi_new(uv_loop_t *loop, void (*done)(void *ctx, struct transfer *t),
                        void *ctx)
{
    struct multi *m = mem_new(sizeof *m);

    *m =
        (struct multi){.loop = loop, .curl = curl_multi_init(), .done = done, .ctx = ctx};
    (void)uv_timer_init(loop, &m->timer); /* cannot fail */
    m->timer.data = m;
    curl_multi_setopt(m->curl, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(m->curl, CURLMOPT_SOCKETDATA, m);
    curl_multi_setopt(m->curl, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(m->curl, CURLMOPT_TIMERDATA, m);
    curl_multi_setopt(m->curl, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS_MAX);
    return m;
}

int multi_add(struct multi *m, struct transfer *t, struct err *e)
{
    CURLMcode rc;

    transfer_begin(t);
    rc = curl_multi_add_handle(m->curl, transfer_easy(t));
    if (rc != CURLM_OK)
        return err_set(e, -ENOMEM, "curl: %s", curl_multi_strerror(rc));
    return 0;
}

void multi_remove(struct multi *m, struct transfer *t)
{
    curl_multi_remove_handle(m->curl, transfer_easy(t));
}

void multi_close(struct multi *m)
{
    curl_multi_cleanup(m->curl); /* closes idle connections: on_socket is called */
    m->curl = NULL;
    uv_close((uv_handle_t *)&m->timer, NULL);
}

void multi_free(struct multi *m)
{
    free(m);
}
