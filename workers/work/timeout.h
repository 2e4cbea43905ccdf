/* timeout.h - an item that takes too long ends the process */
#ifndef NEWSMQ_WORKERS_WORK_TIMEOUT_H
#define NEWSMQ_WORKERS_WORK_TIMEOUT_H

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/hash.h"

#define TIMEOUT_EXIT 75 /* EX_TEMPFAIL: the next process may do better */

struct timeout;

int timeout_open(struct timeout **ret, struct err *e);
void timeout_close(struct timeout *t);

/* Of the item that comes now. */
void timeout_item(struct timeout *t, uint64_t seq, struct str id);

/* For chain_watch, with a struct timeout: x runs from now on; NULL: none does. When its
   time is over, a line in the log says so and the process ends with TIMEOUT_EXIT. */
void timeout_enter(void *t, const struct config_extractor *x);

#endif
