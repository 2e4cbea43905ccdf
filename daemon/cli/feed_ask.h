/* feed_ask.h - telling the fetcher what somebody wants of a feed */
#ifndef NEWSMQ_CLI_FEED_ASK_H
#define NEWSMQ_CLI_FEED_ASK_H

#include "newsmq/config.h"

/* ask: "enable" or "unmove". Waits a little for it to be done, says how it went, and
   answers the exit status. */
int feed_ask(const char *who, const struct config *c, const char *ask, const char *feed);

#endif
