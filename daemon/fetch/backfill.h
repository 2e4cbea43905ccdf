/* backfill.h - older pages of a new feed, before its first items go to the hub

   A feed that is polled for the first time may point to its past: rel="next" of a paged
   feed, rel="prev-archive" of an archived one (RFC 5005 §3, §4), next_url of JSON Feed.
   As many pages are read as `backfill_pages` and `first_poll` want, in the queue of the
   host; all of them are one poll, so a kill in between begins it anew. A fault keeps what
   came before it. */
#ifndef NEWSMQ_FETCH_BACKFILL_H
#define NEWSMQ_FETCH_BACKFILL_H

#include "poll.h"

struct backfill;

/* After a document of p was read: whether another is wanted. Then backfill_begin is to be
   called when it is the feed's turn. */
bool backfill_wants(struct poll *p);
bool backfill_waits(const struct poll *p); /* backfill_wants said so */

/* Makes p->transfer ready. Negative: the pages end here. */
int backfill_begin(struct poll *p, struct err *e);
bool backfill_is_on(const struct poll *p); /* p->transfer is that of an older page */
void backfill_fail(struct poll *p, const struct err *e);
void backfill_end(struct poll *p); /* p->transfer has its answer; it is freed */

/* The items of all pages become those of p->document. Also where there are none. */
void backfill_merge(struct poll *p);

void backfill_free(struct backfill *b); /* NULL is fine */

#endif
