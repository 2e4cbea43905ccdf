/* why_feed.h - how a feed does, and why it is polled next when it is */
#ifndef NEWSMQ_CLI_WHY_FEED_H
#define NEWSMQ_CLI_WHY_FEED_H

#include "newsmq/config.h"

/* The feed of that id in the configuration; NULL: none. */
const struct config_feed *why_feed_find(const struct config *c, const char *id);

/* Asks the hub and tells: an exit status. */
int why_feed(const char *who, const struct config *c, const struct config_feed *feed,
             bool as_json);

#endif
