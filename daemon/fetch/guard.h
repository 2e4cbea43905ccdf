/* guard.h - which addresses a transfer may connect to, judged when it does

   A name is judged by the address that was connected to and not by an earlier look-up, so
   a name service that changes its mind (DNS rebinding) gains nothing. */
#ifndef NEWSMQ_FETCH_GUARD_H
#define NEWSMQ_FETCH_GUARD_H

#include <curl/curl.h>

#include "newsmq/address.h"
#include "newsmq/config.h"
#include "newsmq/err.h"

/* Of one transfer; must stay where it is while the easy handle lives. */
struct guard {
    const struct config_feed *feed;
    const struct config_politeness *politeness;
    bool is_own_host; /* this hop goes to the host of the feed's URL */
    bool is_proxied;  /* the proxy connects; it may stand anywhere */
    bool has_refused, has_opened, is_stopped;
    struct address refused;
};

/* Sets the callbacks of the easy handle. */
void guard_init(struct guard *g, const struct config_feed *feed,
                const struct config_politeness *politeness, CURL *easy);

/* Before each hop. Negative: the URL names a refused address itself and a proxy would be
   asked for it. */
int guard_begin(struct guard *g, const char *url, bool is_proxied, struct err *e);

/* Whether the hop failed since no address of its host was allowed. */
bool guard_was_refused(const struct guard *g);
int guard_reason(const struct guard *g, struct err *e);

#endif
