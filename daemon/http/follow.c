/* Few messages a turn, so that who asks meanwhile is answered. What is acknowledged is a
   message to the hub, and a commit there, so that is done seldom. Once all is known that
   was there at the start no more than RATE are taken a second: in a flood of items this
   reader follows behind, and the hub has its time for those who work. */
#include <stdlib.h>
#include <string.h>

#include "newsmq/ask.h"
#include "newsmq/bus.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "follow.h"

#define A_TURN    32
#define CREDIT    256
#define SAY       64  /* acknowledged at once */
#define RATE      500 /* a second; a turn more may be on the way */
#define KEEP_JSON 1000
#define EPOCH_MAX 64

struct follow {
    const struct config *config;
    struct digest *digest;
    struct bus *bus;  /* NULL: not opened */
    uv_poll_t *ready; /* of the bus; frees itself */
    uv_timer_t again;
    char epoch[EPOCH_MAX]; /* of the store that the digest is made of */
    uint64_t head;         /* when it began */
    unsigned n_unsaid;     /* taken and not acknowledged */
    unsigned n_taken;      /* since the last tick */
    struct follow_state state;
};

static struct digest *new_digest(const struct config_http *c)
{
    struct digest_limits limits = {.max_records = c->history > 0 ? c->history : 1,
                                   .max_bytes = c->memory_bytes,
                                   .keep_json = KEEP_JSON};

    return digest_new(&limits);
}

static void pump(struct follow *f);

static void on_again(uv_timer_t *t)
{
    pump(t->data);
}

static void on_ready(uv_poll_t *p, int status, int events)
{
    (void)status, (void)events;
    pump(p->data);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void on_unwatched(uv_handle_t *handle)
{
    free(handle);
}

static void leave(struct follow *f)
{
    if (f->ready != NULL)
        uv_close((uv_handle_t *)f->ready, on_unwatched);
    f->ready = NULL;
    bus_close(f->bus);
    f->bus = NULL;
}

static void watch(struct follow *f)
{
    uv_poll_t *p = mem_new(sizeof *p);

    if (uv_poll_init(f->again.loop, p, bus_fd(f->bus)) < 0) {
        free(p); /* then the tick has to do */
        return;
    }
    p->data = f;
    f->ready = p;
    (void)uv_poll_start(p, UV_READABLE, on_ready); /* cannot fail */
}

static void say_taken(struct follow *f)
{
    struct err e = {0};

    if (f->bus != NULL && f->n_unsaid > 0)
        (void)bus_ack(f->bus, f->state.next - 1, f->n_unsaid, &e); /* or after a break */
    f->n_unsaid = 0;
}

static void take(struct follow *f, const struct bus_event *m)
{
    struct err e = {0};

    (void)digest_add(f->digest, m->json, m->seq, &e); /* it counts what it refuses */
    f->state.next = m->seq + 1;
    if (f->state.next > f->head)
        f->state.is_live = true;
    f->n_taken++;
    f->n_unsaid++;
    if (f->n_unsaid >= SAY && (!f->state.is_live || f->n_taken < RATE))
        say_taken(f);
}

/* Asks from there on; what is still kept of it. */
static void ask_from(struct follow *f, uint64_t from)
{
    f->state.next = from;
    f->n_unsaid = 0;
    if (bus_tap(f->bus, "record", from, CREDIT, NULL, &f->state.fault) < 0)
        leave(f);
}

static void pump(struct follow *f)
{
    struct bus_event m = {0};
    struct err e = {0};

    for (int i = 0; f->bus != NULL && i < A_TURN; i++) {
        int rc = bus_next(f->bus, 0, &m, &e);

        if (rc == 0 || m.kind == BUS_NONE)
            return;
        if (rc < 0) {
            f->state.fault = e;
            leave(f); /* the next tick begins again */
        } else if (m.kind == BUS_MSG) {
            take(f, &m);
        } else if (m.kind == BUS_GONE) {
            ask_from(f, m.seq);
        } else if (m.kind == BUS_REFUSED) {
            err_set(&f->state.fault, ERR_CLOSED, "the hub: " STR_FMT, STR_ARG(m.json));
            leave(f);
        }
    }
    if (f->bus != NULL)
        (void)uv_timer_start(&f->again, on_again, 0, 0); /* there may be more */
}

/* Where the newest `history` records begin. */
static uint64_t begin_of(const struct follow *f, const json_t *stream)
{
    uint64_t first = (uint64_t)ask_number(stream, "first");
    uint64_t head = (uint64_t)ask_number(stream, "head");
    uint64_t from = head > f->config->http.history ? head - f->config->http.history : 0;

    return from + 1 > first ? from + 1 : first > 0 ? first : 1;
}

static void begin(struct follow *f, const json_t *status)
{
    const json_t *stream = json_object_get(json_object_get(status, "streams"), "record");
    struct str epoch = ask_text(status, "epoch");
    struct bus_options o = {.role = BUS_TAP};
    bool is_same = f->epoch[0] != '\0' && str_eq(epoch, str_of(f->epoch));
    uint64_t from;

    if (epoch.n == 0 || epoch.n >= EPOCH_MAX)
        return;
    f->head = (uint64_t)ask_number(stream, "head");
    from = is_same ? f->state.next : begin_of(f, stream);
    if (!is_same) {
        digest_free(f->digest);
        f->digest = new_digest(&f->config->http);
        memcpy(f->epoch, epoch.p, epoch.n);
        f->epoch[epoch.n] = '\0';
    }
    f->state = (struct follow_state){.is_live = from > f->head, .next = from};
    if (bus_open(&f->config->bus, &o, &f->bus, &f->state.fault) < 0)
        return;
    watch(f);
    ask_from(f, from);
}

void follow_tick(struct follow *f, const json_t *status)
{
    if (f->bus != NULL && status != NULL &&
        !str_eq(ask_text(status, "epoch"), str_of(f->epoch)))
        leave(f);
    if (f->bus == NULL && status != NULL)
        begin(f, status);
    f->n_taken = 0;
    say_taken(f);
    pump(f);
}

const struct digest *follow_digest(const struct follow *f)
{
    return f->digest;
}

const struct follow_state *follow_state(const struct follow *f)
{
    return &f->state;
}

struct follow *follow_new(uv_loop_t *loop, const struct config *c)
{
    struct follow *f = mem_new(sizeof *f);

    f->config = c;
    f->digest = new_digest(&c->http);
    (void)uv_timer_init(loop, &f->again); /* cannot fail */
    f->again.data = f;
    return f;
}

void follow_free(struct follow *f)
{
    if (f == NULL)
        return;
    leave(f);
    digest_free(f->digest);
    f->digest = NULL;
    uv_close((uv_handle_t *)&f->again, on_closed);
}
