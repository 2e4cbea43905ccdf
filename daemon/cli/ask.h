/* ask.h - asking the running programs, and saying so well when nobody is there */
#ifndef NEWSMQ_CLI_ASK_H
#define NEWSMQ_CLI_ASK_H

#include "newsmq/ask.h"

/* Says on stderr that who ("newsmq feeds") got no answer, and how to start newsmq when
   that is the reason. path: the configuration. Answers the exit status: EX_UNAVAILABLE,
   or EX_DATAERR when the question was refused. */
int ask_tell(const char *who, const char *path, const struct err *e);

/* ask_hub and ask_tell in one: 0 or the exit status. */
int ask_or_tell(const char *who, const struct config *c, const char *method,
                const char *json, json_t **ret);

/* Prints a tree as JSON, indented, and says when that fails: an exit status. */
int ask_print(const char *who, const json_t *json);

#endif
