#include <errno.h>
#include <string.h>

#include <openssl/x509_vfy.h>

#include "newsmq/log.h"

#include "reasons.h"

#define RESOLVER_GIVES_UP_S 4.5 /* resolv.conf(5): 5 s for one question */

static double seconds(CURL *easy, CURLINFO what)
{
    curl_off_t us = 0;

    (void)curl_easy_getinfo(easy, what, &us); /* stays 0 where curl does not know */
    return (double)us / 1e6;
}

static enum problem timed_out(CURL *easy, struct err *e)
{
    double all = seconds(easy, CURLINFO_TOTAL_TIME_T);
    curl_off_t bytes = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    if (bytes > 0) {
        err_set(e, -ETIMEDOUT, "the answer comes too slowly (%lld bytes in %.3g s)",
                (long long)bytes, all);
        return PROBLEM_TOO_SLOW;
    }
    if (seconds(easy, CURLINFO_NAMELOOKUP_TIME_T) == 0) {
        err_set(e, -ETIMEDOUT,
                "the name service does not answer (timed out after %.3g s)", all);
        return PROBLEM_DNS_FAILING;
    }
    if (seconds(easy, CURLINFO_CONNECT_TIME_T) == 0) {
        err_set(e, -ETIMEDOUT, "no connection comes about (timed out after %.3g s)", all);
        return PROBLEM_CONNECT_TIMEOUT;
    }
    err_set(e, -ETIMEDOUT, "the server does not answer (timed out after %.3g s)", all);
    return PROBLEM_READ_TIMEOUT;
}

static enum problem not_connected(CURL *easy, struct err *e)
{
    long os_errno = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_errno);
    if (os_errno == ECONNREFUSED) {
        err_set(e, -ECONNREFUSED, "the connection is refused: no server listens there");
        return PROBLEM_CONNECTION_REFUSED;
    }
    if (os_errno == 0) {
        err_set(e, -ENOTCONN, "no connection comes about");
        return PROBLEM_UNREACHABLE;
    }
    err_set(e, -(int)os_errno, "no connection comes about: %s", strerror((int)os_errno));
    return os_errno == ETIMEDOUT ? PROBLEM_CONNECT_TIMEOUT : PROBLEM_UNREACHABLE;
}

/* curl does not pass on whether nobody has that name or nobody could be asked; but a
   resolver that asks in vain takes its time, and an answer comes at once. */
static enum problem not_resolved(CURL *easy, const char *safe, struct err *e)
{
    double all = seconds(easy, CURLINFO_TOTAL_TIME_T);

    if (all >= RESOLVER_GIVES_UP_S) {
        err_set(e, -EHOSTUNREACH, "the name service does not answer (%.3g s; %s)", all,
                safe);
        return PROBLEM_DNS_FAILING;
    }
    err_set(e, -EHOSTUNREACH, "the host's name is not known (%s)", safe);
    return PROBLEM_DNS_NOT_FOUND;
}

static enum problem not_trusted(CURL *easy, const char *safe, struct err *e)
{
    long verify = X509_V_OK;

    (void)curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verify);
    if (strstr(safe, "subject name") != NULL) {
        err_set(e, -EACCES, "the server's certificate is for another host (%s)", safe);
        return PROBLEM_TLS_WRONG_HOST;
    }
    if (verify == X509_V_ERR_CERT_HAS_EXPIRED ||
        verify == X509_V_ERR_CERT_NOT_YET_VALID) {
        err_set(e, -EACCES, "the server's certificate is %s (%s)",
                verify == X509_V_ERR_CERT_HAS_EXPIRED ? "no longer valid"
                                                      : "not valid yet",
                safe);
        return PROBLEM_TLS_EXPIRED;
    }
    err_set(e, -EACCES, "the server's certificate is not trusted (%s)", safe);
    return PROBLEM_TLS_UNTRUSTED;
}

static enum problem was_cut(CURL *easy, struct err *e)
{
    curl_off_t bytes = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    err_set(e, -EPIPE, "the connection was cut after %lld bytes", (long long)bytes);
    return bytes > 0 ? PROBLEM_CUT_OFF : PROBLEM_HUNG_UP;
}

/* Those that need a look at more than the code. */
static bool read_special(CURL *easy, CURLcode code, const char *safe, struct err *e,
                         enum problem *ret)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        *ret = not_resolved(easy, safe, e);
        return true;
    case CURLE_COULDNT_CONNECT:
        *ret = not_connected(easy, e);
        return true;
    case CURLE_OPERATION_TIMEDOUT:
        *ret = timed_out(easy, e);
        return true;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        *ret = not_trusted(easy, safe, e);
        return true;
    case CURLE_UNSUPPORTED_PROTOCOL: /* also of bytes that are no HTTP at all */
        if (strstr(safe, "HTTP/0.9") == NULL)
            return false;
        err_set(e, -EPROTO, "the answer is not HTTP (%s)", safe);
        *ret = PROBLEM_NOT_HTTP;
        return true;
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
        *ret = was_cut(easy, e);
        return true;
    default:
        return false;
    }
}

enum problem reason_of_curl(CURL *easy, CURLcode code, const char *detail, struct err *e)
{
    static const struct {
        CURLcode code;
        int err;
        enum problem problem;
        const char *text;
    } known[] = {
        {CURLE_COULDNT_RESOLVE_PROXY, -EHOSTUNREACH, PROBLEM_PROXY,
         "the proxy's name is not known"},
        {CURLE_PROXY, -EPROTO, PROBLEM_PROXY, "the proxy does not do its part"},
        {CURLE_SSL_CONNECT_ERROR, -EPROTO, PROBLEM_TLS_HANDSHAKE,
         "no encrypted connection comes about"},
        {CURLE_GOT_NOTHING, -EPIPE, PROBLEM_HUNG_UP,
         "the server hung up without an answer"},
        {CURLE_BAD_CONTENT_ENCODING, ERR_FORMAT, PROBLEM_BAD_COMPRESSION,
         "the compressed answer is damaged"},
        {CURLE_UNSUPPORTED_PROTOCOL, -EINVAL, PROBLEM_BAD_URL,
         "not a URL that newsmq reads"},
        {CURLE_URL_MALFORMAT, -EINVAL, PROBLEM_BAD_URL, "not a URL that newsmq reads"},
        {CURLE_FILE_COULDNT_READ_FILE, -ENOENT, PROBLEM_FILE, "the file cannot be read"},
        {CURLE_WEIRD_SERVER_REPLY, -EPROTO, PROBLEM_NOT_HTTP,
         "the answer is not proper HTTP"},
        {CURLE_HTTP2, -EPROTO, PROBLEM_NOT_HTTP, "the answer is not proper HTTP"},
        {CURLE_HTTP2_STREAM, -EPROTO, PROBLEM_NOT_HTTP, "the answer is not proper HTTP"},
    };
    char safe[LOG_SAFE_MAX];
    enum problem p;

    (void)log_safe(str_of(detail[0] != '\0' ? detail : curl_easy_strerror(code)), safe);
    if (read_special(easy, code, safe, e, &p))
        return p;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (known[i].code != code)
            continue;
        if (code == CURLE_GOT_NOTHING)
            err_set(e, known[i].err, "%s", known[i].text);
        else
            err_set(e, known[i].err, "%s (%s)", known[i].text, safe);
        return known[i].problem;
    }
    err_set(e, -EIO, "%s", safe);
    return PROBLEM_OTHER;
}

enum problem reason_of_status(int status, struct err *e)
{
    static const struct {
        int status;
        enum problem problem;
        const char *text;
    } known[] = {
        {204, PROBLEM_EMPTY_BODY, "the server has no content there"},
        {304, PROBLEM_ODD_STATUS,
         "not modified, though nothing was asked for by validator"},
        {400, PROBLEM_BAD_REQUEST, "the server does not understand the request"},
        {401, PROBLEM_UNAUTHORIZED, "user and password are needed; see `auth:`"},
        {403, PROBLEM_FORBIDDEN, "the server forbids it"},
        {404, PROBLEM_NOT_FOUND, "the feed is not there"},
        {406, PROBLEM_HTTP_REFUSED, "the server has it in no form that newsmq reads"},
        {407, PROBLEM_PROXY, "the proxy wants a user and password"},
        {410, PROBLEM_GONE, "the feed is gone for good"},
        {429, PROBLEM_TOO_MANY_REQUESTS, "too many requests; the server wants fewer"},
        {451, PROBLEM_LEGAL, "withheld for legal reasons"},
        {500, PROBLEM_SERVER_ERROR, "an error inside the server"},
        {502, PROBLEM_BAD_GATEWAY, "the server behind the gateway is broken"},
        {503, PROBLEM_UNAVAILABLE, "the server is not available now"},
        {504, PROBLEM_BAD_GATEWAY, "the server behind the gateway does not answer"},
    };
    static const struct {
        int least;
        enum problem problem;
        const char *text;
    } ranges[] = {
        {500, PROBLEM_SERVER_ERROR, "trouble inside the server"},
        {400, PROBLEM_HTTP_REFUSED, "the server refuses"},
        {300, PROBLEM_REDIRECT_NOWHERE, "a redirect to nowhere"},
        {0, PROBLEM_ODD_STATUS, "not the answer to a GET"},
    };
    size_t i = 0;

    for (size_t k = 0; k < ARRAY_LEN(known); k++) {
        if (known[k].status != status)
            continue;
        err_set(e, -EPROTO, "HTTP %d: %s", status, known[k].text);
        return known[k].problem;
    }
    while (i + 1 < ARRAY_LEN(ranges) && status < ranges[i].least)
        i++;
    err_set(e, -EPROTO, "HTTP %d: %s", status, ranges[i].text);
    return ranges[i].problem;
}
