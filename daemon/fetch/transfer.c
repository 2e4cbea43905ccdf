/* Redirects are followed here rather than by curl: secrets (headers of the configuration,
   user and password) go to the origin they were written for and nowhere else, which curl
   only does for some of them; and a redirect can never reach file:. The size limit counts
   decompressed bytes as they arrive; curl decompresses in small pieces, so a bomb ends
   here at max_bytes and never exists as a whole. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "freshness.h"
#include "guard.h"
#include "proxy.h"
#include "reasons.h"
#include "transfer.h"

#define REDIRECTS_MAX      10
#define HEADER_KEPT_MAX    4096 /* of one header: longer is as if it were not there */
#define HEADERS_JOINED_MAX 8
#define IGNORED_BYTES_MAX  ((size_t)256 * 1024) /* of an error page */
#define LOW_SPEED_BYTES    16                   /* a second */
#define ACCEPT                                                                   \
    "Accept: application/atom+xml, application/rss+xml, application/feed+json, " \
    "application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, "         \
    "application/json;q=0.7, */*;q=0.1"

struct transfer {
    struct transfer_request ask;
    struct transfer_receiver to;
    struct transfer_answer answer;
    struct guard guard;
    CURL *easy;
    struct curl_slist *headers;
    char curl_error[CURL_ERROR_SIZE];
    struct mono began, deadline;
    unsigned redirects;
    size_t ignored_bytes;
    bool is_file, has_started, was_stopped, is_too_large, is_away;
    bool is_lasting; /* no hop so far was a temporary one */
};

/* ---- headers of the answer ---- */

static char *header_dup(struct transfer *t, const char *name)
{
    struct curl_header *h = NULL;
    struct str value;

    if (curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &h) != CURLHE_OK)
        return NULL;
    value = str_of(h->value);
    return value.n > 0 && value.n <= HEADER_KEPT_MAX ? mem_dup(value) : NULL;
}

static void replace(char **at, char *with)
{
    free(*at);
    *at = with;
}

static const char *version_name(CURL *easy)
{
    long v = CURL_HTTP_VERSION_NONE;

    (void)curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &v);
    switch (v) {
    case CURL_HTTP_VERSION_1_0:
        return "1.0";
    case CURL_HTTP_VERSION_1_1:
        return "1.1";
    case CURL_HTTP_VERSION_2_0:
        return "2";
    case CURL_HTTP_VERSION_3:
        return "3";
    default:
        return NULL;
    }
}

/* All headers of one name, joined as RFC 9110 §5.3 allows. NULL when there is none. */
static char *header_join(struct transfer *t, const char *name)
{
    struct strbuf all = {.max = HEADER_KEPT_MAX};
    struct curl_header *h = NULL;
    char *text = NULL;

    for (size_t i = 0;
         i < HEADERS_JOINED_MAX &&
         curl_easy_header(t->easy, name, i, CURLH_HEADER, -1, &h) == CURLHE_OK;
         i++)
        if (strbuf_addf(&all, "%s%s", i > 0 ? "," : "", h->value) < 0)
            break;
    if (all.n > 0)
        text = mem_dup(strbuf_str(&all));
    strbuf_fini(&all);
    return text;
}

static void read_wishes(struct transfer *t)
{
    static const char *const names[] = {"Age", "Expires", "Date", "Retry-After"};
    char *control = header_join(t, "Cache-Control"), *texts[ARRAY_LEN(names)];
    struct freshness_headers h = {.cache_control = str_of(control)};
    struct str *const at[] = {&h.age, &h.expires, &h.date, &h.retry_after};
    int64_t now_ms = clock_wall_ms();

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        texts[i] = header_dup(t, names[i]);
        *at[i] = str_of(texts[i]);
    }
    t->answer.fresh_ms = freshness_ms(&h, now_ms, &t->answer.fresh_by_max_age);
    t->answer.retry_after_ms = freshness_retry_ms(&h, now_ms);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        free(texts[i]);
    free(control);
}

static void read_headers(struct transfer *t)
{
    struct transfer_answer *a = &t->answer;
    long status = 0;
    char *url = NULL;

    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &url);
    a->http_status = t->is_file ? 0 : (int)status;
    a->http_version = t->is_file ? NULL : version_name(t->easy);
    a->is_delta = a->http_status == 226;
    replace(&a->url, mem_strdup(url != NULL ? url : t->ask.url));
    if (t->is_file)
        return;
    read_wishes(t);
    replace(&a->etag, header_dup(t, "ETag"));
    replace(&a->last_modified, header_dup(t, "Last-Modified"));
    replace(&a->content_type, header_dup(t, "Content-Type"));
    replace(&a->content_location, header_dup(t, "Content-Location"));
    replace(&a->content_language, header_dup(t, "Content-Language"));
}

static bool is_document(const struct transfer *t)
{
    int s = t->answer.http_status;

    return t->is_file || (s >= 200 && s < 300 && s != 204 && s != 205);
}

/* ---- the body ---- */

static int start_receiver(struct transfer *t)
{
    if (t->has_started)
        return 0;
    t->has_started = true;
    return t->to.start != NULL ? t->to.start(t->to.ctx, &t->answer, &t->answer.reason)
                               : 0;
}

static size_t on_bytes(char *p, size_t one, size_t n, void *arg)
{
    struct transfer *t = arg;

    (void)one; /* always 1 */
    if (!t->has_started)
        read_headers(t);
    if (!is_document(t)) {
        t->ignored_bytes += n;
        return t->ignored_bytes <= IGNORED_BYTES_MAX ? n : 0;
    }
    if (n > t->ask.feed->max_bytes - t->answer.bytes) {
        t->is_too_large = true;
        return 0;
    }
    t->answer.bytes += n;
    if (start_receiver(t) < 0 ||
        t->to.bytes(t->to.ctx, (struct str){p, n}, &t->answer.reason) < 0) {
        t->was_stopped = true;
        return 0;
    }
    return n;
}

/* ---- origins ---- */

static bool url_part_differs(CURLU *a, CURLU *b, CURLUPart what)
{
    char *pa = NULL, *pb = NULL;
    bool differs = curl_url_get(a, what, &pa, CURLU_DEFAULT_PORT) != CURLUE_OK ||
                   curl_url_get(b, what, &pb, CURLU_DEFAULT_PORT) != CURLUE_OK ||
                   !str_eq_nocase(str_of(pa), str_of(pb));

    curl_free(pa);
    curl_free(pb);
    return differs;
}

static bool is_other_origin(const char *url, const char *other)
{
    CURLU *a = curl_url(), *b = curl_url();
    bool differs =
        a == NULL || b == NULL || curl_url_set(a, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_set(b, CURLUPART_URL, other, 0) != CURLUE_OK ||
        url_part_differs(a, b, CURLUPART_SCHEME) ||
        url_part_differs(a, b, CURLUPART_HOST) || url_part_differs(a, b, CURLUPART_PORT);

    curl_url_cleanup(a);
    curl_url_cleanup(b);
    return differs;
}

/* ---- the request ---- */

static void add_header(struct transfer *t, char *line)
{
    struct curl_slist *more = curl_slist_append(t->headers, line);

    free(line);
    if (more != NULL)
        t->headers = more;
}

/* Whether a header says nothing that only the feed's own server may hear. */
static bool is_harmless(const char *name)
{
    return str_has_prefix_nocase(str_of(name), STR("Accept"));
}

static bool has_header(const struct config_feed *f, const char *name)
{
    for (size_t i = 0; i < f->n_headers; i++)
        if (str_eq_nocase(str_of(f->headers[i].key), str_of(name)))
            return true;
    return false;
}

static char *header_line(const struct config_pair *h)
{
    if (h->value[0] == '\0')
        return mem_printf("%s;", h->key); /* curl's way to write one without a value */
    return mem_printf("%s: %s", h->key, h->value);
}

static void set_headers(struct transfer *t)
{
    const struct config_feed *f = t->ask.feed;

    curl_slist_free_all(t->headers);
    t->headers = NULL;
    if (!has_header(f, "Accept"))
        add_header(t, mem_strdup(ACCEPT));
    if (t->ask.etag != NULL)
        add_header(t, mem_printf("If-None-Match: %s", t->ask.etag));
    if (t->ask.last_modified != NULL)
        add_header(t, mem_printf("If-Modified-Since: %s", t->ask.last_modified));
    if ((t->ask.etag != NULL || t->ask.last_modified != NULL) && !has_header(f, "A-IM"))
        add_header(t, mem_strdup("A-IM: feed")); /* RFC 3229, "feed" by its extension */
    for (size_t i = 0; i < f->n_headers; i++)
        if (!t->is_away || is_harmless(f->headers[i].key))
            add_header(t, header_line(&f->headers[i]));
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    curl_easy_setopt(t->easy, CURLOPT_USERNAME, t->is_away ? NULL : f->user);
    curl_easy_setopt(t->easy, CURLOPT_PASSWORD, t->is_away ? NULL : f->password);
}

static void set_limits(struct transfer *t)
{
    const struct config_feed *f = t->ask.feed;

    curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)f->connect_timeout_ms);
    curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
    curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME,
                     (long)(f->timeout_ms / SECOND_MS / 2 + 1));
    curl_easy_setopt(t->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)f->max_bytes);
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, t->is_file ? "file" : "http,https");
    curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
}

static void set_options(struct transfer *t)
{
    if (!t->is_file)
        guard_init(&t->guard, t->ask.feed, t->ask.politeness, t->easy);
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->curl_error);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_USERAGENT, t->ask.politeness->user_agent);
    curl_easy_setopt(t->easy, CURLOPT_ACCEPT_ENCODING, ""); /* all that curl can undo */
    curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(t->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(t->easy, CURLOPT_COOKIEFILE, ""); /* kept for this transfer only */
    /* What is trusted stands in the bundle as well, and only without a folder does curl
       keep the bundle: else it is read again, in 30 ms, for each new connection. */
    curl_easy_setopt(t->easy, CURLOPT_CAPATH, NULL);
    set_limits(t);
    set_headers(t);
}

/* Where the next request goes. Negative: it may not. */
static int set_hop(struct transfer *t, const char *url, struct err *e)
{
    const char *proxy = proxy_for(NULL, str_of(url));

    curl_easy_setopt(t->easy, CURLOPT_URL, url);
    if (t->is_file)
        return 0;
    curl_easy_setopt(t->easy, CURLOPT_PROXY, proxy);
    curl_easy_setopt(t->easy, CURLOPT_NOPROXY, ""); /* proxy_for has seen to it */
    return guard_begin(&t->guard, url, proxy[0] != '\0', e);
}

/* A FIFO or a device would hold up everybody else. */
static int check_file(const char *url, struct err *e)
{
    CURLU *u = curl_url();
    char *path = NULL;
    struct stat st;
    int rc = 0;

    if (u == NULL || curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_get(u, CURLUPART_PATH, &path, CURLU_URLDECODE) != CURLUE_OK)
        rc = err_set(e, -EINVAL, "not a file: URL");
    else if (stat(path, &st) < 0)
        rc = err_set(e, -errno, "the file cannot be read: %s", strerror(errno));
    else if (!S_ISREG(st.st_mode))
        rc = err_set(e, -EINVAL, "not a regular file");
    curl_free(path);
    curl_url_cleanup(u);
    return rc;
}

int transfer_new(const struct transfer_request *r, const struct transfer_receiver *to,
                 struct transfer **ret, struct err *e)
{
    struct transfer *t = mem_new(sizeof *t);

    t->ask = *r;
    t->to = *to;
    if (t->ask.url == NULL)
        t->ask.url = r->feed->url;
    t->is_lasting = true;
    t->is_away = t->ask.url != r->feed->url && is_other_origin(r->feed->url, t->ask.url);
    t->is_file = str_has_prefix_nocase(str_of(t->ask.url), STR("file:"));
    if (t->is_file && check_file(t->ask.url, e) < 0) {
        free(t);
        return e->code;
    }
    t->easy = curl_easy_init();
    if (t->easy == NULL) {
        free(t);
        return err_set(e, -ENOMEM, "curl has no memory for another transfer");
    }
    set_options(t);
    if (set_hop(t, t->ask.url, e) < 0) {
        transfer_free(t);
        return e->code;
    }
    *ret = t;
    return 0;
}

void transfer_free(struct transfer *t)
{
    if (t == NULL)
        return;
    curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->headers);
    free(t->answer.url);
    free(t->answer.permanent_url);
    free(t->answer.etag);
    free(t->answer.last_modified);
    free(t->answer.content_type);
    free(t->answer.content_location);
    free(t->answer.content_language);
    free(t);
}

/* ---- the run ---- */

void transfer_begin(struct transfer *t)
{
    t->began = clock_mono();
    t->deadline = mono_add_ms(t->began, t->ask.feed->timeout_ms);
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)t->ask.feed->timeout_ms);
}

CURL *transfer_easy(struct transfer *t)
{
    return t->easy;
}

static bool fail(struct transfer *t, enum problem p, int code, const char *text)
{
    err_set(&t->answer.reason, code, "%s", text);
    t->answer.problem = p;
    t->answer.outcome = TRANSFER_FAILED;
    return false;
}

static bool has_user(const char *url)
{
    CURLU *u = curl_url();
    char *user = NULL;
    bool has = u == NULL || curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
               curl_url_get(u, CURLUPART_USER, &user, 0) == CURLUE_OK;

    curl_free(user);
    curl_url_cleanup(u);
    return has;
}

/* One hop of a move: what follows a temporary one, gives up encryption, or holds a
   password is nothing to keep. */
static bool is_lasting_hop(const struct transfer *t, const char *to)
{
    int s = t->answer.http_status;
    bool was_safe = str_has_prefix_nocase(str_of(t->answer.url), STR("https://"));

    return (s == 301 || s == 308) && !has_user(to) &&
           (!was_safe || str_has_prefix_nocase(str_of(to), STR("https://")));
}

/* The next hop, when the answer is a redirect that may be followed. */
static bool redirect(struct transfer *t)
{
    char *location = NULL, *to;
    bool may_go;
    int64_t left_ms = mono_ms_between(clock_mono(), t->deadline);

    (void)curl_easy_getinfo(t->easy, CURLINFO_REDIRECT_URL, &location);
    if (location == NULL) {
        t->answer.problem = reason_of_status(t->answer.http_status, &t->answer.reason);
        t->answer.outcome = TRANSFER_FAILED;
        return false;
    }
    if (!str_has_prefix_nocase(str_of(location), STR("http://")) &&
        !str_has_prefix_nocase(str_of(location), STR("https://")))
        return fail(t, PROBLEM_REDIRECT_REFUSED, -EINVAL,
                    "redirected to something that is not http or https");
    if (++t->redirects > REDIRECTS_MAX)
        return fail(t, PROBLEM_REDIRECT_LOOP, -ELOOP, "redirected more than 10 times");
    if (left_ms <= 0)
        return fail(t, PROBLEM_TOO_SLOW, -ETIMEDOUT,
                    "the time for the whole fetch went by in redirects");
    to = mem_strdup(location); /* setting the URL would free it */
    t->is_lasting = t->is_lasting && is_lasting_hop(t, to);
    replace(&t->answer.permanent_url, t->is_lasting ? mem_strdup(to) : NULL);
    t->is_away = t->is_away || is_other_origin(t->ask.feed->url, to);
    set_headers(t);
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)left_ms);
    t->ignored_bytes = 0;
    may_go = set_hop(t, to, &t->answer.reason) == 0;
    free(to);
    if (may_go)
        return true;
    t->answer.problem = PROBLEM_REFUSED_ADDRESS;
    t->answer.outcome = TRANSFER_FAILED;
    return false;
}

static bool too_large(struct transfer *t)
{
    t->answer.outcome = TRANSFER_FAILED;
    t->answer.problem = PROBLEM_TOO_LARGE;
    err_set(&t->answer.reason, ERR_LIMIT, "larger than max_bytes (%.3g MB)",
            (double)t->ask.feed->max_bytes / 1e6);
    return false;
}

static bool end(struct transfer *t, CURLcode code)
{
    struct transfer_answer *a = &t->answer;
    bool is_asked = t->ask.etag != NULL || t->ask.last_modified != NULL;

    if (t->was_stopped) {
        a->outcome = TRANSFER_STOPPED;
        return false;
    }
    if (t->is_too_large || code == CURLE_FILESIZE_EXCEEDED)
        return too_large(t);
    if (code != CURLE_OK && guard_was_refused(&t->guard)) {
        guard_reason(&t->guard, &a->reason);
        a->problem = PROBLEM_REFUSED_ADDRESS;
        a->outcome = TRANSFER_FAILED;
        return false;
    }
    if (code != CURLE_OK && t->ignored_bytes <= IGNORED_BYTES_MAX) {
        a->problem = reason_of_curl(t->easy, code, t->curl_error, &a->reason);
        a->outcome = TRANSFER_FAILED;
        return false;
    }
    if (a->http_status == 304 && is_asked) {
        a->outcome = TRANSFER_UNCHANGED;
        return false;
    }
    if (!is_document(t)) {
        a->problem = reason_of_status(a->http_status, &a->reason);
        a->outcome = TRANSFER_FAILED;
        return false;
    }
    a->outcome = start_receiver(t) < 0 ? TRANSFER_STOPPED : TRANSFER_DOCUMENT;
    return false;
}

bool transfer_step(struct transfer *t, CURLcode code)
{
    int s;

    if (!t->has_started)
        read_headers(t);
    t->answer.duration_ms = (double)(clock_mono().ns - t->began.ns) / 1e6;
    s = t->answer.http_status;
    if (code == CURLE_OK && (s == 301 || s == 302 || s == 303 || s == 307 || s == 308))
        return redirect(t);
    return end(t, code);
}

void transfer_run(struct transfer *t)
{
    transfer_begin(t);
    while (transfer_step(t, curl_easy_perform(t->easy)))
        ;
}

void *transfer_get_owner(const struct transfer *t)
{
    return t->ask.owner;
}

const struct transfer_answer *transfer_get_answer(const struct transfer *t)
{
    return &t->answer;
}
