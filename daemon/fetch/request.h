/* request.h - what a request says and to whom: headers, credentials, proxy, limits */
#ifndef NEWSMQ_FETCH_REQUEST_H
#define NEWSMQ_FETCH_REQUEST_H

#include "guard.h"
#include "transfer.h"

/* Of one transfer; must stay where it is while the easy handle lives. */
struct request {
    const struct transfer_request *ask; /* borrowed; its url is not NULL */
    CURL *easy;
    struct guard guard;
    struct curl_slist *headers;
    const char *ca_bundle; /* the system's */
    bool is_file;
    bool is_away; /* was led from the origin of the feed's URL: secrets stay behind */
};

void request_init(struct request *r, const struct transfer_request *ask, CURL *easy);

/* To url, which holds no user, at each hop. Negative: it may not go there. */
int request_aim(struct request *r, const char *url, struct err *e);

/* After the easy handle is gone. */
void request_fini(struct request *r);

#endif
