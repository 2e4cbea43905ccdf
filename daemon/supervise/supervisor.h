/* supervisor.h - starts the programs, watches them, stops them in the right order */
#ifndef NEWSMQ_SUPERVISE_SUPERVISOR_H
#define NEWSMQ_SUPERVISE_SUPERVISOR_H

#include "newsmq/config.h"
#include "newsmq/err.h"

struct supervisor_options {
    const char *config_path;
    const char *programs;      /* the folder of the other programs' files */
    int64_t longest_pause_ms;  /* before a program is started again */
    int64_t stop_within_ms;    /* a SIGTERM of ours takes no longer */
    struct config_names names; /* for reading the configuration again */
};

struct supervisor;

/* Takes the locks and listens; starts nothing. Takes c, also on failure. o is borrowed.
   -EBUSY: another newsmqd is there. */
int supervisor_open(const struct supervisor_options *o, struct config *c,
                    struct supervisor **ret, struct err *e);

/* Until SIGTERM or SIGINT has been obeyed. */
int supervisor_run(struct supervisor *s, struct err *e);

void supervisor_close(struct supervisor *s);

#endif
