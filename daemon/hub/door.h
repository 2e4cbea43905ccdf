/* door.h - who may come in by tcp, and what strangers may cost

   Each socket of the hub has a role of its own (newsmq/cert.h). Where an endpoint speaks
   CURVE, ZAP (ZeroMQ RFC 27) asks at each handshake whether the key is known and has the
   role, and each message is looked at again, so that a key that was taken away is refused
   at once. All else is denied. Local sockets and plain loopback have no keys: who may
   open them is let in. */
#ifndef NEWSMQ_HUB_DOOR_H
#define NEWSMQ_HUB_DOOR_H

#include <zmq.h>

#include "newsmq/cert.h"
#include "newsmq/clock.h"
#include "newsmq/json.h"
#include "newsmq/nmq1.h"

struct hub;
struct door;

/* Before the sockets listen. */
int door_open(struct hub *h, struct err *e);
/* Watches socket from now on and binds it to all of its endpoints. */
int door_listen(struct hub *h, enum cert_role role, void *socket, struct err *e);
void door_close(struct hub *h); /* after the sockets were closed */

/* Fills polls with what door_serve waits for; answers how many: DOOR_POLLS at most. */
#define DOOR_SOCKETS (ROLE_CONTROL + 1) /* by the role of each */
#define DOOR_POLLS   (1 + DOOR_SOCKETS)
size_t door_polls(const struct hub *h, zmq_pollitem_t polls[DOOR_POLLS]);
void door_serve(struct hub *h);
void door_reload(struct hub *h); /* keys come and go */

/* May the sender of m speak to this socket now? When not, its connection is closed. */
bool door_lets(struct hub *h, enum cert_role role, struct nmq1_msg *m);
/* … and ask once more this second? When not, it was answered 429. */
bool door_lets_call(struct hub *h, enum cert_role role, void *socket, struct nmq1_msg *m);
/* … and call a method for which one of these roles is enough? When not, as above 403. */
bool door_lets_method(struct hub *h, struct nmq1_msg *m, unsigned roles);
/* … and have these subscriptions? When not, its connection is closed. */
bool door_lets_subscribe(struct hub *h, struct nmq1_msg *m, struct str topic, bool comes);

/* How many connections this socket has. */
size_t door_count(const struct hub *h, enum cert_role role);

/* The name of the key that m came with; absent when it came without one. */
struct str door_name(const struct hub *h, struct nmq1_msg *m);
/* What a peer calls itself, as the hub knows it: with a key "KEY/NAME", so that no key
   takes another's place. False when that is too long. */
bool door_full_name(const struct hub *h, struct nmq1_msg *m, struct str name, char *buf,
                    size_t size);

void door_write(const struct hub *h, struct jsonw *j); /* the member "door" */

#endif
