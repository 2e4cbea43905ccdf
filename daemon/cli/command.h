/* command.h - the contract of a subcommand of newsmq: one file cmd_NAME.c, one CMake line
 */
#ifndef NEWSMQ_CLI_COMMAND_H
#define NEWSMQ_CLI_COMMAND_H

#include <stdbool.h>

/* What the words before the subcommand said. */
struct command_env {
    const char
        *config_path;  /* -c, $NEWSMQ_CONFIG, ./newsmq.yaml or /etc/newsmq/newsmq.yaml */
    bool config_named; /* -c or $NEWSMQ_CONFIG was given */
};

/* sysexits(3): 0 done, 1 not, 64 usage, 66 no input, 69 nobody there, 78 configuration.
 */
struct command {
    const char *name;
    const char *group;   /* heading in --help: "Try it", "Run it", "Look", "Files" */
    const char *summary; /* one line */
    const char *help;    /* the whole --help text: usage, options, examples */
    int (*run)(const struct command_env *env, int argc, char **argv); /* argv[0] = name */
};

extern const struct command *const commands[]; /* NULL at the end */

#endif
