/* fetcher.h - the running fetcher: schedule, queues, transfers and the bus on one loop */
#ifndef NEWSMQ_FETCH_FETCHER_H
#define NEWSMQ_FETCH_FETCHER_H

#include "newsmq/config.h"
#include "newsmq/err.h"

struct fetcher;

/* Takes c, read from path (borrowed), also on failure. */
int fetcher_open(const char *path, struct config *c, struct fetcher **ret, struct err *e);

/* Asks the hub where each feed stood, until it answers. -EINTR when told to stop. */
int fetcher_remember(struct fetcher *f, struct err *e);

/* Until SIGTERM. 0, or negative when the bus cannot go on. */
int fetcher_run(struct fetcher *f, struct err *e);

void fetcher_close(struct fetcher *f);

#endif
