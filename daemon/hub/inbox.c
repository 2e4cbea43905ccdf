/* What the sockets held, in the order it came. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "door.h"
#include "hub.h"

#define UNITS_MAX 2048
#define BYTES_MAX (16u << 20)

static void (*const read_unit[])(struct hub *h, struct unit *u) = {
    [FROM_INGEST] = ingest_read,
    [FROM_WORK] = work_read,
    [FROM_TAP] = tap_read,
};

static const enum cert_role role_of[] = {
    [FROM_INGEST] = ROLE_PUBLISH, [FROM_WORK] = ROLE_WORK, [FROM_TAP] = ROLE_TAP};

struct unit *inbox_add(struct inbox *b, enum source source)
{
    struct unit *u;

    if (b->n == b->cap) {
        size_t had = b->cap;

        b->units = mem_grow(b->units, &b->cap, b->n + 1, sizeof *b->units);
        memset(b->units + had, 0, (b->cap - had) * sizeof *b->units);
    }
    u = &b->units[b->n++];
    *u = (struct unit){.source = source, .msg = u->msg};
    return u;
}

/* Everything a peer could send wrong in the same way for all sockets. */
static bool is_sound(struct hub *h, struct unit *u, void *socket)
{
    struct str verb;
    struct err e = {0};
    int code;

    if (u->msg.too_many || u->msg.n > h->bus.max_frames ||
        u->msg.bytes > h->bus.max_frame_bytes * 4) {
        peer_err(h, socket, peer_of(u), 413, "too many frames or bytes in one message",
                 STR(""));
        return false;
    }
    code = nmq1_check(&u->msg, 1, &verb, &e);
    if (code != 0) {
        peer_err(h, socket, peer_of(u), code, e.text, STR(""));
        return false;
    }
    return true;
}

static void fill_from(struct hub *h, void *socket, enum source source, size_t max)
{
    struct inbox *b = &h->inbox;

    for (size_t n = 0; n < max && b->n < UNITS_MAX && b->bytes < BYTES_MAX; n++) {
        struct unit *u = inbox_add(b, source);

        if (nmq1_recv(socket, &u->msg, ZMQ_DONTWAIT) <= 0) {
            b->n--;
            return;
        }
        b->bytes += u->msg.bytes;
        if (door_lets(h, role_of[source], &u->msg) && is_sound(h, u, socket))
            read_unit[source](h, u);
        if (u->verb == VERB_NONE) { /* answered already */
            nmq1_reset(&u->msg);
            b->n--;
        }
    }
}

/* Results before new items: what is in hand is finished before more is begun. */
void inbox_fill(struct hub *h)
{
    for (size_t i = 0; i < h->self.n; i++) {
        struct unit *u = inbox_add(&h->inbox, FROM_SELF);
        struct nmq1_msg empty = u->msg;

        *u = h->self.units[i];
        u->msg = empty;
    }
    h->self.n = 0;
    fill_from(h, h->work, FROM_WORK, UNITS_MAX / 2);
    fill_from(h, h->tap, FROM_TAP, UNITS_MAX / 4);
    fill_from(h, h->ingest, FROM_INGEST, UNITS_MAX);
}

void inbox_clear(struct inbox *b)
{
    for (size_t i = 0; i < b->n; i++) {
        nmq1_reset(&b->units[i].msg);
        put_free(b->units[i].put);
        b->units[i].put = NULL;
    }
    b->n = b->bytes = b->n_items = 0;
}

void inbox_fini(struct inbox *b)
{
    inbox_clear(b);
    for (size_t i = 0; i < b->cap; i++)
        nmq1_fini(&b->units[i].msg);
    free(b->units);
    *b = (struct inbox){0};
}
