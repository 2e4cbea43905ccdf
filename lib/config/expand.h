/* expand.h - ${NAME} and ${NAME:-default} in values */
#ifndef CONFIG_EXPAND_H
#define CONFIG_EXPAND_H

#include "newsmq/config.h"

/* Appends text with its variables filled in; "$${" stands for "${". False when a fault
   was added; at is the place of the first byte of text. */
bool expand_variables(struct str text, const struct config_place *at, struct strbuf *out,
                      struct config_faults *faults);

#endif
