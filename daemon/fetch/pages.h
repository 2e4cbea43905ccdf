/* pages.h - the pages of a poll's new items, between the document and the hub

   A poll whose feed wants full text stops here: the hub says which items it has not seen,
   their pages are fetched in the queues of their hosts as feeds are, and then the poll
   goes on its way. Nothing is committed before, so whatever kills the program in between
   costs no item, and a page that cannot be got costs its item nothing but the text. */
#ifndef NEWSMQ_FETCH_PAGES_H
#define NEWSMQ_FETCH_PAGES_H

#include "newsmq/bus.h"

#include "hostqueue.h"
#include "poll.h"

#define PAGES_PER_POLL 50              /* the newest; the others go without */
#define PAGES_POLLS    256             /* that wait for pages at the same time */
#define PAGES_TIME_MAX (5 * MINUTE_MS) /* of one poll, while the hub takes what comes */

struct fetcher;
struct pages;

/* The kinds of entries in the queues of hosts. */
enum { QUEUED_FEED, QUEUED_PAGE };

/* True: poll_deliver and handover_add are for later, pages_… does them. */
bool pages_begin(struct fetcher *f, struct poll *p);

/* The hub's answer to a question of these; false: it is of somebody else. */
bool pages_answered(struct fetcher *f, const struct bus_event *ev);

void pages_start(struct fetcher *f, struct host_entry *e); /* it is its turn */
bool pages_done(struct fetcher *f, struct transfer *t);    /* false: not of a page */
void pages_tick(struct fetcher *f);                        /* time goes by */

/* Breaks off: the poll is the caller's again, undelivered. */
void pages_abort(struct fetcher *f, struct poll *p);

#endif
