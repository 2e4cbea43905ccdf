/* websub_discover.h - which hub pushes a feed, and as what topic (WebSub §4) */
#ifndef NEWSMQ_FETCH_WEBSUB_DISCOVER_H
#define NEWSMQ_FETCH_WEBSUB_DISCOVER_H

#include "newsmq/feed.h"

/* links: the Link headers of the answer; they go before what the document says. url: of
   the answer. *ret_hub and *ret_topic are absolute and the caller's to free; NULL both
   when no hub is named. Without a self link the topic is url itself. */
void websub_discover(struct str links, const struct feed_meta *m, struct str url,
                     char **ret_hub, char **ret_topic);

#endif
