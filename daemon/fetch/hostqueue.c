/* Each host has a list of who waits and a time before which nobody may start: the end of
   the last fetch and the gap. Hosts with somebody waiting stand in a ring; each turn
   starts behind the host that was served last. A host that nobody uses is forgotten as
   soon as its gap is over. */
#include <assert.h>
#include <stdlib.h>

#include "newsmq/hash.h"
#include "newsmq/mem.h"

#include "hostqueue.h"

#define BUCKETS 1024

struct host {
    struct host *next_in_bucket;
    struct host *next, *prev; /* in the ring of all hosts */
    struct host_entry *first, *last;
    unsigned running;
    int64_t not_before_ms;
    size_t name_n;
    char name[];
};

struct hostqueue {
    struct host *buckets[BUCKETS];
    struct host *turn; /* the ring: who is looked at first */
    unsigned per_host, all_hosts;
    int64_t gap_ms;
    size_t running, waiting;
};

struct hostqueue *hostqueue_new(unsigned per_host, int64_t gap_ms, unsigned all_hosts)
{
    struct hostqueue *q = mem_new(sizeof *q);

    q->all_hosts = all_hosts > 0 ? all_hosts : 1;
    hostqueue_set(q, per_host, gap_ms);
    return q;
}

void hostqueue_set(struct hostqueue *q, unsigned per_host, int64_t gap_ms)
{
    q->per_host = per_host > 0 ? per_host : 1;
    q->gap_ms = gap_ms;
}

static struct host **bucket_of(struct hostqueue *q, struct str name)
{
    return &q->buckets[hash_xxh64(name, 0) % BUCKETS];
}

static void join_ring(struct hostqueue *q, struct host *h)
{
    if (q->turn == NULL) {
        h->next = h->prev = q->turn = h;
        return;
    }
    h->next = q->turn; /* last in turn */
    h->prev = q->turn->prev;
    h->prev->next = h;
    h->next->prev = h;
}

static struct host *host_get(struct hostqueue *q, struct str name)
{
    struct host *h = mem_new(sizeof *h + name.n + 1), **bucket;

    h->name_n = name.n;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];

        h->name[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    bucket = bucket_of(q, (struct str){h->name, h->name_n});
    for (struct host *old = *bucket; old != NULL; old = old->next_in_bucket)
        if (str_eq((struct str){old->name, old->name_n},
                   (struct str){h->name, h->name_n})) {
            free(h);
            return old;
        }
    h->not_before_ms = INT64_MIN;
    h->next_in_bucket = *bucket;
    *bucket = h;
    join_ring(q, h);
    return h;
}

static void host_forget(struct hostqueue *q, struct host *h)
{
    struct host **at = bucket_of(q, (struct str){h->name, h->name_n});

    while (*at != h)
        at = &(*at)->next_in_bucket;
    *at = h->next_in_bucket;
    if (q->turn == h)
        q->turn = h->next == h ? NULL : h->next;
    h->prev->next = h->next;
    h->next->prev = h->prev;
    free(h);
}

static bool is_idle(const struct host *h)
{
    return h->first == NULL && h->running == 0;
}

void hostqueue_free(struct hostqueue *q)
{
    if (q == NULL)
        return;
    while (q->turn != NULL)
        host_forget(q, q->turn);
    free(q);
}

void hostqueue_add(struct hostqueue *q, struct str host, struct host_entry *e)
{
    struct host *h = host_get(q, host);

    assert(e->host == NULL);
    *e = (struct host_entry){.host = h, .kind = e->kind};
    if (h->last != NULL)
        h->last->next = e;
    else
        h->first = e;
    h->last = e;
    q->waiting++;
}

static struct host_entry *unlink_first(struct hostqueue *q, struct host *h)
{
    struct host_entry *e = h->first;

    h->first = e->next;
    if (h->first == NULL)
        h->last = NULL;
    e->next = NULL;
    q->waiting--;
    return e;
}

struct host_entry *hostqueue_take(struct hostqueue *q, int64_t now_ms)
{
    struct host *end = q->turn, *h = end, *next;

    if (q->running >= q->all_hosts || q->waiting == 0)
        return NULL;
    do {
        next = h->next;
        if (h->first != NULL && h->running < q->per_host && h->not_before_ms <= now_ms) {
            struct host_entry *e = unlink_first(q, h);

            e->is_running = true;
            h->running++;
            q->running++;
            q->turn = h->next;
            return e;
        }
        if (is_idle(h) && h->not_before_ms <= now_ms && h != end)
            host_forget(q, h);
        h = next;
    } while (h != end);
    return NULL;
}

static void unlink_waiting(struct hostqueue *q, struct host_entry *e)
{
    struct host *h = e->host;
    struct host_entry *before = NULL;

    for (struct host_entry *i = h->first; i != e; i = i->next)
        before = i;
    if (before == NULL) {
        (void)unlink_first(q, h); /* it is e */
        return;
    }
    before->next = e->next;
    if (h->last == e)
        h->last = before;
    q->waiting--;
}

void hostqueue_drop(struct hostqueue *q, struct host_entry *e, int64_t now_ms)
{
    struct host *h = e->host;

    if (h == NULL)
        return;
    if (e->is_running) {
        h->running--;
        q->running--;
        if (h->not_before_ms < now_ms + q->gap_ms) /* it may be held for longer */
            h->not_before_ms = now_ms + q->gap_ms;
    } else {
        unlink_waiting(q, e);
    }
    *e = (struct host_entry){.kind = e->kind};
    if (is_idle(h) && h->not_before_ms <= now_ms)
        host_forget(q, h);
}

void hostqueue_hold(struct hostqueue *q, struct host_entry *e, int64_t until_ms)
{
    (void)q;
    if (e->host != NULL && e->host->not_before_ms < until_ms)
        e->host->not_before_ms = until_ms;
}

size_t hostqueue_running(const struct hostqueue *q)
{
    return q->running;
}

size_t hostqueue_waiting(const struct hostqueue *q)
{
    return q->waiting;
}
