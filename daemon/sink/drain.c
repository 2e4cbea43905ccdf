#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "drain.h"

/* What the hub may send ahead. It bounds what is in memory, and at 1,000 a sync even a
   disk that syncs 20 times a second keeps up. */
#define CREDIT      1024
#define BATCH_BYTES ((size_t)8 << 20)
#define BYTES_MAX   ((size_t)4 << 30) /* credit times the largest frames */
#define RETRY_MS    1000
#define LATER_MS    20
#define TICK_MS     1000
#define FINISH_MS   3000

/* ---- life ---- */

void drain_init(struct drain *d, const struct config_sink *c)
{
    *d = (struct drain){.c = *c, .bytes.max = BYTES_MAX};
    d->c.type = mem_strdup(c->type);
    d->c.name = mem_strdup(c->name);
    d->c.path = mem_strdup(c->path);
}

int drain_open(struct drain *d, struct err *e)
{
    uint64_t last = 0;
    bool has_cursor = false;

    d->output = output_find(str_of(d->c.type));
    if (d->output == NULL)
        return err_set(e, ERR_CONFIG, "sink '%s': no output of the kind '%s'", d->c.name,
                       d->c.type);
    if (d->output->open(&d->c, &d->state, &last, &has_cursor, e) < 0)
        return err_wrap(e, "sink '%s'", d->c.name);
    d->next = has_cursor && last > 0 ? last + 1 : 0;
    log_info("output open", "sink=%s type=%s last=%" PRIu64, d->c.name, d->c.type, last);
    return 0;
}

void drain_close(struct drain *d)
{
    bus_close(d->bus);
    d->bus = NULL;
    if (d->state != NULL)
        d->output->close(d->state);
    d->state = NULL;
    d->n = d->from = d->tried = 0;
    d->gap_to = 0;
    d->is_holding = d->has_more_ticks = false;
    strbuf_reset(&d->bytes);
}

void drain_fini(struct drain *d)
{
    drain_close(d);
    free(d->records);
    free(d->batch);
    strbuf_fini(&d->bytes);
    free(d->c.type);
    free(d->c.name);
    free(d->c.path);
    *d = (struct drain){0};
}

int drain_begin(struct drain *d, const struct config_bus *bus, struct str epoch,
                struct err *e)
{
    struct bus_options o = {.role = BUS_TAP, .name = d->c.name};
    int rc = 0;

    if (d->output->claim != NULL)
        rc = d->output->claim(d->state, epoch, e);
    if (rc == 0)
        rc = bus_open(bus, &o, &d->bus, e);
    if (rc == 0)
        rc = bus_tap(d->bus, "record", d->next, CREDIT, NULL, e);
    if (rc < 0)
        return err_wrap(e, "sink '%s'", d->c.name);
    return 0;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool drain_adopt(struct drain *d, const struct config_sink *c)
{
    if (!is_same_text(d->c.type, c->type) || !is_same_text(d->c.path, c->path))
        return false;
    d->c.rotate_bytes = c->rotate_bytes;
    d->c.compress_closed = c->compress_closed;
    d->c.keep_ms = c->keep_ms;
    d->c.fsync_ms = c->fsync_ms;
    d->c.include_html = c->include_html;
    return true;
}

/* ---- what comes ---- */

static int take(struct drain *d, const struct bus_event *ev, struct err *e)
{
    struct drain_record r = {ev->seq, d->bytes.n, ev->topic.n, ev->json.n};

    if (d->next > 0 && ev->seq != d->next)
        return err_set(e, ERR_FORMAT,
                       "record %" PRIu64 " came where %" PRIu64 " was expected", ev->seq,
                       d->next);
    if (strbuf_add(&d->bytes, ev->topic) < 0 || strbuf_add(&d->bytes, ev->json) < 0)
        return err_set(e, ERR_LIMIT, "over %zu bytes on the way", d->bytes.max);
    if (d->n == d->from)
        d->since = clock_mono();
    d->records = mem_grow(d->records, &d->cap, d->n + 1, sizeof *d->records);
    d->records[d->n++] = r;
    d->next = ev->seq + 1;
    return 0;
}

/* The records up to `first` are lost to us. What came before them is written first. */
static int go_beyond_gap(struct drain *d, struct err *e)
{
    uint64_t first = d->gap_to;

    d->gap_to = 0;
    if (d->next > 0 && first > d->next) {
        log_error("records are lost: the hub no longer keeps them; the output is marked",
                  "sink=%s records=%" PRIu64 "-%" PRIu64, d->c.name, d->next, first - 1);
        if (d->output->skip != NULL && d->output->skip(d->state, first, e) < 0)
            return e->code;
        d->next = first;
    }
    return bus_tap(d->bus, "record", d->next, CREDIT, NULL, e);
}

static int refused(const struct drain *d, const struct bus_event *ev, struct err *e)
{
    char text[LOG_SAFE_MAX];

    if (ev->code != 409)
        return err_set(e, ERR_FORMAT, "the hub refuses: %d %s", ev->code,
                       log_safe(ev->json, text));
    return err_set(
        e, ERR_CONFIG,
        "the hub refuses: %s. The output goes up to record %" PRIu64
        ". If the hub's state is an older or a new one, put the right one back; "
        "or move the output's files away, or give the sink another path",
        log_safe(ev->json, text), d->next > 0 ? d->next - 1 : 0);
}

static int handle(struct drain *d, const struct bus_event *ev, struct err *e)
{
    switch (ev->kind) {
    case BUS_MSG:
        return take(d, ev, e);
    case BUS_GONE:
        d->gap_to = ev->seq > 0 ? ev->seq : 1;
        return 0;
    case BUS_REFUSED:
        return refused(d, ev, e);
    default:
        return 0; /* not for a reader */
    }
}

static int gather(struct drain *d, struct err *e)
{
    struct bus_event ev;

    for (size_t i = 0; i < CREDIT; i++) {
        int rc = bus_next(d->bus, 0, &ev, e);

        if (rc == -EINTR)
            continue;
        if (rc <= 0)
            return rc;
        rc = handle(d, &ev, e);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* ---- what goes ---- */

/* Whether waiting can help. */
static bool is_for_ever(int rc)
{
    return rc == -ESTALE || rc == -EPIPE || rc == -EBADF || rc == -E2BIG ||
           rc == ERR_FORMAT || rc == ERR_CONFIG || rc == ERR_LIMIT;
}

static void hold(struct drain *d, int rc, const struct err *e)
{
    d->retry_due = mono_add_ms(clock_mono(), rc == ERR_LATER ? LATER_MS : RETRY_MS);
    if (rc == ERR_LATER || d->is_holding)
        return;
    d->is_holding = true;
    log_error(
        "holding: the output cannot be written; nothing is lost, and it goes on by "
        "itself",
        "sink=%s cause='%s' remedy='%s'", d->c.name, e->text,
        rc == -ENOSPC || rc == -EDQUOT ? "make room on the disk, or set a shorter keep"
        : rc == -EACCES || rc == -EPERM
            ? "look after the folder's rights; if it was replaced by another, start "
              "again: the sandbox knows the old one"
            : "look after the disk and the folder's rights");
}

static size_t batch_end(const struct drain *d)
{
    size_t end = d->from, bytes = 0;

    if (d->tried > d->from)
        return d->tried; /* it comes again as it was */
    while (end < d->n && (end == d->from || bytes < BATCH_BYTES))
        bytes += d->records[end++].json_n;
    return end;
}

/* Answers its bytes. */
static size_t fill_batch(struct drain *d, size_t end)
{
    size_t bytes = 0;

    d->batch = mem_grow(d->batch, &d->batch_cap, end - d->from, sizeof *d->batch);
    for (size_t i = d->from; i < end; i++) {
        const struct drain_record *r = &d->records[i];
        const char *p = d->bytes.p + r->topic_at;

        d->batch[i - d->from] =
            (struct output_record){r->seq, {p, r->topic_n}, {p + r->topic_n, r->json_n}};
        bytes += r->json_n;
    }
    return bytes;
}

/* 0 = one batch is durable and acknowledged, ERR_LATER = not now. */
static int flush(struct drain *d, struct err *e)
{
    size_t end = batch_end(d), n = end - d->from, bytes = fill_batch(d, end);
    uint64_t last = d->records[end - 1].seq;
    struct mono from = clock_mono();
    struct err cause = {0};
    int rc;

    d->tried = end;
    rc = d->output->write(d->state, d->batch, n, &cause);
    if (rc < 0 && is_for_ever(rc))
        return err_set(e, rc, "%s", cause.text);
    if (rc < 0) {
        hold(d, rc, &cause);
        return ERR_LATER;
    }
    drain_cost_add(&d->cost, bytes, from, clock_mono());
    rc = bus_ack(d->bus, last, (unsigned)n, e);
    if (rc < 0)
        return rc;
    if (d->is_holding)
        log_info("the output is written again", "sink=%s last=%" PRIu64, d->c.name, last);
    d->is_holding = false;
    d->from = end;
    d->tried = 0;
    if (d->from == d->n) {
        d->from = d->n = 0;
        strbuf_reset(&d->bytes);
    }
    return 0;
}

int drain_finish(struct drain *d, struct err *e)
{
    struct mono end = mono_add_ms(clock_mono(), FINISH_MS);
    int rc = 0;

    while (d->n > d->from) {
        rc = flush(d, e);
        if (rc < 0 &&
            (rc != ERR_LATER || d->is_holding || mono_is_due(end, clock_mono())))
            break;
        if (rc == ERR_LATER)
            (void)poll(NULL, 0, LATER_MS); /* a reader that is slow gets its time */
    }
    return d->n > d->from ? rc : 0;
}

static bool is_full(const struct drain *d)
{
    return d->n - d->from >= CREDIT / 2 || d->bytes.n >= BATCH_BYTES;
}

/* When what is in hand is to be written. */
static struct mono flush_due(const struct drain *d)
{
    if (d->tried > 0)
        return d->retry_due;
    return is_full(d) ? d->since : mono_add_ms(d->since, d->c.fsync_ms);
}

static void tick(struct drain *d, struct mono now)
{
    struct err e = {0};
    int rc = d->output->tick(d->state, clock_wall_ms(), &e);

    if (!d->has_more_ticks)
        drain_cost_tell(&d->cost, d->c.path, d->bus);
    d->tick_due = mono_add_ms(now, TICK_MS);
    d->has_more_ticks = rc > 0;
    if (rc < 0 && strcmp(d->said, e.text) != 0) {
        log_warn("looking after the files failed; it is tried again",
                 "sink=%s cause='%s'", d->c.name, e.text);
        (void)snprintf(d->said, sizeof d->said, "%.*s", (int)sizeof d->said - 1, e.text);
    } else if (rc > 0) {
        d->said[0] = '\0';
    }
}

int drain_step(struct drain *d, struct mono now, struct mono *ret_due, struct err *e)
{
    struct mono due;
    int rc = gather(d, e);
    bool wrote = false;

    if (rc == 0 && d->n > d->from && mono_is_due(flush_due(d), now)) {
        rc = flush(d, e);
        wrote = rc == 0;
        rc = rc == ERR_LATER ? 0 : rc;
    }
    if (rc == 0 && d->gap_to > 0 && d->n == d->from)
        rc = go_beyond_gap(d, e);
    if (rc < 0)
        return err_wrap(e, "sink '%s'", d->c.name);
    if (mono_is_due(d->tick_due, now) || d->has_more_ticks)
        tick(d, now);
    due = d->tick_due;
    if (d->n > d->from && flush_due(d).ns < due.ns)
        due = flush_due(d);
    *ret_due = due;
    return wrote || d->has_more_ticks; /* an acknowledgement wants bus_next again */
}
