/* The loop: signals, reports and control calls only change what is wanted or known; one
   turn, by a timer that they wake, looks at everything and acts. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "private.h"

#define QUICK_MS (INT64_C(50)) /* between turns while something is on its way */
#define IDLE_MS  (INT64_C(1000))
#define STAGE_MS (10 * SECOND_MS) /* then the next kind starts without waiting longer */

/* ---- starting in order ---- */

static bool is_stage_ready(const struct supervisor *s)
{
    for (size_t i = 0; i < s->n_programs; i++)
        if (s->programs[i]->kind <= s->stage && !s->programs[i]->was_ready &&
            !s->programs[i]->is_leaving)
            return false;
    return true;
}

/* Without the hub nothing can be done. The others are waited for, but a worker that does
   not come up is no reason to leave feeds unread. */
static void go_on_starting(struct supervisor *s, struct mono now)
{
    bool is_late;

    if (s->is_draining || s->stage == KIND_FETCH)
        return;
    is_late = s->stage != KIND_HUB && mono_ms_between(s->stage_since, now) >= STAGE_MS;
    if (!is_late && !is_stage_ready(s))
        return;
    if (!is_stage_ready(s))
        log_warn("not all are ready, going on with the next", "late=%s next=%s",
                 kind_name(s->stage), kind_name(s->stage + 1));
    s->stage++;
    s->stage_since = now;
    supervisor_wake(s);
}

void programs_plan(struct supervisor *s)
{
    for (size_t i = 0; i < s->n_programs; i++)
        free(s->programs[i]);
    s->n_programs = 0;
    s->stage = KIND_HUB;
    s->stage_since = clock_mono();
    (void)program_add(s, KIND_HUB, 0);
    (void)program_add(s, KIND_SINK, 0);
    for (unsigned i = 1; i <= s->config->worker_processes; i++)
        (void)program_add(s, KIND_WORKER, i);
    (void)program_add(s, KIND_FETCH, 0);
    if (config_has_http(s->config))
        (void)program_add(s, KIND_HTTP, 0);
    supervisor_wake(s);
}

/* ---- the turn ---- */

static bool is_settled(const struct supervisor *s)
{
    for (size_t i = 0; i < s->n_programs; i++)
        if (s->programs[i]->phase != PHASE_RUNNING &&
            !(program_is_aside(s->programs[i]) && s->programs[i]->phase == PHASE_RESTING))
            return false;
    return !s->is_draining && s->stage == KIND_FETCH;
}

static void on_tick(uv_timer_t *tick)
{
    struct supervisor *s = tick->data;
    struct mono now = clock_mono();
    int64_t wait_ms;

    (void)uv_timer_start(tick, on_tick, (uint64_t)IDLE_MS, 0);
    for (size_t i = 0; i < s->n_programs; i++)
        program_tick(s, s->programs[i], now);
    programs_sweep(s);
    go_on_starting(s, now);
    shutdown_tick(s, now);
    if (s->is_over)
        return;
    status_tell(s);
    wait_ms = is_settled(s) ? IDLE_MS : QUICK_MS;
    if (s->watchdog_ms > 0 && wait_ms > s->watchdog_ms / 4)
        wait_ms = s->watchdog_ms / 4;
    if (uv_timer_get_due_in(tick) > (uint64_t)wait_ms)
        (void)uv_timer_start(tick, on_tick, (uint64_t)wait_ms, 0);
}

void supervisor_wake(struct supervisor *s)
{
    (void)uv_timer_start(&s->tick, on_tick, 0, 0); /* cannot fail with a callback */
}

/* ---- signals ---- */

static void stop(struct supervisor *s)
{
    if (s->next != NULL) { /* not again with the new one, then */
        config_free(s->next);
        place_close(&s->next_place, &s->place);
        s->next = NULL;
    }
    s->n_asked++;
    os_notify("STOPPING=1");
    if (s->n_asked > 1)
        shutdown_hurry(s);
    else if (!s->is_draining)
        shutdown_begin(s);
    supervisor_wake(s);
}

static void read_again(struct supervisor *s)
{
    struct strbuf diff = {.max = 1 << 20};
    struct config_faults faults = {0};
    struct err e = {0};

    (void)reload_told(s, &diff, &faults, &e); /* it has told everybody */
    config_faults_fini(&faults);
    strbuf_fini(&diff);
}

static void on_signal(uv_signal_t *h, int sig)
{
    struct supervisor *s = h->data;

    if (sig == SIGCHLD)
        program_reap(s);
    else if (sig == SIGHUP)
        read_again(s);
    else
        stop(s);
}

static int catch_signals(struct supervisor *s, struct err *e)
{
    static const int wanted[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};
    int rc = uv_timer_init(&s->loop, &s->tick);

    s->tick.data = s;
    (void)signal(SIGPIPE, SIG_IGN); /* cannot fail for this one */
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(wanted); i++) {
        rc = uv_signal_init(&s->loop, &s->signals[i]);
        s->signals[i].data = s;
        if (rc == 0)
            rc = uv_signal_start(&s->signals[i], on_signal, wanted[i]);
    }
    return rc < 0 ? err_set(e, rc, "libuv: %s", uv_strerror(rc)) : 0;
}

/* ---- open and close ---- */

int supervisor_listen(struct supervisor *s, struct err *e)
{
    int rc =
        reports_open(&s->loop, s->place.notify_path, program_report, s, &s->reports, e);

    if (rc == 0)
        rc =
            control_open(&s->loop, s->place.control_path, answer_line, s, &s->control, e);
    return rc;
}

int supervisor_open(const struct supervisor_options *o, struct config *c,
                    struct supervisor **ret, struct err *e)
{
    struct supervisor *s = mem_new(sizeof *s);
    int rc = uv_loop_init(&s->loop);

    s->options = o;
    s->config = c;
    s->started_ms = clock_wall_ms();
    s->watchdog_ms = os_watchdog_ms();
    s->watchdog_due = clock_mono();
    if (rc < 0) {
        config_free(c);
        free(s);
        return err_set(e, rc, "libuv: %s", uv_strerror(rc));
    }
    rc = place_open(c, NULL, &s->place, e);
    if (rc == 0)
        rc = catch_signals(s, e);
    if (rc == 0)
        rc = supervisor_listen(s, e);
    if (rc < 0) {
        supervisor_close(s);
        return rc;
    }
    *ret = s;
    return 0;
}

int supervisor_run(struct supervisor *s, struct err *e)
{
    log_info("starting", "version=%s config=%s dir=%s state=%s feeds=%zu workers=%u",
             NEWSMQ_VERSION, s->options->config_path, s->place.dir, s->place.state,
             s->config->n_feeds, s->config->worker_processes);
    programs_plan(s);
    (void)uv_run(&s->loop, UV_RUN_DEFAULT); /* until uv_stop: handles are left */
    if (s->fault.code < 0)
        *e = s->fault;
    else
        log_info("stopped", "restarts=%llu", (unsigned long long)s->n_restarts);
    return s->fault.code;
}

static void close_handle(uv_handle_t *h, void *arg)
{
    (void)arg;
    if (!uv_is_closing(h))
        uv_close(h, NULL);
}

void supervisor_close(struct supervisor *s)
{
    if (s == NULL)
        return;
    control_close(s->control);
    reports_close(s->reports);
    uv_walk(&s->loop, close_handle, NULL);
    (void)uv_run(&s->loop, UV_RUN_DEFAULT); /* lets the handles end */
    (void)uv_loop_close(&s->loop);
    if (s->next != NULL)
        place_close(&s->next_place, &s->place);
    place_close(&s->place, NULL);
    config_free(s->next);
    config_free(s->config);
    for (size_t i = 0; i < s->n_programs; i++)
        free(s->programs[i]);
    free(s->programs);
    free(s);
}
