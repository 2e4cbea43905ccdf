/* The only way to stop a library that hangs is to end its process: the hub then counts
   the attempt, and the next worker has a fresh start. The kernel's timer calls `expire`
   on a thread of its own, since the one that hangs may hold anything. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "timeout.h"

#include <stdlib.h>

struct timeout {
    timer_t timer;
    const struct config_extractor *extractor;
    uint64_t seq;
    char id[ITEM_ID_MAX];
};

static void expire(union sigval value)
{
    const struct timeout *t = value.sival_ptr;
    const struct config_extractor *x = t->extractor;

    if (x == NULL)
        return; /* it ended in this very moment */
    log_error("an item takes too long, ending so that a fresh worker starts",
              "extractor=%s item=%s seq=%llu timeout_ms=%lld", x->name, t->id,
              (unsigned long long)t->seq, (long long)x->timeout_ms);
    _exit(TIMEOUT_EXIT);
}

int timeout_open(struct timeout **ret, struct err *e)
{
    struct timeout *t = mem_new(sizeof *t);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD,
                             .sigev_value.sival_ptr = t,
                             .sigev_notify_function = expire};

    if (timer_create(CLOCK_MONOTONIC, &event, &t->timer) < 0) {
        int rc = err_set(e, -errno, "no timer: %s", strerror(errno));

        free(t);
        return rc;
    }
    *ret = t;
    return 0;
}

void timeout_close(struct timeout *t)
{
    if (t == NULL)
        return;
    (void)timer_delete(t->timer); /* nothing to be done if it fails */
    free(t);
}

void timeout_item(struct timeout *t, uint64_t seq, struct str id)
{
    size_t n = id.n < sizeof t->id - 1 ? id.n : sizeof t->id - 1;

    t->seq = seq;
    memcpy(t->id, id.p != NULL ? id.p : "", n);
    t->id[n] = '\0';
}

void timeout_enter(void *ctx, const struct config_extractor *x)
{
    struct timeout *t = ctx;
    int64_t ms = x != NULL ? x->timeout_ms : 0; /* 0 disarms */
    struct itimerspec when = {
        .it_value = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}};

    t->extractor = x;
    (void)timer_settime(t->timer, 0, &when, NULL); /* cannot fail for such a time */
}
