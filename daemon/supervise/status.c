#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/os.h"

#include "private.h"

static const char *const phases[] = {
    [PHASE_WAITING] = "waiting", [PHASE_STARTING] = "starting",
    [PHASE_RUNNING] = "running", [PHASE_STOPPING] = "stopping",
    [PHASE_RESTING] = "resting", [PHASE_STOPPED] = "stopped",
};

/* The first program that is red, or NULL; not one that stands aside. */
static const struct program *find_red(const struct supervisor *s)
{
    for (size_t i = 0; i < s->n_programs; i++)
        if (s->programs[i]->restart.is_red && !s->programs[i]->is_leaving &&
            !program_is_aside(s->programs[i]))
            return s->programs[i];
    return NULL;
}

static const struct program *find_missing(const struct supervisor *s)
{
    for (size_t i = 0; i < s->n_programs; i++)
        if (s->programs[i]->phase != PHASE_RUNNING && !s->programs[i]->is_leaving &&
            !program_is_aside(s->programs[i]))
            return s->programs[i];
    return NULL;
}

/* The first that does not answer though it runs, or NULL. */
static const struct program *find_hung(const struct supervisor *s)
{
    for (size_t i = 0; s->watchdog_ms > 0 && i < s->n_programs; i++)
        if (!program_is_aside(s->programs[i]) &&
            program_is_hung(s, s->programs[i], clock_mono()))
            return s->programs[i];
    return NULL;
}

static const char *hub_says(const struct supervisor *s)
{
    for (size_t i = 0; i < s->n_programs; i++)
        if (s->programs[i]->kind == KIND_HUB)
            return s->programs[i]->says;
    return "";
}

const char *status_state(const struct supervisor *s)
{
    if (s->is_draining || s->is_over)
        return "draining";
    if (find_red(s) != NULL)
        return "red";
    return find_missing(s) != NULL ? "starting" : "green";
}

/* When a resting program is started again, as wall time. */
static int64_t next_start_ms(const struct program *p)
{
    int64_t in_ms = mono_ms_between(clock_mono(), p->due);

    return clock_wall_ms() + (in_ms > 0 ? in_ms : 0);
}

static void write_program(struct jsonw *j, const struct program *p)
{
    jsonw_object(j);
    jsonw_member_cstr(j, "name", p->name);
    jsonw_key(j, "pid");
    if (p->pid > 0)
        jsonw_i64(j, p->pid);
    else
        jsonw_null(j);
    jsonw_member_cstr(j, "state", phases[p->phase]);
    jsonw_member_bool(j, "red", p->restart.is_red);
    jsonw_member_time(j, "started", p->pid > 0 ? p->started_ms : 0);
    jsonw_member_u64(j, "restarts", p->n_restarts);
    jsonw_member_cstr(j, "last_exit", p->last_exit[0] != '\0' ? p->last_exit : NULL);
    jsonw_member_cstr(j, "says", p->says[0] != '\0' ? p->says : NULL);
    jsonw_key(j, "next_start_ms");
    if (p->phase == PHASE_RESTING)
        jsonw_i64(j, next_start_ms(p));
    else
        jsonw_null(j);
    jsonw_object_end(j);
}

int status_write(const struct supervisor *s, struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);

    jsonw_object(&j);
    jsonw_member_cstr(&j, "version", NEWSMQ_VERSION);
    jsonw_member_i64(&j, "pid", getpid());
    jsonw_member_cstr(&j, "config", s->options->config_path);
    jsonw_member_cstr(&j, "state", status_state(s));
    jsonw_member_time(&j, "started", s->started_ms);
    jsonw_key(&j, "programs");
    jsonw_array(&j);
    for (size_t i = 0; i < s->n_programs; i++)
        write_program(&j, s->programs[i]);
    jsonw_array_end(&j);
    jsonw_object_end(&j);
    return j.rc;
}

/* ---- systemd ---- */

static void write_words(const struct supervisor *s, char *buf, size_t size)
{
    const struct program *red = find_red(s), *missing = find_missing(s);
    const struct program *hung = find_hung(s);
    const char *backlog = hub_says(s);

    if (s->is_draining)
        (void)snprintf(buf, size, "STATUS=draining: waiting for %s",
                       kind_name(s->drain_stage));
    else if (red != NULL)
        (void)snprintf(buf, size, "STATUS=red: %s keeps ending (%s), trying on",
                       red->name, red->last_exit);
    else if (hung != NULL)
        (void)snprintf(buf, size, "STATUS=%s is stuck (%.200s)", hung->name,
                       hung->says[0] != '\0' ? hung->says : "it says nothing");
    else if (missing != NULL && missing->phase == PHASE_RESTING)
        (void)snprintf(buf, size, "STATUS=starting: %s ended (%s)", missing->name,
                       missing->last_exit);
    else if (missing != NULL)
        (void)snprintf(buf, size, "STATUS=starting: waiting for %s", missing->name);
    else
        (void)snprintf(buf, size, "STATUS=green: %zu programs run%s%.200s", s->n_programs,
                       backlog[0] != '\0' ? "; " : "", backlog);
}

void status_tell(struct supervisor *s)
{
    char words[sizeof s->told];

    write_words(s, words, sizeof words);
    if (strcmp(words, s->told) != 0) {
        (void)snprintf(s->told, sizeof s->told, "%s", words);
        os_notify(words);
    }
    if (!s->is_ready_told && !s->is_draining && s->stage == KIND_FETCH &&
        find_missing(s) == NULL) {
        s->is_ready_told = true;
        os_notify("READY=1");
        log_info("ready", "programs=%zu", s->n_programs);
    }
    if (s->watchdog_ms > 0 && mono_is_due(s->watchdog_due, clock_mono()) &&
        find_red(s) == NULL && find_hung(s) == NULL) {
        s->watchdog_due = mono_add_ms(clock_mono(), s->watchdog_ms / 2);
        os_notify("WATCHDOG=1");
    }
}
