/* restart.h - when a program that ended is started again, and when it is worth an alarm

   Pauses double from death to death, so that a program that cannot run does not eat the
   machine; nobody is ever given up. Five deaths within a minute make it red. A minute of
   running well makes it new. No clock, no process: all comes from outside. */
#ifndef NEWSMQ_SUPERVISE_RESTART_H
#define NEWSMQ_SUPERVISE_RESTART_H

#include <stdbool.h>

#include "newsmq/clock.h"

#define RESTART_FIRST_MS   INT64_C(200)
#define RESTART_LONGEST_MS (30 * SECOND_MS)
#define RESTART_WELL_MS    MINUTE_MS
#define RESTART_RED_DEATHS 5

/* Starts zeroed. */
struct restart {
    int64_t longest_ms;                     /* 0: RESTART_LONGEST_MS */
    int64_t pause_ms;                       /* the last one; 0: none since it was new */
    struct mono deaths[RESTART_RED_DEATHS]; /* the latest, in a ring */
    unsigned n_deaths;
    bool is_red;
};

/* It ended now. Answers how long to wait before the next start. */
int64_t restart_died(struct restart *r, struct mono now);

/* It has been ready since then: red and pauses end after a minute of this. */
void restart_runs(struct restart *r, struct mono since, struct mono now);

/* The reason may be gone (a new configuration): as new, but red until it runs well. */
void restart_forgive(struct restart *r);

#endif
