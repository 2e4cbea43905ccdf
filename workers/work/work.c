#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "newsmq/bus.h"
#include "newsmq/clock.h"
#include "newsmq/extractor.h"
#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"

#include "cost.h"
#include "timeout.h"
#include "work.h"

#define WAIT_MS       1000
#define AGAIN_MS      1000                /* from a hub that stops to its next start */
#define ITEM_ROOM_MAX ((size_t)256 << 20) /* of an item read, whatever its JSON says */
#define FAIL_ITEM     422                 /* codes of FAIL, as ERR has them */
#define FAIL_SIZE     413

struct worker {
    const char *path, *name;
    struct config *start;  /* bus: is as it was at the start */
    struct config *config; /* workers: as read last */
    struct startup_wall wall;
    bool wants_anew; /* the wall does not fit the configuration */
    struct chain *chain;
    struct timeout *timeout;
    struct bus *bus;
    struct os_report report;
    uint64_t n_done;
    struct arena arena;
    struct result result;
    struct strbuf nlp;
    struct cost cost;
};

/* ---- one job ---- */

static int fail_job(struct worker *w, const struct bus_event *job, int code,
                    const struct err *cause, struct err *e)
{
    log_warn("item failed", "seq=%llu attempt=%u cause='%s'",
             (unsigned long long)job->seq, job->attempt, cause->text);
    return bus_fail(w->bus, job->seq, job->attempt, code, str_of(cause->text), e);
}

static void log_errors(const struct worker *w, const struct item *it)
{
    char id[LOG_SAFE_MAX], text[LOG_SAFE_MAX];

    for (size_t i = 0; i < w->result.n_runs; i++) {
        const struct extractor_run *run = &w->result.runs[i];

        if (run->error.n > 0)
            log_warn("extractor failed, the record says so",
                     "extractor=%s item=%s cause='%s'", run->name, log_safe(it->id, id),
                     log_safe(run->error, text));
    }
}

static int do_job(struct worker *w, const struct bus_event *job, struct err *e)
{
    struct item it;
    struct err cause = {0};
    int rc;

    w->n_done++;
    arena_reset(&w->arena);
    if (item_read(job->json, &w->arena, &it, &cause) < 0)
        return fail_job(w, job, FAIL_ITEM, &cause, e);
    timeout_item(w->timeout, job->seq, it.id);
    chain_run(w->chain, &it, &w->result);
    w->result.attempt = job->attempt;
    cost_add(&w->cost, &w->result);
    log_errors(w, &it);
    strbuf_reset(&w->nlp);
    if (result_write_nlp(&w->result, &it, &w->nlp, &cause) < 0)
        return fail_job(w, job, cause.code == -E2BIG ? FAIL_SIZE : FAIL_ITEM, &cause, e);
    rc = bus_result(w->bus, job->seq, job->attempt, strbuf_str(&w->nlp), &cause);
    if (rc == ERR_LIMIT)
        return fail_job(w, job, FAIL_SIZE, &cause, e);
    if (rc < 0)
        *e = cause;
    return rc;
}

/* ---- the conversation ---- */

static char *hello(const struct config *c)
{
    struct strbuf out = {.max = 1 << 16};
    struct jsonw j = jsonw_to(&out);

    jsonw_object(&j);
    jsonw_key(&j, "extractors");
    jsonw_array(&j);
    for (size_t i = 0; i < c->n_extractors; i++)
        jsonw_cstr(&j, c->extractors[i].name);
    jsonw_array_end(&j);
    jsonw_object_end(&j);
    return strbuf_take(&out);
}

static int connect_hub(struct worker *w, struct err *e)
{
    char *text = hello(w->config);
    struct bus_options o = {.role = BUS_WORK, .name = w->name, .hello = text};
    int rc = bus_open(&w->start->bus, &o, &w->bus, e);

    free(text);
    if (rc == 0)
        rc = bus_ready(w->bus, w->start->bus.credit, e);
    return rc;
}

static void leave_hub(struct worker *w)
{
    bus_close(w->bus);
    w->bus = NULL;
}

/* The hub stops or is drained: what it gave is done. It may come back. */
static int part_for_a_while(struct worker *w, struct err *e)
{
    struct timespec pause = {AGAIN_MS / 1000, 0};

    log_info("the hub drains, waiting for its return", "name=%s", w->name);
    leave_hub(w);
    while (!os_should_stop() && nanosleep(&pause, &pause) < 0)
        continue;
    return os_should_stop() ? 0 : connect_hub(w, e);
}

/* What cannot be opened stops a worker that starts only when the configuration is at
   fault; else records have to come out, and say it. */
static int open_first(struct worker *w, struct err *e)
{
    int rc =
        chain_open_anyway(w->config->extractors, w->config->n_extractors, &w->chain, e);

    if (rc < 0)
        return rc;
    if (rc > 0)
        log_error("an extractor cannot be opened, records will be failed",
                  "n=%d cause='%s'", rc, e->text);
    chain_watch(w->chain, timeout_enter, w->timeout);
    return 0;
}

/* One item may take so long before the next word. */
static void tell_slowness(struct worker *w)
{
    int64_t ms = 0;

    for (size_t i = 0; i < w->config->n_extractors; i++)
        ms += w->config->extractors[i].timeout_ms;
    os_report_slow(&w->report, ms);
}

static void report(struct worker *w)
{
    struct mono now = clock_mono();

    if (os_report_is_due(&w->report, now))
        os_report(&w->report, now, true, "%llu items", (unsigned long long)w->n_done);
}

/* Between two items. A bad configuration changes nothing. */
static void read_again(struct worker *w)
{
    struct config *c = startup_config(w->path);
    struct chain *chain = NULL;
    struct err e = {0};

    if (c == NULL) {
        log_error("the configuration is bad; going on as before", "path=%s", w->path);
        return;
    }
    if (!startup_wall_covers(&w->wall, c)) {
        w->wants_anew = true;
        os_stop();
        config_free(c);
        return;
    }
    if (chain_open(c->extractors, c->n_extractors, &chain, &e) < 0) {
        log_error("the extractors cannot be opened; going on as before", "cause='%s'",
                  e.text);
        config_free(c);
        return;
    }
    chain_watch(chain, timeout_enter, w->timeout);
    chain_close(w->chain);
    w->chain = chain;
    if (w->config != w->start)
        config_free(w->config);
    w->config = c;
    log_set_level(c->log.level);
    tell_slowness(w);
    log_info("extractors opened again", "n=%zu", c->n_extractors);
}

static int work(struct worker *w, struct err *e)
{
    while (!os_should_stop()) {
        struct bus_event ev;
        int rc;

        report(w);
        if (os_take_hangup()) {
            os_notify_reloading();
            read_again(w);
            os_notify("READY=1");
        }
        cost_tell(&w->cost, w->bus);
        rc = bus_next(w->bus, WAIT_MS, &ev, e);
        if (rc == -EINTR || rc == 0)
            continue;
        if (rc > 0 && ev.kind == BUS_JOB)
            rc = do_job(w, &ev, e);
        else if (rc > 0 && ev.kind == BUS_DRAIN)
            rc = part_for_a_while(w, e);
        else if (rc > 0 && ev.kind == BUS_REFUSED)
            log_warn("the hub refuses", "code=%d cause='" STR_FMT "'", ev.code,
                     STR_ARG(str_head(ev.json, 300)));
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* ---- the whole ---- */

static int start(struct worker *w, struct err *e)
{
    int rc = startup_wall_enter(&w->wall, w->start, SANDBOX_WORKER, e);

    if (rc == 0)
        rc = timeout_open(&w->timeout, e);
    if (rc == 0)
        rc = open_first(w, e);
    if (rc == 0)
        rc = connect_hub(w, e);
    return rc;
}

static void finish(struct worker *w)
{
    leave_hub(w);
    chain_close(w->chain);
    timeout_close(w->timeout);
    startup_wall_fini(&w->wall);
    if (w->config != w->start)
        config_free(w->config);
    config_free(w->start);
    result_fini(&w->result);
    strbuf_fini(&w->nlp);
    arena_fini(&w->arena);
}

int work_run(const char *path, const char *name, bool *ret_anew, struct err *e)
{
    struct worker w = {.path = path, .name = name, .arena.max = ITEM_ROOM_MAX};
    int rc;

    w.start = w.config = startup_config(path);
    if (w.start == NULL)
        return err_set(e, ERR_CONFIG, "%s: the configuration is bad", path);
    log_open("newsmq-worker", w.start->log.level, w.start->log.format);
    w.nlp.max = w.start->bus.max_frame_bytes;
    rc = start(&w, e);
    if (rc == 0) {
        log_info("started", "name=%s extractors=%zu", name, w.config->n_extractors);
        tell_slowness(&w);
        os_notify("READY=1");
        rc = work(&w, e);
        os_notify("STOPPING=1");
    }
    *ret_anew = w.wants_anew;
    finish(&w);
    return rc;
}
