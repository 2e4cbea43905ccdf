/* Values that are URLs. A user or password in one is never repeated in a message. */
#include <string.h>

#include "newsmq/mem.h"
#include "newsmq/url.h"

#include "spell.h"
#include "values.h"

static bool wrong_scheme(struct str s, struct str scheme, struct verdict *v)
{
    struct spell spell = {.word = scheme};

    spell_offer(&spell, "https");
    spell_offer(&spell, "http");
    spell_offer(&spell, "file");
    refuse(v, "'" STR_FMT "' has a scheme that newsmq does not read",
           STR_ARG(str_head(s, SHOWN_MAX)));
    if (str_eq_nocase(scheme, STR("feed")))
        return refuse_hint(v, "write https:// in place of feed:");
    if (spell.best != NULL)
        return refuse_hint(v, "did you mean %s://?", spell.best);
    return refuse_hint(v, "write http://, https:// or file:///");
}

static bool no_scheme(struct str s, struct verdict *v)
{
    refuse(v, "'" STR_FMT "' is not a URL", STR_ARG(str_head(s, SHOWN_MAX)));
    if (s.n > 0 && s.p[0] == '/')
        return refuse_hint(v, "did you mean file://" STR_FMT "?",
                           STR_ARG(str_head(s, SHOWN_MAX)));
    if (s.n > 0 && str_find_char(s, '.', 0) != SIZE_MAX)
        return refuse_hint(v, "did you mean https://" STR_FMT "?",
                           STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "write http://, https:// or file:///");
}

/* s: what a message repeats. */
static bool check_authority(struct str s, struct str authority, struct verdict *v)
{
    size_t colon;
    uint64_t port;

    colon = authority.n > 0 && authority.p[0] == '[' ? str_find(authority, STR("]:"), 0)
                                                     : str_find_char(authority, ':', 0);
    if (colon != SIZE_MAX) {
        size_t from = colon + (authority.p[colon] == ']' ? 2 : 1);

        if (!str_to_u64(str_slice(authority, from, authority.n), &port) || port == 0 ||
            port > 65535) {
            refuse(v, "'" STR_FMT "' has a bad port", STR_ARG(str_head(s, SHOWN_MAX)));
            return refuse_hint(v, "a port is a number from 1 to 65535");
        }
    }
    if (authority.n == 0 || colon == 0) {
        refuse(v, "'" STR_FMT "' names no host", STR_ARG(str_head(s, SHOWN_MAX)));
        return refuse_hint(v, "write https://HOST/PATH");
    }
    return true;
}

static struct str authority_of(struct str s)
{
    size_t colon = str_find(s, STR("://"), 0), from = colon == SIZE_MAX ? 0 : colon + 3;
    size_t end = from;

    while (end < s.n && (s.p[end] == '\0' || strchr("/?#\\", s.p[end]) == NULL))
        end++;
    return str_slice(s, from, end);
}

bool value_is_url(struct str s, struct verdict *v)
{
    size_t colon = str_find(s, STR("://"), 0);
    struct str scheme, rest;

    /* First, since the other refusals repeat what was written. */
    if (str_find_char(authority_of(s), '@', 0) != SIZE_MAX) {
        refuse(v, "the URL holds a user or password, which every record would publish");
        return refuse_hint(v, "use auth: { user: …, password_file: … }");
    }
    if (s.n > URL_MAX_BYTES) {
        refuse(v, "the URL is longer than %d bytes", URL_MAX_BYTES);
        return refuse_hint(v, "shorten it");
    }
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= 0x20) {
            refuse(v, "a space inside the URL '" STR_FMT "'",
                   STR_ARG(str_head(s, SHOWN_MAX)));
            return refuse_hint(v, "write %%20 for a space");
        }
    if (colon == SIZE_MAX || colon == 0)
        return str_has_prefix_nocase(s, STR("feed:")) ? wrong_scheme(s, STR("feed"), v)
                                                      : no_scheme(s, v);
    scheme = str_slice(s, 0, colon);
    rest = str_slice(s, colon + 3, s.n);
    if (str_eq_nocase(scheme, STR("file"))) {
        if (rest.n > 1 && rest.p[0] == '/')
            return true;
        refuse(v, "'" STR_FMT "' names no absolute path",
               STR_ARG(str_head(s, SHOWN_MAX)));
        return refuse_hint(v, "write file:///PATH");
    }
    if (!str_eq_nocase(scheme, STR("http")) && !str_eq_nocase(scheme, STR("https")))
        return wrong_scheme(s, scheme, v);
    return check_authority(s, authority_of(s), v);
}

/* ---- proxies ---- */

char *proxy_shown(const char *proxy)
{
    struct str s = str_of(proxy), authority = authority_of(s);
    const char *at = authority.n > 0 ? memrchr(authority.p, '@', authority.n) : NULL;

    if (at == NULL)
        return mem_strdup(proxy);
    return mem_printf(STR_FMT "***%s", (int)(authority.p - s.p), s.p, at);
}

bool value_is_proxy(struct str s, struct verdict *v)
{
    static const char *const schemes[] = {"http",    "https",  "socks4",
                                          "socks4a", "socks5", "socks5h"};
    size_t colon = str_find(s, STR("://"), 0);
    struct str authority = authority_of(s);
    const char *at = authority.n > 0 ? memrchr(authority.p, '@', authority.n) : NULL;
    bool known = false;

    if (str_eq(s, STR("none")))
        return true;
    for (size_t i = 0; colon != SIZE_MAX && i < ARRAY_LEN(schemes); i++)
        known = known || str_eq_nocase(str_slice(s, 0, colon), str_of(schemes[i]));
    if (!known) {
        refuse(v, "not the URL of a proxy");
        return refuse_hint(v, "write none, http://HOST:PORT or socks5h://HOST:PORT; a "
                              "password better through `proxy_file` or ${NAME}");
    }
    if (at != NULL)
        authority = str_slice(authority, (size_t)(at - authority.p) + 1, authority.n);
    if (authority.p + authority.n < s.p + s.n &&
        !str_eq(str_slice(s, (size_t)(authority.p - s.p) + authority.n, s.n), STR("/"))) {
        refuse(v, "the URL of a proxy has no path");
        return refuse_hint(v,
                           "write none, http://HOST:PORT or socks5h://HOST:PORT; a '/' "
                           "in a password is %%2F");
    }
    return check_authority(authority, authority, v);
}
