/* helptext.h - the options and arguments that a command's help names */
#ifndef NEWSMQ_CLI_HELPTEXT_H
#define NEWSMQ_CLI_HELPTEXT_H

#include <stdbool.h>

#include "newsmq/str.h"

#define HELP_OPTIONS_MAX 40

/* Slices of the help text. */
struct help_option {
    struct str name;  /* "--json", "-n" */
    struct str value; /* "FILE", "item|record|event"; absent: it takes none */
    struct str what;  /* in a few words; may be empty */
};

struct helptext {
    struct help_option options[HELP_OPTIONS_MAX];
    size_t n_options;
    struct str usage; /* all lines of it */
};

/* What "Usage:" shows of the options, and what "Options:" says of them. */
void helptext_read(const char *help, struct helptext *ret);

/* Whether the usage names that argument, a word in capitals, outside of options. */
bool helptext_takes(const struct helptext *h, const char *argument);

#endif
