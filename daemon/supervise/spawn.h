/* spawn.h - starting a program that never outlives this one */
#ifndef NEWSMQ_SUPERVISE_SPAWN_H
#define NEWSMQ_SUPERVISE_SPAWN_H

#include <sys/types.h>

#include "newsmq/err.h"

/* Starts argv[0] with argv (NULL at the end). It has a process group of its own, so that
   Ctrl-C reaches only its supervisor; it is killed when this process ends in whatever
   way; its standard input is /dev/null; $NOTIFY_SOCKET is notify_path, and it is
   to feed a watchdog of watchdog_ms (0: none). 0 with *ret_pid once it really runs; else
   the reason, and there is no process. */
int spawn(char *const *argv, const char *notify_path, int64_t watchdog_ms, pid_t *ret_pid,
          struct err *e);

#endif
