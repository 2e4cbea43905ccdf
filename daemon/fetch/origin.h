/* origin.h - whose a URL is, as curl reads it, since it is curl that connects */
#ifndef NEWSMQ_FETCH_ORIGIN_H
#define NEWSMQ_FETCH_ORIGIN_H

#include <stdbool.h>

/* Another scheme, host or port; also when one of the two cannot be read. */
bool origin_differs(const char *url, const char *other);

/* A user or password inside; also when it cannot be read. */
bool url_has_user(const char *url);

/* The URL without them; the caller frees. NULL when it cannot be read. */
char *url_without_user(const char *url);

/* The host, odd ways to write an address (0x7f.1) undone; the caller frees with
   curl_free. NULL when there is none. */
char *url_host_of(const char *url);

#endif
