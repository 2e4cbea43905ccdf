#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "newsmq/mem.h"

#include "feedserver.h"

#define PATHS_MAX   64
#define HEADERS_MAX 32

struct seen {
    char *path;
    unsigned count;
    char *headers[HEADERS_MAX][2];
    size_t n_headers;
};

struct feedserver {
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    const struct feedserver_page *script;
    struct seen seen[PATHS_MAX];
    size_t n_seen;
};

static struct seen *seen_get(struct feedserver *s, const char *path)
{
    for (size_t i = 0; i < s->n_seen; i++)
        if (strcmp(s->seen[i].path, path) == 0)
            return &s->seen[i];
    if (s->n_seen == PATHS_MAX)
        return &s->seen[0];
    s->seen[s->n_seen].path = mem_strdup(path);
    return &s->seen[s->n_seen++];
}

static void forget_headers(struct seen *seen)
{
    for (size_t i = 0; i < seen->n_headers; i++) {
        free(seen->headers[i][0]);
        free(seen->headers[i][1]);
    }
    seen->n_headers = 0;
}

static enum MHD_Result keep_header(void *arg, enum MHD_ValueKind kind, const char *key,
                                   const char *value)
{
    struct seen *seen = arg;

    (void)kind;
    if (seen->n_headers < HEADERS_MAX) {
        seen->headers[seen->n_headers][0] = mem_strdup(key);
        seen->headers[seen->n_headers++][1] = mem_strdup(value);
    }
    return MHD_YES;
}

/* ---- answers ---- */

static size_t body_bytes(const struct feedserver_page *p)
{
    return p->body.n * (p->times > 0 ? p->times : 1);
}

static ssize_t read_body(void *arg, uint64_t at, char *to, size_t max)
{
    const struct feedserver_page *p = arg;
    size_t n = 0;

    if (p->cut_after > 0 && at >= p->cut_after)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (p->cut_after > 0 && max > p->cut_after - at)
        max = (size_t)(p->cut_after - at);
    while (n < max && at + n < body_bytes(p)) {
        size_t from = (size_t)((at + n) % p->body.n);
        size_t part = p->body.n - from;

        if (part > max - n)
            part = max - n;
        memcpy(to + n, p->body.p + from, part);
        n += part;
    }
    return (ssize_t)n;
}

static const struct feedserver_page *page_find(struct feedserver *s, const char *path)
{
    for (const struct feedserver_page *p = s->script; p->path != NULL; p++)
        if (strcmp(p->path, path) == 0)
            return p;
    return NULL;
}

static bool is_unchanged(const struct feedserver_page *p, struct MHD_Connection *c)
{
    const char *asked = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match");

    if (!p->conditional || asked == NULL)
        return false;
    for (size_t i = 0; i < FEEDSERVER_HEADERS_MAX && p->headers[i][0] != NULL; i++)
        if (strcasecmp(p->headers[i][0], "ETag") == 0)
            return strcmp(p->headers[i][1], asked) == 0;
    return false;
}

static void nap(unsigned ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};

    (void)nanosleep(&t, NULL);
}

static enum MHD_Result send_page(const struct feedserver_page *p,
                                 struct MHD_Connection *c)
{
    bool unchanged = is_unchanged(p, c);
    struct MHD_Response *r;
    enum MHD_Result rc;

    nap(p->delay_ms);
    if (unchanged || p->body.n == 0)
        r = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    else
        r = MHD_create_response_from_callback(body_bytes(p), 16384, read_body,
                                              (void *)(uintptr_t)p, NULL);
    for (size_t i = 0; i < FEEDSERVER_HEADERS_MAX && p->headers[i][0] != NULL; i++)
        (void)MHD_add_response_header(r, p->headers[i][0], p->headers[i][1]);
    rc = MHD_queue_response(c, unchanged ? 304 : p->status > 0 ? p->status : 200, r);
    MHD_destroy_response(r);
    return rc;
}

static enum MHD_Result send_nothing(struct MHD_Connection *c)
{
    struct MHD_Response *r =
        MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result rc = MHD_queue_response(c, 404, r);

    MHD_destroy_response(r);
    return rc;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version,
                                  const char *upload, size_t *upload_n, void **state)
{
    struct feedserver *s = arg;
    const struct feedserver_page *p;
    struct seen *seen;

    (void)method;
    (void)version;
    (void)upload;
    (void)upload_n;
    (void)state;
    pthread_mutex_lock(&s->lock);
    p = page_find(s, url);
    seen = seen_get(s, url);
    seen->count++;
    forget_headers(seen);
    MHD_get_connection_values(c, MHD_HEADER_KIND, keep_header, seen);
    pthread_mutex_unlock(&s->lock);
    return p != NULL ? send_page(p, c) : send_nothing(c);
}

/* ---- from outside ---- */

struct feedserver *feedserver_open(const struct feedserver_page *script)
{
    struct feedserver *s = mem_new(sizeof *s);
    struct sockaddr_in at = {.sin_family = AF_INET};

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->script = script;
    pthread_mutex_init(&s->lock, NULL);
    s->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL,
        on_request, s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at, MHD_OPTION_END);
    if (s->daemon != NULL)
        return s;
    feedserver_close(s);
    return NULL;
}

void feedserver_close(struct feedserver *s)
{
    if (s == NULL)
        return;
    if (s->daemon != NULL)
        MHD_stop_daemon(s->daemon);
    for (size_t i = 0; i < s->n_seen; i++) {
        forget_headers(&s->seen[i]);
        free(s->seen[i].path);
    }
    pthread_mutex_destroy(&s->lock);
    free(s);
}

unsigned feedserver_port(const struct feedserver *s)
{
    return MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

char *feedserver_url(const struct feedserver *s, const char *path)
{
    return mem_printf("http://127.0.0.1:%u%s", feedserver_port(s), path);
}

void feedserver_set(struct feedserver *s, const struct feedserver_page *script)
{
    pthread_mutex_lock(&s->lock);
    s->script = script;
    pthread_mutex_unlock(&s->lock);
}

unsigned feedserver_count(struct feedserver *s, const char *path)
{
    unsigned count;

    pthread_mutex_lock(&s->lock);
    count = seen_get(s, path)->count;
    pthread_mutex_unlock(&s->lock);
    return count;
}

const char *feedserver_header(struct feedserver *s, const char *path, const char *name)
{
    const char *value = "";
    struct seen *seen;

    pthread_mutex_lock(&s->lock);
    seen = seen_get(s, path);
    for (size_t i = 0; i < seen->n_headers; i++)
        if (strcasecmp(seen->headers[i][0], name) == 0)
            value = seen->headers[i][1];
    pthread_mutex_unlock(&s->lock);
    return value;
}
