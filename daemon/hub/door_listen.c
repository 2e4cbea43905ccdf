/* Where the sockets listen: with keys or without, who may open the local ones, and how
   long a silent tcp peer is waited for. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "door_private.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"

static int make_folder(const char *endpoint, struct err *e)
{
    const char *path = endpoint + strlen("ipc://"), *slash = strrchr(path, '/');
    char *dir;
    int rc;

    if (strncmp(endpoint, "ipc://", 6) != 0 || slash == NULL || slash == path)
        return 0;
    if (strlen(path) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return err_set(
            e, ERR_CONFIG,
            "%s: the path of a local socket has at most %zu characters; choose "
            "a shorter bus.dir",
            endpoint, sizeof((struct sockaddr_un *)0)->sun_path - 1);
    dir = mem_dup((struct str){path, (size_t)(slash - path)});
    rc = os_make_dirs(dir, e);
    free(dir);
    return rc;
}

static void set_int(void *socket, int option, int value)
{
    (void)zmq_setsockopt(socket, option, &value, sizeof value); /* known to be good */
}

/* For what is bound after it: libzmq copies the options of a socket to each listener. */
static int set_curve(const struct door *d, enum cert_role role, void *socket,
                     struct err *e)
{
    set_int(socket, ZMQ_CURVE_SERVER, 1);
    if (zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, d->own.secret_key,
                       CERT_KEY_CHARS + 1) < 0 ||
        zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, door_socket_name(role),
                       strlen(door_socket_name(role))) < 0)
        return err_set(e, -zmq_errno(), "cannot set up CURVE: %s",
                       zmq_strerror(zmq_errno()));
    return 0;
}

/* A cable that was pulled says nothing. */
static void set_tcp(const struct hub *h, void *socket, const char *endpoint)
{
    int gone_ms = (int)h->bus.gone_after_ms;

    set_int(socket, ZMQ_IPV6, strchr(endpoint, '[') != NULL);
    set_int(socket, ZMQ_TCP_KEEPALIVE, 1);
    set_int(socket, ZMQ_TCP_MAXRT, gone_ms);
    set_int(socket, ZMQ_HEARTBEAT_IVL, gone_ms / 3);
    set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, gone_ms);
}

/* Records are for whoever may enter the folder; to give, take or order is for the group
   that owns it. */
static mode_t mask_of(enum cert_role role)
{
    return role == ROLE_SUBSCRIBE || role == ROLE_REPLAY ? 0111 : 0117;
}

static int bind_at(enum cert_role role, void *socket, const char *endpoint, struct err *e)
{
    mode_t before = umask(mask_of(role));
    int rc = zmq_bind(socket, endpoint), code = zmq_errno();

    (void)umask(before);
    if (rc < 0)
        return err_set(e, -code, "cannot listen on %s: %s", endpoint, zmq_strerror(code));
    return 0;
}

static const struct config_endpoints *endpoints_of(const struct config_bus *b,
                                                   enum cert_role role)
{
    const struct config_endpoints *const all[DOOR_SOCKETS] = {
        [ROLE_PUBLISH] = &b->ingest, [ROLE_WORK] = &b->work,
        [ROLE_TAP] = &b->tap,        [ROLE_SUBSCRIBE] = &b->publish,
        [ROLE_REPLAY] = &b->replay,  [ROLE_CONTROL] = &b->control,
    };

    return all[role];
}

static struct str port_of(struct str endpoint)
{
    size_t colon = endpoint.n;

    while (colon > 0 && endpoint.p[colon - 1] != ':')
        colon--;
    return str_slice(endpoint, colon, endpoint.n);
}

/* What libzmq tells is the address that was reached, which need not be the one that was
   bound; the port is the same. */
bool door_is_curve(const struct hub *h, enum cert_role role, struct str endpoint)
{
    const struct config_endpoints *at = endpoints_of(&h->bus, role);

    if (!h->door->gates[role].has_curve || !str_has_prefix(endpoint, STR("tcp://")))
        return false;
    for (size_t i = 0; i < at->n; i++)
        if (config_is_curve(&h->bus, at->list[i]) &&
            str_eq(port_of(str_of(at->list[i])), port_of(endpoint)))
            return true;
    return false;
}

static int bind_those(struct hub *h, enum cert_role role, void *socket, bool curve,
                      struct err *e)
{
    const struct config_endpoints *at = endpoints_of(&h->bus, role);
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < at->n; i++) {
        const char *endpoint = at->list[i];

        if (config_is_curve(&h->bus, endpoint) != curve)
            continue;
        if (curve)
            rc = set_curve(h->door, role, socket, e);
        if (strncmp(endpoint, "tcp:", 4) == 0)
            set_tcp(h, socket, endpoint);
        h->door->gates[role].has_curve |= curve;
        if (rc == 0)
            rc = make_folder(endpoint, e);
        if (rc == 0)
            rc = bind_at(role, socket, endpoint, e);
    }
    return rc;
}

int door_listen(struct hub *h, enum cert_role role, void *socket, struct err *e)
{
    int rc = door_watch(h, role, socket, e);

    set_int(socket, ZMQ_HANDSHAKE_IVL, (int)h->bus.handshake_ms);
    if (rc == 0)
        rc = bind_those(h, role, socket, false, e);
    if (rc == 0)
        rc = bind_those(h, role, socket, true, e); /* CURVE stays set: it is the last */
    return rc;
}

static bool needs_keys(const struct config_bus *b)
{
    for (int role = 0; role < DOOR_SOCKETS; role++) {
        const struct config_endpoints *at = endpoints_of(b, (enum cert_role)role);

        for (size_t i = 0; i < at->n; i++)
            if (config_is_curve(b, at->list[i]))
                return true;
    }
    return false;
}

int door_open(struct hub *h, struct err *e)
{
    struct door *d = h->door = mem_new(sizeof *d);
    int rc;

    for (int role = 0; role < DOOR_SOCKETS; role++)
        d->gates[role].failed = -1;
    door_count_none(h);
    if (!needs_keys(&h->bus))
        return 0;
    rc = door_keys_open(h, e);
    if (rc < 0)
        return rc;
    d->zap = zmq_socket(h->zmq, ZMQ_ROUTER);
    if (d->zap == NULL || zmq_bind(d->zap, ZAP_ENDPOINT) < 0)
        return err_set(e, -zmq_errno(), "cannot answer handshakes: %s",
                       zmq_strerror(zmq_errno()));
    log_info("keys read", "hub=%s keys=%zu clients_dir=%s", d->own.public_key, d->n_keys,
             h->bus.curve.clients_dir);
    return 0;
}

void door_close(struct hub *h)
{
    struct door *d = h->door;

    if (d == NULL)
        return;
    for (int role = 0; role < DOOR_SOCKETS; role++)
        if (d->gates[role].monitor != NULL)
            (void)zmq_close(d->gates[role].monitor); /* fails only for no socket */
    if (d->zap != NULL)
        (void)zmq_close(d->zap); /* as above */
    cert_forget(&d->own);
    free(d->keys);
    free(d->conns);
    free(d);
    h->door = NULL;
}
