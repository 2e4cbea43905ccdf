/* Opening: the store first, then the sockets, so that nobody is answered by a hub that
   cannot keep what it is given. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "door.h"
#include "hub.h"

#define ROUTER_HWM   10000
#define LINGER_MS    500
#define BACKLOG      256
#define CACHED_BYTES (32u << 20) /* of items that wait for workers */

static int set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static void *open_socket(struct hub *h, int kind)
{
    int hwm = kind == ZMQ_XPUB ? (int)h->bus.high_water_mark : ROUTER_HWM;
    void *s = zmq_socket(h->zmq, kind);
    int64_t max_bytes = (int64_t)h->bus.max_frame_bytes;

    if (s == NULL)
        log_fatal("cannot make a socket", "cause='%s'", zmq_strerror(zmq_errno()));
    (void)set_int(s, ZMQ_LINGER, LINGER_MS); /* these options cannot fail here */
    (void)set_int(s, ZMQ_SNDHWM, hwm);
    (void)set_int(s, ZMQ_RCVHWM, hwm);
    (void)set_int(s, ZMQ_BACKLOG, BACKLOG);
    (void)zmq_setsockopt(s, ZMQ_MAXMSGSIZE, &max_bytes, sizeof max_bytes);
    if (kind == ZMQ_ROUTER) {
        (void)set_int(s, ZMQ_ROUTER_MANDATORY, 1);
        (void)set_int(s, ZMQ_ROUTER_HANDOVER, 1);
    } else {
        (void)set_int(s, ZMQ_XPUB_NODROP, 1);   /* so that losses are seen here */
        (void)set_int(s, ZMQ_XPUB_VERBOSER, 1); /* each subscriber, not only the first */
    }
    return s;
}

static int open_sockets(struct hub *h, struct err *e)
{
    const struct {
        void **socket;
        int kind;
    } sockets[DOOR_SOCKETS] = {
        [ROLE_PUBLISH] = {&h->ingest, ZMQ_ROUTER},
        [ROLE_WORK] = {&h->work, ZMQ_ROUTER},
        [ROLE_TAP] = {&h->tap, ZMQ_ROUTER},
        [ROLE_SUBSCRIBE] = {&h->pub, ZMQ_XPUB},
        [ROLE_REPLAY] = {&h->replay, ZMQ_ROUTER},
        [ROLE_CONTROL] = {&h->control, ZMQ_ROUTER},
    };
    int rc;

    h->zmq = zmq_ctx_new();
    if (h->zmq == NULL)
        return err_set(e, -errno, "cannot start ZeroMQ: %s", zmq_strerror(errno));
    rc = door_open(h, e);
    for (int i = 0; rc == 0 && i < DOOR_SOCKETS; i++) {
        *sockets[i].socket = open_socket(h, sockets[i].kind);
        rc = door_listen(h, (enum cert_role)i, *sockets[i].socket, e);
    }
    return rc;
}

static void add_pending(void *ctx, uint64_t seq, uint32_t attempts)
{
    struct hub *h = ctx;

    (void)jobs_add(&h->jobs, seq, attempts); /* known by its seq */
}

static int open_state(struct hub *h, struct err *e)
{
    int rc = store_open(h->state.path, &h->store, e);

    if (rc == 0)
        rc = consumers_load(h, e);
    if (rc == 0)
        rc = store_each_pending(h->store, add_pending, h, e);
    return rc;
}

int hub_open(const struct config_bus *bus, const struct config_state *state,
             const struct config_dedup *dedup, struct hub **ret, struct err *e)
{
    struct hub *h = mem_new(sizeof *h);
    struct store_totals t = {0};
    int rc;

    h->bus = *bus;
    h->state = *state;
    h->dedup = *dedup;
    h->started = h->now = clock_mono();
    h->started_ms = h->now_ms = clock_wall_ms();
    counts_init(&h->counts);
    h->jobs.max_body_bytes = CACHED_BYTES;
    h->scratch.max = h->scratch2.max = bus->max_frame_bytes * 4;
    rc = open_state(h, e);
    if (rc == 0)
        rc = store_totals(h->store, &t, e);
    if (rc == 0)
        rc = open_sockets(h, e);
    if (rc < 0) {
        hub_close(h);
        return rc;
    }
    log_info("ready", "items=%llu records=%llu pending=%llu state=%s",
             (unsigned long long)t.items, (unsigned long long)t.records,
             (unsigned long long)t.pending, h->state.path);
    *ret = h;
    return 0;
}

void hub_close(struct hub *h)
{
    void *sockets[] = {h->ingest, h->work, h->tap, h->replay, h->control, h->pub};

    inbox_fini(&h->inbox);
    inbox_fini(&h->self);
    while (h->workers != NULL) {
        struct worker *w = h->workers;

        (void)jobs_lose(&h->jobs, w, false); /* they wait again */
        h->workers = w->next;
        free(w);
    }
    jobs_fini(&h->jobs);
    tap_free_all(h);
    replay_fini(h);
    for (size_t i = 0; i < ARRAY_LEN(sockets); i++)
        if (sockets[i] != NULL)
            (void)zmq_close(sockets[i]); /* fails only for what is no socket */
    door_close(h);
    store_close(h->store);
    watch_fini(h);
    if (h->zmq != NULL)
        (void)zmq_ctx_term(h->zmq); /* waits for what is still to be sent, LINGER_MS */
    strbuf_fini(&h->scratch);
    strbuf_fini(&h->scratch2);
    free(h);
}
