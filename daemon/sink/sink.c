#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/clock.h"
#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "drain.h"
#include "sink.h"

#define ASK_MS    500
#define WAIT_MS   1000
#define PAUSE_MS  5000 /* of a sink that failed beside others; doubles */
#define PAUSE_MAX (5 * MINUTE_MS)

struct sinks {
    const struct config_bus *bus;
    struct drain **list; /* each stays where it is: its output has its address */
    size_t n;
    char *only;
    char epoch[128]; /* "": the hub has not answered yet */
    struct os_report report;
};

/* ---- the set ---- */

static size_t count_good(const struct sinks *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        n += !s->list[i]->has_failed;
    return n;
}

static struct drain *add(struct sinks *s, const struct config_sink *c)
{
    struct drain *d = mem_new(sizeof *d);

    drain_init(d, c);
    s->list = mem_resize(s->list, s->n + 1, sizeof(struct drain *));
    s->list[s->n++] = d;
    return d;
}

static void drop(struct sinks *s, size_t i)
{
    drain_fini(s->list[i]);
    free(s->list[i]);
    s->n--;
    memmove(&s->list[i], &s->list[i + 1], (s->n - i) * sizeof(struct drain *));
}

/* The others go on without it while there are others. 0, or what ends the process. */
static int fail(struct sinks *s, struct drain *d, struct err *e)
{
    d->has_failed = true;
    drain_close(d);
    if (count_good(s) == 0)
        return e->code;
    d->pause_ms = d->pause_ms == 0 ? PAUSE_MS : d->pause_ms * 2;
    d->pause_ms = d->pause_ms < PAUSE_MAX ? d->pause_ms : PAUSE_MAX;
    d->open_due = mono_add_ms(clock_mono(), d->pause_ms);
    log_error("a sink cannot go on; the others do, and it is tried again",
              "cause='%s' wait_ms=%lld", e->text, (long long)d->pause_ms);
    return 0;
}

int sinks_open(const struct config_bus *bus, const struct config_sink *list, size_t n,
               const char *only, struct sinks **ret, struct err *e)
{
    struct sinks *s = mem_new(sizeof *s);
    int rc = 0;

    s->bus = bus;
    s->only = mem_strdup(only);
    for (size_t i = 0; i < n; i++)
        if (only == NULL || strcmp(list[i].name, only) == 0)
            (void)add(s, &list[i]);
    for (size_t i = 0; rc == 0 && i < s->n; i++)
        if (drain_open(s->list[i], e) < 0)
            rc = fail(s, s->list[i], e);
    if (s->n == 0)
        rc = err_set(e, ERR_CONFIG, "the configuration has no sink '%s'",
                     only != NULL ? only : "");
    if (rc < 0) {
        sinks_close(s);
        return rc;
    }
    *ret = s;
    return 0;
}

void sinks_close(struct sinks *s)
{
    if (s == NULL)
        return;
    while (s->n > 0)
        drop(s, s->n - 1);
    free(s->list);
    free(s->only);
    free(s);
}

/* ---- the hub's store ---- */

/* 1 = known, 0 = no answer. */
static int ask_epoch(struct sinks *s, struct err *e)
{
    static const struct str keys[] = {STR_INIT("epoch")};
    struct str value, epoch;
    char *json;

    if (bus_call(s->bus, "heads", "{}", ASK_MS, &json, e) < 0)
        return 0;
    s->epoch[0] = '\0';
    if (json_scan(str_of(json), keys, 1, &value, e) == 0) {
        epoch = json_plain(value);
        if (epoch.n < sizeof s->epoch && epoch.p != NULL)
            memcpy(s->epoch, epoch.p, epoch.n);
        s->epoch[epoch.n < sizeof s->epoch ? epoch.n : 0] = '\0';
    }
    free(json);
    return s->epoch[0] != '\0';
}

/* Where each stands: what is durable in its output. */
static void report(struct sinks *s, struct mono now)
{
    struct strbuf words = {.max = 200};

    if (!os_report_is_due(&s->report, now))
        return;
    if (s->epoch[0] == '\0')
        (void)strbuf_add_text(&words, "waiting for the hub");
    for (size_t i = 0; s->epoch[0] != '\0' && i < s->n; i++)
        (void)strbuf_addf(&words, "%s%s%s", i > 0 ? ", " : "", s->list[i]->c.name,
                          s->list[i]->has_failed   ? " has failed"
                          : s->list[i]->is_holding ? " cannot be written"
                                                   : " is written");
    os_report(&s->report, now, true, "%s", strbuf_cstr(&words));
    strbuf_fini(&words);
}

static int begin_all(struct sinks *s, struct err *e)
{
    bool said = false;

    while (s->epoch[0] == '\0' && !os_should_stop()) {
        struct err why = {0};

        if (ask_epoch(s, &why) == 1)
            break;
        report(s, clock_mono());
        if (!said)
            log_write(why.code == ERR_CLOSED ? LOG_LEVEL_INFO : LOG_LEVEL_WARN,
                      "waiting for the hub", "control=%s cause='%s'",
                      s->bus->control.list[0], why.text);
        said = true;
        if (poll(NULL, 0, ASK_MS / 5) < 0)
            continue; /* a signal: look at the flag */
    }
    for (size_t i = 0; i < s->n && !os_should_stop(); i++) {
        struct drain *d = s->list[i];

        if (d->has_failed || d->bus != NULL)
            continue;
        if (drain_begin(d, s->bus, str_of(s->epoch), e) < 0 && fail(s, d, e) < 0)
            return e->code;
    }
    return 0;
}

/* A sink that failed, when its pause is over. */
static int try_again(struct sinks *s, struct drain *d, struct err *e)
{
    struct err why;

    d->has_failed = false;
    if (ask_epoch(s, &why) == 0) { /* not now: the hub is away */
        d->has_failed = true;
        d->open_due = mono_add_ms(clock_mono(), PAUSE_MS);
        return 0;
    }
    if (drain_open(d, e) < 0 || drain_begin(d, s->bus, str_of(s->epoch), e) < 0)
        return fail(s, d, e);
    d->pause_ms = 0;
    return 0;
}

/* ---- reload ---- */

static const struct config_sink *find(const struct sinks *s, const char *name,
                                      const struct config_sink *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].name, name) == 0 &&
            (s->only == NULL || strcmp(name, s->only) == 0))
            return &list[i];
    return NULL;
}

static bool is_open(const struct sinks *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->list[i]->c.name, name) == 0)
            return true;
    return false;
}

/* What is gone or moved is finished and closed; what is new is opened. */
static int adopt(struct sinks *s, const struct config_sink *list, size_t n, struct err *e)
{
    int rc = 0;

    for (size_t i = s->n; rc >= 0 && i-- > 0;) {
        const struct config_sink *c = find(s, s->list[i]->c.name, list, n);

        s->list[i]->open_due = (struct mono){0}; /* it may have been mended */
        if (c != NULL && drain_adopt(s->list[i], c))
            continue;
        rc = drain_finish(s->list[i], e);
        rc = rc == ERR_LATER ? 0 : rc; /* not acknowledged: it comes again */
        drop(s, i);
    }
    for (size_t i = 0; rc == 0 && i < n; i++) {
        struct drain *d;

        if (is_open(s, list[i].name) || find(s, list[i].name, list, n) == NULL)
            continue;
        d = add(s, &list[i]);
        if (drain_open(d, e) < 0)
            rc = fail(s, d, e);
    }
    return rc == 0 ? begin_all(s, e) : rc;
}

static int reload(struct sinks *s, const struct sinks_reload *r, struct err *e)
{
    const struct config_sink *list;
    size_t n;

    int rc = 0;

    os_notify_reloading();
    if (r != NULL && r->read(r->ctx, &list, &n)) {
        log_info("configuration read again", "sinks=%zu", n);
        rc = adopt(s, list, n, e);
    }
    os_notify("READY=1");
    return rc;
}

/* ---- the loop ---- */

static void wait_for(const struct sinks *s, struct mono due)
{
    struct pollfd *fds = mem_new_array(s->n + 1, sizeof *fds);
    int64_t ms = mono_ms_between(clock_mono(), due) + 1;

    for (size_t i = 0; i < s->n; i++)
        fds[i] =
            (struct pollfd){.fd = s->list[i]->has_failed ? -1 : bus_fd(s->list[i]->bus),
                            .events = POLLIN};
    if (!os_should_stop())
        (void)poll(fds, s->n, (int)(ms < 0 ? 0 : ms > WAIT_MS ? WAIT_MS : ms));
    free(fds);
}

/* As drain_step. */
static int step(struct sinks *s, struct drain *d, struct mono now, struct mono *ret_due,
                struct err *e)
{
    int rc;

    *ret_due = now;
    if (!d->has_failed) {
        rc = drain_step(d, now, ret_due, e);
        return rc < 0 ? fail(s, d, e) : rc;
    }
    if (!mono_is_due(d->open_due, now)) {
        *ret_due = d->open_due;
        return 0;
    }
    return try_again(s, d, e);
}

static int finish_all(struct sinks *s, struct err *e)
{
    int rc = 0;

    for (size_t i = 0; i < s->n; i++) {
        int one = drain_finish(s->list[i], e);

        if (one == ERR_LATER)
            log_warn("not all that came was written; it comes again", "sink=%s",
                     s->list[i]->c.name);
        else if (one < 0)
            rc = one;
    }
    return rc;
}

int sinks_run(struct sinks *s, const struct sinks_reload *r, struct err *e)
{
    int rc = begin_all(s, e);

    while (rc == 0 && !os_should_stop()) {
        struct mono now = clock_mono(), first = mono_add_ms(now, WAIT_MS), due;
        bool is_busy = false;

        report(s, now);
        if (os_take_hangup())
            rc = reload(s, r, e);
        for (size_t i = 0; rc == 0 && i < s->n; i++) {
            int one = step(s, s->list[i], now, &due, e);

            is_busy |= one > 0;
            rc = one < 0 ? one : 0;
            if (one == 0 && due.ns < first.ns)
                first = due;
        }
        if (rc == 0 && !is_busy)
            wait_for(s, first);
    }
    if (rc < 0) {
        struct err other = {0};

        (void)finish_all(s, &other); /* the first cause is the one to report */
        return rc;
    }
    return finish_all(s, e);
}
