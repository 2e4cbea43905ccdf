/* zmq_link.h - a socket that is one connection, made again when it breaks */
#ifndef NEWSMQ_BUS_ZMQ_LINK_H
#define NEWSMQ_BUS_ZMQ_LINK_H

#include <zmq.h>

#include "newsmq/clock.h"
#include "newsmq/err.h"
#include "newsmq/str.h"

/* Our key and the hub's, as Z85; server "" = no CURVE. */
struct link_keys {
    char server[41], public_key[41], secret_key[41];
};

/* Why no connection comes about, though somebody listens. */
enum link_fault {
    LINK_FINE,
    LINK_REFUSED,  /* the hub does not allow the key, or not here */
    LINK_MISMATCH, /* only one side speaks CURVE, or the other speaks no ZMTP */
    LINK_CUT,      /* the handshake breaks off: the wrong key for the hub, perhaps */
};

/* What was sent and not answered before a break is gone with it; nothing of it reaches
   the next connection. */
struct link {
    void *ctx, *socket, *monitor; /* the last two NULL between two tries */
    char *endpoint;
    int type, hwm;
    struct link_keys keys;
    enum link_fault fault; /* of the last try */
    unsigned n_faults;     /* in a row */
    int fd;                /* readable when socket or monitor may have something */
    bool is_up;            /* somebody is at the other end */
    bool is_broken;   /* nobody any more: take what is left in the socket, then drop it */
    bool is_drained;  /* broken, and what was left in the socket was taken */
    bool has_failed;  /* nobody listened at the last try */
    unsigned n_tries; /* since it was up */
    unsigned n_monitors;
    struct mono retry_due;
};

/* type: ZMQ_DEALER, or ZMQ_SUB, which ZeroMQ connects again by itself unless it was
   refused; hwm: of both queues, 0 = no bound. */
int link_open(struct link *l, int type, const char *endpoint, int hwm,
              const struct link_keys *keys, struct err *e);
void link_close(struct link *l); /* lets what was sent last get out, for a moment */

/* Takes in what happened. True: a connection came about. */
bool link_look(struct link *l);
/* What is wrong and what helps, for people. */
const char *link_fault_text(const struct link *l, char *buf, size_t size);
void link_drop(struct link *l, struct mono now); /* a broken one */
/* Tries again when it is time. 0, or negative when that cannot work. */
int link_retry(struct link *l, struct mono now, struct err *e);

/* "NMQ1" and frames. 0; ERR_CLOSED while nobody is there; ERR_LATER or -errno. */
int link_send(struct link *l, const struct str *frames, size_t n);
#define link_say(l, ...)                              \
    link_send((l), (const struct str[]){__VA_ARGS__}, \
              ARRAY_LEN(((const struct str[]){__VA_ARGS__})))

/* Until something comes or wait_ms are over; 0 or -errno. */
int link_wait(struct link *l, int64_t wait_ms);

#endif
