/* discovery.h - the feeds that a web page names, or may have

   After "Feed autodiscovery" of the HTML standard (§4.6.7.1) and what pages do instead.
 */
#ifndef NEWSMQ_DISCOVERY_H
#define NEWSMQ_DISCOVERY_H

#include "newsmq/mem.h"
#include "newsmq/str.h"

#define DISCOVERY_MAX 64 /* of one page */

/* Best first: what the page declares, what it links to, what sites usually have. */
enum discovery_basis {
    DISCOVERY_DECLARED, /* <link rel="alternate" type=…>, <link rel="feed"> */
    DISCOVERY_ANCHOR,   /* <a href> that looks like one */
    DISCOVERY_GUESS,    /* a well-known path */
};

struct discovered {
    struct str url;   /* absolute, http or https, without a fragment */
    struct str title; /* as the page says, plain text of one line; absent */
    enum discovery_basis basis;
    bool is_minor; /* of comments, or of a kind that is mostly something else */
};

/* Starts zeroed. */
struct discovery {
    struct arena arena;
    struct discovered list[DISCOVERY_MAX];
    size_t n;
};

/* Adds what the page names; url is its own, after redirects. Any bytes will do. Sorted:
   declared before linked, minor ones last, else in the order of the page; each URL once.
 */
void discovery_read(struct str page, struct str url, struct discovery *ret);

/* Adds the well-known places of the site and of the folder of url. */
void discovery_guess(struct str url, struct discovery *ret);

void discovery_fini(struct discovery *l);

/* "declared", "linked", "guessed" */
const char *discovery_basis_name(enum discovery_basis b);

#endif
