/* Secrets (headers of the configuration, user and password, token, client certificate) go
   to the origin they were written for and nowhere else, not even back to it after a
   detour; curl does so only for some of them, and sends own headers wherever it is led.
 */
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "origin.h"
#include "proxy.h"
#include "request.h"

#define LOW_SPEED_BYTES 16 /* a second */
#define ACCEPT                                                                   \
    "Accept: application/atom+xml, application/rss+xml, application/feed+json, " \
    "application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, "         \
    "application/json;q=0.7, */*;q=0.1"

static void add_header(struct request *r, char *line)
{
    struct curl_slist *more = curl_slist_append(r->headers, line);

    free(line);
    if (more != NULL)
        r->headers = more;
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

/* An Accept of the configuration is for feeds. */
static bool is_wanted(const struct request *r, const char *name)
{
    if (r->ask->accept != NULL && str_eq_nocase(str_of(name), STR("Accept")))
        return false;
    return !r->is_away || is_harmless(name);
}

static char *header_line(const struct config_pair *h)
{
    if (h->value[0] == '\0')
        return mem_printf("%s;", h->key); /* curl's way to write one without a value */
    return mem_printf("%s: %s", h->key, h->value);
}

static void set_headers(struct request *r)
{
    const struct config_feed *f = r->ask->feed;

    curl_slist_free_all(r->headers);
    r->headers = NULL;
    if (r->ask->accept != NULL || !has_header(f, "Accept"))
        add_header(r, mem_strdup(r->ask->accept != NULL ? r->ask->accept : ACCEPT));
    if (r->ask->etag != NULL)
        add_header(r, mem_printf("If-None-Match: %s", r->ask->etag));
    if (r->ask->last_modified != NULL)
        add_header(r, mem_printf("If-Modified-Since: %s", r->ask->last_modified));
    if ((r->ask->etag != NULL || r->ask->last_modified != NULL) && !has_header(f, "A-IM"))
        add_header(r, mem_strdup("A-IM: feed")); /* RFC 3229, "feed" by its extension */
    for (size_t i = 0; i < f->n_headers; i++)
        if (is_wanted(r, f->headers[i].key))
            add_header(r, header_line(&f->headers[i]));
    if (f->bearer != NULL && !r->is_away)
        add_header(r, mem_printf("Authorization: Bearer %s", f->bearer));
    curl_easy_setopt(r->easy, CURLOPT_HTTPHEADER, r->headers);
}

/* Who we are is for the feed's own origin, and so is whom we trust in place of the
   system's authorities. */
static void set_identity(struct request *r)
{
    static const struct config_feed nobody;
    const struct config_feed *f = r->is_away ? &nobody : r->ask->feed;

    curl_easy_setopt(r->easy, CURLOPT_USERNAME, f->user);
    curl_easy_setopt(r->easy, CURLOPT_PASSWORD, f->password);
    curl_easy_setopt(r->easy, CURLOPT_SSLCERT, f->cert_file);
    curl_easy_setopt(r->easy, CURLOPT_SSLKEY, f->key_file);
    curl_easy_setopt(r->easy, CURLOPT_KEYPASSWD, f->key_password);
    curl_easy_setopt(r->easy, CURLOPT_CAINFO,
                     f->ca_file != NULL ? f->ca_file : r->ca_bundle);
}

static void set_limits(struct request *r)
{
    const struct config_feed *f = r->ask->feed;

    curl_easy_setopt(r->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)f->connect_timeout_ms);
    curl_easy_setopt(r->easy, CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
    curl_easy_setopt(r->easy, CURLOPT_LOW_SPEED_TIME,
                     (long)(f->timeout_ms / SECOND_MS / 2 + 1));
    curl_easy_setopt(r->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)f->max_bytes);
    curl_easy_setopt(r->easy, CURLOPT_PROTOCOLS_STR, r->is_file ? "file" : "http,https");
    curl_easy_setopt(r->easy, CURLOPT_FOLLOWLOCATION, 0L);
}

void request_init(struct request *r, const struct transfer_request *ask, CURL *easy)
{
    *r = (struct request){
        .ask = ask,
        .easy = easy,
        .is_file = str_has_prefix_nocase(str_of(ask->url), STR("file:")),
    };
    if (!r->is_file)
        guard_init(&r->guard, ask->feed, ask->politeness, easy);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, ask->politeness->user_agent);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, ""); /* all that curl can undo */
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_COOKIEFILE, ""); /* kept for this transfer only */
    /* What is trusted stands in the bundle as well, and only without a folder does curl
       keep the bundle: else it is read again, in 30 ms, for each new connection. */
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    (void)curl_easy_getinfo(easy, CURLINFO_CAINFO, &r->ca_bundle);
    if (ask->form != NULL)
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, ask->form);
    set_limits(r);
}

int request_aim(struct request *r, const char *url, struct err *e)
{
    const char *proxy = proxy_for(r->ask->feed->proxy, str_of(url));

    curl_easy_setopt(r->easy, CURLOPT_URL, url);
    if (r->is_file)
        return 0;
    r->is_away = r->is_away ||
                 (url != r->ask->feed->url && origin_differs(r->ask->feed->url, url));
    set_headers(r);
    set_identity(r);
    curl_easy_setopt(r->easy, CURLOPT_PROXY, proxy);
    curl_easy_setopt(r->easy, CURLOPT_NOPROXY, ""); /* proxy_for has seen to it */
    return guard_begin(&r->guard, url, proxy[0] != '\0', e);
}

void request_fini(struct request *r)
{
    curl_slist_free_all(r->headers);
    r->headers = NULL;
}
