/* fetcher.h - the running fetcher: schedule, queues, transfers and the bus on one loop */
#ifndef NEWSMQ_FETCH_FETCHER_H
#define NEWSMQ_FETCH_FETCHER_H

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/startup.h"

struct fetcher;

/* Takes c, read from path (borrowed), also on failure. The wall is borrowed too; a new
   configuration that it does not fit ends the run. */
int fetcher_open(const char *path, struct config *c, const struct startup_wall *wall,
                 struct fetcher **ret, struct err *e);

/* Asks the hub where each feed stood, until it answers. -EINTR when told to stop. */
int fetcher_remember(struct fetcher *f, struct err *e);

/* Until SIGTERM. 0, or negative when the bus cannot go on. */
int fetcher_run(struct fetcher *f, struct err *e);

bool fetcher_wants_anew(const struct fetcher *f);

void fetcher_close(struct fetcher *f);

#endif
