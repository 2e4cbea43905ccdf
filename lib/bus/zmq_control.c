/* One question to the hub. Nobody listening is found out at once and not by waiting. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"
#include "newsmq/nmq1.h"
#include "newsmq/os.h"

#include "bus_kind.h"
#include "zmq_bus.h"

#define REFUSED_MS 300 /* a hub that is just starting may come within it */
#define LOOK_MS    50

static int no_hub(const struct link *l, int timeout_ms, struct err *e)
{
    char text[300];

    if (l->fault != LINK_FINE)
        return err_set(e, l->fault == LINK_REFUSED ? -EACCES : -EPROTO, "%s: %s",
                       l->endpoint, link_fault_text(l, text, sizeof text));
    if (!l->is_up)
        return err_set(e, ERR_CLOSED,
                       "no hub listens at %s: is newsmqd running with this "
                       "configuration? (start it with `newsmqd -c CONFIG`)",
                       l->endpoint);
    return err_set(e, -ETIMEDOUT,
                   "the hub at %s has not answered within %d ms: it is busy or stopped; "
                   "its log says more",
                   l->endpoint, timeout_ms);
}

static int read_answer(const struct nmq1_msg *m, char **ret_json, struct err *e)
{
    struct str verb, text;
    uint64_t code = 0;

    if (nmq1_check(m, 0, &verb, e) != 0)
        return err_wrap(e, "the hub's answer");
    if (str_eq(verb, STR("RET")) && m->n > 2) {
        *ret_json = mem_dup(nmq1_get(m, 2));
        return 0;
    }
    (void)nmq1_get_u64(m, 2, &code); /* 0 when it is missing */
    text = str_head(nmq1_get(m, 3), 300);
    return err_set(e,
                   code == 503 || code == 429 ? ERR_LATER
                   : code == 404              ? -ENOSYS
                                              : ERR_FORMAT,
                   "the hub: " STR_FMT, STR_ARG(text));
}

/* 1 = m holds the answer, 0 = none came in time, negative = error. */
static int ask(struct link *l, const char *method, const char *json, int timeout_ms,
               struct nmq1_msg *m, struct err *e)
{
    struct mono start = clock_mono();
    bool is_asked = false;
    int rc = 0;

    while (rc == 0) {
        struct mono now = clock_mono();
        int64_t past_ms = mono_ms_between(start, now), left_ms = timeout_ms - past_ms;

        if (link_look(l))
            is_asked = link_say(l, STR("CALL"), str_of(method), str_of(json)) == 0;
        rc = is_asked ? nmq1_recv(l->socket, m, ZMQ_DONTWAIT) : 0;
        if (rc != 0)
            break;
        if (left_ms <= 0 || (l->has_failed && past_ms >= REFUSED_MS) ||
            l->fault == LINK_REFUSED || l->fault == LINK_MISMATCH)
            return 0;
        if (l->is_broken) {
            link_drop(l, now);
            is_asked = false;
        }
        rc = link_retry(l, now, e);
        if (rc == 0 && link_wait(l, left_ms < LOOK_MS ? left_ms : LOOK_MS) == -EINTR &&
            os_should_stop())
            rc = -EINTR;
    }
    return rc;
}

int zmq_call(const struct config_bus *c, const char *method, const char *json,
             int timeout_ms, char **ret_json, struct err *e)
{
    struct nmq1_msg m = {0};
    struct link l = {0};
    struct link_keys keys;
    int rc = zmq_keys(c, c->control.list[0], &keys, e);

    if (rc == 0)
        rc = link_open(&l, ZMQ_DEALER, c->control.list[0], 0, &keys, e);
    explicit_bzero(&keys, sizeof keys);
    if (rc < 0)
        return rc;
    rc = ask(&l, method, json, timeout_ms, &m, e);
    if (rc > 0)
        rc = read_answer(&m, ret_json, e);
    else if (rc == 0)
        rc = no_hub(&l, timeout_ms, e);
    else if (rc == -EINTR)
        err_set(e, rc, "told to stop while waiting for the hub at %s", l.endpoint);
    nmq1_fini(&m);
    link_close(&l);
    return rc;
}
