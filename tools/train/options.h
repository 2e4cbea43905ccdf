/* options.h - the words behind a command: --name value, each may come several times */
#ifndef NEWSMQ_TRAIN_OPTIONS_H
#define NEWSMQ_TRAIN_OPTIONS_H

#include <stdbool.h>

#include "newsmq/err.h"

struct options {
    int argc;
    char **argv; /* words that were used are set to NULL */
};

/* Runs a command; says on stderr what went wrong. The exit status. */
int options_run(int argc, char **argv, int (*run)(struct options *o, struct err *e));

/* The value of the first that is left, used up with this; NULL: none. */
const char *option_next(struct options *o, const char *name);
const char *option_text(struct options *o, const char *name, const char *otherwise);
double option_number(struct options *o, const char *name, double otherwise);
bool option_flag(struct options *o, const char *name);
/* The next word that is neither an option nor the value of one that was used. */
const char *option_word(struct options *o);
/* ERR_CONFIG when a word is left. */
int options_end(struct options *o, struct err *e);

#endif
