/* PUB/SUB: whoever is slow or away loses messages, and sees it by `prev` and by the heads
   in the heartbeat. */
#include <errno.h>
#include <stdlib.h>

#include "newsmq/json.h"
#include "newsmq/mem.h"

#include "zmq_bus.h"

static uint64_t number_of(struct str raw)
{
    uint64_t v = 0;

    if (raw.p != NULL)
        (void)str_to_u64(raw, &v); /* stays 0 when it is none */
    return v;
}

int zmq_hear_published(struct zmq_bus *b, struct bus_event *ret)
{
    static const struct str keys[] = {STR_INIT("seq"), STR_INIT("prev"),
                                      STR_INIT("stream")};
    struct str topic = nmq1_get(&b->msg, 0), body = nmq1_get(&b->msg, 2), v[3];

    if (body.p == NULL || json_scan(nmq1_get(&b->msg, 1), keys, 3, v, NULL) < 0)
        return 0; /* not of ours */
    *ret = (struct bus_event){.kind = BUS_MSG, .topic = topic, .json = body};
    if (str_has_prefix(topic, STR("sys/heartbeat/"))) {
        ret->kind = BUS_HEARTBEAT;
        return 1;
    }
    ret->seq = number_of(v[0]);
    ret->prev = number_of(v[1]);
    ret->stream = json_plain(v[2]);
    return 1;
}

struct zmq_subscribe {
    char **prefixes;
    size_t n, cap;
    void *told; /* the socket that knows them */
};

static int tell(struct zmq_bus *b, struct str prefix, struct err *e)
{
    if (b->link.socket == NULL)
        return 0; /* with all the others, when there is one */
    if (zmq_setsockopt(b->link.socket, ZMQ_SUBSCRIBE, prefix.p, prefix.n) < 0)
        return err_set(e, -zmq_errno(), "cannot subscribe to '" STR_FMT "': %s",
                       STR_ARG(prefix), zmq_strerror(zmq_errno()));
    return 0;
}

static int subscribe_to(struct zmq_bus *b, struct str prefix, struct err *e)
{
    struct zmq_subscribe *s = b->subscribe;
    int rc = tell(b, prefix, e);

    if (rc < 0)
        return rc;
    s->prefixes = mem_grow(s->prefixes, &s->cap, s->n + 1, sizeof(char *));
    s->prefixes[s->n++] = mem_dup(prefix);
    s->told = b->link.socket;
    return 0;
}

int zmq_subscribe(struct bus *bus, const char *prefix, struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    int rc = subscribe_to(b, str_of(prefix != NULL ? prefix : ""), e);

    return rc < 0 ? rc : subscribe_to(b, STR("sys/heartbeat/"), e);
}

/* ZeroMQ says the subscriptions again by itself, on one socket. */
static int greet(struct zmq_bus *b)
{
    (void)b;
    return 0;
}

static int hear(struct zmq_bus *b, struct str verb, struct bus_event *ret)
{
    (void)b, (void)verb, (void)ret; /* what is published has no verb */
    return 0;
}

/* After a refusal the socket is another. */
static void tick(struct zmq_bus *b)
{
    struct zmq_subscribe *s = b->subscribe;
    struct err e;

    if (b->link.socket == NULL || s->told == b->link.socket)
        return;
    for (size_t i = 0; i < s->n; i++)
        (void)tell(b, str_of(s->prefixes[i]), &e); /* it was good before */
    s->told = b->link.socket;
}

void zmq_subscribe_init(struct zmq_bus *b)
{
    b->subscribe = mem_new(sizeof *b->subscribe);
}

static void fini(struct zmq_bus *b)
{
    for (size_t i = 0; i < b->subscribe->n; i++)
        free(b->subscribe->prefixes[i]);
    free(b->subscribe->prefixes);
    free(b->subscribe);
    b->subscribe = NULL;
}

const struct zmq_role zmq_role_subscribe = {greet, hear, tick, fini};
