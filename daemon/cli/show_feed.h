/* show_feed.h - what the parser made of a feed, as JSON */
#ifndef NEWSMQ_CLI_SHOW_FEED_H
#define NEWSMQ_CLI_SHOW_FEED_H

#include "newsmq/feed.h"
#include "newsmq/json.h"

/* The members of an entry and of a feed, as published; absent ones are left out. */
void show_entry(struct jsonw *j, const struct feed_entry *e);
void show_feed(struct jsonw *j, const struct feed_meta *m);

/* What show_entry and show_feed leave to the modules. */
void show_modules(struct jsonw *j, const struct feed_modules *m);
void show_image(struct jsonw *j, struct str href, const struct feed_modules *m);
void show_date(struct jsonw *j, const char *raw_key, const char *utc_key,
               const struct feed_date *d);

/* "rss20", "rss092", "atom10", "json11": version names as feedparser has them. */
const char *show_format(const struct feed_meta *m, char buf[16]);

#endif
