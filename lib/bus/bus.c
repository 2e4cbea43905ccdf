/* The front of all buses: finds the kind that the configuration names and hands over. */
#include <assert.h>

#include "bus_kind.h"

const char *bus_kind_name(size_t i)
{
    return bus_kinds[i] != NULL ? bus_kinds[i]->name : NULL;
}

static const struct bus_kind *find(const struct config_bus *c, struct err *e)
{
    struct strbuf known = {.max = 256};

    for (size_t i = 0; bus_kinds[i] != NULL; i++)
        if (strcmp(bus_kinds[i]->name, c->kind) == 0)
            return bus_kinds[i];
    for (size_t i = 0; bus_kinds[i] != NULL; i++)
        (void)strbuf_addf(&known, " %s", bus_kinds[i]->name); /* cut when many */
    err_set(e, ERR_CONFIG, "bus.kind: '%s' is not a bus of this program; it has:%s",
            c->kind, strbuf_cstr(&known));
    strbuf_fini(&known);
    return NULL;
}

int bus_open(const struct config_bus *c, const struct bus_options *o, struct bus **ret,
             struct err *e)
{
    const struct bus_kind *kind = find(c, e);

    return kind != NULL ? kind->open(c, o, ret, e) : ERR_CONFIG;
}

void bus_close(struct bus *b)
{
    if (b != NULL)
        b->kind->close(b);
}

int bus_fd(const struct bus *b)
{
    return b->kind->fd(b);
}

int bus_next(struct bus *b, int timeout_ms, struct bus_event *ret, struct err *e)
{
    return b->kind->next(b, timeout_ms, ret, e);
}

int bus_put(struct bus *b, struct str feed_state, const struct bus_item *items, size_t n,
            uint64_t *ret_batch, struct err *e)
{
    assert(b->role == BUS_INGEST);
    return b->kind->put(b, feed_state, items, n, ret_batch, e);
}

size_t bus_put_waiting(const struct bus *b)
{
    assert(b->role == BUS_INGEST);
    return b->kind->put_waiting(b);
}

const char *bus_put_full_reason(const struct bus *b)
{
    assert(b->role == BUS_INGEST);
    return b->kind->put_full_reason(b);
}

int bus_ask_seen(struct bus *b, const struct bus_item *items, size_t n, uint64_t *ret_ask,
                 struct err *e)
{
    assert(b->role == BUS_INGEST);
    return b->kind->ask_seen(b, items, n, ret_ask, e);
}

void bus_forget(struct bus *b, uint64_t ask)
{
    assert(b->role == BUS_INGEST);
    b->kind->forget(b, ask);
}

int bus_ready(struct bus *b, unsigned credit, struct err *e)
{
    assert(b->role == BUS_WORK);
    return b->kind->ready(b, credit, e);
}

int bus_result(struct bus *b, uint64_t seq, uint32_t attempt, struct str nlp,
               struct err *e)
{
    assert(b->role == BUS_WORK);
    return b->kind->result(b, seq, attempt, nlp, e);
}

int bus_fail(struct bus *b, uint64_t seq, uint32_t attempt, int code, struct str text,
             struct err *e)
{
    assert(b->role == BUS_WORK);
    return b->kind->fail(b, seq, attempt, code, text, e);
}

int bus_keep(struct bus *b, uint64_t seq, struct err *e)
{
    assert(b->role == BUS_WORK);
    return b->kind->keep(b, seq, e);
}

int bus_tap(struct bus *b, const char *stream, uint64_t from, unsigned credit,
            const char *prefix, struct err *e)
{
    assert(b->role == BUS_TAP);
    return b->kind->tap(b, stream, from, credit, prefix, e);
}

int bus_ack(struct bus *b, uint64_t seq, unsigned credit, struct err *e)
{
    assert(b->role == BUS_TAP);
    return b->kind->ack(b, seq, credit, e);
}

int bus_report(struct bus *b, struct str json)
{
    assert(b->role == BUS_WORK || b->role == BUS_TAP);
    return b->kind->report(b, json);
}

int bus_get(struct bus *b, const char *stream, uint64_t from, uint64_t to,
            const char *prefix, struct err *e)
{
    assert(b->role == BUS_REPLAY);
    return b->kind->get(b, stream, from, to, prefix, e);
}

int bus_subscribe(struct bus *b, const char *prefix, struct err *e)
{
    assert(b->role == BUS_SUBSCRIBE);
    return b->kind->subscribe(b, prefix, e);
}

int bus_call(const struct config_bus *c, const char *method, const char *json,
             int timeout_ms, char **ret_json, struct err *e)
{
    const struct bus_kind *kind = find(c, e);

    return kind != NULL ? kind->call(c, method, json, timeout_ms, ret_json, e)
                        : ERR_CONFIG;
}
