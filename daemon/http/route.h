/* route.h - the contract of an endpoint: one file NAME.c in this folder, one CMake line

   newsmq-http answers with what it knows: what the hub and newsmqd said at most a second
   ago, and the digest of the newest records. A route names what it needs of the former;
   it is called when that is there, or when it is certain that it will not come. */
#ifndef NEWSMQ_HTTP_ROUTE_H
#define NEWSMQ_HTTP_ROUTE_H

#include <jansson.h>

#include "newsmq/clock.h"
#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/str.h"

/* Answers of others, as docs/wire.md "control" has them. */
enum source {
    SOURCE_STATUS, /* of the hub */
    SOURCE_FEEDS,
    SOURCE_HEADS,
    SOURCE_METRICS,
    SOURCE_DEAD,    /* the newest 1,000 */
    SOURCE_NEWSMQD, /* the supervisor's status; none in the split form */
    SOURCES,
};
#define NEED(source) (1U << (source))

/* What was answered last. Borrowed, valid during the call. */
struct known {
    const json_t *json;  /* NULL: there is none, `fault` says why */
    struct err fault;    /* of the latest question; code 0: it was answered */
    int64_t answered_ms; /* wall time of json */
};

/* The hub's call `why`, and the record where one was made. */
enum question_kind { ASK_NOTHING, ASK_WHY, ASK_RECORD };
struct question {
    enum question_kind kind;
    struct str item; /* id or URL; of the request */
};

struct http;
struct http_request;

struct http_route {
    const char *path; /* "/healthz"; one that ends in "/" takes all below it, too */
    const char *type; /* Content-Type, when answer does not say another */
    unsigned needs;   /* bits of NEED() */

    /* A question of this request alone (NULL: none has one); http_asked has the answer.
     */
    void (*ask)(const struct http_request *r, struct question *ret);

    /* Writes the body and answers the status. */
    unsigned (*answer)(struct http *h, struct http_request *r, struct strbuf *out);
};

extern const struct http_route *const http_routes[]; /* NULL at the end */

/* ---- what is known ---- */
const struct config *http_config(const struct http *h);
const struct known *http_known(const struct http *h, enum source s);
int64_t http_now_ms(const struct http *h); /* wall time of this turn */
struct digest;
const struct digest *http_digest(const struct http *h);

/* Records that are read, for the digest. */
struct follow_state {
    bool is_live;     /* all that were there at the start are in the digest */
    uint64_t next;    /* seq */
    struct err fault; /* why it does not follow now; code 0: it does */
};
const struct follow_state *http_follows(const struct http *h);

/* This program's own counts, since its start. */
struct http_counts {
    uint64_t requests, answers[6]; /* by hundreds of the status */
    uint64_t refused_host, refused_rate, refused_streams, cut_slow, cut_streams;
    unsigned connections, streams; /* now */
};
const struct http_counts *http_count(const struct http *h);

/* Items and records a minute, over the last minute; negative: not known yet. */
struct rates {
    double items, records;
};
struct rates http_rates(const struct http *h);

/* ---- the request ---- */
/* Valid UTF-8, percent-decoded. */
struct str http_path(const struct http_request *r);
struct str http_rest(const struct http_request *r); /* behind a route's "/" */
/* Absent (p == NULL) when the request has none. */
struct str http_query(const struct http_request *r, const char *name);
/* 0 to max; otherwise when there is none or it is no such number. */
uint64_t http_query_number(const struct http_request *r, const char *name, uint64_t max,
                           uint64_t otherwise);
/* {"found":[…], "record":{…} or null}; record only with ASK_RECORD. */
struct str http_header(const struct http_request *r, const char *name);
const struct known *http_asked(const struct http_request *r);

/* ---- the answer ---- */
void http_set_type(struct http_request *r, const char *type);     /* borrowed */
void http_set_location(struct http_request *r, const char *path); /* of a 303; copied */
/* Of what does not change: it may be kept so long. Else nothing is kept. */
void http_set_cache(struct http_request *r, unsigned seconds);

/* Answers with a stream that begins with first; `answer` then answers HTTP_STREAMS.
   False: there are too many. http_tell writes to all streams. */
#define HTTP_STREAMS 0
bool http_stream(struct http_request *r, const struct strbuf *first);
void http_tell(struct http *h, struct str bytes);
struct live;
struct live *http_live(struct http *h);

/* {"error":{"status","cause"}}; answers status. */
unsigned http_json_error(struct http_request *r, unsigned status, struct strbuf *out,
                         const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
