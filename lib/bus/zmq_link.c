/* ZeroMQ connects again by itself, says nothing of it, and then sends what was meant for
   the old connection. Its monitor tells when a connection came and went; here a socket is
   closed when its connection is gone, and a new one made, so that what a role says to a
   new connection is the first thing said there.

   ZMQ_IMMEDIATE and ZMQ_RECONNECT_IVL -1 would do half of that, but both end the socket's
   queue in the middle of a message that is being read, and libzmq 4.3 then aborts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/nmq1.h"

#include "zmq_link.h"

#define LINGER_MS      300
#define NEVER_MS       (24 * 3600 * 1000)
#define RETRY_MS       50
#define RETRY_MAX_MS   500
#define REFUSED_MAX_MS 5000 /* the other side will not change its mind soon */
#define HANDSHAKE_MS   10000
#define KEEPALIVE_S    10
#define MAX_UNACKED_MS 30000
#define MONITOR        "inproc://link-%u"

static void set_int(void *socket, int option, int value)
{
    (void)zmq_setsockopt(socket, option, &value, sizeof value); /* known to be good */
}

static void set_text(void *socket, int option, const char *value)
{
    (void)zmq_setsockopt(socket, option, value, strlen(value) + 1); /* as above */
}

static void set_options(const struct link *l)
{
    void *s = l->socket;

    set_int(s, ZMQ_LINGER, LINGER_MS);
    set_int(s, ZMQ_SNDHWM, l->hwm);
    set_int(s, ZMQ_RCVHWM, l->hwm);
    set_int(s, ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS);
    set_int(s, ZMQ_RECONNECT_IVL, l->type == ZMQ_SUB ? RETRY_MS : NEVER_MS);
    if (l->type == ZMQ_SUB)
        set_int(s, ZMQ_RECONNECT_IVL_MAX, RETRY_MAX_MS);
    if (l->keys.server[0] != '\0') {
        set_text(s, ZMQ_CURVE_SERVERKEY, l->keys.server);
        set_text(s, ZMQ_CURVE_PUBLICKEY, l->keys.public_key);
        set_text(s, ZMQ_CURVE_SECRETKEY, l->keys.secret_key);
    }
    if (strncmp(l->endpoint, "tcp:", 4) != 0)
        return;
    set_int(s, ZMQ_IPV6, strchr(l->endpoint, '[') != NULL);
    set_int(s, ZMQ_TCP_KEEPALIVE, 1); /* a cable that was pulled says nothing */
    set_int(s, ZMQ_TCP_KEEPALIVE_IDLE, KEEPALIVE_S);
    set_int(s, ZMQ_TCP_KEEPALIVE_INTVL, KEEPALIVE_S / 2);
    set_int(s, ZMQ_TCP_KEEPALIVE_CNT, 3);
    set_int(s, ZMQ_TCP_MAXRT, MAX_UNACKED_MS);
}

static int fd_of(void *socket)
{
    int fd = -1;
    size_t n = sizeof fd;

    (void)zmq_getsockopt(socket, ZMQ_FD, &fd, &n); /* every socket has one */
    return fd;
}

static int fault(const struct link *l, struct err *e)
{
    return err_set(e, -zmq_errno(), "cannot connect to %s: %s", l->endpoint,
                   zmq_strerror(zmq_errno()));
}

/* ZeroMQ frees the name of the monitor before only some time later: each has its own. */
static int connect_monitor(struct link *l, struct err *e)
{
    const int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED |
                       ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                       ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                       ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
    char name[sizeof MONITOR + 10];

    snprintf(name, sizeof name, MONITOR, l->n_monitors++);
    if (zmq_socket_monitor(l->socket, name, events) < 0)
        return fault(l, e);
    l->monitor = zmq_socket(l->ctx, ZMQ_PAIR);
    if (l->monitor == NULL || zmq_connect(l->monitor, name) < 0)
        return fault(l, e);
    return 0;
}

static int watch_fds(struct link *l, struct err *e)
{
    void *const sockets[] = {l->socket, l->monitor};

    for (size_t i = 0; i < ARRAY_LEN(sockets); i++) {
        struct epoll_event ev = {.events = EPOLLIN};

        if (epoll_ctl(l->fd, EPOLL_CTL_ADD, fd_of(sockets[i]), &ev) < 0)
            return err_set(e, -errno, "epoll_ctl: %s", strerror(errno));
    }
    return 0;
}

static void close_sockets(struct link *l)
{
    if (l->monitor != NULL)
        (void)epoll_ctl(l->fd, EPOLL_CTL_DEL, fd_of(l->monitor), NULL); /* or unknown */
    if (l->socket != NULL) {
        (void)epoll_ctl(l->fd, EPOLL_CTL_DEL, fd_of(l->socket), NULL); /* or unknown */
        (void)zmq_socket_monitor(l->socket, NULL, 0); /* fail only for no socket */
        (void)zmq_close(l->socket);
    }
    if (l->monitor != NULL)
        (void)zmq_close(l->monitor);
    l->socket = l->monitor = NULL;
    l->is_up = l->is_broken = l->is_drained = false;
}

static int connect_link(struct link *l, struct err *e)
{
    int rc;

    l->socket = zmq_socket(l->ctx, l->type);
    if (l->socket == NULL)
        return fault(l, e);
    set_options(l);
    rc = connect_monitor(l, e);
    if (rc == 0)
        rc = watch_fds(l, e);
    if (rc == 0 && zmq_connect(l->socket, l->endpoint) < 0)
        rc = fault(l, e);
    return rc;
}

int link_open(struct link *l, int type, const char *endpoint, int hwm,
              const struct link_keys *keys, struct err *e)
{
    int rc;

    *l = (struct link){
        .endpoint = mem_strdup(endpoint), .type = type, .hwm = hwm, .keys = *keys};
    l->fd = epoll_create1(EPOLL_CLOEXEC);
    if (l->fd < 0) {
        rc = err_set(e, -errno, "epoll_create1: %s", strerror(errno));
    } else {
        l->ctx = zmq_ctx_new();
        rc = l->ctx != NULL ? connect_link(l, e) : fault(l, e);
    }
    if (rc < 0)
        link_close(l);
    return rc;
}

void link_close(struct link *l)
{
    if (l->endpoint == NULL)
        return;
    close_sockets(l);
    if (l->ctx != NULL)
        while (zmq_ctx_term(l->ctx) < 0 && zmq_errno() == EINTR)
            ; /* waits for what was sent last */
    if (l->fd >= 0)
        close(l->fd);
    free(l->endpoint);
    explicit_bzero(&l->keys, sizeof l->keys);
    *l = (struct link){0};
}

/* ---- what happens to it ---- */

/* The first frame of a monitor's message: event and value, in host order. */
static uint16_t event_of(const struct nmq1_msg *m)
{
    struct str f = nmq1_get(m, 0);
    uint16_t event = 0;

    if (f.n >= sizeof event)
        memcpy(&event, f.p, sizeof event);
    return event;
}

/* The socket learns of a new connection when it next looks at its commands, which a send
   does not always do. */
static void look_at_commands(void *socket)
{
    int events;
    size_t n = sizeof events;

    (void)zmq_getsockopt(socket, ZMQ_EVENTS, &events, &n); /* the look is what counts */
}

static void note_fault(struct link *l, enum link_fault fault)
{
    l->n_faults = l->fault == fault ? l->n_faults + 1 : 1;
    l->fault = fault;
}

static void on_event(struct link *l, uint16_t event)
{
    l->is_up = event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
    l->has_failed = event == ZMQ_EVENT_CONNECT_RETRIED;
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        note_fault(l, LINK_REFUSED);
    else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL)
        note_fault(l, LINK_MISMATCH);
    else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL)
        note_fault(l, LINK_CUT);
    else if (l->is_up)
        l->n_tries = l->n_faults = 0;
    if (l->is_up)
        l->fault = LINK_FINE;
    /* After a refusal ZeroMQ does not connect a SUB again. */
    l->is_broken = !l->is_up && (l->type != ZMQ_SUB || l->fault != LINK_FINE);
}

bool link_look(struct link *l)
{
    struct nmq1_msg m = {0};
    bool is_new = false;

    if (l->monitor == NULL)
        return false;
    while (nmq1_recv(l->monitor, &m, ZMQ_DONTWAIT) > 0) {
        on_event(l, event_of(&m));
        is_new = l->is_up;
    }
    nmq1_fini(&m);
    if (is_new)
        look_at_commands(l->socket);
    return is_new;
}

const char *link_fault_text(const struct link *l, char *buf, size_t size)
{
    if (l->fault == LINK_REFUSED)
        (void)snprintf(buf, size,
                       "the hub refuses our key %s; on its machine: newsmq keys allow "
                       "FILE ROLE, then newsmq reload",
                       l->keys.public_key);
    else if (l->fault == LINK_MISMATCH)
        (void)snprintf(buf, size, "%s",
                       l->keys.server[0] != '\0'
                           ? "the other side does not speak CURVE: is this the hub's "
                             "endpoint?"
                           : "the other side wants CURVE: give bus.curve a key_file and "
                             "server_public_file");
    else
        (void)snprintf(buf, size, "the handshake breaks off: %s",
                       l->keys.server[0] != '\0' ? "is server_public_file this hub's key?"
                                                 : "does it want CURVE there?");
    return buf;
}

void link_drop(struct link *l, struct mono now)
{
    int64_t wait_ms = RETRY_MS << (l->n_tries < 7 ? l->n_tries : 7);
    int64_t max_ms = l->fault == LINK_REFUSED || l->fault == LINK_MISMATCH
                         ? REFUSED_MAX_MS
                         : RETRY_MAX_MS;

    set_int(l->socket, ZMQ_LINGER, 0); /* nobody is there to get it */
    close_sockets(l);
    l->n_tries++;
    l->retry_due = mono_add_ms(now, wait_ms < max_ms ? wait_ms : max_ms);
}

int link_retry(struct link *l, struct mono now, struct err *e)
{
    if (l->socket != NULL || !mono_is_due(l->retry_due, now))
        return 0;
    return connect_link(l, e);
}

int link_wait(struct link *l, int64_t wait_ms)
{
    zmq_pollitem_t polls[] = {{l->socket, 0, ZMQ_POLLIN, 0},
                              {l->monitor, 0, ZMQ_POLLIN, 0}};

    if (zmq_poll(polls, l->socket != NULL ? 2 : 0, (long)wait_ms) < 0)
        return -zmq_errno();
    return 0;
}

/* ---- sending ---- */

static int send_frame(void *socket, struct str f, int flags)
{
    int rc;

    do {
        rc = zmq_send(socket, f.p != NULL ? f.p : "", f.n, ZMQ_DONTWAIT | flags);
    } while (rc < 0 && zmq_errno() == EINTR);
    if (rc < 0)
        return zmq_errno() == EAGAIN ? ERR_LATER : -zmq_errno();
    return 0;
}

int link_send(struct link *l, const struct str *frames, size_t n)
{
    int rc = l->is_up ? 0 : ERR_CLOSED;

    if (rc == 0)
        rc = send_frame(l->socket, STR("NMQ1"), ZMQ_SNDMORE);
    for (size_t i = 0; rc == 0 && i < n; i++) /* taken whole once the first is */
        rc = send_frame(l->socket, frames[i], i + 1 < n ? ZMQ_SNDMORE : 0);
    return rc;
}
