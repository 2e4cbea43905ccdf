/* feeds.h - the feeds of the configuration and where each of them stands */
#ifndef NEWSMQ_FETCH_FEEDS_H
#define NEWSMQ_FETCH_FEEDS_H

#include "newsmq/config.h"

#include "heap.h"
#include "hostqueue.h"
#include "schedule.h"
#include "state.h"

/* A configuration that is kept as long as somebody uses a part of it. */
struct generation {
    struct config *config;
    unsigned users;
    bool keep_html; /* a sink wants it */
};

struct generation *generation_new(struct config *c); /* takes c; one user */
struct generation *generation_use(struct generation *g);
void generation_drop(struct generation *g); /* NULL is fine */

enum feed_phase {
    FEED_RESTING, /* in the schedule */
    FEED_WAITING, /* in the queue of its host */
    FEED_POLLING, /* a poll is under way, until the hub has committed it */
};

struct poll;

struct feed {
    struct heap_entry due; /* first: the schedule hands these out */
    struct host_entry host;
    const struct config_feed *config; /* of the newest generation */
    struct feed_state state;          /* as the hub has committed it */
    enum feed_phase phase;
    struct poll *poll;       /* with FEED_POLLING */
    unsigned websub_version; /* state.websub has changed so often */
    unsigned websub_kept;    /* the hub knows it up to here */
    bool is_busy;            /* half or more of the last good poll was new */
    bool is_stale;           /* said in the log */
    enum feed_ask ask;       /* what somebody wants of it, while it is polled */
    bool is_known;           /* in the newest configuration (while comparing) */
};

struct feed *feed_of_due(struct heap_entry *e);
struct feed *feed_of_host(struct host_entry *e);

struct schedule_rule feed_rule(const struct feed *f);

/* When it is due, by what is remembered of it; n_new as schedule_first. */
int64_t feed_due(const struct feed *f, size_t n_new, int64_t now_ms);

/* What was learnt of another URL says nothing about this one. */
void feed_check_url(struct feed *f);

void feed_free(struct feed *f);

/* The feeds sorted by id. Starts zeroed. */
struct feeds {
    struct feed **list;
    size_t n, cap;
};

struct feed *feeds_find(const struct feeds *fs, const char *id);
struct feed *feeds_add(struct feeds *fs, const struct config_feed *c);
void feeds_remove(struct feeds *fs, struct feed *f); /* does not free it */

#endif
