/* Handshakes (ZAP, on a socket of this loop: a handshake waits for the hub, the hub for
   none), the look at each message, and what is told of those who were refused. */
#include <stdio.h>

#include "newsmq/hash.h"
#include "newsmq/log.h"

#include "door_private.h"

#define ZAP_A_TURN    64
#define KEY_BYTES     32
#define TOLD_AGAIN_MS MINUTE_MS
#define TOPIC_MAX     250

static const char *const socket_names[DOOR_SOCKETS] = {
    [ROLE_PUBLISH] = "ingest", [ROLE_WORK] = "work",     [ROLE_TAP] = "tap",
    [ROLE_SUBSCRIBE] = "pub",  [ROLE_REPLAY] = "replay", [ROLE_CONTROL] = "control",
};

static const struct {
    const char *name, *words;
} reasons[REFUSALS] = {
    [REFUSED_UNKNOWN_KEY] = {"unknown_key", "its key is not allowed"},
    [REFUSED_WRONG_ROLE] = {"wrong_role", "its key does not have the role"},
    [REFUSED_REVOKED] = {"revoked", "its key was taken away"},
    [REFUSED_HANDSHAKE] = {"handshake", "it does not speak CURVE with this hub's key"},
    [REFUSED_CUT_OFF] = {"cut_off", "it ended before it said who it is"},
    [REFUSED_CROWD] = {"max_connections", "too many connections"},
    [REFUSED_CALLS] = {"max_calls", "too many calls a second"},
    [REFUSED_TOPICS] = {"max_subscriptions", "too many or too long subscriptions"},
};

const char *door_socket_name(enum cert_role role)
{
    return socket_names[role];
}

/* What is there from the start can be seen to grow. */
void door_count_none(struct hub *h)
{
    for (int why = 0; why < REFUSALS; why++)
        tally_add(why <= REFUSED_CUT_OFF ? &h->counts.auth_failures : &h->counts.refused,
                  str_of(reasons[why].name), 0);
}

/* ---- refusing ---- */

/* The slot of this offender, or that of the one who is due first. */
static struct offender *offender_of(struct door *d, uint64_t who)
{
    struct offender *o = &d->offenders[0];

    for (size_t i = 0; i < OFFENDERS; i++) {
        if (d->offenders[i].who == who)
            return &d->offenders[i];
        if (d->offenders[i].due.ns < o->due.ns)
            o = &d->offenders[i];
    }
    return o;
}

/* A line a minute for each, and no more offenders a minute than there are slots. */
static bool may_tell(struct hub *h, uint64_t who, unsigned *ret_more)
{
    struct offender *o = offender_of(h->door, who);

    if (o->due.ns > 0 && !mono_is_due(o->due, h->now)) {
        o->n++;
        return false;
    }
    *ret_more = o->who == who ? o->n : 0;
    *o = (struct offender){who, mono_add_ms(h->now, TOLD_AGAIN_MS), 0};
    return true;
}

void door_refused(struct hub *h, enum cert_role role, enum refusal why, const char *peer,
                  const char *key)
{
    const struct door_key *k = door_key_find(h->door, key);
    uint64_t who = hash_xxh64(str_of(key), hash_xxh64(str_of(peer), 0) ^
                                               (uint64_t)((int)why * 16 + (int)role));
    unsigned more = 0;

    h->door->refused[why]++;
    if (why <= REFUSED_CUT_OFF)
        tally_add(&h->counts.auth_failures, str_of(reasons[why].name), 1);
    else
        tally_add(&h->counts.refused, str_of(reasons[why].name), 1);
    if (may_tell(h, who, &more))
        log_warn("a peer was refused",
                 "socket=%s peer=%s key='%s' name=%s cause='%s' more=%u",
                 socket_names[role], peer[0] != '\0' ? peer : "unknown", key,
                 k != NULL ? k->name : "-", reasons[why].words, more);
}

/* ---- handshakes ---- */

static bool find_role(struct str domain, enum cert_role *ret)
{
    for (int i = 0; i < DOOR_SOCKETS; i++)
        if (str_eq(domain, str_of(socket_names[i]))) {
            *ret = (enum cert_role)i;
            return true;
        }
    return false;
}

static void copy_peer(struct str s, char to[PEER_TEXT_MAX])
{
    if (s.n >= PEER_TEXT_MAX)
        s.n = 0;
    if (s.n > 0)
        memcpy(to, s.p, s.n);
    to[s.n] = '\0';
}

/* Frames of a request, behind routing id and delimiter: version, request id, domain,
   address, identity, mechanism, credentials. */
static bool judge(struct hub *h, const struct nmq1_msg *m, char key[CERT_KEY_CHARS + 1])
{
    struct str credentials = nmq1_get(m, 8);
    char peer[PEER_TEXT_MAX];
    const struct door_key *k;
    enum cert_role role;

    key[0] = '\0';
    if (!find_role(nmq1_get(m, 4), &role) || !str_eq(nmq1_get(m, 7), STR("CURVE")) ||
        credentials.n != KEY_BYTES ||
        zmq_z85_encode(key, (const uint8_t *)credentials.p, KEY_BYTES) == NULL)
        return false;
    copy_peer(nmq1_get(m, 5), peer);
    k = door_key_find(h->door, key);
    if (k == NULL)
        door_refused(h, role, REFUSED_UNKNOWN_KEY, peer, key);
    else if (!door_key_may(k, role))
        door_refused(h, role, REFUSED_WRONG_ROLE, peer, key);
    return door_key_may(k, role);
}

static void answer_zap(struct hub *h, const struct nmq1_msg *m)
{
    char key[CERT_KEY_CHARS + 1];
    bool ok = str_eq(nmq1_get(m, 2), STR("1.0")) && judge(h, m, key);
    const struct str frames[] = {nmq1_get(m, 0),
                                 STR(""),
                                 STR("1.0"),
                                 nmq1_get(m, 3),
                                 ok ? STR("200") : STR("400"),
                                 ok ? STR("") : STR("not allowed"),
                                 ok ? str_of(key) : STR(""),
                                 STR("")};

    h->door->n_accepted += ok;
    (void)nmq1_send(h->door->zap, frames, ARRAY_LEN(frames)); /* gone: nobody waits */
}

void door_serve(struct hub *h)
{
    struct door *d = h->door;
    struct nmq1_msg m = {0};

    for (int role = 0; role < DOOR_SOCKETS; role++)
        door_look(h, (enum cert_role)role);
    for (int i = 0; d->zap != NULL && i < ZAP_A_TURN; i++) {
        if (nmq1_recv(d->zap, &m, ZMQ_DONTWAIT) <= 0)
            break;
        answer_zap(h, &m);
    }
    nmq1_fini(&m);
}

size_t door_polls(const struct hub *h, zmq_pollitem_t polls[DOOR_POLLS])
{
    size_t n = 0;

    if (h->door->zap != NULL)
        polls[n++] = (zmq_pollitem_t){h->door->zap, 0, ZMQ_POLLIN, 0};
    for (int role = 0; role < DOOR_SOCKETS; role++)
        polls[n++] = (zmq_pollitem_t){h->door->gates[role].monitor, 0, ZMQ_POLLIN, 0};
    return n;
}

/* ---- messages ---- */

/* The frame behind the routing id: that one libzmq makes itself, and sometimes without
   the connection's properties. */
static zmq_msg_t *sent_frame(struct nmq1_msg *m)
{
    return m->n > 0 ? &m->frames[m->n > 1] : NULL;
}

static const char *property(struct nmq1_msg *m, const char *name)
{
    zmq_msg_t *f = sent_frame(m);

    return f != NULL ? zmq_msg_gets(f, name) : NULL;
}

/* The public key it came with, or NULL. */
static const char *user_of(struct nmq1_msg *m)
{
    return property(m, "User-Id");
}

static const char *peer_text(struct nmq1_msg *m)
{
    const char *peer = property(m, "Peer-Address");

    return peer != NULL ? peer : "";
}

/* The connection that m came by; NULL when it is not known (any more). */
static struct conn *conn_of(struct hub *h, struct nmq1_msg *m, int *ret_fd)
{
    zmq_msg_t *f = sent_frame(m);

    *ret_fd = f != NULL ? zmq_msg_get(f, ZMQ_SRCFD) : -1;
    return door_conn(h->door, *ret_fd);
}

static void note_key(struct hub *h, enum cert_role role, struct nmq1_msg *m,
                     const char *key)
{
    struct gate *g = &h->door->gates[role];
    int fd;
    struct conn *c = conn_of(h, m, &fd);

    if (c == NULL || c->role != role || c->key[0] != '\0')
        return;
    memcpy(c->key, key, sizeof c->key);
    copy_peer(str_of(peer_text(m)), c->peer);
    if (g->n_unheard > 0)
        g->n_unheard--;
}

static void shut_sender(struct hub *h, struct nmq1_msg *m)
{
    int fd;
    struct conn *c = conn_of(h, m, &fd);

    if (c != NULL)
        door_shut(c, fd);
}

/* Without a key it must have come by a plain endpoint. */
static bool is_plain(struct hub *h, enum cert_role role, struct nmq1_msg *m)
{
    int fd;
    const struct conn *c = conn_of(h, m, &fd);

    if (c == NULL) {
        door_look(h, role); /* it came since the turn began */
        c = conn_of(h, m, &fd);
    }
    return c != NULL && !c->is_curve;
}

bool door_lets(struct hub *h, enum cert_role role, struct nmq1_msg *m)
{
    const char *key;

    if (!h->door->gates[role].has_curve)
        return true;
    key = user_of(m);
    if (key == NULL && is_plain(h, role, m))
        return true;
    if (key != NULL) {
        note_key(h, role, m, key);
        if (door_key_may(door_key_find(h->door, key), role))
            return true;
    }
    door_refused(h, role, key != NULL ? REFUSED_REVOKED : REFUSED_HANDSHAKE, peer_text(m),
                 key != NULL ? key : "");
    shut_sender(h, m);
    return false;
}

static bool rate_add(struct rate *r, struct mono now, unsigned max)
{
    if (mono_ms_between(r->since, now) >= SECOND_MS || r->since.ns == 0)
        *r = (struct rate){now, 0};
    return ++r->n <= max;
}

bool door_lets_call(struct hub *h, enum cert_role role, void *socket, struct nmq1_msg *m)
{
    const char *user = h->door->gates[role].has_curve ? user_of(m) : NULL;
    struct door_key *k = user != NULL ? door_key_find(h->door, user) : NULL;
    struct rate *r = &(k != NULL ? k->rates : h->door->local)[role == ROLE_REPLAY];

    if (!door_lets(h, role, m))
        return false;
    if (rate_add(r, h->now, h->bus.max_calls))
        return true;
    door_refused(h, role, REFUSED_CALLS, user != NULL ? peer_text(m) : "local",
                 user != NULL ? user : "");
    peer_err(h, socket, nmq1_get(m, 0), 429,
             "too many calls a second (bus.max_calls); ask again in a second", STR(""));
    return false;
}

static void refuse_method(struct hub *h, struct nmq1_msg *m, const char *key,
                          unsigned roles)
{
    char text[200] = "your key may not call this; it needs the role";
    const char * or = " ";

    door_refused(h, ROLE_CONTROL, REFUSED_WRONG_ROLE, peer_text(m), key);
    for (int r = 0; r < ROLES; r++) {
        size_t n = strlen(text);

        if ((roles & 1U << r) == 0)
            continue;
        (void)snprintf(text + n, sizeof text - n, "%s%s", or,
                       role_name((enum cert_role)r)); /* all of them fit */
        or = " or ";
    }
    peer_err(h, h->control, nmq1_get(m, 0), 403, text, STR(""));
}

bool door_lets_method(struct hub *h, struct nmq1_msg *m, unsigned roles)
{
    const char *key = h->door->gates[ROLE_CONTROL].has_curve ? user_of(m) : NULL;
    const struct door_key *k = key != NULL ? door_key_find(h->door, key) : NULL;

    if (key == NULL || (k != NULL && (k->roles & roles) != 0))
        return true;
    refuse_method(h, m, key, roles);
    return false;
}

bool door_lets_subscribe(struct hub *h, struct nmq1_msg *m, struct str topic, bool comes)
{
    int fd;
    struct conn *c;

    if (!door_lets(h, ROLE_SUBSCRIBE, m))
        return false;
    c = conn_of(h, m, &fd);
    if (c == NULL)
        return true;
    if (!comes) {
        c->topics -= c->topics > 0;
        return true;
    }
    if (++c->topics <= h->bus.max_subscriptions && topic.n <= TOPIC_MAX)
        return true;
    door_refused(h, ROLE_SUBSCRIBE, REFUSED_TOPICS, c->peer, c->key);
    door_shut(c, fd);
    return false;
}

size_t door_count(const struct hub *h, enum cert_role role)
{
    return h->door->gates[role].n_open;
}

struct str door_name(const struct hub *h, struct nmq1_msg *m)
{
    const char *user = h->door->zap != NULL ? user_of(m) : NULL;
    const struct door_key *k = user != NULL ? door_key_find(h->door, user) : NULL;

    return user == NULL ? (struct str){NULL, 0} : str_of(k != NULL ? k->name : "");
}

bool door_full_name(const struct hub *h, struct nmq1_msg *m, struct str name, char *buf,
                    size_t size)
{
    struct str key = door_name(h, m);
    int n = key.p == NULL
                ? snprintf(buf, size, STR_FMT, STR_ARG(name))
                : snprintf(buf, size, STR_FMT "/" STR_FMT, STR_ARG(key), STR_ARG(name));

    return n >= 0 && (size_t)n < size;
}

/* ---- telling ---- */

static void write_socket(const struct hub *h, int role, struct jsonw *j)
{
    const struct gate *g = &h->door->gates[role];

    jsonw_key(j, socket_names[role]);
    jsonw_object(j);
    jsonw_member_bool(j, "curve", g->has_curve);
    jsonw_member_u64(j, "open", g->n_open);
    jsonw_member_u64(j, "accepted", g->n_accepted);
    jsonw_member_u64(j, "ready", g->n_ready);
    jsonw_object_end(j);
}

void door_write(const struct hub *h, struct jsonw *j)
{
    const struct door *d = h->door;

    jsonw_key(j, "door");
    jsonw_object(j);
    jsonw_member_bool(j, "curve", d->zap != NULL);
    jsonw_member_u64(j, "keys", d->n_keys);
    jsonw_member_u64(j, "accepted", d->n_accepted);
    jsonw_key(j, "refused");
    jsonw_object(j);
    for (int i = 0; i < REFUSALS; i++)
        jsonw_member_u64(j, reasons[i].name, d->refused[i]);
    jsonw_object_end(j);
    jsonw_key(j, "sockets");
    jsonw_object(j);
    for (int role = 0; role < DOOR_SOCKETS; role++)
        write_socket(h, role, j);
    jsonw_object_end(j);
    jsonw_object_end(j);
}
