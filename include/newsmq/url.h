/* url.h - RFC 3986 references, as forgiving as browsers where feeds need it */
#ifndef NEWSMQ_URL_H
#define NEWSMQ_URL_H

#include "newsmq/err.h"
#include "newsmq/str.h"

#define URL_MAX_BYTES 8192

struct url {
    struct str scheme; /* slices of the text that was split; absent where missing */
    struct str userinfo;
    struct str host; /* without the brackets of an IPv6 literal */
    struct str port;
    struct str path;
    struct str query;    /* without '?' */
    struct str fragment; /* without '#' */
    bool has_authority;
};

/* Never fails on text without control characters; a relative reference has no scheme. */
int url_split(struct str text, struct url *ret, struct err *e);

/* RFC 3986 §5.3, dot segments removed, white space around trimmed, inner white space and
   non-ASCII percent-encoded, host lower-cased. An absent or empty base leaves a relative
   reference as it is. 0, ERR_FORMAT or -E2BIG (over URL_MAX_BYTES); appends to out. */
int url_resolve(struct str base, struct str reference, struct strbuf *out, struct err *e);

/* The form by which two links are the same page: http and https alike written https,
   host without "www."-independent changes only in case, default port, fragment (not one
   that begins with "!"), dot segments, tracking parameters (utm_*, fbclid, gclid, …) and
   empty query removed, query order kept. For links that are not http(s): the resolved
   text. Appends to out. */
int url_canonical(struct str url, struct strbuf *out, struct err *e);

/* The URL as it stands, only without its tracking parameters. 0 or -E2BIG. */
int url_without_tracking(struct str url, struct strbuf *out);

bool url_is_http(struct str url);

/* The host in lower case for queueing ("news.example.org"), absent when there is none. */
struct str url_host(struct str url);

#endif
