/* Ranges on request. A GET is answered at once and never waits: when the asker's queue is
   full, END says early where to go on. An END that has no room either is kept. */
#include <stdlib.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "door.h"
#include "hub.h"

#define MESSAGES_MAX 1000
#define ROWS_MAX     20000 /* looked at, when a prefix leaves most out */
#define BYTES_MAX    (16u << 20)
#define ENDS_MAX     256
#define GETS_A_TURN  8

struct reply_end {
    uint8_t id[PEER_ID_MAX];
    size_t n_id;
    uint64_t next, head;
};

struct replay {
    struct hub *h;
    struct str peer, prefix;
    enum stream stream;
    uint64_t next;
    size_t n, bytes;
};

static int send_row(void *ctx, const struct store_row *row)
{
    struct replay *r = ctx;
    char number[24];

    if (r->n >= MESSAGES_MAX || r->bytes >= BYTES_MAX)
        return 1;
    if (str_has_prefix(row->topic, r->prefix)) {
        if (peer_say(r->h->replay, r->peer, STR("MSG"), str_of(stream_name(r->stream)),
                     nmq1_number(row->seq, number), row->topic, row->json) < 0)
            return 1;
        r->n++;
        r->bytes += row->json.n;
    }
    r->next = row->seq + 1;
    return 0;
}

static int send_end(struct hub *h, struct str peer, uint64_t next, uint64_t head)
{
    char a[24], b[24];

    return peer_say(h->replay, peer, STR("END"), nmq1_number(next, a),
                    nmq1_number(head, b));
}

static void end(struct hub *h, struct str peer, uint64_t next, uint64_t head)
{
    struct reply_end *r;

    if (send_end(h, peer, next, head) != ERR_LATER || h->n_ends == ENDS_MAX ||
        peer.n > PEER_ID_MAX)
        return;
    if (h->ends == NULL)
        h->ends = mem_new_array(ENDS_MAX, sizeof *h->ends);
    r = &h->ends[h->n_ends++];
    memcpy(r->id, peer.p, peer.n);
    r->n_id = peer.n;
    r->next = next;
    r->head = head;
}

static void end_kept(struct hub *h)
{
    size_t n = 0;

    for (size_t i = 0; i < h->n_ends; i++) {
        const struct reply_end *r = &h->ends[i];
        struct str peer = {(const char *)r->id, r->n_id};

        if (send_end(h, peer, r->next, r->head) == ERR_LATER)
            h->ends[n++] = *r;
    }
    h->n_ends = n;
    h->is_blocked |= n > 0;
}

static void get(struct hub *h, const struct nmq1_msg *m, uint64_t from, uint64_t to,
                enum stream stream)
{
    uint64_t head = store_head(h->store, stream), first = store_first(h->store, stream);
    struct replay r = {h, nmq1_get(m, 0), nmq1_get(m, 6), stream, from, 0, 0};
    struct err e = {0};
    char number[24];
    int rc;

    if (from < first && head > 0) {
        (void)peer_say(h->replay, r.peer, STR("GONE"),
                       nmq1_number(first, number)); /* asked again when lost */
        return;
    }
    if (to == 0 || to > head)
        to = head;
    if (r.prefix.p == NULL)
        r.prefix = STR("");
    if (from <= to) {
        if (to - from >= ROWS_MAX)
            to = from + ROWS_MAX - 1;
        rc = store_read(h->store, stream, from, to, send_row, &r, &e);
        if (rc < 0 && !store_should_retry(rc))
            log_fatal("the state is damaged", "cause='%s'", e.text);
    }
    end(h, r.peer, r.next, head);
}

static void serve_one(struct hub *h, struct nmq1_msg *m)
{
    enum stream stream;
    uint64_t from, to;
    struct str verb;
    struct err e = {0};
    int code =
        m->too_many || m->n > h->bus.max_frames ? 413 : nmq1_check(m, 1, &verb, &e);

    if (!door_lets_call(h, ROLE_REPLAY, h->replay, m))
        return;
    if (code != 0)
        peer_err(h, h->replay, nmq1_get(m, 0), code, e.text, STR(""));
    else if (!str_eq(verb, STR("GET")))
        peer_err(h, h->replay, nmq1_get(m, 0), 400, "this socket takes GET", STR(""));
    else if (!stream_find(nmq1_get(m, 3), &stream) || !nmq1_get_u64(m, 4, &from) ||
             !nmq1_get_u64(m, 5, &to))
        peer_err(h, h->replay, nmq1_get(m, 0), 422, "GET <stream> <from> <to> [prefix]",
                 STR(""));
    else
        get(h, m, from > 0 ? from : 1, to, stream);
}

void replay_serve(struct hub *h)
{
    struct nmq1_msg m = {0};

    if (h->n_ends > 0)
        end_kept(h);
    for (int i = 0; i < GETS_A_TURN && nmq1_recv(h->replay, &m, ZMQ_DONTWAIT) > 0; i++)
        serve_one(h, &m);
    nmq1_fini(&m);
}

void replay_fini(struct hub *h)
{
    free(h->ends);
    h->ends = NULL;
    h->n_ends = 0;
}
