/* RFC 3986 with the mercy of browsers: blanks around and line breaks inside are dropped,
   backslashes of http links are slashes, what may not stand in a URL is percent-encoded.
 */
#include <errno.h>

#include "newsmq/url.h"
#include "url_private.h"

/* Two of the longest joined, and each byte of that encoded. */
#define PATH_MAX_BYTES ((size_t)2 * URL_MAX_BYTES + 1)
#define TEXT_MAX       ((size_t)16 * URL_MAX_BYTES)

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_letter(char c)
{
    return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The bytes of "scheme" when text begins with "scheme:", else 0. */
static size_t scheme_length(struct str text)
{
    size_t n = 0;

    if (text.n == 0 || !is_letter(text.p[0]))
        return 0;
    while (n < text.n && (is_letter(text.p[n]) || is_digit(text.p[n]) ||
                          text.p[n] == '+' || text.p[n] == '-' || text.p[n] == '.'))
        n++;
    return n < text.n && text.p[n] == ':' ? n : 0;
}

/* Cuts rest at the first c: what follows c is the part, absent without a c. */
static struct str cut_after(struct str *rest, char c)
{
    size_t at = str_find_char(*rest, c, 0);
    struct str part;

    if (at == SIZE_MAX)
        return (struct str){NULL, 0};
    part = str_slice(*rest, at + 1, rest->n);
    rest->n = at;
    return part;
}

static void split_authority(struct str authority, struct url *ret)
{
    const char *at = authority.n > 0 ? memrchr(authority.p, '@', authority.n) : NULL;
    size_t colon;

    if (at != NULL) {
        size_t n = (size_t)(at - authority.p);

        ret->userinfo = str_slice(authority, 0, n);
        authority = str_slice(authority, n + 1, authority.n);
    }
    if (authority.n > 0 && authority.p[0] == '[') {
        size_t close = str_find_char(authority, ']', 0);

        if (close != SIZE_MAX) {
            ret->host = str_slice(authority, 1, close);
            authority = str_slice(authority, close + 1, authority.n);
            if (authority.n > 0 && authority.p[0] == ':')
                ret->port = str_slice(authority, 1, authority.n);
            return;
        }
    }
    colon = str_find_char(authority, ':', 0);
    ret->host = str_slice(authority, 0, colon == SIZE_MAX ? authority.n : colon);
    if (colon != SIZE_MAX)
        ret->port = str_slice(authority, colon + 1, authority.n);
}

int url_split(struct str text, struct url *ret, struct err *e)
{
    struct url u = {0};
    struct str rest = text;
    size_t n;

    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7F)
            return err_set(e, ERR_FORMAT, "url: a control character at byte %zu", i);
    if (text.p == NULL)
        rest = STR("");
    u.fragment = cut_after(&rest, '#');
    u.query = cut_after(&rest, '?');
    n = scheme_length(rest);
    if (n > 0) {
        u.scheme = str_slice(rest, 0, n);
        rest = str_slice(rest, n + 1, rest.n);
    }
    if (str_has_prefix(rest, STR("//"))) {
        size_t slash = str_find_char(rest, '/', 2);

        slash = slash == SIZE_MAX ? rest.n : slash;
        u.has_authority = true;
        split_authority(str_slice(rest, 2, slash), &u);
        rest = str_slice(rest, slash, rest.n);
    }
    u.path = rest;
    *ret = u;
    return 0;
}

bool url_is_http(struct str url)
{
    return str_has_prefix_nocase(url, STR("http://")) ||
           str_has_prefix_nocase(url, STR("https://"));
}

struct str url_host(struct str url)
{
    struct url u;

    if (url_split(url, &u, NULL) < 0 || u.host.n == 0)
        return (struct str){NULL, 0};
    return u.host;
}

/* Controls, the space, non-ASCII and "<>\^`{|} */
static bool must_encode(unsigned char c)
{
    static const uint64_t marks[2] = {UINT64_C(0x5000000400000000),
                                      UINT64_C(0x3800000150000000)};

    return c <= 0x20 || c >= 0x7F || (marks[c >> 6] >> (c & 63) & 1) != 0;
}

static void put_encoded(struct strbuf *out, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t from = 0;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        char triple[3] = {'%', hex[c >> 4], hex[c & 15]};

        if (!must_encode(c))
            continue;
        (void)strbuf_add(out, str_slice(s, from, i)); /* measured before */
        (void)strbuf_add(out, (struct str){triple, 3});
        from = i + 1;
    }
    (void)strbuf_add(out, str_slice(s, from, s.n));
}

static bool is_web(struct str scheme)
{
    return str_eq_nocase(scheme, STR("http")) || str_eq_nocase(scheme, STR("https"));
}

/* The reference with its blanks, line breaks and (of http links) backslashes mended. */
static int mend(struct str reference, bool base_is_http, struct strbuf *out)
{
    struct str s = str_trim(reference);
    size_t scheme = scheme_length(s);
    bool is_http = scheme == 0 ? base_is_http : is_web(str_slice(s, 0, scheme));
    bool in_path = true;
    size_t from = 0;

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_break = c == '\t' || c == '\n' || c == '\r';

        in_path = in_path && c != '?' && c != '#';
        if (!is_break && (c != '\\' || !is_http || !in_path))
            continue;
        if (strbuf_add(out, str_slice(s, from, i)) < 0 ||
            (!is_break && strbuf_add_char(out, '/') < 0))
            return -E2BIG;
        from = i + 1;
    }
    return from < s.n ? strbuf_add(out, str_slice(s, from, s.n)) : 0;
}

/* "http:/host", "http:///host", and "///host" beside such a base: all slashes before the
   host count as two. */
static void mend_slashes(struct url *u, const struct url *base)
{
    struct str rest = u->path;
    size_t slash;

    if (u->host.n > 0 || u->port.p != NULL || u->userinfo.p != NULL ||
        !str_has_prefix(rest, STR("/")) ||
        !(is_web(u->scheme) ||
          (u->scheme.n == 0 && u->has_authority && is_web(base->scheme))))
        return;
    while (str_has_prefix(rest, STR("/")))
        rest = str_slice(rest, 1, rest.n);
    slash = str_find_char(rest, '/', 0);
    slash = slash == SIZE_MAX ? rest.n : slash;
    u->has_authority = true;
    split_authority(str_slice(rest, 0, slash), u);
    u->path = str_slice(rest, slash, rest.n);
}

/* RFC 3986 §5.2.4, in place on what was appended to out since from. */
static void remove_dot_segments(struct strbuf *out, size_t from)
{
    char *path = out->p + from;
    size_t n = out->n - from, in = 0, to = 0;
    bool rooted = n > 0 && path[0] == '/';

    while (in < n) {
        size_t begin = in, end;

        in += path[in] == '/';
        for (end = in; end < n && path[end] != '/';)
            end++;
        if (end - in == 1 && path[in] == '.') {
            if (end == n && (to > 0 || rooted) && begin < in)
                path[to++] = '/';
        } else if (end - in == 2 && path[in] == '.' && path[in + 1] == '.') {
            while (to > 0 && path[--to] != '/')
                ;
            if (end == n && rooted)
                path[to++] = '/';
        } else {
            memmove(path + to, path + begin, end - begin);
            to += end - begin;
        }
        in = end;
    }
    out->n = from + to;
    path[to] = '\0';
}

static void put_lower(struct strbuf *out, struct str s)
{
    size_t from = out->n;

    put_encoded(out, s);
    for (size_t i = from; i < out->n; i++)
        if (out->p[i] != '%')
            out->p[i] = lower(out->p[i]);
        else
            i += 2; /* the digits stay in upper case */
}

static void put_authority(struct strbuf *out, const struct url *u)
{
    bool is_v6 = str_find_char(u->host, ':', 0) != SIZE_MAX;

    (void)strbuf_add_text(out, "//"); /* all of these are measured before */
    if (u->userinfo.p != NULL) {
        put_encoded(out, u->userinfo);
        (void)strbuf_add_char(out, '@');
    }
    (void)strbuf_add_text(out, is_v6 ? "[" : "");
    put_lower(out, u->host);
    (void)strbuf_add_text(out, is_v6 ? "]" : "");
    if (u->port.n > 0) {
        (void)strbuf_add_char(out, ':');
        put_encoded(out, u->port);
    }
}

void url_put(struct strbuf *out, const struct url *u)
{
    if (u->scheme.n > 0) {
        put_lower(out, u->scheme);
        (void)strbuf_add_char(out, ':');
    }
    if (u->has_authority)
        put_authority(out, u);
    put_encoded(out, u->path);
    if (u->query.p != NULL) {
        (void)strbuf_add_char(out, '?');
        put_encoded(out, u->query);
    }
    if (u->fragment.p != NULL) {
        (void)strbuf_add_char(out, '#');
        put_encoded(out, u->fragment);
    }
}

/* RFC 3986 §5.3: the path of reference beside the last segment of base's. */
static void merge_paths(const struct url *base, struct str path, struct strbuf *out)
{
    size_t n = base->path.n;

    if (base->has_authority && base->path.n == 0)
        (void)strbuf_add_char(out, '/'); /* fits: both were measured */
    while (n > 0 && base->path.p[n - 1] != '/')
        n--;
    (void)strbuf_add(out, str_slice(base->path, 0, n));
    (void)strbuf_add(out, path);
}

/* The target of reference seen from base; path is the room for a new path. */
static struct url target(const struct url *base, struct url u, struct strbuf *path)
{
    bool same_scheme = base->scheme.n > 0 && str_eq_nocase(base->scheme, u.scheme);

    mend_slashes(&u, base);
    if (same_scheme && !u.has_authority)
        u.scheme.n = 0; /* "http:page" beside an http base; RFC 3986 §5.2.2 */
    if (u.scheme.n > 0 || base->scheme.n == 0) {
        (void)strbuf_add(path, u.path);
    } else if (u.has_authority) {
        u.scheme = base->scheme;
        (void)strbuf_add(path, u.path);
    } else {
        if (u.path.n == 0 && u.query.p == NULL)
            u.query = base->query;
        if (u.path.n == 0)
            (void)strbuf_add(path, base->path);
        else if (u.path.p[0] == '/')
            (void)strbuf_add(path, u.path);
        else
            merge_paths(base, u.path, path);
        u.scheme = base->scheme;
        u.has_authority = base->has_authority;
        u.userinfo = base->userinfo;
        u.host = base->host;
        u.port = base->port;
    }
    if (u.has_authority && path->n > 0)
        remove_dot_segments(path, 0);
    u.path = strbuf_str(path);
    return u;
}

/* The usual case, quickly: an absolute web link in which nothing is to be mended. */
static bool is_in_order(struct str s)
{
    size_t from = str_has_prefix(s, STR("https://")) ? 8 : 7, i = from;

    if (s.n > URL_MAX_BYTES || (from == 7 && !str_has_prefix(s, STR("http://"))))
        return false;
    while (i < s.n && ((s.p[i] >= 'a' && s.p[i] <= 'z') || is_digit(s.p[i]) ||
                       s.p[i] == '.' || s.p[i] == '-'))
        i++;
    if (i == from || (i < s.n && s.p[i] != '/'))
        return false;
    for (; i < s.n; i++)
        if (must_encode((unsigned char)s.p[i]) || (s.p[i] == '.' && s.p[i - 1] == '/'))
            return false;
    return true;
}

int url_resolve(struct str base, struct str reference, struct strbuf *out, struct err *e)
{
    struct strbuf mended_base = {.max = URL_MAX_BYTES}, mended = {.max = URL_MAX_BYTES};
    struct strbuf path = {.max = PATH_MAX_BYTES};
    struct strbuf text = {.max = TEXT_MAX};
    struct url b = {0}, u;
    int rc = -E2BIG;

    if (is_in_order(reference)) {
        rc = strbuf_add(out, reference);
        goto out;
    }
    if (mend(base, url_is_http(base), &mended_base) < 0 ||
        mend(reference, url_is_http(base), &mended) < 0)
        goto out;
    rc = url_split(strbuf_str(&mended_base), &b, e);
    if (rc == 0)
        rc = url_split(strbuf_str(&mended), &u, e);
    if (rc < 0)
        goto out;
    if (b.scheme.n == 0)
        b = (struct url){0};
    u = target(&b, u, &path);
    if (is_web(u.scheme) && u.host.n == 0) {
        rc = err_set(e, ERR_FORMAT, "url: no host");
        goto out;
    }
    url_put(&text, &u);
    rc = text.n > URL_MAX_BYTES ? -E2BIG : strbuf_add(out, strbuf_str(&text));
out:
    if (rc == -E2BIG)
        (void)err_set(e, rc, "url: longer than %d bytes", URL_MAX_BYTES);
    strbuf_fini(&text);
    strbuf_fini(&path);
    strbuf_fini(&mended);
    strbuf_fini(&mended_base);
    return rc;
}
