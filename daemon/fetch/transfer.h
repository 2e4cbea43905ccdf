/* transfer.h - one document over the wire: request, redirects, limits, answer */
#ifndef NEWSMQ_FETCH_TRANSFER_H
#define NEWSMQ_FETCH_TRANSFER_H

#include <curl/curl.h>

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/problem.h"
#include "newsmq/str.h"

enum transfer_outcome {
    TRANSFER_DOCUMENT,  /* all of it was given to the receiver */
    TRANSFER_UNCHANGED, /* 304 */
    TRANSFER_STOPPED,   /* the receiver wanted no more: reason is the receiver's */
    TRANSFER_FAILED,
};

/* What is known of the answer. Strings are NULL where the server sent none. */
struct transfer_answer {
    enum transfer_outcome outcome;
    struct err reason;    /* of STOPPED and FAILED, in words for an operator */
    enum problem problem; /* of FAILED: which kind of fault that is */
    int http_status;      /* 0: not http */
    const char *http_version;
    char *url;           /* after redirects */
    char *permanent_url; /* where the feed has moved for good: all hops were 301 or 308,
                            none led from https to http; NULL otherwise */
    char *etag, *last_modified;
    char *content_type, *content_location, *content_language;
    char *links;            /* all Link headers (link_header.h) */
    int64_t retry_after_ms; /* 0: not asked for */
    int64_t fresh_ms;       /* the server wishes no question for so long; 0: no wish */
    bool fresh_by_max_age;  /* else by Expires */
    bool is_delta;          /* 226: only what is new since the validator (RFC 3229) */
    uint64_t bytes;         /* after decompression */
    double duration_ms;
};

/* Negative answers end the transfer. */
struct transfer_receiver {
    void *ctx;
    /* Before the first bytes, also of an empty document. */
    int (*start)(void *ctx, const struct transfer_answer *a, struct err *e);
    int (*bytes)(void *ctx, struct str bytes, struct err *e);
};

/* All of it must outlive the transfer. file: is only read when the feed's own url is one.
 */
struct transfer_request {
    const struct config_feed *feed;
    const char *url; /* in place of feed->url, whose secrets then stay with its origin;
                        NULL: feed->url */
    const struct config_politeness *politeness;
    const char *accept;               /* the header, name and all; NULL: that of feeds */
    const char *etag, *last_modified; /* validators; NULL: fetch in full */
    const char *form; /* POSTed as application/x-www-form-urlencoded; NULL: a GET */
    void *owner;
};

struct transfer;

/* e is only set for what cannot be asked at all (a URL that nobody understands). */
int transfer_new(const struct transfer_request *r, const struct transfer_receiver *to,
                 struct transfer **ret, struct err *e);
void transfer_free(struct transfer *t);

/* For a multi handle: begin, add the easy handle; each time curl is done with it, call
   transfer_step: true = add it once more (a redirect), false = the answer is there. */
void transfer_begin(struct transfer *t);
CURL *transfer_easy(struct transfer *t);
bool transfer_step(struct transfer *t, CURLcode code);

/* Blocks until the answer is there. */
void transfer_run(struct transfer *t);

void *transfer_get_owner(const struct transfer *t);
const struct transfer_answer *transfer_get_answer(const struct transfer *t);

#endif
