/* libmicrohttpd without threads: its epoll descriptor is watched by libuv, and MHD_run
   does what is to be done. A request that is not answered at once is suspended.

   What a stranger may cost: CONNECTIONS_MAX connections of CONNECTION_MEMORY each, all
   bodies together BODIES_MAX (the first one may be larger, to its own maximum),
   SECONDS_MAX for one request from its first byte to its last, RATE_MAX requests a
   second. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "listener.h"

#define CONNECTIONS_MAX   64
#define CONNECTION_MEMORY ((size_t)32 * 1024) /* of the head */
#define BODIES_MAX        ((size_t)32 * 1024 * 1024)
#define IDLE_SECONDS      10U
#define REQUEST_MS        (30 * SECOND_MS)
#define RATE_MAX          200 /* a second */
#define HEADER_MAX        ((size_t)16 * 1024)

struct connection {
    struct connection *next, **at;
    int fd;
    struct mono since;                /* its opening, or the end of its last request */
    struct listener_request *waiting; /* for us: takes no time of its own */
};

struct listener_request {
    struct listener *listener;
    struct MHD_Connection *mhd;
    struct connection *connection;
    char *method, *path;
    struct strbuf body;
    size_t counted;   /* bytes of body in listener->bodies */
    unsigned refused; /* the answer, when the body became too large */
    bool is_whole, is_suspended, is_answered;
    void *data;
};

struct listener {
    struct listener_handler handler;
    struct MHD_Daemon *daemon;
    uv_poll_t ready;
    uv_timer_t timer;
    struct connection *connections;
    size_t bodies; /* bytes */
    struct mono second;
    unsigned n_in_second;
    bool is_closing;
};

/* ---- answers ---- */

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, struct str text)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(
        text.n, (void *)text.p, MHD_RESPMEM_MUST_COPY); /* const to them */
    enum MHD_Result ok;

    if (r == NULL)
        return MHD_NO;
    (void)MHD_add_response_header(r, "Content-Type", "text/plain"); /* fixed texts */
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        (void)MHD_add_response_header(r, "Retry-After", "30");
    ok = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return ok;
}

static void run_soon(struct listener *l);

void listener_answer(struct listener_request *r, unsigned status, struct str text)
{
    if (r->is_answered)
        return;
    r->is_answered = true;
    (void)answer(r->mhd, status, text); /* else MHD closes the connection */
    if (!r->is_suspended)
        return;
    r->is_suspended = false;
    r->connection->waiting = NULL;
    MHD_resume_connection(r->mhd);
    run_soon(r->listener);
}

/* ---- requests ---- */

static bool is_too_many(struct listener *l)
{
    struct mono now = clock_mono();

    if (mono_ms_between(l->second, now) >= SECOND_MS) {
        l->second = now;
        l->n_in_second = 0;
    }
    return ++l->n_in_second > RATE_MAX;
}

static struct connection *connection_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info != NULL ? info->socket_context : NULL;
}

static enum MHD_Result begin(struct listener *l, struct MHD_Connection *c,
                             const char *path, const char *method, void **state)
{
    struct listener_request *r = mem_new(sizeof *r);
    unsigned status;

    *r = (struct listener_request){.listener = l,
                                   .mhd = c,
                                   .connection = connection_of(c),
                                   .method = mem_strdup(method),
                                   .path = mem_strdup(path)};
    status = l->is_closing || is_too_many(l) || r->connection == NULL
                 ? MHD_HTTP_SERVICE_UNAVAILABLE
                 : l->handler.begin(l->handler.ctx, r, &r->body.max);
    if (status == 0) {
        *state = r;
        return MHD_YES;
    }
    free(r->method);
    free(r->path);
    free(r);
    return answer(c, status, STR(""));
}

static void take_bytes(struct listener_request *r, struct str bytes)
{
    struct listener *l = r->listener;
    bool is_first = l->bodies == r->counted; /* of those that have any */

    if (r->refused != 0)
        return;
    if (bytes.n > r->body.max - r->body.n)
        r->refused = MHD_HTTP_CONTENT_TOO_LARGE;
    else if (!is_first && l->bodies + bytes.n > BODIES_MAX)
        r->refused = MHD_HTTP_SERVICE_UNAVAILABLE;
    else if (strbuf_add(&r->body, bytes) == 0) {
        r->counted += bytes.n;
        l->bodies += bytes.n;
    }
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version,
                                  const char *upload, size_t *n_upload, void **state)
{
    struct listener *l = arg;
    struct listener_request *r = *state;

    (void)version;
    if (r == NULL)
        return begin(l, c, path, method, state);
    if (*n_upload > 0) {
        take_bytes(r, (struct str){upload, *n_upload});
        *n_upload = 0;
        return MHD_YES;
    }
    if (r->is_whole) /* once more, after it was resumed */
        return MHD_YES;
    r->is_whole = true;
    if (r->refused != 0)
        listener_answer(r, r->refused, STR(""));
    else
        l->handler.request(l->handler.ctx, r);
    if (!r->is_answered) {
        MHD_suspend_connection(c);
        r->is_suspended = true;
        r->connection->waiting = r;
    }
    return MHD_YES;
}

static void on_completed(void *arg, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct listener *l = arg;
    struct listener_request *r = *state;
    struct connection *k = connection_of(c);

    (void)code;
    if (k != NULL)
        k->since = clock_mono();
    if (r == NULL)
        return;
    r->is_answered = true; /* too late for another one */
    l->handler.gone(l->handler.ctx, r);
    l->bodies -= r->counted;
    strbuf_fini(&r->body);
    free(r->method);
    free(r->path);
    free(r);
    *state = NULL;
}

/* ---- connections ---- */

static void on_connection(void *arg, struct MHD_Connection *c, void **socket_context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct listener *l = arg;
    struct connection *k = *socket_context;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

        k = mem_new(sizeof *k);
        *k = (struct connection){.next = l->connections,
                                 .at = &l->connections,
                                 .fd = info != NULL ? info->connect_fd : -1,
                                 .since = clock_mono()};
        if (k->next != NULL)
            k->next->at = &k->next;
        l->connections = k;
        *socket_context = k;
    } else if (k != NULL) {
        *k->at = k->next;
        if (k->next != NULL)
            k->next->at = k->at;
        free(k);
        *socket_context = NULL;
    }
}

/* ---- the loop ---- */

static void on_timer(uv_timer_t *timer);

static void run(struct listener *l)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;

    (void)MHD_run(l->daemon); /* MHD_NO: it was not started so */
    if (MHD_get_timeout(l->daemon, &ms) == MHD_YES)
        (void)uv_timer_start(&l->timer, on_timer, ms, 0);
    else
        (void)uv_timer_stop(&l->timer);
}

static void run_soon(struct listener *l)
{
    if (!l->is_closing)
        (void)uv_timer_start(&l->timer, on_timer, 0, 0);
}

static void on_timer(uv_timer_t *timer)
{
    run(timer->data);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    run(poll->data);
}

/* MHD's own time-out starts again with each byte; this one does not. */
void listener_sweep(struct listener *l)
{
    struct mono now = clock_mono();

    for (struct connection *k = l->connections; k != NULL; k = k->next)
        if (k->waiting == NULL && k->fd >= 0 &&
            mono_ms_between(k->since, now) > REQUEST_MS)
            (void)shutdown(k->fd, SHUT_RDWR); /* MHD finds out */
    run(l); /* once it was full, it looks for new connections only then */
}

/* ---- opening and closing ---- */

/* "127.0.0.1:8788" or "[::1]:8788", as the configuration has checked. */
static socklen_t address_of(const char *at, struct sockaddr_storage *ret)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)ret;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)ret;
    const char *colon = strrchr(at, ':');
    bool is_v6 = at[0] == '[';
    uint64_t port = 0;
    socklen_t n = 0;
    char *host;

    if (colon == NULL || !str_to_u64(str_of(colon + 1), &port) || port > UINT16_MAX)
        return 0;
    host = mem_dup(is_v6 ? (struct str){at + 1, (size_t)(colon - at) - 2}
                         : (struct str){at, (size_t)(colon - at)});
    *ret = (struct sockaddr_storage){0};
    if (is_v6 && inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        n = sizeof *v6;
    } else if (!is_v6 && inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        n = sizeof *v4;
    }
    free(host);
    return n;
}

static struct MHD_Daemon *start(struct listener *l, const struct sockaddr_storage *at)
{
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;

    if (at->ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, l, MHD_OPTION_SOCK_ADDR, at,
                            MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
                            MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, l,
                            MHD_OPTION_NOTIFY_CONNECTION, on_connection, l,
                            MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
}

int listener_open(uv_loop_t *loop, const char *at, const struct listener_handler *h,
                  struct listener **ret, struct err *e)
{
    struct listener *l = mem_new(sizeof *l);
    const union MHD_DaemonInfo *info;
    struct sockaddr_storage address;
    int rc;

    l->handler = *h;
    errno = 0;
    if (address_of(at, &address) > 0)
        l->daemon = start(l, &address);
    if (l->daemon == NULL) {
        rc = errno != 0 ? -errno : -EADDRNOTAVAIL;
        free(l);
        return err_set(e, rc, "cannot listen on %s: %s", at, strerror(-rc));
    }
    info = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    rc = info != NULL ? uv_poll_init(loop, &l->ready, info->epoll_fd) : UV_ENOTSUP;
    if (rc < 0) {
        MHD_stop_daemon(l->daemon);
        free(l);
        return err_set(e, rc, "cannot watch %s: %s", at, uv_strerror(rc));
    }
    (void)uv_timer_init(loop, &l->timer); /* cannot fail */
    l->ready.data = l->timer.data = l;
    (void)uv_poll_start(&l->ready, UV_READABLE, on_ready);
    *ret = l;
    return 0;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void listener_close(struct listener *l)
{
    if (l == NULL)
        return;
    l->is_closing = true;
    for (struct connection *k = l->connections; k != NULL; k = k->next)
        if (k->waiting != NULL) /* MHD stops only when nothing is suspended */
            listener_answer(k->waiting, MHD_HTTP_SERVICE_UNAVAILABLE, STR(""));
    (void)MHD_run(l->daemon); /* resumes them */
    MHD_stop_daemon(l->daemon);
    (void)uv_poll_stop(&l->ready);
    uv_close((uv_handle_t *)&l->ready, NULL);
    uv_close((uv_handle_t *)&l->timer, on_closed); /* the later one of the two */
}

unsigned listener_port(const struct listener *l)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info != NULL ? info->port : 0;
}

/* ---- what a request says ---- */

const char *listener_method(const struct listener_request *r)
{
    return r->method;
}

const char *listener_path(const struct listener_request *r)
{
    return r->path;
}

struct str listener_body(const struct listener_request *r)
{
    return strbuf_str(&r->body);
}

const char *listener_query(const struct listener_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->mhd, MHD_GET_ARGUMENT_KIND, name);
}

struct gathering {
    const char *name;
    struct strbuf text;
    bool is_there;
};

static enum MHD_Result gather(void *arg, enum MHD_ValueKind kind, const char *name,
                              const char *value)
{
    struct gathering *g = arg;

    (void)kind;
    if (!str_eq_nocase(str_of(name), str_of(g->name)))
        return MHD_YES;
    if (g->is_there)
        (void)strbuf_add_text(&g->text, ", "); /* over the maximum: cut */
    g->is_there = true;
    (void)strbuf_add_text(&g->text, value != NULL ? value : "");
    return MHD_YES;
}

char *listener_header(const struct listener_request *r, const char *name)
{
    struct gathering g = {.name = name, .text = {.max = HEADER_MAX}};

    (void)MHD_get_connection_values(r->mhd, MHD_HEADER_KIND, gather, &g); /* how many */
    if (g.is_there && g.text.p == NULL)
        return mem_strdup("");
    return strbuf_take(&g.text);
}

void listener_set_data(struct listener_request *r, void *data)
{
    r->data = data;
}

void *listener_data(const struct listener_request *r)
{
    return r->data;
}
