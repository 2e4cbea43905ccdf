/* startup.h - what the mains share: the command line, the configuration and its faults */
#ifndef NEWSMQ_STARTUP_H
#define NEWSMQ_STARTUP_H

#include "newsmq/config.h"
#include "newsmq/sandbox.h"

struct startup {
    const char *name;       /* "newsmq-hub" */
    const char *help;       /* the whole text of --help */
    const char *takes_name; /* what --name is; "": may be missing; NULL: not taken */
    const char *config_path, *given_name; /* filled; borrowed from argv */
};

/* Opens the log, reads -c, --name, --help and --version, catches the signals. True to go
   on; false with *ret_exit (sysexits(3)): everything was said. */
bool startup_read(struct startup *s, int argc, char **argv, int *ret_exit);

/* The configuration at path, with every fault and warning on stderr, a line each. NULL:
   it cannot be used. Names of extractors, outputs and buses are not checked here. */
struct config *startup_config(const char *path);

/* The same with the secrets and keys of feeds: only for who fetches them. startup_config
   leaves out what this user may not read. */
struct config *startup_config_whole(const char *path);

/* The wall around a program (sandbox.h) as far as its configuration decides it. */
struct startup_wall {
    enum sandbox_role role;
    enum sandbox_mode mode;
    struct sandbox_paths paths;
};

/* What a program of the role touches by the configuration. */
void startup_reach(const struct config *c, enum sandbox_role role,
                   struct sandbox_paths *ret);

/* Puts it up as `sandbox:` says and logs which walls are missing. Before the first
   thread. ERR_CONFIG: it must be there and cannot. */
int startup_wall_enter(struct startup_wall *w, const struct config *c,
                       enum sandbox_role role, struct err *e);

/* After a reload: whether the wall fits. When not, the log says why; the program finishes
   what is in hand and ends with EXIT_ANEW, and whoever watches it starts it again. */
bool startup_wall_covers(const struct startup_wall *w, const struct config *now);
void startup_wall_fini(struct startup_wall *w);

#define EXIT_ANEW 79 /* one above sysexits(3) */

/* $NEWSMQ_CONFIG, else ./newsmq.yaml when it is there, else /etc/newsmq/newsmq.yaml. */
const char *startup_default_config(void);

/* What name (extractor_name, output_name, bus_kind_name) answers from 0 up to its NULL,
   as config_names wants it. The caller frees the list. */
const char **startup_names(const char *(*name)(size_t i));

/* "file:line:column: text (hint)" on stderr, a line each. */
void startup_tell_faults(const struct config_faults *faults);

#endif
