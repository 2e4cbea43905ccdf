/* Durable consumers: how far each has come, connected or not. */
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "hub.h"

struct consumer *consumer_find(const struct hub *h, const char *name)
{
    for (struct consumer *c = h->consumers; c != NULL; c = c->next)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

struct consumer *consumer_get(struct hub *h, const char *name)
{
    struct consumer *c = consumer_find(h, name);

    if (c != NULL)
        return c;
    c = mem_new(sizeof *c);
    (void)snprintf(c->name, sizeof c->name, "%s", name);
    c->next = h->consumers;
    h->consumers = c;
    return c;
}

static void load_one(void *ctx, const char *name, enum stream stream, uint64_t acked,
                     int64_t last_ms)
{
    struct consumer *c = consumer_get(ctx, name);

    c->stream = stream;
    c->acked = acked;
    c->last_ms = last_ms;
}

int consumers_load(struct hub *h, struct err *e)
{
    return store_each_consumer(h->store, load_one, h, e);
}

uint64_t consumers_acked(const struct hub *h, enum stream stream)
{
    uint64_t acked = store_head(h->store, stream);

    for (const struct consumer *c = h->consumers; c != NULL; c = c->next)
        if (c->stream == stream && c->acked < acked)
            acked = c->acked;
    return acked;
}

const struct consumer *consumer_lagging(const struct hub *h)
{
    uint64_t head = store_head(h->store, STREAM_RECORD);

    for (const struct consumer *c = h->consumers; c != NULL; c = c->next)
        if (c->stream == STREAM_RECORD && head > c->acked &&
            head - c->acked > h->bus.max_unacked)
            return c;
    return NULL;
}

int control_apply(struct hub *h, struct unit *u, struct err *e)
{
    u->rc = u->verb == VERB_ASK ? store_ask_feed(h->store, u->text, u->ask, e)
                                : store_forget_consumer(h->store, u->text, e);
    return u->rc;
}

static void finish_ask(struct hub *h, const struct unit *u)
{
    if (u->rc > 0) /* the caller asks again when neither comes */
        (void)peer_say(h->control, peer_of(u), STR("RET"), STR("{}"));
    else
        peer_err(h, h->control, peer_of(u), 422, "the hub knows no such feed", STR(""));
}

static void finish_forget(struct hub *h, const struct unit *u)
{
    struct consumer **at = &h->consumers;

    while (*at != NULL && strcmp((*at)->name, u->text) != 0)
        at = &(*at)->next;
    if (*at != NULL) {
        struct consumer *c = *at;

        if (c->tap != NULL) { /* goes on as a reader that is not remembered */
            c->tap->consumer = NULL;
            c->tap->is_skipping = false;
        }
        *at = c->next;
        free(c);
    }
    (void)peer_say(h->control, peer_of(u), STR("RET"),
                   u->rc > 0 ? STR("{\"forgotten\":true}")
                             : STR("{\"forgotten\":false}")); /* the caller asks again */
}

void control_finish(struct hub *h, struct unit *u)
{
    if (u->verb == VERB_ASK)
        finish_ask(h, u);
    else
        finish_forget(h, u);
}
