/* Connections, as the monitors of the sockets tell of them. libzmq has no bound on how
   many it accepts, and no call that closes one. It tells its descriptor, though, and
   shutdown(2) of that is to libzmq as if the peer had hung up: so one is sent away
   over the bound, and a key that was taken away.

   The events of one socket come in order from one thread: a failed handshake is followed
   by the end of its connection. Which connection became ready is not told; it is known
   when it speaks. */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "newsmq/mem.h"

#include "door_private.h"

#define FD_MAX (1 << 20)
#define EVENTS                                                                     \
    (ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_SUCCEEDED | \
     ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |  \
     ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)

int door_watch(struct hub *h, enum cert_role role, void *socket, struct err *e)
{
    struct gate *g = &h->door->gates[role];
    char name[40];
    int none = 0;

    (void)snprintf(name, sizeof name, "inproc://door-%s", door_socket_name(role));
    g->monitor = zmq_socket(h->zmq, ZMQ_PAIR);
    /* With a bound, libzmq's own thread would wait for this loop. */
    if (zmq_socket_monitor(socket, name, EVENTS) < 0 || g->monitor == NULL ||
        zmq_setsockopt(g->monitor, ZMQ_RCVHWM, &none, sizeof none) < 0 ||
        zmq_connect(g->monitor, name) < 0)
        return err_set(e, -zmq_errno(), "cannot watch a socket: %s",
                       zmq_strerror(zmq_errno()));
    return 0;
}

/* ---- one connection ---- */

struct conn *door_conn(struct door *d, int fd)
{
    return fd >= 0 && (size_t)fd < d->n_conns && d->conns[fd].is_open ? &d->conns[fd]
                                                                      : NULL;
}

void door_shut(struct conn *c, int fd)
{
    c->is_shut = true;
    (void)shutdown(fd, SHUT_RDWR); /* gone already is as good */
}

static void find_peer(int fd, char to[PEER_TEXT_MAX])
{
    struct sockaddr_storage at = {0};
    socklen_t n = sizeof at;

    to[0] = '\0';
    if (getpeername(fd, (struct sockaddr *)&at, &n) == 0 && at.ss_family != AF_UNIX)
        (void)getnameinfo((const struct sockaddr *)&at, n, to, PEER_TEXT_MAX, NULL, 0,
                          NI_NUMERICHOST); /* stays "" */
}

static struct conn *room_for(struct door *d, int fd)
{
    if (fd < 0 || fd >= FD_MAX)
        return NULL;
    if ((size_t)fd >= d->n_conns) {
        size_t had = d->n_conns, cap = had;

        d->conns = mem_grow(d->conns, &cap, (size_t)fd + 1, sizeof *d->conns);
        memset(d->conns + had, 0, (cap - had) * sizeof *d->conns);
        d->n_conns = cap;
    }
    return &d->conns[fd];
}

static void forget(struct door *d, struct conn *c)
{
    if (c->is_open && d->gates[c->role].n_open > 0)
        d->gates[c->role].n_open--;
    *c = (struct conn){0};
}

/* A connection whose place another took over ends without a word. */
static void forget_the_lost(struct door *d, enum cert_role role)
{
    for (size_t fd = 0; fd < d->n_conns; fd++)
        if (d->conns[fd].is_open && d->conns[fd].role == role &&
            fcntl((int)fd, F_GETFD) < 0)
            forget(d, &d->conns[fd]);
}

/* The connection that has taken longest to show its key; -1 when all have. */
static int find_mute(const struct door *d, enum cert_role role)
{
    int found = -1;

    for (size_t fd = 0; fd < d->n_conns; fd++) {
        const struct conn *c = &d->conns[fd];

        if (c->is_open && c->role == role && c->is_curve && !c->is_shut &&
            c->key[0] == '\0' && (found < 0 || c->since.ns < d->conns[found].since.ns))
            found = (int)fd;
    }
    return found;
}

/* ---- what happened ---- */

/* Who floods a socket with mute connections loses his own; who is in stays. */
static void send_one_away(struct hub *h, enum cert_role role, int newest)
{
    int mute = find_mute(h->door, role), fd = mute >= 0 ? mute : newest;
    struct conn *c = &h->door->conns[fd];

    door_refused(h, role, REFUSED_CROWD, c->peer[0] != '\0' ? c->peer : "local", "");
    door_shut(c, fd);
}

static void on_accepted(struct hub *h, enum cert_role role, int fd, struct str endpoint)
{
    struct gate *g = &h->door->gates[role];
    struct conn *c = room_for(h->door, fd);

    g->n_accepted++;
    if (c == NULL)
        return;
    forget(h->door, c);
    c->is_open = true;
    c->role = (uint8_t)role;
    c->since = h->now;
    c->is_curve = door_is_curve(h, role, endpoint);
    find_peer(fd, c->peer);
    if (++g->n_open > h->bus.max_connections)
        forget_the_lost(h->door, role);
    if (g->n_open > h->bus.max_connections)
        send_one_away(h, role, fd);
}

static void on_ready(const struct hub *h, enum cert_role role, struct str endpoint)
{
    struct gate *g = &h->door->gates[role];

    g->n_ready++;
    g->n_unheard += door_is_curve(h, role, endpoint);
}

static void on_ended(struct hub *h, enum cert_role role, int fd)
{
    struct gate *g = &h->door->gates[role];
    struct conn *c = door_conn(h->door, fd);
    int failed = g->failed;

    g->failed = -1;
    if (c == NULL || c->role != role)
        return;
    if (c->is_curve && c->key[0] == '\0' && failed < 0) {
        if (g->n_unheard > 0)
            g->n_unheard--; /* it was let in, and had nothing to say */
        else
            failed = REFUSED_CUT_OFF;
    }
    if (c->is_curve && (failed == REFUSED_CUT_OFF || failed == REFUSED_HANDSHAKE))
        door_refused(h, role, (enum refusal)failed, c->peer, "");
    forget(h->door, c);
}

static void on_event(struct hub *h, enum cert_role role, unsigned event, int value,
                     struct str endpoint)
{
    struct gate *g = &h->door->gates[role];

    switch (event) {
    case ZMQ_EVENT_ACCEPTED:
        on_accepted(h, role, value, endpoint);
        break;
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        on_ready(h, role, endpoint);
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        g->failed = REFUSED_UNKNOWN_KEY; /* ZAP has told it already */
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        g->failed = REFUSED_HANDSHAKE;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        g->failed = g->failed < 0 ? REFUSED_CUT_OFF : g->failed;
        break;
    case ZMQ_EVENT_DISCONNECTED:
        on_ended(h, role, value);
        break;
    default:
        break;
    }
}

/* A monitor's message: 16 bits of event and 32 of value in host order, the endpoint. */
void door_look(struct hub *h, enum cert_role role)
{
    void *monitor = h->door->gates[role].monitor;
    struct nmq1_msg m = {0};

    while (nmq1_recv(monitor, &m, ZMQ_DONTWAIT) > 0) {
        struct str f = nmq1_get(&m, 0);
        uint16_t event;
        int32_t value;

        if (f.n < sizeof event + sizeof value)
            continue;
        memcpy(&event, f.p, sizeof event);
        memcpy(&value, f.p + sizeof event, sizeof value);
        on_event(h, role, event, value, nmq1_get(&m, 1));
    }
    nmq1_fini(&m);
}
