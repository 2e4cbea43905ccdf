/* demo_daemon.h - newsmqd as a child of the demo, and never longer than it */
#ifndef NEWSMQ_CLI_DEMO_DAEMON_H
#define NEWSMQ_CLI_DEMO_DAEMON_H

#include <stdio.h>
#include <sys/types.h>

#include "newsmq/err.h"

struct demo_daemon {
    pid_t pid;  /* 0: not started */
    int status; /* of wait(2), when it has ended */
    bool has_ended;
};

/* Starts the newsmqd beside this program with that configuration; what it says goes to
   the file log. It gets SIGTERM when this program dies. */
int demo_daemon_start(const char *config, const char *log, struct demo_daemon *ret,
                      struct err *e);

bool demo_daemon_is_running(struct demo_daemon *d);

/* SIGTERM, and SIGKILL to all of its process group when it takes over wait_ms. True when
   it ended by itself with 0. */
bool demo_daemon_stop(struct demo_daemon *d, int64_t wait_ms);

/* How it ended, and the last lines of its log, for people. */
void demo_daemon_print_end(const struct demo_daemon *d, const char *log, FILE *to);

#endif
