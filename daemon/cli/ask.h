/* ask.h - asking the running programs, and saying so well when nobody is there */
#ifndef NEWSMQ_CLI_ASK_H
#define NEWSMQ_CLI_ASK_H

#include <jansson.h>

#include "newsmq/config.h"
#include "newsmq/err.h"

/* A control call to the hub. 0 with *ret (json_decref), or negative as bus_call. */
int ask_hub(const struct config *c, const char *method, const char *json, json_t **ret,
            struct err *e);

/* A call to the newsmqd whose bus.dir is dir. 0 with *ret; ERR_CLOSED: none runs;
   ERR_LATER: not now; other. */
int ask_supervisor(const char *dir, const char *method, json_t **ret, struct err *e);

/* Says on stderr that who ("newsmq feeds") got no answer, and how to start newsmq when
   that is the reason. path: the configuration. Answers the exit status: EX_UNAVAILABLE,
   or EX_DATAERR when the question was refused. */
int ask_tell(const char *who, const char *path, const struct err *e);

/* ask_hub and ask_tell in one: 0 or the exit status. */
int ask_or_tell(const char *who, const struct config *c, const char *method,
                const char *json, json_t **ret);

/* Members of an answer: "" and 0 when they are not there. */
struct str ask_text(const json_t *object, const char *name);
int64_t ask_number(const json_t *object, const char *name);

/* RFC 3339 as clock_text writes it; 0 when it is none. */
int64_t ask_time(const json_t *object, const char *name);

/* Prints a tree as JSON, indented, and says when that fails: an exit status. */
int ask_print(const char *who, const json_t *json);

#endif
