/* item_modules.h - what modules say of an entry, as far as every reader of news wants it
 */
#ifndef NEWSMQ_PARSE_ITEM_MODULES_H
#define NEWSMQ_PARSE_ITEM_MODULES_H

#include "newsmq/feed.h"

/* Fills place, episode and the size of the image; names are cleaned in a. */
void item_add_modules(struct item *it, const struct feed_entry *e, struct arena *a);

#endif
