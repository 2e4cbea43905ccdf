/* Ordered readers with a cursor. A reader that has all but the newest gets it from memory
   as it is made; one that is behind reads from the store until it has caught up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "door.h"
#include "hub.h"

#define CREDIT_MAX  1000000
#define PREFIX_MAX  250
#define ROWS_A_TURN 256

enum { SUB_OK = 1, SUB_GONE, SUB_AHEAD, SUB_OTHER_STREAM, SUB_TOO_MANY };

static struct str peer_of_tap(const struct tap *t)
{
    return (struct str){(const char *)t->id, t->n_id};
}

static struct tap *tap_find(const struct hub *h, struct str peer)
{
    for (struct tap *t = h->taps; t != NULL; t = t->after)
        if (t->n_id == peer.n && memcmp(t->id, peer.p, peer.n) == 0)
            return t;
    return NULL;
}

static void tap_drop(struct hub *h, struct tap *t)
{
    struct tap **at = &h->taps;

    while (*at != t)
        at = &(*at)->after;
    *at = t->after;
    if (t->consumer != NULL) {
        log_info("consumer left", "consumer=%s acked=%llu", t->consumer->name,
                 (unsigned long long)t->consumer->acked);
        t->consumer->tap = NULL;
    }
    free(t->prefix);
    free(t);
}

void tap_free_all(struct hub *h)
{
    while (h->taps != NULL)
        tap_drop(h, h->taps);
    while (h->consumers != NULL) {
        struct consumer *c = h->consumers;

        h->consumers = c->next;
        free(c);
    }
}

/* ---- what they say ---- */

static const char *read_sub(const struct hub *h, struct unit *u)
{
    struct str name = nmq1_get(&u->msg, 6), prefix = nmq1_get(&u->msg, 7);

    if (!stream_find(nmq1_get(&u->msg, 3), &u->stream))
        return "SUB: the stream is item, record or event";
    if (!nmq1_get_u64(&u->msg, 4, &u->seq) || !nmq1_get_u64(&u->msg, 5, &u->number))
        return "SUB <stream> <from> <credit> <name> [prefix]";
    if (name.n > 0 && !is_name(name, 63))
        return "SUB: a name is up to 63 printable characters without space, / and quotes";
    if (prefix.n > PREFIX_MAX)
        return "SUB: the prefix is too long";
    if (name.n > 0 && !door_full_name(h, &u->msg, name, u->text, CONSUMER_NAME_MAX))
        return "SUB: with the name of the key the name is too long";
    u->verb = VERB_SUB;
    return NULL;
}

void tap_read(struct hub *h, struct unit *u)
{
    struct str verb = nmq1_get(&u->msg, 2);
    const char *why = NULL;

    if (str_eq(verb, STR("SUB"))) {
        why = read_sub(h, u);
    } else if (str_eq(verb, STR("ACK"))) {
        if (!nmq1_get_u64(&u->msg, 3, &u->seq) || !nmq1_get_u64(&u->msg, 4, &u->number))
            why = "ACK <seq> <credit>";
        else
            u->verb = VERB_ACK;
    } else if (str_eq(verb, STR("PING"))) {
        u->verb = VERB_PING;
    } else if (str_eq(verb, STR("BYE"))) {
        u->verb = VERB_BYE;
    } else {
        peer_err(h, h->tap, peer_of(u), 400, "unknown verb on the tap socket", STR(""));
    }
    if (why != NULL)
        peer_err(h, h->tap, peer_of(u), 422, why, STR(""));
}

/* Readers cost memory, and each durable name keeps records for it. */
static bool is_too_many(const struct hub *h, const struct unit *u,
                        const struct consumer *mine)
{
    size_t n_taps = 0, n_names = 0;

    for (const struct tap *t = h->taps; t != NULL; t = t->after)
        n_taps++;
    for (const struct consumer *c = h->consumers; c != NULL; c = c->next)
        n_names++;
    return (n_taps >= h->bus.max_taps && tap_find(h, peer_of(u)) == NULL &&
            (mine == NULL || mine->tap == NULL)) ||
           (n_names >= h->bus.max_taps && u->text[0] != '\0' && mine == NULL);
}

/* Where the reader starts: what it asks for, else where it stood, else the oldest. */
static int apply_sub(struct hub *h, struct unit *u, struct err *e)
{
    const struct consumer *c = u->text[0] != '\0' ? consumer_find(h, u->text) : NULL;
    uint64_t first = store_first(h->store, u->stream);
    uint64_t start = u->seq;

    u->rc = SUB_OK;
    if (is_too_many(h, u, c))
        u->rc = SUB_TOO_MANY;
    else if (c != NULL && c->stream != u->stream)
        u->rc = SUB_OTHER_STREAM;
    else if (start == 0)
        start = c != NULL && c->acked + 1 > first ? c->acked + 1 : first;
    if (start < first)
        u->rc = SUB_GONE;
    else if (start > store_head(h->store, u->stream) + 1)
        u->rc = SUB_AHEAD;
    if (u->rc != SUB_OK)
        return 0;
    u->seq = start;
    if (u->text[0] == '\0')
        return 0;
    return store_set_consumer(h->store, u->text, u->stream, start - 1, e);
}

static int apply_ack(struct hub *h, struct unit *u, struct err *e)
{
    const struct tap *t = tap_find(h, peer_of(u));

    u->rc = t != NULL && u->seq < t->next;
    if (u->rc == 0 || t->consumer == NULL || u->seq <= t->consumer->acked)
        return 0;
    return store_set_consumer(h->store, t->consumer->name, t->stream, u->seq, e);
}

static int apply_skip(struct hub *h, struct unit *u, struct err *e)
{
    const struct consumer *c = consumer_find(h, u->text);

    u->rc = c != NULL && c->tap != NULL && c->acked < u->seq;
    return u->rc == 1 ? store_set_consumer(h->store, u->text, c->stream, u->seq, e) : 0;
}

int tap_apply(struct hub *h, struct unit *u, struct err *e)
{
    if (u->verb == VERB_SUB)
        return apply_sub(h, u, e);
    if (u->verb == VERB_ACK)
        return apply_ack(h, u, e);
    return u->verb == VERB_SKIP ? apply_skip(h, u, e) : 0;
}

static void refuse_sub(struct hub *h, struct unit *u)
{
    char number[24];

    if (u->rc == SUB_GONE)
        (void)peer_say(h->tap, peer_of(u), STR("GONE"),
                       nmq1_number(store_first(h->store, u->stream), number));
    else if (u->rc == SUB_TOO_MANY)
        peer_err(h, h->tap, peer_of(u), 429,
                 "as many readers, or durable names, as bus.max_taps allows", STR(""));
    else if (u->rc == SUB_AHEAD)
        peer_err(
            h, h->tap, peer_of(u), 409,
            "you ask for what is not there yet: this hub's state is younger than you",
            nmq1_number(store_head(h->store, u->stream), number));
    else
        peer_err(h, h->tap, peer_of(u), 409,
                 "the consumer of this name reads another stream; forget it first",
                 STR(""));
}

static void finish_sub(struct hub *h, struct unit *u)
{
    struct str peer = peer_of(u);
    struct tap *old = tap_find(h, peer), *t;

    if (old != NULL)
        tap_drop(h, old);
    if (u->rc != SUB_OK || peer.n > PEER_ID_MAX) {
        refuse_sub(h, u);
        return;
    }
    t = mem_new(sizeof *t);
    memcpy(t->id, peer.p, peer.n);
    t->n_id = peer.n;
    t->stream = u->stream;
    t->next = u->seq;
    t->sent = t->acked = u->seq - 1;
    t->credit = u->number < CREDIT_MAX ? u->number : CREDIT_MAX;
    t->prefix = mem_dup(nmq1_get(&u->msg, 7));
    t->heard = t->probed = h->now;
    t->after = h->taps;
    h->taps = t;
    if (u->text[0] == '\0')
        return;
    t->consumer = consumer_get(h, u->text);
    if (t->consumer->tap != NULL) {
        struct tap *other = t->consumer->tap;

        peer_err(h, h->tap, peer_of_tap(other), 409, "another took this name", STR(""));
        tap_drop(h, other);
    }
    t->consumer->tap = t;
    t->consumer->stream = u->stream;
    t->consumer->acked = u->seq - 1;
    t->consumer->last_ms = h->now_ms;
    log_info("consumer came", "consumer=%s stream=%s from=%llu", u->text,
             stream_name(u->stream), (unsigned long long)u->seq);
}

static void finish_ack(struct hub *h, struct unit *u, struct tap *t)
{
    if (u->rc == 0) {
        peer_err(h, h->tap, peer_of(u), 422, "ACK of what was not sent", STR(""));
        return;
    }
    t->credit = u->number < CREDIT_MAX - t->credit ? t->credit + u->number : CREDIT_MAX;
    if (u->seq > t->acked)
        t->acked = u->seq;
    if (t->consumer == NULL || u->seq <= t->consumer->acked)
        return;
    t->consumer->acked = u->seq;
    t->consumer->last_ms = h->now_ms;
}

static void finish_skip(struct hub *h, struct unit *u)
{
    struct consumer *c = consumer_find(h, u->text);

    if (c == NULL || c->tap == NULL)
        return;
    c->tap->is_skipping = false;
    if (u->rc == 1)
        c->acked = c->tap->acked = u->seq;
}

static void finish_ping(struct hub *h, const struct unit *u, struct tap *t)
{
    if (t->consumer != NULL)
        counts_sink(&t->consumer->counts, nmq1_get(&u->msg, 3));
    (void)peer_say(h->tap, peer_of(u), STR("PONG")); /* next second again */
}

void tap_finish(struct hub *h, struct unit *u)
{
    struct tap *t;

    if (u->verb == VERB_SKIP) {
        finish_skip(h, u);
        return;
    }
    if (u->verb == VERB_SUB) {
        finish_sub(h, u);
        return;
    }
    t = tap_find(h, peer_of(u));
    if (t == NULL) {
        if (u->verb != VERB_BYE)
            (void)peer_say(h->tap, peer_of(u), STR("WHO")); /* it subscribes again */
        return;
    }
    t->heard = h->now;
    if (u->verb == VERB_ACK)
        finish_ack(h, u, t);
    else if (u->verb == VERB_PING)
        finish_ping(h, u, t);
    else
        tap_drop(h, t);
}

/* ---- what they get ---- */

static bool is_for(const struct tap *t, struct str topic)
{
    return t->prefix == NULL || str_has_prefix(topic, str_of(t->prefix));
}

/* Its last words, an ACK perhaps, may still have to be read. */
static void see_gone(struct hub *h, struct tap *t)
{
    if (!t->is_gone)
        t->gone = h->now;
    t->is_gone = true;
}

/* 0 = passed on or over, 1 = not now. */
static int give(struct hub *h, struct tap *t, uint64_t seq, struct str topic,
                struct str json)
{
    char number[24];
    int rc;

    if (!is_for(t, topic)) {
        t->next = seq + 1;
        return 0;
    }
    if (t->credit == 0)
        return 1;
    rc = peer_say(h->tap, peer_of_tap(t), STR("MSG"), str_of(stream_name(t->stream)),
                  nmq1_number(seq, number), topic, json);
    if (rc == 0) {
        t->next = seq + 1;
        t->sent = seq;
        t->credit--;
        return 0;
    }
    if (rc == -EHOSTUNREACH)
        see_gone(h, t);
    h->is_blocked |= rc == ERR_LATER;
    return 1;
}

bool tap_wants(const struct hub *h, const struct store_made *m)
{
    for (const struct tap *t = h->taps; t != NULL; t = t->after)
        if (t->stream == m->stream && t->next == m->seq && t->credit > 0 && !t->is_gone &&
            is_for(t, str_of(m->topic)))
            return true;
    return false;
}

void tap_offer(struct hub *h, const struct store_made *m, struct str json)
{
    for (struct tap *t = h->taps; t != NULL; t = t->after)
        if (t->stream == m->stream && t->next == m->seq && !t->is_gone)
            (void)give(h, t, m->seq, str_of(m->topic), json); /* else from the store */
}

struct pumping {
    struct hub *h;
    struct tap *t;
};

static int give_row(void *ctx, const struct store_row *row)
{
    struct pumping *p = ctx;

    return give(p->h, p->t, row->seq, row->topic, row->json);
}

/* A prefix may leave out all there is: the cursor follows, or it would hold back
   everybody. */
static void skip(struct hub *h, struct tap *t, uint64_t slack)
{
    struct unit *u;

    if (t->consumer == NULL || t->prefix == NULL || t->is_skipping ||
        t->sent > t->acked || t->next - 1 <= t->acked + slack)
        return;
    t->is_skipping = true;
    u = inbox_add(&h->self, FROM_SELF);
    u->verb = VERB_SKIP;
    u->seq = t->next - 1;
    (void)snprintf(u->text, sizeof u->text, "%s", t->consumer->name);
}

static void pump_one(struct hub *h, struct tap *t)
{
    struct pumping p = {h, t};
    uint64_t head = store_head(h->store, t->stream);
    uint64_t to = t->next + ROWS_A_TURN - 1;
    struct err e = {0};
    int rc;

    if (t->credit == 0 || t->next > head)
        return;
    if (t->next < store_first(h->store, t->stream)) {
        char number[24];

        (void)peer_say(h->tap, peer_of_tap(t), STR("GONE"),
                       nmq1_number(store_first(h->store, t->stream), number)); /* drops */
        see_gone(h, t);
        return;
    }
    rc =
        store_read(h->store, t->stream, t->next, to < head ? to : head, give_row, &p, &e);
    if (rc < 0 && !store_should_retry(rc))
        log_fatal("the state is damaged", "cause='%s'", e.text);
    h->is_busy |= t->credit > 0 && t->next <= head && rc == 0 && !t->is_gone;
}

void tap_pump(struct hub *h)
{
    struct tap *next;

    for (struct tap *t = h->taps; t != NULL; t = next) {
        next = t->after;
        if (!t->is_gone)
            pump_one(h, t);
        skip(h, t, h->bus.max_unacked / 4);
        if (t->is_gone && mono_ms_between(t->gone, h->now) >= GONE_MS)
            tap_drop(h, t);
    }
}

void tap_tick(struct hub *h)
{
    for (struct tap *t = h->taps; t != NULL; t = t->after) {
        if (mono_ms_between(t->probed, h->now) < h->bus.ping_ms)
            continue;
        t->probed = h->now;
        skip(h, t, 0);
        if (mono_ms_between(t->heard, h->now) >= h->bus.ping_ms &&
            peer_say(h->tap, peer_of_tap(t), STR("PONG")) == -EHOSTUNREACH)
            see_gone(h, t);
    }
}
