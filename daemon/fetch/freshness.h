/* freshness.h - what the headers of an answer say of when to ask again (RFC 9111, RFC
   9110 §10.2.3); pure functions of their text */
#ifndef NEWSMQ_FETCH_FRESHNESS_H
#define NEWSMQ_FETCH_FRESHNESS_H

#include "newsmq/str.h"

/* Header values as they came, absent where there was none. */
struct freshness_headers {
    struct str cache_control; /* several joined with ',' */
    struct str age, expires, date, retry_after;
};

/* How long the answer stays fresh from now on; 0: the server has no wish (no-store,
   no-cache, max-age=0, already old, malformed). *ret_by_max_age tells from which header.
   max-age makes Expires count for nothing (§5.3); Expires is taken against Date, so that
   a clock that is wrong on either side does not matter. */
int64_t freshness_ms(const struct freshness_headers *h, int64_t now_ms,
                     bool *ret_by_max_age);

/* Retry-After, in seconds or as a date (against Date); 0: none or malformed. */
int64_t freshness_retry_ms(const struct freshness_headers *h, int64_t now_ms);

#endif
