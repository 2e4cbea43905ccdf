/* websub.h - feeds that are pushed: subscriptions at WebSub hubs, and what the hubs send

   docs/websub.md tells how it goes. Where each subscription stands is in the feed's state
   (websub_state.h); here is what happens by the clock, over the network and at the
   listener. Polling goes on, seldom while a hub pushes. */
#ifndef NEWSMQ_FETCH_WEBSUB_H
#define NEWSMQ_FETCH_WEBSUB_H

#include "newsmq/err.h"

struct feed;
struct fetcher;
struct poll;
struct websub;

/* Listens when the configuration says so. */
int websub_open(struct fetcher *f, struct websub **ret, struct err *e);

/* After a reload: other addresses count from now on. A fault is logged, and polling is
   all there is. */
void websub_reload(struct websub *w);

/* Each tick: leases, renewals, what the feeds' states do not know yet. */
void websub_tick(struct websub *w);

/* Before each wait: what was pushed becomes polls as far as the bus takes them. */
void websub_turn(struct websub *w);

/* A poll was committed: what its document says of hubs counts. */
void websub_learn(struct websub *w, struct feed *feed, const struct poll *p);

/* The feed leaves, or has another URL: its hub is told. */
void websub_leave(struct websub *w, struct feed *feed);

/* Whether all that happened is kept with the feeds. */
bool websub_is_kept(const struct websub *w);

/* close: no request is open any more; the loop has to run once before free. */
void websub_close(struct websub *w);
void websub_free(struct websub *w);

#endif
