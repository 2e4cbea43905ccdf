/* Redirects are followed here rather than by curl: each hop is aimed anew (request.c),
   may not leave http and https, and has the time that is left. Encryption may be given up
   by a redirect, as in browsers, but nothing secret goes there. The size limit counts
   decompressed bytes as they arrive; curl decompresses in small pieces, so a bomb ends
   here at max_bytes and never exists as a whole. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "answer.h"
#include "origin.h"
#include "reasons.h"
#include "request.h"

#define REDIRECTS_MAX     10
#define IGNORED_BYTES_MAX ((size_t)256 * 1024) /* of an error page */

struct transfer {
    struct transfer_request ask;
    struct transfer_receiver to;
    struct transfer_answer answer;
    char *clean_url; /* ask.url, when that had to be changed */
    struct request request;
    CURL *easy;
    char curl_error[CURL_ERROR_SIZE];
    struct mono began, deadline;
    unsigned redirects;
    size_t ignored_bytes;
    bool is_file, has_started, was_stopped, is_too_large;
    bool is_lasting; /* no hop so far was a temporary one */
};

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
        answer_read(&t->answer, t->easy, t->ask.url);
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

/* ---- making ---- */

static void set_options(struct transfer *t)
{
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->curl_error);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_bytes);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    request_init(&t->request, &t->ask, t->easy);
}

/* A URL that a feed or a page wrote may hold a user, which is nothing to send or to tell.
 */
static void take_url(struct transfer *t)
{
    if (t->ask.url == NULL)
        t->ask.url = t->ask.feed->url;
    else if (strchr(t->ask.url, '@') != NULL && url_has_user(t->ask.url))
        t->clean_url = url_without_user(t->ask.url);
    if (t->clean_url != NULL)
        t->ask.url = t->clean_url;
}

/* Only the configuration names files. A FIFO or a device would hold up everybody else. */
static int check_file(const char *url, const char *feed_url, struct err *e)
{
    CURLU *u = curl_url();
    char *path = NULL;
    struct stat st;
    int rc = 0;

    if (strcmp(url, feed_url) != 0)
        rc = err_set(e, -EINVAL, "led to a file, which only a feed's own URL may name");
    else if (u == NULL || curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
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
    take_url(t);
    t->is_lasting = true;
    t->is_file = str_has_prefix_nocase(str_of(t->ask.url), STR("file:"));
    if (t->is_file && check_file(t->ask.url, r->feed->url, e) < 0) {
        transfer_free(t);
        return e->code;
    }
    t->easy = curl_easy_init();
    if (t->easy == NULL) {
        transfer_free(t);
        return err_set(e, -ENOMEM, "curl has no memory for another transfer");
    }
    set_options(t);
    if (request_aim(&t->request, t->ask.url, e) < 0) {
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
    request_fini(&t->request);
    answer_fini(&t->answer);
    free(t->clean_url);
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

/* One hop of a move: what follows a temporary one, gives up encryption, or holds a
   password is nothing to keep. */
static bool is_lasting_hop(const struct transfer *t, const char *to)
{
    int s = t->answer.http_status;
    bool was_safe = str_has_prefix_nocase(str_of(t->answer.url), STR("https://"));

    return (s == 301 || s == 308) && !url_has_user(to) &&
           (!was_safe || str_has_prefix_nocase(str_of(to), STR("https://")));
}

/* A form may hold a secret, and only 307 and 308 say that it is wanted there. */
static bool may_post_again(const struct transfer *t, const char *to)
{
    int s = t->answer.http_status;

    return (s == 307 || s == 308) &&
           (!str_has_prefix_nocase(str_of(t->answer.url), STR("https://")) ||
            str_has_prefix_nocase(str_of(to), STR("https://")));
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
    if (t->ask.form != NULL && !may_post_again(t, location))
        return fail(t, PROBLEM_REDIRECT_REFUSED, -EPROTO,
                    "redirected in a way that is not followed with a form");
    if (++t->redirects > REDIRECTS_MAX)
        return fail(t, PROBLEM_REDIRECT_LOOP, -ELOOP, "redirected more than 10 times");
    if (left_ms <= 0)
        return fail(t, PROBLEM_TOO_SLOW, -ETIMEDOUT,
                    "the time for the whole fetch went by in redirects");
    to = url_without_user(location); /* which is nothing to send, keep or publish */
    if (to == NULL)
        return fail(t, PROBLEM_REDIRECT_REFUSED, -EINVAL,
                    "redirected to something that is no URL");
    t->is_lasting = t->is_lasting && is_lasting_hop(t, location);
    free(t->answer.permanent_url);
    t->answer.permanent_url = t->is_lasting ? mem_strdup(to) : NULL;
    curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)left_ms);
    t->ignored_bytes = 0;
    may_go = request_aim(&t->request, to, &t->answer.reason) == 0;
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
    if (code != CURLE_OK && guard_was_refused(&t->request.guard)) {
        guard_reason(&t->request.guard, &a->reason);
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
        answer_read(&t->answer, t->easy, t->ask.url);
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
