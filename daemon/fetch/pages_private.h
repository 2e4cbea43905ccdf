/* pages_private.h - the pages of a poll as pages.c and pages_job.c see them */
#ifndef NEWSMQ_FETCH_PAGES_PRIVATE_H
#define NEWSMQ_FETCH_PAGES_PRIVATE_H

#include "page_fetch.h"
#include "private.h"

enum job_state {
    JOB_IDLE,    /* the hub has not said yet that its item is new */
    JOB_QUEUED,  /* in the queue of its host */
    JOB_RUNNING, /* its request, or that for robots.txt, is under way */
    JOB_WAITING, /* for the robots.txt that another job fetches */
    JOB_OVER,
};

struct job {
    struct host_entry host; /* first: the queue hands these out */
    struct pages *pages;
    struct item *item;
    enum job_state state;
    bool breaks_robots; /* it was ended in the middle of robots.txt */
    struct page_fetch fetch;
};

struct pages {
    struct poll *poll;
    struct pages *next; /* of the fetcher's */
    struct job *jobs;
    size_t n_jobs, n_over;
    uint64_t ask; /* 0: the hub has answered */
    int64_t left_ms;
};

static inline struct arena *pages_arena(const struct pages *g)
{
    return &g->poll->document.arena;
}

/* pages.c */
bool pages_are_over(const struct pages *g);
void pages_finish(struct fetcher *f, struct pages *g); /* the poll goes on to the hub */

/* pages_job.c */
void job_queue(struct fetcher *f, struct job *j); /* behind the others of its host */
void job_stop(struct fetcher *f, struct job *j);  /* whatever it does */
void job_over(struct job *j);
void job_done(struct fetcher *f, struct job *j); /* its request is answered */
/* Not running, and its page may not be fetched: over. */
bool job_is_refused(struct fetcher *f, struct job *j);
/* The robots.txt of url's place is known or given up: who waited for it goes on. */
void jobs_release(struct fetcher *f, struct str url);

#endif
