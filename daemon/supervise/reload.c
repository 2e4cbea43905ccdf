/* The configuration is read anew. Programs read the file themselves on SIGHUP; what they
   cannot change while they run is changed by starting them again. When that is the bus or
   the state, everything stops in order and starts with the new configuration. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/log.h"
#include "newsmq/os.h"

#include "private.h"

#define LINES_LOGGED 200

/* ---- what differs ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_endpoints(const struct config_endpoints *a,
                           const struct config_endpoints *b)
{
    for (size_t i = 0; i < a->n && i < b->n; i++)
        if (!same_text(a->list[i], b->list[i]))
            return false;
    return a->n == b->n;
}

/* What is in clients_dir a running hub reads again. */
static bool same_curve(const struct config_curve *a, const struct config_curve *b)
{
    return same_text(a->server_key_file, b->server_key_file) &&
           same_text(a->clients_dir, b->clients_dir) &&
           same_text(a->key_file, b->key_file) &&
           same_text(a->server_public_file, b->server_public_file) &&
           a->loopback == b->loopback;
}

/* Why everything must be started again, or NULL. The other numbers of the bus are read
   again by a running hub. */
static const char *why_all(const struct config *a, const struct config *b)
{
    const struct config_bus *x = &a->bus, *y = &b->bus;

    if (!same_text(x->kind, y->kind) || !same_text(x->dir, y->dir) ||
        !same_endpoints(&x->ingest, &y->ingest) || !same_endpoints(&x->work, &y->work) ||
        !same_endpoints(&x->tap, &y->tap) || !same_endpoints(&x->control, &y->control) ||
        !same_endpoints(&x->replay, &y->replay) ||
        !same_endpoints(&x->publish, &y->publish))
        return "where the bus is";
    if (!same_curve(&x->curve, &y->curve))
        return "the keys of the bus";
    if (x->high_water_mark != y->high_water_mark ||
        x->max_frame_bytes != y->max_frame_bytes || x->ping_ms != y->ping_ms ||
        x->credit != y->credit || x->handshake_ms != y->handshake_ms ||
        x->gone_after_ms != y->gone_after_ms)
        return "limits of the bus that count from the start";
    if (!same_text(a->state.path, b->state.path))
        return "state.path";
    if (a->sandbox != b->sandbox)
        return "sandbox";
    if (a->sandbox != SANDBOX_OFF && sandbox_paths_miss(&a->reads, &b->reads) != NULL)
        return "the configuration is read from further folders";
    return a->log.format != b->log.format ? "log.format" : NULL;
}

/* ---- what follows ---- */

static void say(struct strbuf *diff, const char *what, const char *name)
{
    (void)strbuf_addf(diff, "! %s %s\n", name, what); /* the lines are for people */
}

static bool has_sink(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->n_sinks; i++)
        if (strcmp(c->sinks[i].name, name) == 0)
            return true;
    return false;
}

/* The hub keeps everything for a consumer that may come back. */
static void tell_lost_sinks(const struct config *before, const struct config *after,
                            struct strbuf *diff)
{
    for (size_t i = 0; i < before->n_sinks; i++)
        if (!has_sink(after, before->sinks[i].name))
            (void)strbuf_addf(diff,
                              "! the hub keeps records for sink %s until `newsmq forget "
                              "%s`\n",
                              before->sinks[i].name, before->sinks[i].name);
}

static void change_workers(struct supervisor *s, unsigned want, struct strbuf *diff)
{
    size_t have = program_count(s, KIND_WORKER), n = 0;

    for (size_t i = 0; i < s->n_programs; i++) {
        struct program *p = s->programs[i];

        if (p->kind != KIND_WORKER || p->is_leaving || ++n <= want)
            continue;
        say(diff, "ends", p->name);
        p->is_leaving = true;
        program_stop(p, s->options->stop_within_ms / 2);
    }
    for (; have < want; have++)
        say(diff, "is added", program_add(s, KIND_WORKER, (unsigned)have + 1)->name);
}

static bool same_http(const struct config_http *a, const struct config_http *b)
{
    return same_text(a->listen, b->listen) && a->history == b->history &&
           a->memory_bytes == b->memory_bytes && a->max_connections == b->max_connections;
}

/* It reads limits by itself; where it listens and what it keeps counts from its start. */
static void change_http(struct supervisor *s, const struct config *c, struct strbuf *diff)
{
    bool has = config_has_http(c);

    for (size_t i = 0; i < s->n_programs; i++) {
        struct program *p = s->programs[i];

        if (p->kind != KIND_HTTP || p->is_leaving)
            continue;
        if (!has) {
            say(diff, "ends", p->name);
            p->is_leaving = true;
            program_stop(p, s->options->stop_within_ms / 2);
        } else if (!same_http(&s->config->http, &c->http)) {
            say(diff, "is started again", p->name);
            program_renew(p, s->options->stop_within_ms / 2);
        }
        return;
    }
    if (has)
        say(diff, "is added", program_add(s, KIND_HTTP, 0)->name);
}

static void apply(struct supervisor *s, struct config *c, struct strbuf *diff)
{
    change_workers(s, c->worker_processes, diff);
    change_http(s, c, diff);
    for (size_t i = 0; i < s->n_programs; i++) {
        struct program *p = s->programs[i];

        program_hangup(p);
        restart_forgive(&p->restart); /* the fault may have been in the file */
        if (p->phase == PHASE_RESTING)
            p->due = clock_mono();
    }
    config_free(s->config);
    s->config = c;
    log_set_level(c->log.level);
    supervisor_wake(s);
}

static int plan_all(struct supervisor *s, struct config *c, const char *why,
                    struct strbuf *diff, struct err *e)
{
    int rc = place_open(c, &s->place, &s->next_place, e);

    if (rc < 0)
        return rc;
    (void)strbuf_addf(diff, "! all programs are started again: %s\n", why);
    s->next = c;
    shutdown_begin(s);
    return 0;
}

int reload(struct supervisor *s, struct strbuf *diff, struct config_faults *faults,
           struct err *e)
{
    struct config *c = NULL;
    const char *why;
    int rc = 0;

    if (s->is_draining)
        return err_set(e, -EBUSY,
                       s->next != NULL ? "the programs are being started again; try later"
                                       : "newsmqd is stopping");
    if (config_load(s->options->config_path, &s->options->names, &c, faults) < 0)
        return err_set(e, ERR_CONFIG, "%s is bad", s->options->config_path);
    if (config_diff(s->config, c, diff) < 0)
        (void)strbuf_add_text(diff, "\n"); /* more than anybody reads */
    tell_lost_sinks(s->config, c, diff);
    why = why_all(s->config, c);
    if (why != NULL)
        rc = plan_all(s, c, why, diff, e);
    else
        apply(s, c, diff);
    if (rc < 0)
        config_free(c);
    return rc;
}

/* ---- everything anew ---- */

int reload_take_next(struct supervisor *s, struct err *e)
{
    bool moved = strcmp(s->place.dir, s->next_place.dir) != 0;

    if (moved) {
        control_close(s->control);
        reports_close(s->reports);
        s->control = NULL;
        s->reports = NULL;
    }
    place_close(&s->place, &s->next_place);
    config_free(s->config);
    s->place = s->next_place;
    s->config = s->next;
    s->next = NULL;
    s->next_place = (struct place){.dir_lock = -1, .state_lock = -1};
    log_open("newsmqd", s->config->log.level, s->config->log.format);
    log_info("starting with the new configuration", "dir=%s state=%s", s->place.dir,
             s->place.state);
    if (moved && supervisor_listen(s, e) < 0)
        return e->code;
    programs_plan(s);
    return 0;
}

/* ---- with words ---- */

static void log_lines(struct str text)
{
    size_t n = 0;

    while (text.p != NULL && n <= LINES_LOGGED) {
        struct str line = str_cut(&text, '\n');

        if (line.n == 0)
            continue;
        if (n++ == LINES_LOGGED)
            log_info("configuration changes", "… and more");
        else
            log_info("configuration changes", STR_FMT, STR_ARG(line));
    }
}

static void log_faults(const struct config_faults *faults)
{
    for (size_t i = 0; i < faults->n; i++) {
        struct strbuf line = {.max = 4096};

        if (config_fault_write(&faults->list[i], &line) == 0)
            log_write(faults->list[i].is_warning ? LOG_LEVEL_WARN : LOG_LEVEL_ERROR,
                      "configuration", "%s", strbuf_cstr(&line));
        strbuf_fini(&line);
    }
}

int reload_told(struct supervisor *s, struct strbuf *diff, struct config_faults *faults,
                struct err *e)
{
    bool was_ready = s->is_ready_told && !s->is_draining;
    int rc;

    if (was_ready)
        os_notify_reloading();
    rc = reload(s, diff, faults, e);
    log_faults(faults);
    if (rc == 0)
        log_info("configuration read again", "path=%s changes=%s",
                 s->options->config_path, diff->n > 0 ? "yes" : "no");
    else
        log_error("configuration not taken; going on as before", "cause='%s'", e->text);
    log_lines(strbuf_str(diff));
    if (was_ready && s->next == NULL)
        os_notify("READY=1");
    else
        s->is_ready_told = false; /* said again when all run */
    return rc;
}
