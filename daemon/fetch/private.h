/* private.h - the fetcher as its own files see it */
#ifndef NEWSMQ_FETCH_PRIVATE_H
#define NEWSMQ_FETCH_PRIVATE_H

#include <uv.h>

#include "newsmq/bus.h"
#include "newsmq/clock.h"
#include "newsmq/config.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"

#include "feeds.h"
#include "fetcher.h"
#include "heap.h"
#include "hostqueue.h"
#include "multi.h"
#include "pages.h"
#include "poll.h"
#include "robotscache.h"
#include "websub.h"

/* A batch that the bus has and the hub has not answered. */
struct unanswered {
    uint64_t batch;
    struct poll *poll;
};

struct fetcher {
    const char *path;              /* of the configuration */
    struct generation *generation; /* the newest */
    struct generation *before;     /* while a reload takes the newest over */
    const struct startup_wall *wall;
    struct os_report report;
    bool wants_anew; /* the wall does not fit the configuration */
    struct bus *bus;
    uv_loop_t loop;
    uv_timer_t tick;
    uv_poll_t bus_ready;
    uv_prepare_t before_wait;
    struct multi *multi;
    struct websub *websub;
    struct heap schedule;
    struct hostqueue *queue;
    struct feeds feeds;
    struct robotscache *robots;
    struct pages *pages; /* polls that wait for the pages of their items */
    size_t n_pages;
    int64_t pages_ms;                    /* when pages_tick was called last */
    struct poll *line_first, *line_last; /* polls with batches for the bus, in order */
    struct unanswered *unanswered;
    size_t n_unanswered, cap_unanswered;
    bool is_paused; /* the hub takes no more */
    bool is_pause_told;
    struct mono pause_began;
    bool is_stopping;
    struct mono stop_began;
    struct err fault; /* why the bus cannot go on */
};

/* start.c: feeds that are due become transfers. */
void start_polls(struct fetcher *f);
void start_queue(struct fetcher *f, struct feed *feed); /* into the queue of its host */
/* The documents of a poll are read: its pages are next, or the bus. */
void start_go_on(struct fetcher *f, struct poll *p);
void on_transfer_done(void *ctx, struct transfer *t);

/* Breaks off what is in hand. */
void start_abort(struct fetcher *f, struct feed *feed);

/* handover.c: polls that are over become batches, the hub's answers become memory. */
void handover_add(struct fetcher *f, struct poll *p);
void handover_put(struct fetcher *f);   /* as much as the bus takes */
void handover_drain(struct fetcher *f); /* all answers that are there */
bool handover_is_full(struct fetcher *f);
void handover_forget(struct fetcher *f, struct feed *feed); /* it leaves */

/* reload.c: the configuration's feeds and what the hub knows of them. */
void reload_take_feeds(struct fetcher *f);
int reload_states(struct fetcher *f, int timeout_ms, struct err *e);
void reload_schedule(struct fetcher *f);
void reload_config(struct fetcher *f);

#endif
