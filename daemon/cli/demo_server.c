/* Everything is made when the server opens and only read afterwards, but for the time of
   the first request, which the one thread of the server alone looks at. */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "demo_server.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)
#define ETAG_MAX 64

const struct demo_feed demo_feeds[] = {
    {"harbour", "harbour.xml", "application/rss+xml", "ports", false},
    {"science", "science.atom", "application/atom+xml", "science", false},
    {"fanal", "fanal.rdf", "application/rdf+xml", "culture", false},
    {"commons", "commons.json", "application/feed+json", "world", false},
    {"nordbote", "nordbote.xml", "text/xml; charset=utf-8", "culture", false},
    {"ticker", "ticker.atom", "application/atom+xml", "world", true},
    {NULL, NULL, NULL, NULL, false},
};

struct page {
    const struct demo_feed *feed;
    struct strbuf bytes;
    size_t n_entries;
    struct str head, tail, *entries; /* slices of bytes; entries when it grows */
};

struct demo_server {
    struct MHD_Daemon *daemon;
    struct page pages[ARRAY_LEN(demo_feeds) - 1];
    int64_t pace_ms;
    int64_t first_ms; /* wall time when a feed that grows was asked for; 0: not yet */
};

/* ---- pages ---- */

/* The nth version of a page. */
static const char *etag_of(const struct page *p, size_t version, char buf[ETAG_MAX])
{
    (void)snprintf(buf, ETAG_MAX, "\"%s-%zu\"", p->feed->id, version);
    return buf;
}

static size_t count(struct str bytes, struct str needle)
{
    size_t n = 0;

    for (size_t at = 0; (at = str_find(bytes, needle, at)) != SIZE_MAX; at += needle.n)
        n++;
    return n;
}

/* Cuts an Atom document into what stands before, in and behind its entries. */
static int split_entries(struct page *p, struct err *e)
{
    const struct str open = STR("  <entry>"), close = STR("</entry>\n");
    struct str all = strbuf_str(&p->bytes);
    size_t at = str_find(all, open, 0), end = at;

    p->entries = mem_new_array(p->n_entries + 1, sizeof *p->entries);
    p->head = str_slice(all, 0, at != SIZE_MAX ? at : all.n);
    for (size_t i = 0; i < p->n_entries && at != SIZE_MAX; i++) {
        end = str_find(all, close, at);
        if (end == SIZE_MAX)
            break;
        end += close.n;
        p->entries[i] = str_slice(all, at, end);
        at = str_find(all, open, end);
    }
    if (p->n_entries == 0 || end == SIZE_MAX || at != SIZE_MAX)
        return err_set(e, ERR_FORMAT, "%s: not one <entry> after the other",
                       p->feed->file);
    p->tail = str_slice(all, end, all.n);
    return 0;
}

static int page_read(struct page *p, const char *folder, struct err *e)
{
    char *path = mem_printf("%s/%s", folder, p->feed->file);
    int rc;

    p->bytes.max = FILE_MAX;
    rc = os_read_file(path, FILE_MAX, &p->bytes, e);
    free(path);
    if (rc < 0)
        return rc;
    p->n_entries = count(strbuf_str(&p->bytes), STR("</item>")) +
                   count(strbuf_str(&p->bytes), STR("</entry>")) +
                   count(strbuf_str(&p->bytes), STR("\"date_published\""));
    return p->feed->grows ? split_entries(p, e) : 0;
}

static int add_entry(struct strbuf *out, struct str entry, int64_t wall_ms)
{
    const struct str mark = STR("{{time}}");
    char time[CLOCK_TEXT_MAX];
    size_t at = 0, next;
    int rc = 0;

    while (rc == 0 && (next = str_find(entry, mark, at)) != SIZE_MAX) {
        rc = strbuf_add(out, str_slice(entry, at, next));
        if (rc == 0)
            rc = strbuf_add_text(out, clock_text(wall_ms, time));
        at = next + mark.n;
    }
    return rc < 0 ? rc : strbuf_add(out, str_slice(entry, at, entry.n));
}

/* The newest first, as feeds do. */
static int render(const struct demo_server *s, const struct page *p, size_t version,
                  struct strbuf *out)
{
    int rc = strbuf_add(out, p->head);

    for (size_t i = version; rc == 0 && i > 0; i--)
        rc = add_entry(out, p->entries[i - 1],
                       s->first_ms + (int64_t)(i - 1) * s->pace_ms);
    return rc < 0 ? rc : strbuf_add(out, p->tail);
}

static size_t version_now(struct demo_server *s, const struct page *p)
{
    int64_t now = clock_wall_ms();
    size_t version;

    if (!p->feed->grows)
        return 1;
    if (s->first_ms == 0)
        s->first_ms = now;
    version = 1 + (size_t)((now > s->first_ms ? now - s->first_ms : 0) / s->pace_ms);
    return version < p->n_entries ? version : p->n_entries;
}

/* ---- requests ---- */

static enum MHD_Result answer(struct MHD_Connection *c, unsigned status, struct str body,
                              const char *type, const char *etag)
{
    struct MHD_Response *r = MHD_create_response_from_buffer(
        body.n, (void *)body.p, MHD_RESPMEM_MUST_COPY); /* const to them */
    enum MHD_Result ok;

    if (r == NULL)
        return MHD_NO;
    if (type != NULL)
        (void)MHD_add_response_header(r, "Content-Type", type); /* fixed text */
    if (etag != NULL)
        (void)MHD_add_response_header(r, "ETag", etag); /* fixed text */
    ok = MHD_queue_response(c, status, r);
    MHD_destroy_response(r);
    return ok;
}

static enum MHD_Result answer_page(struct demo_server *s, const struct page *p,
                                   struct MHD_Connection *c)
{
    const char *known = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match");
    size_t version = version_now(s, p);
    struct strbuf body = {.max = 2 * FILE_MAX};
    char etag[ETAG_MAX];
    enum MHD_Result ok;

    (void)etag_of(p, version, etag);
    if (known != NULL && strcmp(known, etag) == 0)
        return answer(c, MHD_HTTP_NOT_MODIFIED, STR(""), NULL, etag);
    if (!p->feed->grows)
        return answer(c, MHD_HTTP_OK, strbuf_str(&p->bytes), p->feed->type, etag);
    ok = render(s, p, version, &body) < 0
             ? answer(c, MHD_HTTP_INTERNAL_SERVER_ERROR, STR("too large\n"), NULL, NULL)
             : answer(c, MHD_HTTP_OK, strbuf_str(&body), p->feed->type, etag);
    strbuf_fini(&body);
    return ok;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c, const char *path,
                                  const char *method, const char *version,
                                  const char *upload, size_t *n_upload, void **state)
{
    struct demo_server *s = arg;

    (void)version;
    (void)upload;
    (void)n_upload;
    (void)state;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return answer(c, MHD_HTTP_METHOD_NOT_ALLOWED, STR("GET only\n"), NULL, NULL);
    for (size_t i = 0; i < ARRAY_LEN(s->pages); i++)
        if (path[0] == '/' && strcmp(path + 1, s->pages[i].feed->file) == 0)
            return answer_page(s, &s->pages[i], c);
    return answer(c, MHD_HTTP_NOT_FOUND, STR("no such feed\n"), "text/plain", NULL);
}

/* ---- the server ---- */

int demo_server_open(const char *folder, int64_t pace_ms, struct demo_server **ret,
                     struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct demo_server *s = mem_new(sizeof *s);
    int rc = 0;

    s->pace_ms = pace_ms > 0 ? pace_ms : 1;
    for (size_t i = 0; i < ARRAY_LEN(s->pages); i++)
        s->pages[i].feed = &demo_feeds[i];
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(s->pages); i++)
        rc = page_read(&s->pages[i], folder, e);
    if (rc == 0)
        s->daemon =
            MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request,
                             s, MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_END);
    if (rc == 0 && s->daemon == NULL)
        rc =
            err_set(e, -EADDRNOTAVAIL, "cannot listen on 127.0.0.1: %s", strerror(errno));
    if (rc < 0) {
        demo_server_close(s);
        return rc;
    }
    *ret = s;
    return 0;
}

unsigned demo_server_port(const struct demo_server *s)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info != NULL ? info->port : 0;
}

size_t demo_server_entries(const struct demo_server *s, struct str feed)
{
    for (size_t i = 0; i < ARRAY_LEN(s->pages); i++)
        if (str_eq(feed, str_of(s->pages[i].feed->id)))
            return s->pages[i].n_entries;
    return 0;
}

void demo_server_close(struct demo_server *s)
{
    if (s == NULL)
        return;
    if (s->daemon != NULL)
        MHD_stop_daemon(s->daemon);
    for (size_t i = 0; i < ARRAY_LEN(s->pages); i++) {
        free(s->pages[i].entries);
        strbuf_fini(&s->pages[i].bytes);
    }
    free(s);
}
