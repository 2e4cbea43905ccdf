/* jobs.h - which item is with which worker, and which one goes where next */
#ifndef NEWSMQ_HUB_JOBS_H
#define NEWSMQ_HUB_JOBS_H

#include <zmq.h>

#include "newsmq/clock.h"
#include "newsmq/str.h"

#define PEER_ID_MAX 255

enum job_state {
    JOB_READY,    /* waits */
    JOB_SUSPECT,  /* waits to be tried alone: an attempt at it failed */
    JOB_IN_HAND,  /* with its owner */
    JOB_SETTLING, /* failed; its attempt is about to be stored */
};

struct worker;

struct job {
    uint64_t seq;
    uint32_t attempts; /* failed ones */
    uint32_t revision; /* of the item in body */
    struct mono since; /* when it was taken in; 0: before this hub's start */
    enum job_state state;
    struct worker *owner;
    struct job *before, *after; /* in the list of its state */
    zmq_msg_t body;             /* the item's core, while memory allows */
    bool has_body;
};

struct job_list {
    struct job *first, *last;
    size_t n;
};

struct worker {
    uint8_t id[PEER_ID_MAX];
    size_t n_id;
    char name[64];
    int64_t pid;
    unsigned credit;
    struct job_list hand; /* in the order they were sent: the first is being worked on */
    bool is_trying;       /* one job alone */
    bool is_draining;
    const char *gone_why; /* NULL: it is there. What it said before may still be unread */
    uint64_t n_done;
    struct mono lease_due; /* of the first in hand */
    struct mono heard, probed, gone_since;
    struct worker *next;
};

struct jobs {
    struct job_list ready, suspect, settling;
    struct job **slots; /* by seq, open addressing */
    size_t n, n_slots;
    size_t body_bytes, max_body_bytes;
    struct worker *kept_free; /* gets nothing until it can try the next suspect */
    uint64_t n_redelivered;
    size_t n_in_hand;
};

void jobs_fini(struct jobs *j);

struct job *jobs_add(struct jobs *j, uint64_t seq, uint32_t attempts);
struct job *jobs_find(const struct jobs *j, uint64_t seq); /* NULL: not pending */
/* Takes the message over, or leaves it when there is no memory for it. */
void jobs_keep_body(struct jobs *j, struct job *job, uint32_t revision, zmq_msg_t *core);
void jobs_remove(struct jobs *j, struct job *job, struct mono now, int64_t lease_ms);

/* What the worker may be sent now; NULL: nothing. Jobs whose attempts failed are given
   to a worker with empty hands, which then gets nothing else until it answers. */
struct job *jobs_next(struct jobs *j, struct worker *w);
void jobs_sent(struct jobs *j, struct job *job, struct worker *w, struct mono now,
               int64_t lease_ms);

/* Its attempt failed: it belongs to nobody until jobs_retry or jobs_remove. */
void jobs_settle(struct jobs *j, struct job *job, struct mono now, int64_t lease_ms);
void jobs_retry(struct jobs *j, struct job *job, uint32_t attempts);

/* The worker is gone. Its first job is the suspect, answered in state JOB_SETTLING (NULL
   when its hands were empty, or when none is to be blamed); the others wait again. */
struct job *jobs_lose(struct jobs *j, struct worker *w, bool blame);

#endif
