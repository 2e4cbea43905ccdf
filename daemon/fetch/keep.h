/* keep.h - items that outlive the entry they were made from */
#ifndef NEWSMQ_FETCH_KEEP_H
#define NEWSMQ_FETCH_KEEP_H

#include "newsmq/item.h"

/* A deep copy in a; the feed and fetch parts stay as they are (borrowed). False when a
   is full. */
bool item_keep(const struct item *it, struct arena *a, struct item *ret);

#endif
