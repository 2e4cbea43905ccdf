#include <errno.h>
#include <string.h>

#include "newsmq/log.h"

#include "reasons.h"

static double seconds(CURL *easy, CURLINFO what)
{
    curl_off_t us = 0;

    (void)curl_easy_getinfo(easy, what, &us); /* stays 0 where curl does not know */
    return (double)us / 1e6;
}

static int timed_out(CURL *easy, struct err *e)
{
    double all = seconds(easy, CURLINFO_TOTAL_TIME_T);
    curl_off_t bytes = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    if (bytes > 0)
        return err_set(e, -ETIMEDOUT,
                       "the answer comes too slowly (%lld bytes in %.3g s)",
                       (long long)bytes, all);
    if (seconds(easy, CURLINFO_NAMELOOKUP_TIME_T) == 0)
        return err_set(e, -ETIMEDOUT,
                       "the name service does not answer (timed out after %.3g s)", all);
    if (seconds(easy, CURLINFO_CONNECT_TIME_T) == 0)
        return err_set(e, -ETIMEDOUT,
                       "no connection comes about (timed out after %.3g s)", all);
    return err_set(e, -ETIMEDOUT, "the server does not answer (timed out after %.3g s)",
                   all);
}

static int not_connected(CURL *easy, struct err *e)
{
    long os_errno = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_errno);
    if (os_errno == ECONNREFUSED)
        return err_set(e, -ECONNREFUSED,
                       "the connection is refused: no server listens there");
    if (os_errno != 0)
        return err_set(e, -(int)os_errno, "no connection comes about: %s",
                       strerror((int)os_errno));
    return err_set(e, -ENOTCONN, "no connection comes about");
}

static int was_cut(CURL *easy, struct err *e)
{
    curl_off_t bytes = 0;

    (void)curl_easy_getinfo(easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
    return err_set(e, -EPIPE, "the connection was cut after %lld bytes",
                   (long long)bytes);
}

int reason_of_curl(CURL *easy, CURLcode code, const char *detail, struct err *e)
{
    char safe[LOG_SAFE_MAX];

    (void)log_safe(str_of(detail[0] != '\0' ? detail : curl_easy_strerror(code)), safe);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return err_set(e, -EHOSTUNREACH, "the host's name is not known (%s)", safe);
    case CURLE_COULDNT_RESOLVE_PROXY:
        return err_set(e, -EHOSTUNREACH, "the proxy's name is not known (%s)", safe);
    case CURLE_COULDNT_CONNECT:
        return not_connected(easy, e);
    case CURLE_OPERATION_TIMEDOUT:
        return timed_out(easy, e);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return err_set(e, -EACCES, "the server's certificate is not trusted (%s)", safe);
    case CURLE_SSL_CONNECT_ERROR:
        return err_set(e, -EPROTO, "no encrypted connection comes about (%s)", safe);
    case CURLE_GOT_NOTHING:
        return err_set(e, -EPIPE, "the server hung up without an answer");
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
        return was_cut(easy, e);
    case CURLE_BAD_CONTENT_ENCODING:
        return err_set(e, ERR_FORMAT, "the compressed answer is damaged (%s)", safe);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return err_set(e, -EINVAL, "not a URL that newsmq reads (%s)", safe);
    case CURLE_FILE_COULDNT_READ_FILE:
        return err_set(e, -ENOENT, "the file cannot be read (%s)", safe);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return err_set(e, -EPROTO, "the answer is not proper HTTP (%s)", safe);
    default:
        return err_set(e, -EIO, "%s", safe);
    }
}

int reason_of_status(int status, struct err *e)
{
    static const struct {
        int status;
        const char *text;
    } known[] = {
        {204, "the server has no content there"},
        {304, "not modified, though nothing was asked for by validator"},
        {400, "the server does not understand the request"},
        {401, "user and password are needed; see `auth:`"},
        {403, "the server forbids it"},
        {404, "the feed is not there"},
        {406, "the server has it in no form that newsmq reads"},
        {407, "the proxy wants a user and password"},
        {410, "the feed is gone for good"},
        {429, "too many requests; the server wants fewer"},
        {451, "withheld for legal reasons"},
        {500, "an error inside the server"},
        {502, "the server behind the gateway is broken"},
        {503, "the server is not available now"},
        {504, "the server behind the gateway does not answer"},
    };

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (known[i].status == status)
            return err_set(e, -EPROTO, "HTTP %d: %s", status, known[i].text);
    if (status >= 500)
        return err_set(e, -EPROTO, "HTTP %d: trouble inside the server", status);
    if (status >= 400)
        return err_set(e, -EPROTO, "HTTP %d: the server refuses", status);
    if (status >= 300)
        return err_set(e, -EPROTO, "HTTP %d: a redirect to nowhere", status);
    return err_set(e, -EPROTO, "HTTP %d: not the answer to a GET", status);
}
