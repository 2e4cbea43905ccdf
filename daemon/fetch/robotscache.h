/* robotscache.h - the robots.txt of the hosts whose pages are fetched (RFC 9309 §2.3,
   §2.4)

   Memory only: no clock, no socket. Bounded in hosts; what is kept longest goes. */
#ifndef NEWSMQ_FETCH_ROBOTSCACHE_H
#define NEWSMQ_FETCH_ROBOTSCACHE_H

#include "newsmq/robots.h"

struct robotscache;

/* The product's name is taken from user_agent. */
struct robotscache *robotscache_new(struct str user_agent);
void robotscache_free(struct robotscache *c);

enum robots_verdict {
    ROBOTS_UNKNOWN, /* its robots.txt is to be fetched first */
    ROBOTS_PENDING, /* and somebody does already */
    ROBOTS_ALLOWED,
    ROBOTS_FORBIDDEN,
    ROBOTS_UNREACHABLE, /* forbidden until robots.txt can be got */
};

/* What the robots.txt of url's origin says of url; *ret_delay_ms is its crawl-delay. */
enum robots_verdict robotscache_ask(const struct robotscache *c, struct str url,
                                    int64_t now_ms, int64_t *ret_delay_ms);

/* Where it lies: "https://host/robots.txt". The caller frees; NULL: not an http URL. */
char *robotscache_url(struct str url);
bool robotscache_is_same(struct str url, struct str other); /* one robots.txt for both */

void robotscache_expect(struct robotscache *c, struct str url, int64_t now_ms);

/* The answer. status 0: there was none. 2xx: the text counts for a day. 4xx but 429:
   there is no such file, all is allowed, for a day. All else: nothing may be fetched for
   half an hour, or by the rules that are known. */
void robotscache_learn(struct robotscache *c, struct str url, int status, struct str text,
                       int64_t now_ms);

#endif
