/* live.h - what open pages are told: the state of things, new articles, changed rows

   All pages get the same bytes. A page says how old it is, and first gets what changed
   since. */
#ifndef NEWSMQ_HTTP_LIVE_H
#define NEWSMQ_HTTP_LIVE_H

#include "route.h"

struct live;

struct live *live_new(void);
void live_free(struct live *l); /* NULL is fine */

/* Looks at everything anew; writes events of what is not as it was, maybe none. rows:
   also the rows of feeds, which cost most. */
void live_look(struct live *l, struct http *h, bool rows, struct strbuf *out);

/* The rising names of the front page, as they were seconds ago: they are counted over all
   records, and many pages may be opened at once. */
void live_rising(struct live *l, struct http *h, struct strbuf *out);

/* For a page that was written at at_ms: all that changed since. */
void live_begin(struct live *l, struct http *h, int64_t at_ms, struct strbuf *out);

#endif
