/* ask.h - asking the running programs, and reading what they answer */
#ifndef NEWSMQ_ASK_H
#define NEWSMQ_ASK_H

#include <jansson.h>

#include "newsmq/config.h"
#include "newsmq/err.h"

/* A control call to the hub. 0 with *ret (json_decref), or negative as bus_call. */
int ask_hub(const struct config *c, const char *method, const char *json, json_t **ret,
            struct err *e);

/* A call to the newsmqd whose bus.dir is dir. 0 with *ret; ERR_CLOSED: none runs;
   ERR_LATER: not now; other. A minute is waited for the answer, or as long as said. */
int ask_supervisor(const char *dir, const char *method, json_t **ret, struct err *e);
int ask_supervisor_within(const char *dir, const char *method, int timeout_ms,
                          json_t **ret, struct err *e);

/* Members of an answer: "" and 0 when they are not there. */
struct str ask_text(const json_t *object, const char *name);
int64_t ask_number(const json_t *object, const char *name);

/* RFC 3339 as clock_text writes it; 0 when it is none. */
int64_t ask_time(const json_t *object, const char *name);

/* Whether all goes on as it should, by what the call `status` of each answered. newsmqd
   is NULL where none runs; hub is NULL when it did not answer, and then nothing is well.
 */
bool ask_is_well(const json_t *newsmqd, const json_t *hub);

#endif
