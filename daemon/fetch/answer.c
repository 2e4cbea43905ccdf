#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "answer.h"
#include "freshness.h"

#define HEADER_KEPT_MAX    4096 /* of one header: longer is as if it were not there */
#define HEADERS_JOINED_MAX 8

static char *header_dup(CURL *easy, const char *name)
{
    struct curl_header *h = NULL;
    struct str value;

    if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &h) != CURLHE_OK)
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
static char *header_join(CURL *easy, const char *name)
{
    struct strbuf all = {.max = HEADER_KEPT_MAX};
    struct curl_header *h = NULL;
    char *text = NULL;

    for (size_t i = 0; i < HEADERS_JOINED_MAX &&
                       curl_easy_header(easy, name, i, CURLH_HEADER, -1, &h) == CURLHE_OK;
         i++)
        if (strbuf_addf(&all, "%s%s", i > 0 ? "," : "", h->value) < 0)
            break;
    if (all.n > 0)
        text = mem_dup(strbuf_str(&all));
    strbuf_fini(&all);
    return text;
}

static void read_wishes(CURL *easy, struct transfer_answer *a)
{
    static const char *const names[] = {"Age", "Expires", "Date", "Retry-After"};
    char *control = header_join(easy, "Cache-Control"), *texts[ARRAY_LEN(names)];
    struct freshness_headers h = {.cache_control = str_of(control)};
    struct str *const at[] = {&h.age, &h.expires, &h.date, &h.retry_after};
    int64_t now_ms = clock_wall_ms();

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        texts[i] = header_dup(easy, names[i]);
        *at[i] = str_of(texts[i]);
    }
    a->fresh_ms = freshness_ms(&h, now_ms, &a->fresh_by_max_age);
    a->retry_after_ms = freshness_retry_ms(&h, now_ms);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        free(texts[i]);
    free(control);
}

void answer_read(struct transfer_answer *a, CURL *easy, const char *asked)
{
    bool is_file = str_has_prefix_nocase(str_of(asked), STR("file:"));
    long status = 0;
    char *url = NULL;

    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
    a->http_status = is_file ? 0 : (int)status;
    a->http_version = is_file ? NULL : version_name(easy);
    a->is_delta = a->http_status == 226;
    replace(&a->url, mem_strdup(url != NULL ? url : asked));
    if (is_file)
        return;
    read_wishes(easy, a);
    replace(&a->etag, header_dup(easy, "ETag"));
    replace(&a->last_modified, header_dup(easy, "Last-Modified"));
    replace(&a->content_type, header_dup(easy, "Content-Type"));
    replace(&a->content_location, header_dup(easy, "Content-Location"));
    replace(&a->content_language, header_dup(easy, "Content-Language"));
    replace(&a->links, header_join(easy, "Link"));
}

void answer_fini(struct transfer_answer *a)
{
    free(a->url);
    free(a->permanent_url);
    free(a->etag);
    free(a->last_modified);
    free(a->content_type);
    free(a->content_location);
    free(a->content_language);
    free(a->links);
    *a = (struct transfer_answer){0};
}
