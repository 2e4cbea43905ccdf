/* The loop: a request finds its route, waits until what the route needs is known, and is
   answered. What is known comes from sources.c and, of records, from follow.c. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/ask.h"
#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"
#include "newsmq/text.h"

#include "follow.h"
#include "http.h"
#include "live.h"
#include "server.h"
#include "sources.h"

#define STREAM_MAX ((size_t)8 << 20)
#define BODY_MAX   ((size_t)64 << 20)
#define TICK_MS    1000
#define ROWS       3  /* looks, while somebody watches */
#define CROWD      25 /* open pages that wait a tick longer for each look */
#define SELDOM     10 /* ticks, while nobody does */
#define BEAT       15 /* ticks between comments on streams: proxies and dead peers */
#define SAMPLES    80
#define RATE_MS    MINUTE_MS
#define PATIENCE   (5 * SECOND_MS) /* of a request, for what it needs */

struct http_request {
    struct http *http;
    struct server_request *on;
    const struct http_route *route;
    struct str path;
    struct question question;
    const struct known *asked;
    struct mono since;
    struct http_request *next, **at; /* among those that wait */
    const char *type;
    char *location;
    unsigned cache_s;
};

struct sample {
    int64_t ms;
    uint64_t items, records;
};

struct http {
    const char *config_path;
    struct config *config;
    struct config *first; /* the bus is where it was at the start: a change of it makes
                             newsmqd start all programs again */
    uv_loop_t loop;
    uv_signal_t signals[3];
    uv_timer_t tick;
    struct server *server;
    struct sources *sources;
    struct http_counts counts;
    struct os_report report;
    struct http_request *waiting;
    struct follow *follow;
    struct live *live;
    struct sample samples[SAMPLES]; /* a ring */
    size_t n_samples;
    unsigned n_ticks;
    int64_t now_ms;
    bool is_closing;
};

/* ---- answering ---- */

/* In order of length: the longest that fits. */
static const struct http_route *route_for(struct str path)
{
    const struct http_route *best = NULL;

    for (size_t i = 0; http_routes[i] != NULL; i++) {
        struct str p = str_of(http_routes[i]->path);
        bool takes_below = p.n > 1 && p.p[p.n - 1] == '/';

        if (!(str_eq(path, p) || (takes_below && str_has_prefix(path, p))))
            continue;
        if (best == NULL || p.n > strlen(best->path))
            best = http_routes[i];
    }
    return best;
}

static bool is_known(struct http_request *r)
{
    bool is_all = true;

    for (unsigned i = 0; i < SOURCES; i++)
        if ((r->route->needs & NEED(i)) != 0 &&
            !sources_is_fresh(r->http->sources, (enum source)i))
            is_all = false;
    if (r->question.kind != ASK_NOTHING) {
        r->asked = sources_ask(r->http->sources, &r->question);
        is_all = is_all && r->asked != NULL;
    }
    return is_all || mono_ms_between(r->since, clock_mono()) > PATIENCE;
}

static void answer(struct http_request *r)
{
    static const struct known late = {
        .fault = {-ETIMEDOUT, "there was no answer in time; ask again"}};
    struct strbuf body = {.max = BODY_MAX};
    struct server_answer a;

    if (r->asked == NULL)
        r->asked = &late;
    r->http->now_ms = clock_wall_ms();
    r->type = r->route->type;
    a = (struct server_answer){.status = r->route->answer(r->http, r, &body)};
    if (a.status == HTTP_STREAMS) {
        strbuf_fini(&body);
        return;
    }
    a.type = r->type;
    a.location = r->location;
    a.cache_s = r->cache_s;
    a.body = &body;
    server_answer(r->on, &a);
    strbuf_fini(&body);
}

static void unlink_request(struct http_request *r)
{
    if (r->at == NULL)
        return;
    *r->at = r->next;
    if (r->next != NULL)
        r->next->at = r->at;
    r->at = NULL;
}

static const struct sample *sample_at(const struct http *h, size_t back)
{
    return &h->samples[(h->n_samples - 1 - back) % SAMPLES];
}

static void take_sample(struct http *h)
{
    const struct known *k = sources_known(h->sources, SOURCE_STATUS);

    if (k->json == NULL ||
        (h->n_samples > 0 && sample_at(h, 0)->ms + SECOND_MS / 2 > k->answered_ms))
        return;
    h->samples[h->n_samples++ % SAMPLES] =
        (struct sample){k->answered_ms, (uint64_t)ask_number(k->json, "items"),
                        (uint64_t)ask_number(k->json, "records")};
}

static void look_at_waiting(void *ctx)
{
    struct http *h = ctx;
    struct http_request *next;

    take_sample(h);
    for (struct http_request *r = h->waiting; r != NULL; r = next) {
        next = r->next;
        if (!is_known(r))
            continue;
        unlink_request(r);
        answer(r);
    }
}

static void answer_text(struct server_request *on, unsigned status, const char *text)
{
    struct strbuf body = {.max = 4096};
    struct server_answer a = {
        .status = status, .type = "text/plain; charset=utf-8", .body = &body};

    (void)strbuf_add_text(&body, text); /* short */
    server_answer(on, &a);
}

static void on_request(void *ctx, struct server_request *on)
{
    struct http *h = ctx;
    struct str path = str_of(server_path(on));
    struct http_request *r;

    if (h->is_closing) {
        answer_text(on, 503, "ending\n");
        return;
    }
    if (!utf8_is_valid(path)) {
        answer_text(on, 400, "the address is not UTF-8\n");
        return;
    }
    r = mem_new(sizeof *r);
    *r = (struct http_request){.http = h,
                               .on = on,
                               .path = path,
                               .route = route_for(path),
                               .since = clock_mono()};
    server_set_data(on, r);
    if (r->route == NULL) {
        answer_text(on, 404, "there is nothing here\n");
        return;
    }
    if (r->route->ask != NULL)
        r->route->ask(r, &r->question);
    if (is_known(r)) {
        answer(r);
        return;
    }
    r->next = h->waiting;
    r->at = &h->waiting;
    if (r->next != NULL)
        r->next->at = &r->next;
    h->waiting = r;
}

static void on_gone(void *ctx, struct server_request *on)
{
    struct http_request *r = server_data(on);

    (void)ctx;
    if (r == NULL)
        return;
    unlink_request(r);
    free(r->location);
    free(r);
}

/* ---- for the routes ---- */

const struct config *http_config(const struct http *h)
{
    return h->config;
}

const struct known *http_known(const struct http *h, enum source s)
{
    return sources_known(h->sources, s);
}

int64_t http_now_ms(const struct http *h)
{
    return h->now_ms;
}

const struct follow_state *http_follows(const struct http *h)
{
    return follow_state(h->follow);
}

const struct http_counts *http_count(const struct http *h)
{
    return &h->counts;
}

const struct digest *http_digest(const struct http *h)
{
    return follow_digest(h->follow);
}

struct live *http_live(struct http *h)
{
    return h->live;
}

void http_tell(struct http *h, struct str bytes)
{
    if (bytes.n > 0)
        server_tell(h->server, bytes);
}

bool http_stream(struct http_request *r, const struct strbuf *first)
{
    return server_stream(r->on, strbuf_str(first));
}

struct rates http_rates(const struct http *h)
{
    size_t n = h->n_samples < SAMPLES ? h->n_samples : SAMPLES, back = 0;
    const struct sample *last, *first;
    double minutes;

    while (back + 1 < n &&
           sample_at(h, 0)->ms - sample_at(h, back + 1)->ms <= RATE_MS + SECOND_MS)
        back++;
    if (back == 0)
        return (struct rates){-1, -1};
    last = sample_at(h, 0);
    first = sample_at(h, back);
    minutes = (double)(last->ms - first->ms) / MINUTE_MS;
    if (last->items < first->items || last->records < first->records || minutes <= 0)
        return (struct rates){-1, -1}; /* another store */
    return (struct rates){(double)(last->items - first->items) / minutes,
                          (double)(last->records - first->records) / minutes};
}

struct str http_path(const struct http_request *r)
{
    return r->path;
}

struct str http_rest(const struct http_request *r)
{
    size_t n = strlen(r->route->path);

    return n <= r->path.n ? str_slice(r->path, n, r->path.n) : STR("");
}

struct str http_query(const struct http_request *r, const char *name)
{
    struct str s = str_of(server_query(r->on, name));

    return s.p != NULL && utf8_is_valid(s) ? s : (struct str){NULL, 0};
}

uint64_t http_query_number(const struct http_request *r, const char *name, uint64_t max,
                           uint64_t otherwise)
{
    uint64_t v;

    return str_to_u64(http_query(r, name), &v) && v <= max ? v : otherwise;
}

struct str http_header(const struct http_request *r, const char *name)
{
    return str_of(server_header(r->on, name));
}

const struct known *http_asked(const struct http_request *r)
{
    return r->asked;
}

void http_set_type(struct http_request *r, const char *type)
{
    r->type = type;
}

void http_set_location(struct http_request *r, const char *path)
{
    free(r->location);
    r->location = mem_strdup(path);
}

void http_set_cache(struct http_request *r, unsigned seconds)
{
    r->cache_s = seconds;
}

unsigned http_json_error(struct http_request *r, unsigned status, struct strbuf *out,
                         const char *fmt, ...)
{
    struct jsonw j = jsonw_to(out);
    char cause[1024];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(cause, sizeof cause, fmt, ap);
    va_end(ap);
    strbuf_reset(out);
    jsonw_object(&j);
    jsonw_key(&j, "error");
    jsonw_object(&j);
    jsonw_member_u64(&j, "status", status);
    jsonw_member_cstr(&j, "cause", cause);
    jsonw_object_end(&j);
    jsonw_object_end(&j);
    (void)strbuf_add_char(out, '\n');
    r->type = "application/json";
    return status;
}

/* ---- the loop ---- */

/* The more pages are open, the more rarely they are told, so that all of them together
   cost the pipeline hardly more than one. */
static unsigned ticks_a_look(const struct http *h)
{
    return 1 + server_streams(h->server) / CROWD;
}

/* What open pages want to know is asked for before they are told. */
static void keep_known(struct http *h)
{
    bool is_watched = server_streams(h->server) > 0;
    unsigned ticks = ticks_a_look(h);

    if (!is_watched && h->n_ticks % SELDOM != 0 && follow_state(h->follow)->is_live)
        return;
    (void)sources_is_fresh(h->sources, SOURCE_STATUS); /* asks, when it is not */
    if (!is_watched || h->n_ticks % ticks != 0)
        return;
    (void)sources_is_fresh(h->sources, SOURCE_NEWSMQD);
    (void)sources_is_fresh(h->sources, SOURCE_METRICS);
    if (h->n_ticks / ticks % ROWS == 0)
        (void)sources_is_fresh(h->sources, SOURCE_FEEDS);
}

static void tell_pages(struct http *h)
{
    struct strbuf events = {.max = STREAM_MAX};
    unsigned ticks = ticks_a_look(h);

    if (server_streams(h->server) == 0)
        return;
    h->now_ms = clock_wall_ms();
    if (h->n_ticks % ticks == 0)
        live_look(h->live, h, h->n_ticks / ticks % ROWS == ROWS - 1, &events);
    if (events.n == 0 && h->n_ticks % BEAT == 0)
        (void)strbuf_add_text(&events, ": still here\n\n"); /* short */
    http_tell(h, strbuf_str(&events));
    strbuf_fini(&events);
}

static void on_tick(uv_timer_t *t)
{
    struct http *h = t->data;
    struct mono now = clock_mono();

    h->n_ticks++;
    server_sweep(h->server);
    keep_known(h);
    follow_tick(h->follow, sources_known(h->sources, SOURCE_STATUS)->json);
    tell_pages(h);
    look_at_waiting(h);
    if (os_report_is_due(&h->report, now))
        os_report(&h->report, now, true, "listening at %s, port %u",
                  h->config->http.listen, server_port(h->server));
}

/* Feeds, names of hosts and limits count from now on; where it listens, from the next
   start, which newsmqd sees to. */
static void read_again(struct http *h)
{
    struct config *c = startup_config(h->config_path);

    if (c == NULL) {
        log_error("the configuration is bad; going on as before", "path=%s",
                  h->config_path);
        return;
    }
    log_set_level(c->log.level);
    server_take(h->server, &c->http);
    if (h->config != h->first)
        config_free(h->config);
    h->config = c;
    log_info("configuration read again", "path=%s", h->config_path);
}

static void on_signal(uv_signal_t *s, int sig)
{
    struct http *h = s->data;

    if (sig == SIGHUP) {
        os_notify_reloading();
        read_again(h);
        os_notify("READY=1");
    } else {
        uv_stop(&h->loop);
    }
}

static int watch_signals(struct http *h, struct err *e)
{
    static const int wanted[] = {SIGTERM, SIGINT, SIGHUP};
    int rc = uv_timer_init(&h->loop, &h->tick);

    h->tick.data = h;
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(wanted); i++) {
        rc = uv_signal_init(&h->loop, &h->signals[i]);
        h->signals[i].data = h;
        if (rc == 0)
            rc = uv_signal_start(&h->signals[i], on_signal, wanted[i]);
    }
    return rc < 0 ? err_set(e, rc, "libuv: %s", uv_strerror(rc)) : 0;
}

int http_open(const char *path, struct config *c, struct http **ret, struct err *e)
{
    struct http *h = mem_new(sizeof *h);
    struct server_handler handler = {h, on_request, on_gone};
    int rc;

    h->config_path = path;
    h->config = h->first = c;
    rc = uv_loop_init(&h->loop);
    if (rc < 0) {
        config_free(c);
        free(h);
        return err_set(e, rc, "libuv: %s", uv_strerror(rc));
    }
    h->sources = sources_new(&h->loop, c, look_at_waiting, h);
    h->follow = follow_new(&h->loop, c);
    h->live = live_new();
    rc = watch_signals(h, e);
    if (rc == 0)
        rc = server_open(&h->loop, &c->http, &handler, &h->counts, &h->server, e);
    if (rc < 0) {
        http_close(h);
        return rc;
    }
    *ret = h;
    return 0;
}

void http_run(struct http *h)
{
    log_info("listening", "at=%s port=%u", h->config->http.listen,
             server_port(h->server));
    (void)uv_timer_start(&h->tick, on_tick, TICK_MS, TICK_MS); /* cannot fail */
    if (!os_should_stop())                      /* a signal before the loop was there */
        (void)uv_run(&h->loop, UV_RUN_DEFAULT); /* until uv_stop: handles are left */
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

void http_close(struct http *h)
{
    if (h == NULL)
        return;
    h->is_closing = true;
    while (h->waiting != NULL) {
        struct http_request *r = h->waiting;

        unlink_request(r);
        answer_text(r->on, 503, "ending\n");
    }
    sources_free(h->sources);
    follow_free(h->follow);
    live_free(h->live);
    server_close(h->server);
    uv_walk(&h->loop, close_handle, NULL);
    (void)uv_run(&h->loop, UV_RUN_DEFAULT); /* lets the handles end */
    (void)uv_loop_close(&h->loop);
    if (h->config != h->first)
        config_free(h->config);
    config_free(h->first);
    free(h);
}
