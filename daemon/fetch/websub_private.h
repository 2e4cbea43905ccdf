/* websub_private.h - the parts of websub.h among themselves */
#ifndef NEWSMQ_FETCH_WEBSUB_PRIVATE_H
#define NEWSMQ_FETCH_WEBSUB_PRIVATE_H

#include "listener.h"
#include "private.h"
#include "websub.h"

struct ask; /* a request to a hub under way */

/* A request of a hub that waits for its feed, the bus or the commit. */
struct push {
    struct push *next;
    struct websub *websub;
    struct listener_request *request; /* NULL: it hung up */
    struct feed *feed;                /* NULL: a poll has it, or the feed has left */
    struct mono until;
};

/* A subscription that is to end, of a feed that is no longer ours. */
struct leaving {
    struct leaving *next;
    char *topic, *token;
    struct mono until;
};

struct websub {
    struct fetcher *fetcher;
    struct multi *multi;
    struct listener *listener; /* NULL: off */
    char *listen, *callback;   /* of the listener; callback without a '/' at its end */
    struct ask *asks;
    size_t n_asks;
    struct push *pushes; /* in the order they came */
    struct leaving *leavings;
    struct mono swept, warned;
    size_t n_ignored; /* since the last warning */
    bool is_closing;
};

/* websub_ask.c: requests to hubs. */
void ask_subscribe(struct websub *w, struct feed *feed);
void ask_unsubscribe(struct websub *w, const char *id, const struct websub_state *s);
void ask_forget(struct websub *w, const struct feed *feed); /* the answer is not wanted */
void ask_on_done(void *ctx, struct transfer *t);
void ask_close_all(struct websub *w);

/* websub_serve.c: requests from hubs. */
extern const struct listener_handler websub_handler; /* ctx is the websub */
void serve_pushes(struct websub *w);
void serve_forget(struct websub *w, const struct feed *feed);

uint64_t websub_dice(void);

/* The state has changed and is to be kept. */
void websub_changed(struct feed *feed);

/* The feed is asked at once: its hub has let it down, or says that there is news. */
void websub_poll_now(struct websub *w, struct feed *feed);

#endif
