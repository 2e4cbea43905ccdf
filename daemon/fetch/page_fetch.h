/* page_fetch.h - the page of one item over the wire, and what it makes of the item */
#ifndef NEWSMQ_FETCH_PAGE_FETCH_H
#define NEWSMQ_FETCH_PAGE_FETCH_H

#include "newsmq/item.h"
#include "newsmq/mem.h"

#include "robotscache.h"
#include "transfer.h"

/* One request, for a page or for a robots.txt. Starts zeroed. */
struct page_fetch {
    char *url;
    bool is_robots;
    struct strbuf body;
    struct transfer *transfer; /* NULL: none is under way */
};

/* Whether the configuration wants the page of an item that says so much. */
bool page_is_wanted(const struct item *it, enum full_text mode);

/* Makes the request for url ready, with the manners and limits of the feed. */
int page_fetch_begin(struct page_fetch *f, const struct config_feed *feed,
                     const struct config_politeness *politeness, struct str url,
                     bool is_robots, void *owner, struct err *e);
void page_fetch_end(struct page_fetch *f);

/* The answer is there: of a robots.txt into the cache, … */
void page_fetch_learn(const struct page_fetch *f, struct robotscache *c, int64_t now_ms);

/* … of a page into the item, whose new texts live in a. Where it is no article the item
   stays as it is and says why. */
void page_fetch_take(const struct page_fetch *f, bool keep_html, struct arena *a,
                     struct item *it);

/* The page was not fetched. */
void page_note(struct item *it, enum page_outcome outcome, const char *reason,
               struct arena *a);

#endif
