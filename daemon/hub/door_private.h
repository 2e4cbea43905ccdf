/* door_private.h - what door.c, door_keys.c and door_peers.c share */
#ifndef NEWSMQ_HUB_DOOR_PRIVATE_H
#define NEWSMQ_HUB_DOOR_PRIVATE_H

#include "door.h"
#include "hub.h"

#define PEER_TEXT_MAX 48 /* an IPv6 address */

enum refusal {
    REFUSED_UNKNOWN_KEY,
    REFUSED_WRONG_ROLE,
    REFUSED_REVOKED,   /* was let in, and its key or role was taken away */
    REFUSED_HANDSHAKE, /* plain text, garbage, or for another hub's key */
    REFUSED_CUT_OFF,   /* ended, or took too long, before it said who it is */
    REFUSED_CROWD,     /* over max_connections */
    REFUSED_CALLS,     /* over max_calls */
    REFUSED_TOPICS,    /* over max_subscriptions */
    REFUSALS,
};

/* How often somebody asked within this second. */
struct rate {
    struct mono since;
    unsigned n;
};

struct door_key {
    char name[CERT_NAME_MAX + 1];
    char public_key[CERT_KEY_CHARS + 1];
    unsigned roles;
    struct rate rates[2]; /* control, replay */
};

/* A connection, by its descriptor, which libzmq tells and owns. */
struct conn {
    bool is_open, is_curve, is_shut;
    uint8_t role;
    struct mono since;
    char key[CERT_KEY_CHARS + 1]; /* "" until it has spoken with one */
    char peer[PEER_TEXT_MAX];
    unsigned topics;
};

struct gate {
    void *monitor;
    bool has_curve;
    size_t n_open;
    uint64_t n_accepted, n_ready;
    size_t n_unheard; /* ready, and nothing was heard of them yet */
    int failed; /* the refusal that the next end of a connection belongs to, or -1 */
};

/* One line a minute for each offender, and a bound on all of them. */
struct offender {
    uint64_t who;
    struct mono due;
    unsigned n; /* not told yet */
};

#define OFFENDERS 32

struct door {
    void *zap; /* NULL: nothing speaks CURVE */
    struct cert own;
    struct door_key *keys; /* sorted by public_key */
    size_t n_keys, cap_keys;
    struct rate local[2];
    struct gate gates[DOOR_SOCKETS];
    struct conn *conns;
    size_t n_conns;
    uint64_t n_accepted; /* handshakes by key */
    uint64_t refused[REFUSALS];
    struct offender offenders[OFFENDERS];
};

/* door_keys.c */
int door_keys_open(struct hub *h, struct err *e);
struct door_key *door_key_find(const struct door *d, const char *public_key);
bool door_key_may(const struct door_key *k, enum cert_role role);

/* door_listen.c: does the listener that accepted at this endpoint speak CURVE? */
bool door_is_curve(const struct hub *h, enum cert_role role, struct str endpoint);

/* door_peers.c */
int door_watch(struct hub *h, enum cert_role role, void *socket, struct err *e);
void door_look(struct hub *h, enum cert_role role);
struct conn *door_conn(struct door *d, int fd);
void door_shut(struct conn *c, int fd);

/* door.c */
void door_count_none(struct hub *h);
void door_refused(struct hub *h, enum cert_role role, enum refusal why, const char *peer,
                  const char *key);
const char *door_socket_name(enum cert_role role);

#endif
