/* work.h - the life of a worker: jobs in, results out */
#ifndef NEWSMQ_WORKERS_WORK_WORK_H
#define NEWSMQ_WORKERS_WORK_WORK_H

#include "newsmq/config.h"
#include "newsmq/err.h"

/* Works until told to stop. 0, or a negative code when it could not start or go on. A hub
   that is away is waited for. An item over its extractor's timeout ends the process.
   *ret_anew: it wants to be started again, since its wall does not fit the configuration
   any more. */
int work_run(const char *path, const char *name, bool *ret_anew, struct err *e);

#endif
