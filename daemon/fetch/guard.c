/* Two callbacks of curl: before a socket is opened, where another address of the same
   host may still be tried; and before the request goes out, since a connection that
   another feed was allowed to make may be used again. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "guard.h"
#include "origin.h"

/* ---- judging ---- */

static bool is_listed(const struct guard *g, const struct address *a)
{
    const struct config_politeness *p = g->politeness;
    struct address_range range;

    for (size_t i = 0; i < p->n_allow_addresses; i++)
        if (address_range_read(str_of(p->allow_addresses[i]), &range) &&
            address_is_in(a, &range))
            return true;
    return false;
}

/* What `allow_private` is about: networks that somebody lives in. */
static bool is_private(enum address_kind k)
{
    return k == ADDRESS_LOOPBACK || k == ADDRESS_PRIVATE || k == ADDRESS_SHARED ||
           k == ADDRESS_UNIQUE || k == ADDRESS_SITE_LOCAL;
}

static bool allows(const struct guard *g, const struct address *a)
{
    enum address_kind k = address_kind_of(a);

    return k == ADDRESS_PUBLIC ||
           (g->is_own_host && g->feed->allow_private && is_private(k)) || is_listed(g, a);
}

static bool judge(struct guard *g, const struct address *a)
{
    if (allows(g, a))
        return true;
    g->refused = *a;
    g->has_refused = true;
    return false;
}

/* ---- from curl ---- */

static bool address_of(const struct sockaddr *sa, struct address *ret)
{
    const struct sockaddr_in *in4 = (const void *)sa;
    const struct sockaddr_in6 *in6 = (const void *)sa;

    *ret = (struct address){.bytes = {[10] = 0xFF, [11] = 0xFF}};
    if (sa->sa_family == AF_INET)
        memcpy(ret->bytes + 12, &in4->sin_addr, 4);
    else if (sa->sa_family == AF_INET6)
        memcpy(ret->bytes, &in6->sin6_addr, 16);
    else
        return false;
    return true;
}

static curl_socket_t on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct guard *g = arg;
    struct address a;

    (void)purpose; /* only ever a connection */
    if (!address_of(&to->addr, &a) || (!g->is_proxied && !judge(g, &a)))
        return CURL_SOCKET_BAD;
    g->has_opened = true;
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static int on_request(void *arg, char *peer, char *own, int peer_port, int own_port)
{
    struct guard *g = arg;
    struct address a;

    (void)own;
    (void)peer_port;
    (void)own_port;
    if (g->is_proxied || (address_read(str_of(peer), &a) && judge(g, &a)))
        return CURL_PREREQFUNC_OK;
    g->is_stopped = true;
    return CURL_PREREQFUNC_ABORT;
}

/* ---- from the transfer ---- */

void guard_init(struct guard *g, const struct config_feed *feed,
                const struct config_politeness *politeness, CURL *easy)
{
    *g = (struct guard){.feed = feed, .politeness = politeness};
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, g);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, g);
}

/* A name that every resolver takes for this machine (RFC 6761 §6.3). */
static bool is_localhost(struct str host)
{
    if (host.n > 0 && host.p[host.n - 1] == '.')
        host.n--;
    return str_eq_nocase(host, STR("localhost")) ||
           (host.n > 10 &&
            str_eq_nocase(str_slice(host, host.n - 10, host.n), STR(".localhost")));
}

static bool names_address(struct str host, struct address *ret)
{
    return address_read(host, ret) ||
           (is_localhost(host) && address_read(STR("127.0.0.1"), ret));
}

static bool is_host_of(const char *url, const char *feed_url)
{
    char *host = url_host_of(url), *own = url_host_of(feed_url);
    bool same = host != NULL && own != NULL && str_eq_nocase(str_of(host), str_of(own));

    curl_free(host);
    curl_free(own);
    return same;
}

static bool is_refused_by_name(struct guard *g, const char *url)
{
    char *host = url_host_of(url);
    struct address a;
    bool refused = host != NULL && names_address(str_of(host), &a) && !judge(g, &a);

    curl_free(host);
    return refused;
}

int guard_begin(struct guard *g, const char *url, bool is_proxied, struct err *e)
{
    g->is_own_host = url == g->feed->url || is_host_of(url, g->feed->url);
    g->is_proxied = is_proxied;
    g->has_refused = g->has_opened = false;
    g->is_stopped = is_proxied && is_refused_by_name(g, url);
    return g->is_stopped ? guard_reason(g, e) : 0;
}

bool guard_was_refused(const struct guard *g)
{
    return g->is_stopped || (g->has_refused && !g->has_opened);
}

int guard_reason(const struct guard *g, struct err *e)
{
    enum address_kind k = address_kind_of(&g->refused);
    char text[ADDRESS_TEXT_MAX];
    const char *address = address_write(&g->refused, text);

    if (g->is_own_host && is_private(k))
        return err_set(e, -EPERM,
                       "the address %s is refused (%s); to allow it: `allow_private: "
                       "true` in the feed, or `politeness: { allow_addresses: [%s] }`",
                       address, address_kind_words(k), address);
    return err_set(e, -EPERM,
                   "%sthe address %s is refused (%s); to allow it: `politeness: { "
                   "allow_addresses: [%s] }`",
                   g->is_own_host ? "" : "redirected, and ", address,
                   address_kind_words(k), address);
}
