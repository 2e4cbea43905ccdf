#include <curl/curl.h>

#include "newsmq/fetch.h"
#include "newsmq/mem.h"
#include "newsmq/str.h"

#include "origin.h"

static bool part_differs(CURLU *a, CURLU *b, CURLUPart what)
{
    char *pa = NULL, *pb = NULL;
    bool differs = curl_url_get(a, what, &pa, CURLU_DEFAULT_PORT) != CURLUE_OK ||
                   curl_url_get(b, what, &pb, CURLU_DEFAULT_PORT) != CURLUE_OK ||
                   !str_eq_nocase(str_of(pa), str_of(pb));

    curl_free(pa);
    curl_free(pb);
    return differs;
}

bool origin_differs(const char *url, const char *other)
{
    CURLU *a = curl_url(), *b = curl_url();
    bool differs =
        a == NULL || b == NULL || curl_url_set(a, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_set(b, CURLUPART_URL, other, 0) != CURLUE_OK ||
        part_differs(a, b, CURLUPART_SCHEME) || part_differs(a, b, CURLUPART_HOST) ||
        part_differs(a, b, CURLUPART_PORT);

    curl_url_cleanup(a);
    curl_url_cleanup(b);
    return differs;
}

bool url_has_user(const char *url)
{
    CURLU *u = curl_url();
    char *user = NULL;
    bool has = u == NULL || curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
               curl_url_get(u, CURLUPART_USER, &user, 0) == CURLUE_OK;

    curl_free(user);
    curl_url_cleanup(u);
    return has;
}

char *url_without_user(const char *url)
{
    CURLU *u = curl_url();
    char *clean = NULL, *mine = NULL;

    if (u != NULL &&
        curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
        curl_url_set(u, CURLUPART_USER, NULL, 0) == CURLUE_OK &&
        curl_url_set(u, CURLUPART_PASSWORD, NULL, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_URL, &clean, 0) == CURLUE_OK)
        mine = mem_strdup(clean);
    curl_free(clean);
    curl_url_cleanup(u);
    return mine;
}

char *url_host_of(const char *url)
{
    CURLU *u = curl_url();
    char *host = NULL;

    if (u == NULL || curl_url_set(u, CURLUPART_URL, url, 0) != CURLUE_OK ||
        curl_url_get(u, CURLUPART_HOST, &host, CURLU_URLDECODE) != CURLUE_OK)
        host = NULL;
    curl_url_cleanup(u);
    return host;
}

static char *part_dup(CURLU *u, CURLUPart what)
{
    char *text = NULL, *mine = NULL;

    if (curl_url_get(u, what, &text, CURLU_URLDECODE) == CURLUE_OK)
        mine = mem_strdup(text);
    curl_free(text);
    return mine;
}

void fetch_split_user(const char *url, char **ret_url, char **ret_user,
                      char **ret_password)
{
    CURLU *u = curl_url();

    *ret_user = *ret_password = *ret_url = NULL;
    if (u != NULL &&
        curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
        *ret_user = part_dup(u, CURLUPART_USER);
        *ret_password = part_dup(u, CURLUPART_PASSWORD);
    }
    if (*ret_user != NULL || *ret_password != NULL)
        *ret_url = url_without_user(url);
    if (*ret_url == NULL)
        *ret_url = mem_strdup(url);
    curl_url_cleanup(u);
}
