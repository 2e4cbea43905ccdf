/* site.h - the feeds of a site, each fetched and read */
#ifndef NEWSMQ_CLI_SITE_H
#define NEWSMQ_CLI_SITE_H

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/mem.h"

#define SITE_FEEDS_MAX 12

struct site_feed {
    struct str url, title, format;
    size_t n_items;
    const char *basis; /* "itself", "declared", "linked", "guessed" */
};

/* A feed that the page declares, and that is none. */
struct site_fault {
    struct str url, reason;
};

/* Starts zeroed. */
struct site {
    struct arena arena;
    struct str url; /* after redirects */
    struct site_feed list[SITE_FEEDS_MAX];
    struct site_fault faults[SITE_FEEDS_MAX];
    size_t n, n_faults;
    bool is_private; /* its host is inside a private network */
    int http_status; /* of the page */
};

/* Blocks for as long as it takes. site: as a person types it, the scheme may be missing;
   it may be a feed itself. c: whose defaults, manners and proxy hold. 0, with no feeds
   when there are none; negative when the page cannot be got, ret->url then is its URL.
 */
int site_find(const struct config *c, const char *site, struct site *ret, struct err *e);
void site_fini(struct site *f);

#endif
