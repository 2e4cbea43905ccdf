/* websub_state.h - where the subscription of one feed stands: pure functions of what
   happened and when. The hub of the bus keeps it with the feed's state.

   The names of the Recommendation (https://www.w3.org/TR/websub/): a *hub* pushes what is
   new of a *topic* to a *callback*, for the time of a *lease*. */
#ifndef NEWSMQ_FETCH_WEBSUB_STATE_H
#define NEWSMQ_FETCH_WEBSUB_STATE_H

#include <jansson.h>

#include "newsmq/json.h"
#include "newsmq/str.h"

enum websub_phase {
    WEBSUB_NONE,   /* the feed names no hub */
    WEBSUB_WANTED, /* the hub will be asked at next_ms */
    WEBSUB_ASKED,  /* the hub was asked for the first time and has not verified yet */
    WEBSUB_ACTIVE, /* it pushes until lease_ms */
    WEBSUB_DENIED, /* it will not; asked again at next_ms all the same */
};

/* Starts zeroed. Strings are NULL where there is nothing. */
struct websub_state {
    char *hub, *topic; /* as the feed names them */
    char *token;       /* the end of the callback: known to the hub and nobody else */
    char *secret;      /* of the signatures */
    char *callback;    /* without the token, as the hub was told it last */
    char *reason;      /* why it does not push, in words */
    enum websub_phase phase;
    int64_t asked_ms; /* an answer is open since; 0: none */
    int64_t lease_ms; /* until when it is active */
    int64_t next_ms;  /* when the hub is asked next */
    unsigned failures;
};

/* The feed names this hub and topic (absent: none). True when that is news: then what
   stood there is over. token and secret are for the new one. */
bool websub_found(struct websub_state *s, struct str hub, struct str topic,
                  const char *token, const char *secret, int64_t now_ms);

bool websub_is_active(const struct websub_state *s, int64_t now_ms);
bool websub_is_due(const struct websub_state *s, int64_t now_ms); /* the hub is asked */

/* What happened. dice is any random number. */
void websub_asked(struct websub_state *s, const char *callback, int64_t now_ms);
void websub_failed(struct websub_state *s, const char *why, uint64_t dice,
                   int64_t now_ms);
void websub_verified(struct websub_state *s, int64_t lease_s, uint64_t dice,
                     int64_t now_ms);
void websub_denied(struct websub_state *s, struct str why, int64_t now_ms);

/* Time went by: true when the lease has ended or an answer did not come. */
bool websub_passed(struct websub_state *s, uint64_t dice, int64_t now_ms);

const char *websub_phase_name(enum websub_phase p);

void websub_state_copy(struct websub_state *to, const struct websub_state *from);
void websub_state_fini(struct websub_state *s);

/* The member "websub" of the feed's state; members of a wrong type count as missing. */
void websub_state_read(const json_t *json, struct websub_state *ret);
void websub_state_write(const struct websub_state *s, struct jsonw *j);

#endif
