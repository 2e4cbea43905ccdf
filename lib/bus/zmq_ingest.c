/* Batches on their way into the hub. A copy is kept until the hub says OK; what was sent
   on a connection that broke, or has had no answer for long, is sent again, which does no
   harm: the hub knows what it has.

   A feed's state must not be committed before the items that came with it, or a kill in
   between would lose them behind a "304 Not Modified". So a batch that ends a poll (not
   "partial") waits until all batches of its feed before it are committed.

   When the hub is full nothing is sent until it is time to ask again, and then one batch
   alone asks. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/hash.h"
#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "zmq_bus.h"

#define BATCHES_MAX     256
#define BYTES_MAX       (32u << 20)
#define RETRY_MAX_MS    10000
#define RESEND_MS       10000 /* no answer, though the connection stands */
#define RESEND_MAX_MS   80000
#define SILENCE_TOLD_MS 5000
#define FRAMES_BEFORE   3 /* PUT, batch, feed state */

struct batch {
    uint64_t id, feed; /* feed: hash of its id */
    bool is_partial, is_sent;
    struct batch *next;
    size_t bytes, n_frames;
    struct str *frames; /* without the first; in the same piece of memory */
    char number[24];
};

struct zmq_ingest {
    struct batch *first, *last;
    struct zmq_asks *asks;
    size_t n, bytes;
    size_t n_sent;
    uint64_t last_id;
    struct mono heard; /* an answer, or the first batch sent when none waited */
    int64_t resend_ms;
    bool is_full;
    uint64_t probe; /* the batch that asks whether there is room again; 0: none */
    struct mono retry_due;
    char reason[300];
};

/* ---- the list ---- */

static void remove_batch(struct zmq_ingest *g, uint64_t id)
{
    struct batch *before = NULL, *a = g->first;

    while (a != NULL && a->id != id) {
        before = a;
        a = a->next;
    }
    if (a == NULL)
        return;
    if (before != NULL)
        before->next = a->next;
    else
        g->first = a->next;
    if (g->last == a)
        g->last = before;
    g->n--;
    g->n_sent -= a->is_sent;
    g->bytes -= a->bytes;
    free(a);
}

static struct batch *find(const struct zmq_ingest *g, uint64_t id)
{
    struct batch *a = g->first;

    while (a != NULL && a->id != id)
        a = a->next;
    return a;
}

static void unsend(struct zmq_ingest *g, struct batch *a)
{
    g->n_sent -= a->is_sent;
    a->is_sent = false;
}

/* ---- sending ---- */

static bool must_wait(const struct zmq_ingest *g, const struct batch *a)
{
    if (a->is_partial)
        return false;
    for (const struct batch *b = g->first; b != a; b = b->next)
        if (b->feed == a->feed)
            return true;
    return false;
}

static int send_batch(struct zmq_bus *b, struct batch *a)
{
    struct zmq_ingest *g = b->ingest;
    int rc = link_send(&b->link, a->frames, a->n_frames);

    if (rc < 0)
        return rc;
    if (g->n_sent == 0)
        g->heard = b->now;
    a->is_sent = true;
    g->n_sent++;
    return 0;
}

/* One batch asks; the others follow when it is taken. */
static void ask_again(struct zmq_bus *b)
{
    struct zmq_ingest *g = b->ingest;

    if (g->probe != 0 || g->first == NULL || !mono_is_due(g->retry_due, b->now))
        return;
    if (!g->first->is_sent && send_batch(b, g->first) == 0)
        g->probe = g->first->id;
}

static void flush(struct zmq_bus *b)
{
    struct zmq_ingest *g = b->ingest;

    if (!b->is_greeted)
        return;
    if (g->is_full) {
        ask_again(b);
        return;
    }
    for (struct batch *a = g->first; a != NULL && g->n_sent < g->n; a = a->next)
        if (!a->is_sent && !must_wait(g, a) && send_batch(b, a) < 0)
            return; /* again at the next tick */
}

static void unsend_all(struct zmq_ingest *g)
{
    for (struct batch *a = g->first; a != NULL; a = a->next)
        unsend(g, a);
    g->is_full = false;
    g->probe = 0;
}

static int greet(struct zmq_bus *b)
{
    unsend_all(b->ingest);
    zmq_asks_unsend(b->ingest->asks);
    b->is_greeted = true;
    zmq_asks_send(b, b->ingest->asks);
    flush(b);
    return 0;
}

static void tick(struct zmq_bus *b)
{
    struct zmq_ingest *g = b->ingest;

    if (b->link.is_up && g->n_sent > 0 &&
        mono_ms_between(g->heard, b->now) >= g->resend_ms) {
        g->resend_ms =
            g->resend_ms < RESEND_MAX_MS / 2 ? g->resend_ms * 2 : RESEND_MAX_MS;
        g->heard = b->now;
        unsend_all(g);
    }
    if (b->is_greeted)
        zmq_asks_send(b, g->asks);
    flush(b);
}

/* ---- answers ---- */

static int hear_ok(struct zmq_bus *b, const struct batch *a, struct bus_event *ret)
{
    struct zmq_ingest *g = b->ingest;
    uint64_t id = a->id;

    *ret = (struct bus_event){.kind = BUS_OK, .batch = id};
    (void)nmq1_get_u64(&b->msg, 3, &ret->n_new); /* these stay 0 when they are missing */
    (void)nmq1_get_u64(&b->msg, 4, &ret->n_dup);
    (void)nmq1_get_u64(&b->msg, 5, &ret->seq);
    if (id == g->probe)
        g->is_full = false;
    if (id == g->probe)
        g->probe = 0;
    remove_batch(g, id);
    flush(b);
    return 1;
}

static void hear_full(struct zmq_bus *b, struct batch *a)
{
    struct zmq_ingest *g = b->ingest;
    char safe[LOG_SAFE_MAX];
    uint64_t retry_ms = 1000;

    (void)nmq1_get_u64(&b->msg, 3, &retry_ms); /* stays when it is missing */
    if (retry_ms > RETRY_MAX_MS)
        retry_ms = RETRY_MAX_MS;
    unsend(g, a);
    if (a->id == g->probe)
        g->probe = 0;
    g->is_full = true;
    g->retry_due = mono_add_ms(b->now, (int64_t)retry_ms);
    (void)snprintf(g->reason, sizeof g->reason, "%s",
                   log_safe(nmq1_get(&b->msg, 4), safe));
}

static int hear(struct zmq_bus *b, struct str verb, struct bus_event *ret)
{
    struct zmq_ingest *g = b->ingest;
    struct batch *a;
    uint64_t id = 0;

    g->heard = b->now;
    g->resend_ms = RESEND_MS;
    if (str_eq(verb, STR("SAW")))
        return zmq_asks_hear(b, g->asks, ret);
    if (str_eq(verb, STR("ERR"))) {
        (void)zmq_refused(b, ret, &id);
        ret->batch = id; /* 0: of no batch */
        if (zmq_asks_remove(g->asks, id))
            return 1;
        if (id == g->probe)
            g->probe = 0;
        remove_batch(g, id);
        return 1;
    }
    if (!nmq1_get_u64(&b->msg, 2, &id) || (a = find(g, id)) == NULL)
        return 0; /* answered before: it was sent twice */
    if (str_eq(verb, STR("OK")))
        return hear_ok(b, a, ret);
    if (str_eq(verb, STR("FULL")) && a->is_sent)
        hear_full(b, a);
    return 0;
}

/* ---- what the fetcher asks ---- */

static size_t bytes_of(const struct bus_item *items, size_t n)
{
    size_t bytes = 0;

    for (size_t i = 0; i < n; i++)
        bytes += items[i].key.n + items[i].core.n;
    return bytes;
}

static int check_bounds(const struct zmq_bus *b, struct str feed_state,
                        const struct bus_item *items, size_t n, struct err *e)
{
    size_t frames_max = NMQ1_FRAMES_MAX - 8;

    if (n > frames_max / 2)
        return err_set(e, ERR_LIMIT, "a batch has at most %zu items", frames_max / 2);
    if (feed_state.n > b->max_frame)
        return zmq_too_large(b, "the feed's state", feed_state.n, e);
    for (size_t i = 0; i < n; i++)
        if (items[i].core.n > b->max_frame)
            return zmq_too_large(b, "an item", items[i].core.n, e);
    if (feed_state.n + bytes_of(items, n) > b->max_frame * 4)
        return err_set(e, ERR_LIMIT, "a batch of %zu bytes is over four bus.max_frame",
                       bytes_of(items, n));
    return 0;
}

static int read_state(struct str feed_state, struct batch *a, struct err *e)
{
    static const struct str keys[] = {STR_INIT("feed"), STR_INIT("partial")};
    struct str values[2];

    if (json_scan(feed_state, keys, 2, values, e) < 0)
        return err_wrap(e, "the feed's state");
    a->feed = hash_xxh64(values[0].p != NULL ? values[0] : STR(""), 0);
    a->is_partial = values[1].p != NULL && str_eq(values[1], STR("true"));
    return 0;
}

static struct str copy(char **at, struct str s)
{
    struct str to = {*at, s.n};

    if (s.n > 0)
        memcpy(*at, s.p, s.n);
    *at += s.n;
    return to;
}

/* A batch in one piece: itself, its frames, their bytes. */
static struct batch *new_batch(struct str feed_state, const struct bus_item *items,
                               size_t n)
{
    size_t n_frames = FRAMES_BEFORE + 2 * n;
    size_t bytes = feed_state.n + bytes_of(items, n);
    struct batch *a = malloc(sizeof *a + n_frames * sizeof(struct str) + bytes);
    char *at;

    if (a == NULL)
        return NULL;
    *a = (struct batch){.bytes = sizeof *a + n_frames * sizeof(struct str) + bytes,
                        .n_frames = n_frames};
    a->frames = (struct str *)(void *)(a + 1);
    at = (char *)(a->frames + n_frames);
    a->frames[0] = STR("PUT");
    a->frames[2] = copy(&at, feed_state);
    for (size_t i = 0; i < n; i++) {
        a->frames[FRAMES_BEFORE + 2 * i] = copy(&at, items[i].key);
        a->frames[FRAMES_BEFORE + 2 * i + 1] = copy(&at, items[i].core);
    }
    return a;
}

static void add_batch(struct zmq_ingest *g, struct batch *a)
{
    a->id = ++g->last_id;
    a->frames[1] = nmq1_number(a->id, a->number);
    if (g->last != NULL)
        g->last->next = a;
    else
        g->first = a;
    g->last = a;
    g->n++;
    g->bytes += a->bytes;
}

int zmq_put(struct bus *bus, struct str feed_state, const struct bus_item *items,
            size_t n, uint64_t *ret_batch, struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    struct zmq_ingest *g = b->ingest;
    struct batch *a, head = {0};
    int rc = check_bounds(b, feed_state, items, n, e);

    if (rc == 0)
        rc = read_state(feed_state, &head, e);
    if (rc < 0)
        return rc;
    if (g->n >= BATCHES_MAX || (g->n > 0 && g->bytes >= BYTES_MAX))
        return err_set(e, ERR_LATER, "%zu batches wait for the hub's answer", g->n);
    a = new_batch(feed_state, items, n);
    if (a == NULL)
        return err_set(e, ERR_LATER, "no memory for a batch now");
    a->feed = head.feed;
    a->is_partial = head.is_partial;
    add_batch(g, a);
    *ret_batch = a->id;
    flush(b);
    return 0;
}

int zmq_ask_seen(struct bus *bus, const struct bus_item *items, size_t n,
                 uint64_t *ret_ask, struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    struct zmq_ingest *g = b->ingest;
    int rc = zmq_asks_add(g->asks, g->last_id + 1, items, n, e);

    if (rc < 0)
        return rc;
    *ret_ask = ++g->last_id; /* batches and questions are numbered together */
    if (b->is_greeted)
        zmq_asks_send(b, g->asks);
    return 0;
}

void zmq_forget(struct bus *bus, uint64_t ask)
{
    (void)zmq_asks_remove(zmq_bus_of(bus)->ingest->asks, ask); /* answered is as good */
}

size_t zmq_put_waiting(const struct bus *bus)
{
    return zmq_bus_of_const(bus)->ingest->n;
}

const char *zmq_put_full_reason(const struct bus *bus)
{
    const struct zmq_bus *b = zmq_bus_of_const(bus);
    struct zmq_ingest *g = b->ingest;
    int64_t silent_ms = g->n_sent > 0 ? mono_ms_between(g->heard, b->now) : 0;

    if (!b->link.is_up)
        (void)snprintf(g->reason, sizeof g->reason, "the hub is not there (%s)",
                       b->link.endpoint);
    else if (!g->is_full && silent_ms >= SILENCE_TOLD_MS)
        (void)snprintf(g->reason, sizeof g->reason,
                       "the hub has not answered for %lld seconds",
                       (long long)(silent_ms / SECOND_MS));
    else if (!g->is_full)
        return NULL;
    return g->reason;
}

/* ---- life ---- */

void zmq_ingest_init(struct zmq_bus *b)
{
    b->ingest = mem_new(sizeof *b->ingest);
    b->ingest->resend_ms = RESEND_MS;
    b->ingest->asks = zmq_asks_new();
}

static void fini(struct zmq_bus *b)
{
    struct zmq_ingest *g = b->ingest;

    while (g->first != NULL)
        remove_batch(g, g->first->id);
    zmq_asks_free(g->asks);
    free(g);
    b->ingest = NULL;
}

const struct zmq_role zmq_role_ingest = {greet, hear, tick, fini};
