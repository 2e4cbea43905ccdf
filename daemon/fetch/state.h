/* state.h - what the fetcher remembers of a feed; the hub keeps it with the items */
#ifndef NEWSMQ_FETCH_STATE_H
#define NEWSMQ_FETCH_STATE_H

#include <jansson.h>

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/problem.h"
#include "newsmq/str.h"

#include "schedule.h"
#include "websub_state.h"

enum feed_health {
    FEED_NEW,
    FEED_OK,
    FEED_FAILING,
    FEED_GONE, /* ended by its publisher (410): not polled until somebody wants it */
};

/* What a person has asked of a feed (control call feed_ask). */
enum feed_ask { ASK_NOTHING, ASK_ENABLE, ASK_UNMOVE };

/* Of the poll that ends with this state; written once, not read back. */
struct poll_cost {
    bool is_known;
    uint64_t bytes;
    double ms;
    int64_t late_ms;
};

/* docs/wire.md "feed state". Strings are NULL where not known. */
struct feed_state {
    char *url; /* the configuration's, when all this was learnt */
    char *title, *site, *format;
    char *etag, *last_modified; /* as the server sent them */
    char *body_hash;
    char *reason;
    char *habits; /* of newsmq/settle.h */
    enum feed_health health;
    enum problem problem;     /* of the last poll; with FEED_FAILING and FEED_GONE */
    struct problem_set notes; /* what else is odd */
    int http_status;
    unsigned failures; /* in a row */
    uint64_t polls;
    int64_t last_fetch_ms, last_ok_ms, next_due_ms;
    int64_t new_ms;       /* something new came */
    int64_t last_full_ms; /* the last document, or the first 304 when that is not known */
    bool has_begun;       /* first_poll was applied */

    char *moved_to; /* used in place of url: where the feed has moved for good */
    int64_t moved_ms;
    char *move_url;     /* where permanent redirects lead, not trusted yet */
    char *move_refused; /* a move that a person does not want */
    unsigned move_seen;
    int64_t move_first_ms;

    struct websub_state websub;
    struct schedule_hints hints; /* of the last document */
    struct schedule_plan plan;   /* of next_due_ms; only `by` is read back */
    struct poll_cost cost;
    enum feed_ask asked; /* what was done of it; written once, not read back */
};

/* Copies and what is set take over from what stood there. */
void state_copy(struct feed_state *to, const struct feed_state *from);
void state_set(char **member, struct str value); /* absent or over 4 KiB: NULL */
void state_drop_validators(struct feed_state *s);
void state_fini(struct feed_state *s);

/* From an object of the control call feed_states; members of a wrong type count as
   missing. */
void state_read(const json_t *json, struct feed_state *ret);

/* The member `ask` of such an object. */
enum feed_ask state_read_ask(const json_t *json);

/* 0 or -E2BIG. */
int state_write(const struct feed_state *s, const struct config_feed *f, bool partial,
                struct strbuf *out);

#endif
