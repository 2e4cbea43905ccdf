/* Values that name something: feed ids, languages, endpoints, addresses, header fields,
   file patterns. */
#include <arpa/inet.h>

#include "newsmq/address.h"

#include "spell.h"
#include "values.h"

#define ID_MAX       63
#define IPC_PATH_MAX 107 /* sun_path of sockaddr_un, less its NUL */

static bool is_id_char(char c, size_t at)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && at > 0);
}

static void suggest_id(struct str s, struct verdict *v)
{
    char id[ID_MAX + 1];
    size_t n = 0;

    for (size_t i = 0; i < s.n && n < ID_MAX; i++) {
        char c = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + ('a' - 'A')) : s.p[i];

        if (is_id_char(c, n))
            id[n++] = c;
        else if (n > 0 && id[n - 1] != '-' && i + 1 < s.n)
            id[n++] = '-';
    }
    id[n] = '\0';
    if (n > 0)
        refuse_hint(v, "did you mean '%s'?", id);
    else
        refuse_hint(v, "use a-z, 0-9 and '-', for example 'un-news'");
}

bool value_is_id(struct str s, struct verdict *v)
{
    if (s.n > ID_MAX) {
        refuse(v, "'" STR_FMT "…' is longer than %d letters", STR_ARG(str_head(s, 24)),
               ID_MAX);
        return refuse_hint(v, "shorten it");
    }
    for (size_t i = 0; i < s.n; i++) {
        if (is_id_char(s.p[i], i))
            continue;
        refuse(v, "'" STR_FMT "' is not an id (a-z, 0-9 and '-')",
               STR_ARG(str_head(s, SHOWN_MAX)));
        suggest_id(s, v);
        return false;
    }
    if (s.n == 0) {
        refuse(v, "is empty");
        return refuse_hint(v, "use a-z, 0-9 and '-', for example 'un-news'");
    }
    return true;
}

/* ---- languages ---- */

bool value_is_language(struct str s, struct verdict *v)
{
    struct str rest = s;
    bool ok = true;

    for (size_t part = 0; rest.p != NULL && ok; part++) {
        struct str tag = str_cut(&rest, '-');

        ok = tag.n >= (part == 0 ? 2 : 1) && tag.n <= (part == 0 ? 3 : 8);
        for (size_t i = 0; i < tag.n && ok; i++)
            ok = (tag.p[i] >= 'a' && tag.p[i] <= 'z') ||
                 (tag.p[i] >= 'A' && tag.p[i] <= 'Z') ||
                 (part > 0 && tag.p[i] >= '0' && tag.p[i] <= '9');
    }
    if (ok)
        return true;
    refuse(v, "'" STR_FMT "' is not a language tag", STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "write for example en, fr or pt-BR");
}

/* ---- where a server listens ---- */

static bool is_address(struct str s)
{
    bool is_v6 = s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']';
    struct str bare = is_v6 ? str_slice(s, 1, s.n - 1) : s;
    unsigned char binary[sizeof(struct in6_addr)];
    char text[INET6_ADDRSTRLEN];

    if (bare.n >= sizeof text)
        return false;
    memcpy(text, bare.p, bare.n);
    text[bare.n] = '\0';
    return inet_pton(is_v6 ? AF_INET6 : AF_INET, text, binary) == 1;
}

bool value_is_listen(struct str s, struct verdict *v)
{
    size_t colon = s.n;
    uint64_t port;

    while (colon > 0 && s.p[colon - 1] != ':')
        colon--;
    if (colon == 0 || !str_to_u64(str_slice(s, colon, s.n), &port) || port > 65535) {
        refuse(v, "'" STR_FMT "' has no port", STR_ARG(str_head(s, SHOWN_MAX)));
        return refuse_hint(v, "write 127.0.0.1:8788");
    }
    if (is_address(str_slice(s, 0, colon - 1)))
        return true;
    refuse(v, "'" STR_FMT "' has no address of this machine before the port",
           STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "write 127.0.0.1:%llu, [::1]:%llu, or 0.0.0.0:%llu for all",
                       (unsigned long long)port, (unsigned long long)port,
                       (unsigned long long)port);
}

static bool is_loopback(struct str host)
{
    return str_eq(host, STR("localhost")) || str_eq(host, STR("[::1]")) ||
           (str_has_prefix(host, STR("127.")) && is_address(host));
}

bool value_is_private_listen(struct str s, struct verdict *v)
{
    size_t port = s.n;

    if (str_eq(s, STR("off")))
        return true;
    if (str_eq_nocase(s, STR("off")) || str_eq_nocase(s, STR("no")) ||
        str_eq_nocase(s, STR("false")) || str_eq_nocase(s, STR("none"))) {
        refuse(v, "'" STR_FMT "' is not an address", STR_ARG(s));
        return refuse_hint(v, "did you mean 'off'?");
    }
    if (!value_is_listen(s, v))
        return refuse_hint(v, "write 127.0.0.1:8787, or off");
    while (s.p[port - 1] != ':')
        port--;
    if (is_loopback(str_slice(s, 0, port - 1)))
        return true;
    refuse(v, "'" STR_FMT "' can be reached from other machines",
           STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v,
                       "use 127.0.0.1:" STR_FMT " behind a web server (a reverse proxy) "
                       "that asks who is there, and name it under 'hosts'",
                       STR_ARG(str_slice(s, port, s.n)));
}

bool value_is_host(struct str s, struct verdict *v)
{
    bool is_name = s.n > 0 && s.n <= 253;

    for (size_t i = 0; i < s.n && is_name; i++)
        is_name = is_id_char(s.p[i], 1) || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
                  s.p[i] == '.' || s.p[i] == '_';
    if (is_name || is_address(s))
        return true;
    refuse(v, "'" STR_FMT "' is not the name of a machine",
           STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "write it without scheme, port and path: news.example.org");
}

/* ---- endpoints of ZeroMQ ---- */

/* "tcp://HOST:PORT" → HOST, or absent. */
static struct str host_of(struct str endpoint)
{
    struct str rest;

    if (!str_has_prefix(endpoint, STR("tcp://")))
        return (struct str){NULL, 0};
    rest = str_slice(endpoint, 6, endpoint.n);
    for (size_t i = rest.n; i > 0; i--)
        if (rest.p[i - 1] == ':')
            return str_slice(rest, 0, i - 1);
    return rest;
}

bool endpoint_is_remote(struct str endpoint)
{
    struct str host = host_of(endpoint);

    return host.p != NULL && !is_loopback(host);
}

bool endpoint_is_wildcard(struct str endpoint)
{
    struct str host = host_of(endpoint);

    return host.p != NULL && (str_eq(host, STR("*")) || str_eq(host, STR("0.0.0.0")) ||
                              str_eq(host, STR("[::]")));
}

static bool check_tcp(struct str s, struct verdict *v)
{
    struct str host = host_of(s);
    size_t colon = 6 + host.n; /* or the end */
    uint64_t port;

    if (host.n > 0 && colon < s.n && str_to_u64(str_slice(s, colon + 1, s.n), &port) &&
        port > 0 && port <= 65535)
        return true;
    refuse(v, "'" STR_FMT "' has no port from 1 to 65535",
           STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "write tcp://127.0.0.1:5560");
}

bool value_is_endpoint(struct str s, struct verdict *v)
{
    struct str path;

    if (str_has_prefix(s, STR("tcp://")))
        return check_tcp(s, v);
    if (!str_has_prefix(s, STR("ipc://"))) {
        refuse(v, "'" STR_FMT "' is not an endpoint", STR_ARG(str_head(s, SHOWN_MAX)));
        if (s.n > 0 && s.p[0] == '/')
            return refuse_hint(v, "did you mean ipc://" STR_FMT "?",
                               STR_ARG(str_head(s, SHOWN_MAX)));
        return refuse_hint(v, "write tcp://127.0.0.1:PORT or ipc:///PATH");
    }
    path = str_slice(s, 6, s.n);
    if (path.n == 0 || path.p[0] != '/') {
        refuse(v, "'" STR_FMT "' names no absolute path",
               STR_ARG(str_head(s, SHOWN_MAX)));
        return refuse_hint(v, "write ipc:///PATH, with three slashes");
    }
    if (path.n > IPC_PATH_MAX) {
        refuse(v, "the path of the socket has %zu bytes; the system allows %d", path.n,
               IPC_PATH_MAX);
        return refuse_hint(v, "choose a shorter folder");
    }
    return true;
}

/* ---- ranges of addresses ---- */

/* "10.1.2.3/8" → "10.0.0.0/8". */
static bool bits_after(struct str s, size_t slash, struct verdict *v)
{
    char text[ADDRESS_TEXT_MAX];
    struct address_range r;
    uint64_t bits;

    if (!address_range_read(str_slice(s, 0, slash), &r) ||
        !str_to_u64(str_slice(s, slash + 1, s.n), &bits) ||
        bits > (str_find_char(s, ':', 0) == SIZE_MAX ? 32 : 128))
        return false;
    r.bits = (unsigned)bits + (str_find_char(s, ':', 0) == SIZE_MAX ? 96 : 0);
    for (unsigned i = r.bits; i < 128; i++)
        r.base.bytes[i / 8] &= (uint8_t) ~(0x80U >> i % 8);
    refuse(v, "'" STR_FMT "' has bits after its prefix", STR_ARG(str_head(s, SHOWN_MAX)));
    (void)refuse_hint(v, "did you mean %s/%u, or the address alone?",
                      address_write(&r.base, text), (unsigned)bits);
    return true;
}

bool value_is_range(struct str s, struct verdict *v)
{
    struct address_range r;
    size_t slash = str_find_char(s, '/', 0);

    if (address_range_read(s, &r))
        return true;
    if (slash != SIZE_MAX && bits_after(s, slash, v))
        return false;
    refuse(v, "'" STR_FMT "' is not an address or a range of them",
           STR_ARG(str_head(s, SHOWN_MAX)));
    return refuse_hint(v, "write for example 127.0.0.1, 10.0.0.0/8 or fd00::/8");
}

/* ---- header fields and file patterns ---- */

bool value_is_header(struct str name, struct verdict *v)
{
    static const char *const ours[] = {
        "Host",          "Content-Length",    "Transfer-Encoding", "Connection",
        "If-None-Match", "If-Modified-Since", "Accept-Encoding",   "Range",
    };

    for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
        if (!str_eq_nocase(name, str_of(ours[i])))
            continue;
        refuse(v, "the header '%s' is set by newsmq itself", ours[i]);
        return refuse_hint(v, "remove it");
    }
    if (str_eq_nocase(name, STR("User-Agent"))) {
        refuse(v, "the header 'User-Agent' has a key of its own");
        return refuse_hint(v, "use politeness: { user_agent: … }");
    }
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];

        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL))
            continue;
        refuse(v, "'" STR_FMT "' is not the name of a header (RFC 9110 §5.1)",
               STR_ARG(str_head(name, SHOWN_MAX)));
        return refuse_hint(v, "use letters, digits and '-'");
    }
    if (name.n == 0) {
        refuse(v, "the name of a header is empty");
        return refuse_hint(v, "write Name: value");
    }
    return true;
}

bool value_is_file_pattern(struct str s, struct verdict *v)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '%')
            continue;
        i++;
        if (i < s.n && s.p[i] != '\0' && strchr("YmdHj%", s.p[i]) != NULL)
            continue;
        refuse(v, "'" STR_FMT "' has an unknown conversion '" STR_FMT "'",
               STR_ARG(str_head(s, SHOWN_MAX)),
               STR_ARG(str_slice(s, i - 1, i < s.n ? i + 1 : i)));
        return refuse_hint(v, "use %%Y %%m %%d %%H %%j, and %%%% for a percent sign");
    }
    if (s.n == 0 || s.p[s.n - 1] == '/') {
        refuse(v, "'" STR_FMT "' names no file", STR_ARG(str_head(s, SHOWN_MAX)));
        return refuse_hint(v, "end it with a name such as %%Y-%%m-%%d.jsonl");
    }
    return true;
}
