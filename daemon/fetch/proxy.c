/* curl would read the environment itself, but would not tell whether it then connects to
   the proxy or to the host, which the guard has to know. */
#include <stdlib.h>
#include <string.h>

#include "newsmq/address.h"
#include "newsmq/url.h"

#include "proxy.h"

static const char *environment(const char *lower, const char *upper)
{
    const char *value = getenv(lower);

    if (value == NULL && upper != NULL)
        value = getenv(upper);
    return value != NULL ? value : "";
}

/* One word of $no_proxy: a host, the end of one, an address, a range or a star. */
static bool spares(struct str word, struct str host)
{
    struct address_range range;
    struct address a;

    if (str_eq(word, STR("*")))
        return true;
    if (address_read(host, &a))
        return address_range_read(word, &range) && address_is_in(&a, &range);
    if (word.n > 0 && word.p[0] == '.')
        word = str_slice(word, 1, word.n);
    if (host.n > 0 && host.p[host.n - 1] == '.')
        host.n--;
    if (word.n == 0 || word.n > host.n ||
        !str_eq_nocase(str_slice(host, host.n - word.n, host.n), word))
        return false;
    return word.n == host.n || host.p[host.n - word.n - 1] == '.';
}

static bool is_spared(const char *list, struct str host)
{
    while (*list != '\0') {
        size_t n = strcspn(list, ", \t");

        if (n > 0 && spares((struct str){list, n}, host))
            return true;
        list += n + strspn(list + n, ", \t");
    }
    return false;
}

const char *proxy_for(const char *configured, struct str url)
{
    const char *proxy;

    if (configured != NULL)
        return strcmp(configured, "none") == 0 ? "" : configured;
    if (is_spared(environment("no_proxy", "NO_PROXY"), url_host(url)))
        return "";
    /* $HTTP_PROXY is what a CGI gets for the header Proxy: (CVE-2016-5385). */
    proxy = str_has_prefix_nocase(url, STR("https:"))
                ? environment("https_proxy", "HTTPS_PROXY")
                : environment("http_proxy", NULL);
    return proxy[0] != '\0' ? proxy : environment("all_proxy", "ALL_PROXY");
}
