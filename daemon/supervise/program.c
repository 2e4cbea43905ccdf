/* One program: started, watched, told to stop. Every change of phase goes through here
   and wakes the loop, which decides what follows. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"

#include "private.h"
#include "spawn.h"

static const char *const names[KINDS] = {"hub", "sink", "worker", "fetch", "http"};

const char *kind_name(enum kind kind)
{
    return names[kind];
}

/* ---- the list ---- */

struct program *program_add(struct supervisor *s, enum kind kind, unsigned number)
{
    struct program *p = mem_new(sizeof *p);

    p->kind = kind;
    p->restart.longest_ms = s->options->longest_pause_ms;
    if (kind == KIND_WORKER)
        (void)snprintf(p->name, sizeof p->name, "worker-%u", number);
    else
        (void)snprintf(p->name, sizeof p->name, "%s", names[kind]);
    s->programs = mem_grow(s->programs, &s->cap_programs, s->n_programs + 1,
                           sizeof(struct program *));
    s->programs[s->n_programs++] = p;
    return p;
}

void programs_sweep(struct supervisor *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_programs; i++) {
        if (s->programs[i]->is_leaving && s->programs[i]->phase == PHASE_STOPPED)
            free(s->programs[i]);
        else
            s->programs[n++] = s->programs[i];
    }
    s->n_programs = n;
}

bool program_is_aside(const struct program *p)
{
    return p->kind == KIND_HTTP;
}

size_t program_count(const struct supervisor *s, enum kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_programs; i++)
        n += s->programs[i]->kind == kind && !s->programs[i]->is_leaving;
    return n;
}

/* ---- the start ---- */

static void enter(struct program *p, enum phase phase)
{
    p->phase = phase;
    p->since = clock_mono();
}

/* It ended without being told to, or could not be started. */
static void rest(struct program *p, const char *message)
{
    bool was_red = p->restart.is_red;
    int64_t wait_ms = restart_died(&p->restart, clock_mono());

    enter(p, PHASE_RESTING);
    p->due = mono_add_ms(p->since, wait_ms);
    log_warn(message, "program=%s cause='%s' wait_ms=%lld restarts=%llu", p->name,
             p->last_exit, (long long)wait_ms, (unsigned long long)p->n_restarts);
    if (p->restart.is_red && !was_red)
        log_error("a program keeps ending; it is tried again for ever",
                  "program=%s deaths=%d within_s=60 cause='%s'", p->name,
                  RESTART_RED_DEATHS, p->last_exit);
}

void program_start(struct supervisor *s, struct program *p)
{
    char *file = mem_printf("%s/newsmq-%s", s->options->programs, names[p->kind]);
    char *path = mem_strdup(s->options->config_path);
    char *argv[] = {file,    "-c", path, p->kind == KIND_WORKER ? "--name" : NULL,
                    p->name, NULL};
    struct err e = {0};
    int rc = spawn(argv, s->place.notify_path, s->watchdog_ms, &p->pid, &e);

    if (p->started_ms != 0) {
        p->n_restarts++;
        s->n_restarts++;
    }
    p->started_ms = clock_wall_ms();
    p->wants_hangup = p->wants_start = false;
    p->says[0] = '\0';
    p->has_fed = false;
    p->fed_within_ms = 0;
    if (rc == 0) {
        enter(p, PHASE_STARTING);
        log_info("program started", "program=%s pid=%ld", p->name, (long)p->pid);
    } else {
        (void)snprintf(p->last_exit, sizeof p->last_exit, "%.95s", e.text);
        rest(p, "program cannot be started, trying again");
    }
    free(file);
    free(path);
}

static bool says_ready(struct str text)
{
    while (text.p != NULL)
        if (str_eq(str_cut(&text, '\n'), STR("READY=1")))
            return true;
    return false;
}

static void program_fed(struct program *p)
{
    p->has_fed = true;
    p->fed = clock_mono();
}

static void take_watchdog(struct program *p, struct str text)
{
    uint64_t us;

    if (str_to_u64(text, &us) && us <= INT64_MAX)
        p->fed_within_ms = (int64_t)(us / 1000);
}

/* More time for the start goes on to systemd while newsmqd itself is starting. */
static void pass_on(const struct supervisor *s, struct str line)
{
    char text[64];

    if (s->is_ready_told || line.n >= sizeof text)
        return;
    (void)snprintf(text, sizeof text, STR_FMT, STR_ARG(line));
    os_notify(text);
}

/* What it says of itself, also just before its end. */
static void note_words(const struct supervisor *s, struct program *p, struct str text)
{
    while (text.p != NULL) {
        struct str line = str_cut(&text, '\n');

        if (str_has_prefix(line, STR("STATUS=")))
            (void)snprintf(p->says, sizeof p->says, STR_FMT,
                           STR_ARG(str_head(str_slice(line, 7, line.n), 500)));
        else if (str_eq(line, STR("WATCHDOG=1")))
            program_fed(p);
        else if (str_has_prefix(line, STR("WATCHDOG_USEC=")))
            take_watchdog(p, str_slice(line, 14, line.n));
        else if (str_has_prefix(line, STR("EXTEND_TIMEOUT_USEC=")))
            pass_on(s, line);
    }
}

void program_report(void *ctx, pid_t pid, struct str text)
{
    struct supervisor *s = ctx;

    for (size_t i = 0; i < s->n_programs; i++) {
        struct program *p = s->programs[i];

        if (p->pid == pid || (p->pid == 0 && p->last_pid == pid))
            note_words(s, p, text);
        if (p->pid != pid || p->phase != PHASE_STARTING || !says_ready(text))
            continue;
        enter(p, PHASE_RUNNING);
        p->was_ready = true;
        log_debug("program is ready", "program=%s", p->name);
        if (p->wants_hangup)
            program_hangup(p);
        p->wants_hangup = false;
        supervisor_wake(s);
    }
}

bool program_is_hung(const struct supervisor *s, const struct program *p, struct mono now)
{
    int64_t within_ms =
        p->fed_within_ms > s->watchdog_ms ? p->fed_within_ms : s->watchdog_ms;

    return p->phase == PHASE_RUNNING && p->has_fed &&
           mono_ms_between(p->fed, now) > within_ms;
}

/* ---- the end ---- */

static void send_signal(const struct program *p, int sig)
{
    if (p->pid > 0)
        (void)kill(p->pid, sig); /* it is ours until it is reaped, so it exists */
}

void program_stop(struct program *p, int64_t within_ms)
{
    if (p->phase == PHASE_STOPPING || p->phase == PHASE_STOPPED)
        return;
    if (p->pid == 0) {
        enter(p, PHASE_STOPPED);
        return;
    }
    enter(p, PHASE_STOPPING);
    p->due = mono_add_ms(p->since, within_ms);
    send_signal(p, SIGTERM);
}

void program_renew(struct program *p, int64_t within_ms)
{
    if (p->phase == PHASE_STARTING || p->phase == PHASE_RUNNING) {
        program_stop(p, within_ms);
        p->wants_start = true;
    } else if (p->phase == PHASE_STOPPED) {
        enter(p, PHASE_WAITING);
    }
}

void program_kill(struct program *p, const char *why)
{
    log_warn("program does not end, killing it", "program=%s pid=%ld cause='%s'", p->name,
             (long)p->pid, why);
    send_signal(p, SIGKILL);
    p->due = mono_add_ms(clock_mono(), MINUTE_MS); /* a process that even so stays */
}

void program_hangup(struct program *p)
{
    if (p->phase == PHASE_RUNNING)
        send_signal(p, SIGHUP);
    else if (p->phase == PHASE_STARTING)
        p->wants_hangup = true; /* before it is ready a SIGHUP might kill it */
}

static void end(struct program *p, int status)
{
    (void)exit_words(status, p->last_exit);
    p->last_pid = p->pid;
    p->pid = 0;
    if (p->phase == PHASE_STOPPING && p->wants_start) {
        enter(p, PHASE_WAITING);
    } else if (p->phase == PHASE_STOPPING) {
        log_info("program stopped", "program=%s how='%s'", p->name, p->last_exit);
        enter(p, PHASE_STOPPED);
    } else if (p->phase == PHASE_RUNNING && WIFEXITED(status) &&
               WEXITSTATUS(status) == EXIT_ANEW) {
        log_info("program begins anew with the new configuration", "program=%s", p->name);
        enter(p, PHASE_WAITING);
    } else {
        rest(p, "program ended, starting it again");
    }
}

void program_reap(struct supervisor *s)
{
    for (size_t i = 0; i < s->n_programs; i++) {
        struct program *p = s->programs[i];
        int status;

        if (p->pid > 0 && waitpid(p->pid, &status, WNOHANG) == p->pid)
            end(p, status);
    }
    supervisor_wake(s);
}

/* ---- as time goes by ---- */

void program_tick(struct supervisor *s, struct program *p, struct mono now)
{
    if (p->phase == PHASE_RUNNING)
        restart_runs(&p->restart, p->since, now);
    if (p->phase == PHASE_STOPPING && mono_is_due(p->due, now))
        program_kill(p, "it was told to stop");
    if (s->is_draining || (program_is_aside(p) ? KIND_SINK : p->kind) > s->stage)
        return;
    if (p->phase == PHASE_WAITING ||
        (p->phase == PHASE_RESTING && mono_is_due(p->due, now)))
        program_start(s, p);
}
