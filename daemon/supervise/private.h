/* private.h - what the files of the supervisor share */
#ifndef NEWSMQ_SUPERVISE_PRIVATE_H
#define NEWSMQ_SUPERVISE_PRIVATE_H

#include <sys/types.h>
#include <uv.h>

#include "newsmq/clock.h"
#include "newsmq/config.h"

#include "control.h"
#include "place.h"
#include "reports.h"
#include "restart.h"
#include "supervisor.h"
#include "words.h"

/* In the order of starting; stopping is the mirror. What shows the others starts with the
   sink and ends with the hub, and nobody waits for it. */
enum kind { KIND_HUB, KIND_SINK, KIND_WORKER, KIND_FETCH, KIND_HTTP, KINDS };

enum phase {
    PHASE_WAITING,  /* its turn has not come */
    PHASE_STARTING, /* there is a process, it has not said that it is ready */
    PHASE_RUNNING,
    PHASE_STOPPING, /* was told to */
    PHASE_RESTING,  /* ended, is started again when due */
    PHASE_STOPPED,
};

struct program {
    enum kind kind;
    char name[24]; /* "hub", "worker-1" */
    enum phase phase;
    pid_t pid;              /* 0: no process */
    struct mono since, due; /* since: of the phase; due: end of a rest, or the kill */
    int64_t started_ms;     /* of the process */
    struct restart restart;
    uint64_t n_restarts;
    pid_t last_pid;                 /* whose last words may still come */
    char last_exit[EXIT_WORDS_MAX]; /* "": it never ended */
    char says[512];                 /* its STATUS=; "": nothing */
    bool is_leaving;   /* stops for good: the configuration has fewer workers */
    bool wants_start;  /* again, when it has stopped: the configuration changed */
    bool wants_hangup; /* the configuration changed while it started */
    bool was_ready;    /* once, in its whole life */
    bool has_fed;      /* this process feeds the watchdog */
    struct mono fed;
    int64_t fed_within_ms; /* it asked for so long; 0: it did not */
};

struct supervisor {
    const struct supervisor_options *options;
    struct config *config;
    struct place place;
    struct program **programs;
    size_t n_programs, cap_programs;
    enum kind stage; /* kinds up to this are meant to run */
    struct mono stage_since;

    uv_loop_t loop;
    uv_signal_t signals[4];
    uv_timer_t tick;
    struct reports *reports;
    struct control *control;

    int64_t started_ms;
    uint64_t n_restarts; /* of all programs */
    struct err fault;    /* why it cannot go on */
    bool is_ready_told;  /* to systemd */
    char told[400];      /* the last STATUS= */
    int64_t watchdog_ms;
    struct mono watchdog_due;

    bool is_draining, is_over;
    unsigned n_asked; /* to stop: the second time is quicker */
    enum kind drain_stage;
    struct mono drain_since, ask_due;
    unsigned n_unanswered; /* questions to the hub */
    bool is_hub_drained;   /* it has been told to give out no more */
    bool has_caught_up[KINDS];

    struct config *next; /* all programs stop and start with this one */
    struct place next_place;
};

/* program.c */
struct program *program_add(struct supervisor *s, enum kind kind, unsigned number);
void program_start(struct supervisor *s, struct program *p);
void program_report(void *ctx, pid_t pid, struct str text);
/* SIGTERM, and SIGKILL when it is still there after within_ms. */
void program_stop(struct program *p, int64_t within_ms);
void program_hangup(struct program *p);
/* SIGTERM, and a start when it has ended. */
void program_renew(struct program *p, int64_t within_ms);
void program_reap(struct supervisor *s); /* SIGCHLD */
void program_tick(struct supervisor *s, struct program *p, struct mono now);
void program_kill(struct program *p, const char *why);
/* It is there and says nothing any more, though it used to. */
bool program_is_hung(const struct supervisor *s, const struct program *p,
                     struct mono now);
void programs_sweep(struct supervisor *s); /* drops what has left */
/* Whether the pipeline stands without it. */
bool program_is_aside(const struct program *p);
size_t program_count(const struct supervisor *s, enum kind kind);
const char *kind_name(enum kind kind);

/* shutdown.c */
void shutdown_begin(struct supervisor *s);
void shutdown_hurry(struct supervisor *s);
void shutdown_tick(struct supervisor *s, struct mono now);
struct mono shutdown_share(const struct supervisor *s,
                           int64_t per_cent); /* of its time */

/* catchup.c: the programs of this kind have finished, or nobody can say, or the time for
   it is over */
bool catchup_is_over(struct supervisor *s, enum kind kind, struct mono now);

/* reload.c. 0 with what changes in *diff; ERR_CONFIG with *faults; -EBUSY not now. */
int reload(struct supervisor *s, struct strbuf *diff, struct config_faults *faults,
           struct err *e);
/* reload, told to the log and to systemd. */
int reload_told(struct supervisor *s, struct strbuf *diff, struct config_faults *faults,
                struct err *e);
/* All programs have stopped for the new configuration: takes it. */
int reload_take_next(struct supervisor *s, struct err *e);

/* status.c */
const char *status_state(const struct supervisor *s);
int status_write(const struct supervisor *s, struct strbuf *out);
void status_tell(struct supervisor *s); /* to systemd, when it changed */

/* calls.c */
void answer_line(void *ctx, struct str line, struct strbuf *out);

/* supervisor.c */
int supervisor_listen(struct supervisor *s, struct err *e);
void supervisor_wake(struct supervisor *s); /* look at everything soon */
void programs_plan(struct supervisor *s);   /* those that the configuration wants */

#endif
