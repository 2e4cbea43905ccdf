/* robots.h - robots.txt as RFC 9309 has it: may this program fetch that page?

   Groups of the product's name count, all of them together; only where there is none,
   those of "*". Among the rules the longest path wins, and "allow" where two are as long.
   '*' stands for any run of characters, '$' at the end for the end. */
#ifndef NEWSMQ_ROBOTS_H
#define NEWSMQ_ROBOTS_H

#include "newsmq/str.h"

#define ROBOTS_MAX_BYTES ((size_t)500 * 1024) /* §2.5: what is behind is not read */

struct robots;

/* Keeps of text (borrowed) what concerns the product: the first word of a user agent
   ("newsmq" of "newsmq/1.0 (+https://…)"), letter case does not matter. Never NULL: what
   cannot be read as a rule is none. The caller frees. */
struct robots *robots_read(struct str text, struct str product);
void robots_free(struct robots *r);

/* path is that of a URL with its query ("/a?b=c"); "" is "/". /robots.txt itself is
   always allowed. */
bool robots_allows(const struct robots *r, struct str path);

/* Crawl-delay, which is in no RFC, in ms; 0: none. At most a minute. */
int64_t robots_delay_ms(const struct robots *r);

size_t robots_bytes(const struct robots *r); /* the memory it takes */

/* The product's name in a user agent: letters, '-' and '_' at its beginning. */
struct str robots_product(struct str user_agent);

#endif
