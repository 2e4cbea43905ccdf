/* ready.h - does it live, does it work, and if not, why: from what was answered */
#ifndef NEWSMQ_HTTP_READY_H
#define NEWSMQ_HTTP_READY_H

#include "newsmq/clock.h"

#include "facts.h"

/* Why it is not ready. The codes (docs/monitoring.md) never change their meaning. */
enum unready {
    UNREADY_HUB_SILENT,
    UNREADY_HOLDING,       /* the state cannot be written */
    UNREADY_ACCOUNTS,      /* items are not records + dead + pending */
    UNREADY_DRAINING,      /* it stops */
    UNREADY_NO_WORKER,     /* none is connected */
    UNREADY_BACKLOG_STUCK, /* an item waits for too long */
    UNREADY_SINK_STUCK,    /* records wait, and a sink acknowledges none */
    UNREADY_FEEDS_FAILING, /* all of them */
    UNREADY_NOT_FETCHING,  /* all feeds are due for long, and none is asked */
    UNREADY_PROGRAM_RED,   /* a program keeps ending */
    UNREADY_REASONS,
};

const char *unready_code(enum unready u);

struct ready {
    bool is_live;  /* the hub answers */
    bool is_ready; /* nothing of the above */
    bool has[UNREADY_REASONS];
    char text[UNREADY_REASONS][300]; /* in words */
};

#define READY_BACKLOG_MS  (10 * MINUTE_MS)
#define READY_SINK_MS     MINUTE_MS
#define READY_FETCHING_MS (10 * MINUTE_MS)

void ready_judge(struct ready *r, const struct facts *f);

/* {"live","ready","reasons":[{"code","text"}]} and a line end. 0 or -E2BIG. */
int ready_write(const struct ready *r, struct strbuf *out);

#endif
