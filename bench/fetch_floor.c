/* What libcurl gives without a feed reader around it: the requests that newsmq-fetch
   makes, with the options of daemon/fetch/transfer.c, from a bare multi loop on epoll.
   Bodies are counted and thrown away. bench/fetch runs it beside newsmq-fetch.

   bench-fetch_floor CA_FILE SECONDS < URLS      one a line

   Each URL is asked for once for its ETag; then, with If-None-Match where there is one,
   all of them in turn for so many seconds, 64 at the same time. Prints the requests, the
   seconds of CPU and of the wall, and how many were answered 200 and 304. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#define PARALLEL    64 /* as TRANSFERS_MAX */
#define CONNECTIONS 64 /* as IDLE_CONNECTIONS_MAX */
#define EVENTS      64
#define ACCEPT                                                                   \
    "Accept: application/atom+xml, application/rss+xml, application/feed+json, " \
    "application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, "         \
    "application/json;q=0.7, */*;q=0.1"

struct page {
    char *url, *etag;
};

struct request {
    CURL *easy;
    struct page *page;
    struct curl_slist *headers;
};

struct bench {
    CURLM *multi;
    int epoll;
    long timeout_ms; /* -1: none */
    const char *ca_file;
    struct page *pages;
    size_t n_pages, cap_pages;
    size_t next, end; /* requests begun; end: no more than so many */
    struct mono deadline;
    size_t n_200, n_304, n_other, bytes;
};

/* ---- one request ---- */

static size_t on_bytes(char *p, size_t one, size_t n, void *arg)
{
    (void)p;
    (void)one; /* always 1 */
    *(size_t *)arg += n;
    return n;
}

static void set_options(const struct bench *b, struct request *r)
{
    CURL *easy = r->easy;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, r);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &b->bytes);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "newsmq-bench");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 20000L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 16L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 11L);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)8000000);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_CAINFO, b->ca_file);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); /* so that what CAINFO says is kept */
}

static void set_headers(struct request *r)
{
    char *line;

    curl_slist_free_all(r->headers);
    r->headers = curl_slist_append(NULL, ACCEPT);
    if (r->page->etag != NULL) {
        line = mem_printf("If-None-Match: %s", r->page->etag);
        r->headers = curl_slist_append(r->headers, line);
        free(line);
    }
    curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->headers);
}

static bool begin(struct bench *b, struct request *r)
{
    if (b->next == b->end ||
        (b->end == SIZE_MAX && mono_is_due(b->deadline, clock_mono())))
        return false;
    r->page = &b->pages[b->next++ % b->n_pages];
    set_headers(r);
    curl_easy_setopt(r->easy, CURLOPT_URL, r->page->url);
    return curl_multi_add_handle(b->multi, r->easy) == CURLM_OK;
}

static void note(struct bench *b, struct request *r, CURLcode code)
{
    struct curl_header *h = NULL;
    long status = 0;

    (void)curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &status); /* 0 is other */
    if (code != CURLE_OK && b->n_other++ == 0)
        fprintf(stderr, "%s: %s\n", r->page->url, curl_easy_strerror(code));
    b->n_200 += code == CURLE_OK && status == 200;
    b->n_304 += code == CURLE_OK && status == 304;
    if (r->page->etag == NULL &&
        curl_easy_header(r->easy, "ETag", 0, CURLH_HEADER, -1, &h) == CURLHE_OK)
        r->page->etag = mem_strdup(h->value);
}

/* ---- the loop ---- */

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *arg, void *known)
{
    struct bench *b = arg;
    struct epoll_event ev = {.data.fd = socket};

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        (void)epoll_ctl(b->epoll, EPOLL_CTL_DEL, socket, NULL); /* may be closed */
        (void)curl_multi_assign(b->multi, socket, NULL);
        return 0;
    }
    ev.events =
        (what != CURL_POLL_OUT ? EPOLLIN : 0U) | (what != CURL_POLL_IN ? EPOLLOUT : 0U);
    if (epoll_ctl(b->epoll, known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &ev) <
        0)
        return -1;
    return curl_multi_assign(b->multi, socket, b) == CURLM_OK ? 0 : -1;
}

static int on_timer(CURLM *multi, long timeout_ms, void *arg)
{
    (void)multi;
    ((struct bench *)arg)->timeout_ms = timeout_ms;
    return 0;
}

static int collect(struct bench *b)
{
    CURLMsg *msg;
    int left, n_ended = 0;

    while ((msg = curl_multi_info_read(b->multi, &left)) != NULL) {
        CURL *easy = msg->easy_handle;
        CURLcode code = msg->data.result;
        char *private = NULL;
        struct request *r;

        (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &private); /* set by us */
        r = (struct request *)(void *)private;
        (void)curl_multi_remove_handle(b->multi, easy); /* it is in */
        note(b, r, code);
        n_ended += !begin(b, r);
    }
    return n_ended;
}

static void act(const struct bench *b, curl_socket_t socket, int events)
{
    int running;

    (void)curl_multi_socket_action(b->multi, socket, events, &running);
}

static void turn(struct bench *b)
{
    struct epoll_event events[EVENTS];
    int n =
        epoll_wait(b->epoll, events, EVENTS,
                   b->timeout_ms < 0 || b->timeout_ms > 100 ? 100 : (int)b->timeout_ms);

    if (n <= 0) {
        b->timeout_ms = -1;
        act(b, CURL_SOCKET_TIMEOUT, 0);
    }
    for (int i = 0; i < n; i++)
        act(b, events[i].data.fd,
            (events[i].events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
                (events[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                (events[i].events & EPOLLERR ? CURL_CSELECT_ERR : 0));
}

/* Until `end` requests were made, or with SIZE_MAX until the deadline. */
static void run(struct bench *b, struct request *requests, size_t end)
{
    int running = 0;

    b->end = end;
    for (size_t i = 0; i < PARALLEL; i++)
        running += begin(b, &requests[i]);
    while (running > 0) {
        turn(b);
        running -= collect(b);
    }
}

/* ---- all of it ---- */

static void read_pages(struct bench *b)
{
    char line[1024];

    while (fgets(line, sizeof line, stdin) != NULL) {
        struct str url = str_trim(str_of(line));

        b->pages = mem_grow(b->pages, &b->cap_pages, b->n_pages + 1, sizeof *b->pages);
        b->pages[b->n_pages++] = (struct page){mem_dup(url), NULL};
    }
}

static double cpu_seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* cannot fail */
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    struct bench b = {.epoll = epoll_create1(EPOLL_CLOEXEC), .timeout_ms = -1};
    struct request requests[PARALLEL] = {{0}};
    struct mono began;
    double cpu;

    if (argc != 3 || atoi(argv[2]) <= 0 || b.epoll < 0) {
        fputs("usage: bench-fetch_floor CA_FILE SECONDS < URLS\n", stderr);
        return 64;
    }
    b.ca_file = argv[1];
    read_pages(&b);
    b.multi = curl_multi_init();
    curl_multi_setopt(b.multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(b.multi, CURLMOPT_SOCKETDATA, &b);
    curl_multi_setopt(b.multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(b.multi, CURLMOPT_TIMERDATA, &b);
    curl_multi_setopt(b.multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS);
    for (size_t i = 0; i < PARALLEL; i++) {
        requests[i].easy = curl_easy_init();
        set_options(&b, &requests[i]);
    }
    run(&b, requests, b.n_pages); /* learns the ETags */
    b.n_200 = b.n_304 = b.n_other = 0;
    began = clock_mono();
    cpu = cpu_seconds();
    b.deadline = mono_add_ms(began, atoi(argv[2]) * SECOND_MS);
    run(&b, requests, SIZE_MAX);
    printf("%zu %.3f %.3f %zu %zu\n", b.n_200 + b.n_304, cpu_seconds() - cpu,
           (double)mono_ms_between(began, clock_mono()) / 1e3, b.n_200, b.n_304);
    for (size_t i = 0; i < PARALLEL; i++) {
        curl_slist_free_all(requests[i].headers);
        curl_easy_cleanup(requests[i].easy);
    }
    curl_multi_cleanup(b.multi);
    for (size_t i = 0; i < b.n_pages; i++) {
        free(b.pages[i].url);
        free(b.pages[i].etag);
    }
    free(b.pages);
    (void)close(b.epoll); /* nothing is in it */
    return b.n_other == 0 ? 0 : 1;
}
