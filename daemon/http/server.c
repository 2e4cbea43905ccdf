/* MHD's epoll descriptor is watched by libuv, and MHD_run does what is to be done. A
   request that is not answered at once is suspended, and so is a stream that has nothing
   to say. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "newsmq/mem.h"

#include "gate.h"
#include "server_private.h"

#define IDLE_SECONDS  15U
#define CROWDED_MS    (1 * SECOND_MS) /* idle for so long when three in four are taken */
#define REQUEST_MS    (10 * SECOND_MS)
#define URL_MAX       ((size_t)4096)
#define HEADER_MEMORY ((size_t)16 * 1024)

/* ---- what every answer says ---- */

/* Nothing from elsewhere, no script or style in the page itself, no frame around it. */
static const char *const headers[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
     "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

static void add_header(struct MHD_Response *r, const char *name, const char *value)
{
    (void)MHD_add_response_header(r, name, value); /* fails for no memory only */
}

static void add_headers(struct MHD_Response *r, const char *type, unsigned cache_s)
{
    char cache[48];

    for (size_t i = 0; i < ARRAY_LEN(headers); i++)
        add_header(r, headers[i][0], headers[i][1]);
    if (type != NULL)
        add_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    (void)snprintf(cache, sizeof cache, "max-age=%u", cache_s);
    add_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, cache_s > 0 ? cache : "no-store");
}

static void count_answer(struct server *s, unsigned status)
{
    if (status / 100 < ARRAY_LEN(s->counts->answers))
        s->counts->answers[status / 100]++;
}

static enum MHD_Result refuse(struct server *s, struct MHD_Connection *c, unsigned status,
                              const char *text)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(
        strlen(text), (void *)text, MHD_RESPMEM_PERSISTENT); /* const to them */
    enum MHD_Result ok;

    if (r == NULL)
        return MHD_NO;
    add_headers(r, "text/plain; charset=utf-8", 0);
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        add_header(r, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    if (status == MHD_HTTP_TOO_MANY_REQUESTS)
        add_header(r, MHD_HTTP_HEADER_RETRY_AFTER, "1");
    add_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
    ok = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    count_answer(s, status);
    return ok;
}

static void resume(struct server_request *r)
{
    if (!r->is_suspended)
        return;
    r->is_suspended = false;
    r->connection->is_waiting = false;
    MHD_resume_connection(r->mhd);
    server_run_soon(r->server);
}

void server_suspend(struct server_request *r)
{
    MHD_suspend_connection(r->mhd);
    r->is_suspended = true;
    r->connection->is_waiting = true;
}

void server_queue(struct server_request *r, unsigned status, struct MHD_Response *m)
{
    r->is_answered = true;
    if (m != NULL) {
        (void)MHD_queue_response(r->mhd, status, m); /* else MHD closes the connection */
        MHD_destroy_response(m);
    }
    count_answer(r->server, status);
    resume(r);
}

void server_answer(struct server_request *r, const struct server_answer *a)
{
    size_t n = a->body->n;
    char *body = strbuf_take(a->body);
    struct MHD_Response *m;

    if (r->is_answered) {
        free(body);
        return;
    }
    m = MHD_create_response_from_buffer(n, body != NULL ? body : (void *)"",
                                        body != NULL ? MHD_RESPMEM_MUST_FREE
                                                     : MHD_RESPMEM_PERSISTENT);
    if (m == NULL) {
        free(body);
    } else {
        add_headers(m, a->type, a->cache_s);
        if (a->location != NULL)
            add_header(m, MHD_HTTP_HEADER_LOCATION, a->location);
    }
    server_queue(r, a->status, m);
}

struct MHD_Response *server_response(MHD_ContentReaderCallback read, void *ctx,
                                     MHD_ContentReaderFreeCallback fini)
{
    struct MHD_Response *m =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read, ctx, fini);

    if (m != NULL)
        add_headers(m, "text/event-stream; charset=utf-8", 0);
    return m;
}

void server_wake(struct server_request *r)
{
    resume(r);
}

/* ---- requests ---- */

static struct connection *connection_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return info != NULL ? info->socket_context : NULL;
}

/* Several Host headers: MHD shows one, so count them. */
struct host_header {
    const char *value;
    unsigned n;
};

static enum MHD_Result look_for_host(void *arg, enum MHD_ValueKind kind, const char *name,
                                     const char *value)
{
    struct host_header *h = arg;

    (void)kind;
    if (str_eq_nocase(str_of(name), STR("Host"))) {
        h->value = value;
        h->n++;
    }
    return MHD_YES;
}

static bool is_known_host(const struct server *s, struct MHD_Connection *c)
{
    struct host_header h = {0};

    (void)MHD_get_connection_values(c, MHD_HEADER_KIND, look_for_host, &h); /* counted */
    if (h.n == 0) /* HTTP/1.0 may; a browser never does */
        return true;
    return h.n == 1 && h.value != NULL &&
           gate_knows_host(str_of(h.value), s->config->hosts, s->config->n_hosts);
}

static enum MHD_Result begin(struct server *s, struct MHD_Connection *c, const char *path,
                             const char *method, void **state)
{
    struct connection *k = connection_of(c);
    bool is_head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
    struct server_request *r;

    s->counts->requests++;
    if (s->is_closing || k == NULL)
        return refuse(s, c, MHD_HTTP_SERVICE_UNAVAILABLE, "ending\n");
    if (!gate_admits(&s->gate, &k->from, s->config->max_requests, clock_mono())) {
        s->counts->refused_rate++;
        return refuse(s, c, MHD_HTTP_TOO_MANY_REQUESTS,
                      "too many requests a second (http.max_requests)\n");
    }
    if (!is_known_host(s, c)) {
        s->counts->refused_host++;
        return refuse(s, c, MHD_HTTP_MISDIRECTED_REQUEST,
                      "this name is not known here: a reverse proxy's has to stand in "
                      "http.hosts of the configuration\n");
    }
    if (!is_head && strcmp(method, MHD_HTTP_METHOD_GET) != 0)
        return refuse(s, c, MHD_HTTP_METHOD_NOT_ALLOWED, "GET and HEAD only\n");
    if (strlen(path) > URL_MAX)
        return refuse(s, c, MHD_HTTP_URI_TOO_LONG, "too long an address\n");
    r = mem_new(sizeof *r);
    *r = (struct server_request){.server = s,
                                 .mhd = c,
                                 .connection = k,
                                 .path = mem_strdup(path),
                                 .is_head = is_head};
    *state = r;
    return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version,
                                  const char *upload, size_t *n_upload, void **state)
{
    struct server *s = arg;
    struct server_request *r = *state;

    (void)version, (void)upload;
    if (r == NULL)
        return begin(s, c, path, method, state);
    if (*n_upload > 0) /* a GET with a body: MHD closes */
        return MHD_NO;
    if (r->is_whole) /* once more, after it was resumed */
        return MHD_YES;
    r->is_whole = true;
    s->handler.request(s->handler.ctx, r);
    if (!r->is_answered)
        server_suspend(r);
    return MHD_YES;
}

static void on_completed(void *arg, struct MHD_Connection *c, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct server *s = arg;
    struct server_request *r = *state;
    struct connection *k = connection_of(c);

    (void)code;
    if (k != NULL) {
        k->since = clock_mono();
        k->is_busy = k->is_waiting = k->is_stream = false;
    }
    if (r == NULL)
        return;
    r->is_answered = true; /* too late for another one */
    s->handler.gone(s->handler.ctx, r);
    server_stream_gone(r);
    free(r->path);
    free(r);
    *state = NULL;
}

/* The request line is there: the head follows. */
static void *on_uri(void *arg, const char *uri, struct MHD_Connection *c)
{
    struct connection *k = connection_of(c);

    (void)arg, (void)uri;
    if (k != NULL) {
        k->is_busy = true;
        k->since = clock_mono();
    }
    return NULL;
}

/* ---- connections ---- */

static struct address address_of_peer(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct address a = {{0}};
    const struct sockaddr *from = info != NULL ? info->client_addr : NULL;

    if (from != NULL && from->sa_family == AF_INET6) {
        memcpy(a.bytes, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr,
               16);
    } else if (from != NULL && from->sa_family == AF_INET) {
        a.bytes[10] = a.bytes[11] = 0xFF;
        memcpy(a.bytes + 12, &((const struct sockaddr_in *)(const void *)from)->sin_addr,
               4);
    }
    return a;
}

static void on_connection(void *arg, struct MHD_Connection *c, void **socket_context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct server *s = arg;
    struct connection *k = *socket_context;

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);

        k = mem_new(sizeof *k);
        *k = (struct connection){.next = s->connections,
                                 .at = &s->connections,
                                 .fd = info != NULL ? info->connect_fd : -1,
                                 .from = address_of_peer(c),
                                 .since = clock_mono()};
        if (k->next != NULL)
            k->next->at = &k->next;
        s->connections = k;
        s->counts->connections++;
        *socket_context = k;
    } else if (k != NULL) {
        *k->at = k->next;
        if (k->next != NULL)
            k->next->at = k->at;
        free(k);
        s->counts->connections--;
        *socket_context = NULL;
    }
}

/* ---- the loop ---- */

static void on_timer(uv_timer_t *timer);

static void run(struct server *s)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;

    (void)MHD_run(s->daemon); /* MHD_NO: it was not started so */
    if (MHD_get_timeout(s->daemon, &ms) == MHD_YES)
        (void)uv_timer_start(&s->timer, on_timer, ms, 0);
    else
        (void)uv_timer_stop(&s->timer);
}

void server_run_soon(struct server *s)
{
    if (!s->is_closing)
        (void)uv_timer_start(&s->timer, on_timer, 0, 0);
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

/* MHD's own time-out starts again with each byte; this one does not. Who is idle while
   others may wait for a place goes sooner. */
void server_sweep(struct server *s)
{
    bool is_crowded = s->counts->connections >= s->config->max_connections / 4 * 3;
    struct mono now = clock_mono();

    for (struct connection *k = s->connections; k != NULL; k = k->next) {
        int64_t ms = mono_ms_between(k->since, now);

        if (k->is_waiting || k->is_stream || k->fd < 0 ||
            ms <= (is_crowded && !k->is_busy ? CROWDED_MS : REQUEST_MS))
            continue;
        s->counts->cut_slow += k->is_busy;
        (void)shutdown(k->fd, SHUT_RDWR); /* MHD finds out */
    }
    server_streams_sweep(s, now);
    run(s); /* once it was full, it looks for new connections only then */
}

/* ---- opening and closing ---- */

/* "127.0.0.1:8787" or "[::1]:8787", as the configuration has checked. 0: it is none. */
static socklen_t address_of(const char *at, struct sockaddr_storage *ret)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)ret;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)ret;
    const char *colon = strrchr(at, ':');
    char host[INET6_ADDRSTRLEN + 2];
    uint64_t port = 0;
    size_t n = colon != NULL ? (size_t)(colon - at) : 0;

    *ret = (struct sockaddr_storage){0};
    if (n == 0 || n >= sizeof host || !str_to_u64(str_of(colon + 1), &port) ||
        port > UINT16_MAX)
        return 0;
    memcpy(host, at, n);
    host[n] = '\0';
    if (host[0] == '[') {
        host[n - 1] = '\0';
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        return inet_pton(AF_INET6, host + 1, &v6->sin6_addr) == 1 ? sizeof *v6 : 0;
    }
    v4->sin_family = AF_INET;
    v4->sin_port = htons((uint16_t)port);
    return inet_pton(AF_INET, host, &v4->sin_addr) == 1 ? sizeof *v4 : 0;
}

/* By hand, since MHD would share the port with another one of the same user. */
static int listen_at(const char *at)
{
    struct sockaddr_storage address;
    socklen_t n = address_of(at, &address);
    int on = 1, fd, rc;

    if (n == 0)
        return -EADDRNOTAVAIL;
    fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); /* after a restart */
    if (bind(fd, (const struct sockaddr *)&address, n) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    rc = -errno;
    close(fd);
    return rc;
}

static struct MHD_Daemon *start(struct server *s, int fd)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, s,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
        s->config->max_connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, s, MHD_OPTION_URI_LOG_CALLBACK, on_uri, s, MHD_OPTION_END);
}

static int cannot_listen(const char *at, int rc, struct err *e)
{
    if (rc == -EADDRINUSE)
        return err_set(e, rc,
                       "http.listen: %s is taken by another program: give another port, "
                       "or `http: { listen: off }` for no status page",
                       at);
    return err_set(e, rc, "http.listen: cannot listen on %s: %s", at, strerror(-rc));
}

int server_open(uv_loop_t *loop, const struct config_http *c,
                const struct server_handler *h, struct http_counts *counts,
                struct server **ret, struct err *e)
{
    struct server *s = mem_new(sizeof *s);
    const union MHD_DaemonInfo *info;
    int fd = listen_at(c->listen), rc;

    *s = (struct server){.handler = *h, .config = c, .counts = counts};
    if (fd >= 0)
        s->daemon = start(s, fd);
    if (s->daemon == NULL) {
        if (fd >= 0)
            close(fd);
        free(s);
        return cannot_listen(c->listen, fd < 0 ? fd : -ENOMEM, e);
    }
    info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    rc = info != NULL ? uv_poll_init(loop, &s->ready, info->epoll_fd) : UV_ENOTSUP;
    if (rc < 0) {
        MHD_stop_daemon(s->daemon);
        free(s);
        return err_set(e, rc, "cannot watch %s: %s", c->listen, uv_strerror(rc));
    }
    (void)uv_timer_init(loop, &s->timer); /* cannot fail */
    s->ready.data = s->timer.data = s;
    (void)uv_poll_start(&s->ready, UV_READABLE, on_ready);
    *ret = s;
    return 0;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void server_close(struct server *s)
{
    if (s == NULL)
        return;
    s->is_closing = true;
    server_streams_end(s);
    for (struct connection *k = s->connections; k != NULL; k = k->next)
        (void)shutdown(k->fd, SHUT_RDWR);
    (void)MHD_run(s->daemon); /* resumes what was suspended */
    MHD_stop_daemon(s->daemon);
    (void)uv_poll_stop(&s->ready);
    uv_close((uv_handle_t *)&s->ready, NULL);
    uv_close((uv_handle_t *)&s->timer, on_closed); /* the later one of the two */
}

unsigned server_port(const struct server *s)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info != NULL ? info->port : 0;
}

void server_take(struct server *s, const struct config_http *c)
{
    s->config = c;
}

/* ---- what a request says ---- */

bool server_is_head(const struct server_request *r)
{
    return r->is_head;
}

const char *server_path(const struct server_request *r)
{
    return r->path;
}

const char *server_query(const struct server_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->mhd, MHD_GET_ARGUMENT_KIND, name);
}

const char *server_header(const struct server_request *r, const char *name)
{
    return MHD_lookup_connection_value(r->mhd, MHD_HEADER_KIND, name);
}

void server_set_data(struct server_request *r, void *data)
{
    r->data = data;
}

void *server_data(const struct server_request *r)
{
    return r->data;
}
