/* hostqueue.h - who may be fetched now: a queue for each host, so that one slow host
   delays nobody else */
#ifndef NEWSMQ_FETCH_HOSTQUEUE_H
#define NEWSMQ_FETCH_HOSTQUEUE_H

#include "newsmq/str.h"

struct host;

/* Lives in its owner; zeroed is in no queue. */
struct host_entry {
    struct host *host;
    struct host_entry *next;
    unsigned char kind; /* the owner's: never changed here */
    bool is_running;
};

struct hostqueue;

struct hostqueue *hostqueue_new(unsigned per_host, int64_t gap_ms, unsigned all_hosts);
void hostqueue_free(struct hostqueue *q); /* entries are their owners' */
void hostqueue_set(struct hostqueue *q, unsigned per_host, int64_t gap_ms);

/* Puts e behind the others of its host; letter case of host does not matter. */
void hostqueue_add(struct hostqueue *q, struct str host, struct host_entry *e);

/* The next one that may start now, hosts taken in turn, and marks it running. NULL: none.
   Times only have to come from one clock. */
struct host_entry *hostqueue_take(struct hostqueue *q, int64_t now_ms);

/* A running one has ended, or a waiting one is no longer wanted. */
void hostqueue_drop(struct hostqueue *q, struct host_entry *e, int64_t now_ms);

/* Nobody else of the host of e, which is running or waiting, starts before until_ms. */
void hostqueue_hold(struct hostqueue *q, struct host_entry *e, int64_t until_ms);

size_t hostqueue_running(const struct hostqueue *q);
size_t hostqueue_waiting(const struct hostqueue *q);

#endif
