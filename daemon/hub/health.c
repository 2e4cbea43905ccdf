/* Whether the hub gets on, for the watchdog. Not well is what a new start may mend: a
   state that cannot be written though there is room, and an oldest item that workers do
   not settle in the time that all its attempts may take. A full disk is for the operator,
   and an output that is behind has a program of its own to be watched. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "hub.h"

#define HOLD_GRACE_MS (10 * SECOND_MS)

static bool has_worker(const struct hub *h)
{
    for (const struct worker *w = h->workers; w != NULL; w = w->next)
        if (w->gone_why == NULL)
            return true;
    return false;
}

/* Nothing is given out, or nobody is there to take it. */
static bool is_nobodys_fault(const struct hub *h)
{
    return !has_worker(h) || h->is_holding || h->is_draining || h->is_stopping ||
           consumer_lagging(h) != NULL;
}

/* When the oldest item that waits came; 0: none does. */
static int64_t look_for_oldest(struct hub *h)
{
    int64_t came_ms = 0;

    if (h->jobs.n == 0 || store_oldest_pending(h->store, &came_ms, NULL) <= 0)
        came_ms = 0;
    if (came_ms != h->oldest_ms || came_ms == 0 || is_nobodys_fault(h))
        h->oldest_since = h->now;
    h->oldest_ms = came_ms;
    return came_ms;
}

static bool is_stuck(const struct hub *h)
{
    int64_t patience_ms =
        2 * h->bus.lease_ms * h->bus.max_attempts + 2 * h->report.feed_ms;

    return mono_ms_between(h->oldest_since, h->now) > patience_ms;
}

static bool is_disk_full(const struct err *e)
{
    return e->code == -ENOSPC || e->code == -EDQUOT;
}

static void write_backlog(const struct hub *h, int64_t came_ms, char *buf, size_t size)
{
    int n =
        snprintf(buf, size, "pending %zu, in flight %zu", h->jobs.n, h->jobs.n_in_hand);

    if (came_ms > 0 && n > 0 && (size_t)n < size)
        (void)snprintf(buf + n, size - (size_t)n, ", oldest %" PRId64 " s",
                       h->now_ms > came_ms ? (h->now_ms - came_ms) / SECOND_MS : 0);
}

void health_forgive(struct hub *h, int64_t ms)
{
    h->oldest_since = mono_add_ms(h->oldest_since, ms);
}

void health_tell(struct hub *h)
{
    bool is_held = h->is_holding && !is_disk_full(&h->hold) &&
                   mono_ms_between(h->hold_since, h->now) > HOLD_GRACE_MS;
    char backlog[100];
    int64_t came_ms;

    if (!os_report_is_due(&h->report, h->now))
        return;
    came_ms = look_for_oldest(h);
    write_backlog(h, came_ms, backlog, sizeof backlog);
    if (h->is_holding)
        os_report(&h->report, h->now, !is_held, "holding: %.150s; %s", h->hold.text,
                  backlog);
    else if (is_stuck(h))
        os_report(&h->report, h->now, false, "stuck: %s", backlog);
    else if (h->full[0] != '\0')
        os_report(&h->report, h->now, true, "full: %.150s; %s", h->full, backlog);
    else
        os_report(&h->report, h->now, true, "%s", backlog);
}
