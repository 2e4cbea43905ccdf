/* state.h - what the fetcher remembers of a feed; the hub keeps it with the items */
#ifndef NEWSMQ_FETCH_STATE_H
#define NEWSMQ_FETCH_STATE_H

#include <jansson.h>

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/str.h"

enum feed_health { FEED_NEW, FEED_OK, FEED_FAILING };

/* docs/wire.md "feed state". Strings are NULL where not known. */
struct feed_state {
    char *url; /* the configuration's, when all this was learnt */
    char *title, *site, *format;
    char *etag, *last_modified; /* as the server sent them */
    char *body_hash;
    char *reason;
    enum feed_health health;
    int http_status;
    unsigned failures; /* in a row */
    int64_t last_fetch_ms, last_ok_ms, next_due_ms;
    int64_t new_ms; /* something new came */
    bool has_begun; /* first_poll was applied */
};

/* Copies and what is set take over from what stood there. */
void state_copy(struct feed_state *to, const struct feed_state *from);
void state_set(char **member, struct str value); /* absent or over 4 KiB: NULL */
void state_drop_validators(struct feed_state *s);
void state_fini(struct feed_state *s);

/* From an object of the control call feed_states; members of a wrong type count as
   missing. */
void state_read(const json_t *json, struct feed_state *ret);

/* 0 or -E2BIG. */
int state_write(const struct feed_state *s, const struct config_feed *f, bool partial,
                struct strbuf *out);

#endif
