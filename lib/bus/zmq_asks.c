/* Questions of the fetcher that change nothing at the hub. One is kept until it is
   answered, and sent again on a new connection or after a while without an answer. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "zmq_bus.h"

#define ASKS_MAX     256
#define BYTES_MAX    (8u << 20)
#define RESEND_MS    10000
#define FRAMES_AHEAD 2 /* SEEN, ask */

struct ask {
    struct ask *next;
    uint64_t id;
    bool is_sent;
    struct mono sent;
    size_t bytes, n_frames;
    struct str *frames; /* in the same piece of memory, with what they point to */
    char number[24];
};

struct zmq_asks {
    struct ask *first, *last;
    size_t n, bytes;
};

struct zmq_asks *zmq_asks_new(void)
{
    return mem_new(sizeof(struct zmq_asks));
}

void zmq_asks_free(struct zmq_asks *a)
{
    while (a->first != NULL)
        (void)zmq_asks_remove(a, a->first->id); /* it is there */
    free(a);
}

void zmq_asks_unsend(struct zmq_asks *a)
{
    for (struct ask *i = a->first; i != NULL; i = i->next)
        i->is_sent = false;
}

void zmq_asks_send(struct zmq_bus *b, struct zmq_asks *a)
{
    for (struct ask *i = a->first; i != NULL; i = i->next) {
        if (i->is_sent && mono_ms_between(i->sent, b->now) < RESEND_MS)
            continue;
        if (link_send(&b->link, i->frames, i->n_frames) < 0)
            return; /* again at the next tick */
        i->is_sent = true;
        i->sent = b->now;
    }
}

static struct str copy(char **at, struct str s)
{
    struct str to = {*at, s.n};

    if (s.n > 0)
        memcpy(*at, s.p, s.n);
    *at += s.n;
    return to;
}

int zmq_asks_add(struct zmq_asks *a, uint64_t id, const struct bus_item *items, size_t n,
                 struct err *e)
{
    size_t n_frames = FRAMES_AHEAD + 2 * n, bytes = n_frames * sizeof(struct str);
    struct ask *one;
    char *at;

    if (n > (NMQ1_FRAMES_MAX - 8) / 2)
        return err_set(e, ERR_LIMIT, "a question has at most %d keys",
                       (NMQ1_FRAMES_MAX - 8) / 2);
    for (size_t i = 0; i < n; i++)
        bytes += items[i].key.n + items[i].core.n;
    if (a->n >= ASKS_MAX || (a->n > 0 && a->bytes >= BYTES_MAX))
        return err_set(e, ERR_LATER, "%zu questions wait for the hub's answer", a->n);
    one = malloc(sizeof *one + bytes);
    if (one == NULL)
        return err_set(e, ERR_LATER, "no memory for a question now");
    *one = (struct ask){.id = id, .bytes = bytes, .n_frames = n_frames};
    one->frames = (struct str *)(void *)(one + 1);
    at = (char *)(one->frames + n_frames);
    one->frames[0] = STR("SEEN");
    one->frames[1] = nmq1_number(id, one->number);
    for (size_t i = 0; i < n; i++) {
        one->frames[FRAMES_AHEAD + 2 * i] = copy(&at, items[i].key);
        one->frames[FRAMES_AHEAD + 2 * i + 1] = copy(&at, items[i].core);
    }
    if (a->last != NULL)
        a->last->next = one;
    else
        a->first = one;
    a->last = one;
    a->n++;
    a->bytes += bytes;
    return 0;
}

bool zmq_asks_remove(struct zmq_asks *a, uint64_t id)
{
    struct ask *before = NULL, *one = a->first;

    while (one != NULL && one->id != id) {
        before = one;
        one = one->next;
    }
    if (one == NULL)
        return false;
    if (before != NULL)
        before->next = one->next;
    else
        a->first = one->next;
    if (a->last == one)
        a->last = before;
    a->n--;
    a->bytes -= one->bytes;
    free(one);
    return true;
}

int zmq_asks_hear(const struct zmq_bus *b, struct zmq_asks *a, struct bus_event *ret)
{
    uint64_t id = 0;

    if (!nmq1_get_u64(&b->msg, 2, &id) || !zmq_asks_remove(a, id))
        return 0; /* answered before, or nobody waits any more */
    *ret =
        (struct bus_event){.kind = BUS_SEEN, .batch = id, .json = nmq1_get(&b->msg, 3)};
    return 1;
}
