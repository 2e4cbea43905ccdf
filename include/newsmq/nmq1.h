/* nmq1.h - NMQ1 messages on ZeroMQ sockets: frames in, frames out (docs/wire.md) */
#ifndef NEWSMQ_NMQ1_H
#define NEWSMQ_NMQ1_H

#include <zmq.h>

#include "newsmq/err.h"
#include "newsmq/str.h"

#define NMQ1_FRAMES_MAX 4096

/* A multipart message that was received. Zeroed is empty. */
struct nmq1_msg {
    zmq_msg_t *frames;
    size_t n, cap;
    size_t bytes;  /* of all frames together */
    bool too_many; /* over NMQ1_FRAMES_MAX: the rest was thrown away */
};

/* 1 = a whole message, 0 = none there (with ZMQ_DONTWAIT) or time-out, negative = -errno.
   What m held before is released. */
int nmq1_recv(void *socket, struct nmq1_msg *m, int flags);

/* Frame i, absent beyond the end; valid until the message is released or received into.
 */
struct str nmq1_get(const struct nmq1_msg *m, size_t i);

/* Frame i as a decimal number; false when missing or not one. */
bool nmq1_get_u64(const struct nmq1_msg *m, size_t i, uint64_t *ret);

/* Looks at frame `first` ("NMQ1") and `first + 1` (the verb). 0 with *ret_verb, or 505
   for another version, 422 for anything else, as a positive code with text in e. */
int nmq1_check(const struct nmq1_msg *m, size_t first, struct str *ret_verb,
               struct err *e);

void nmq1_reset(struct nmq1_msg *m);
void nmq1_fini(struct nmq1_msg *m);
void nmq1_move(struct nmq1_msg *to, struct nmq1_msg *from); /* `to` must be empty */

/* Sends all frames or none, without waiting: 0, ERR_LATER (full), -EHOSTUNREACH (ROUTER:
   that peer is gone) or -errno. "NMQ1" is not added. */
int nmq1_send(void *socket, const struct str *frames, size_t n);

/* A number as a frame; buf lives as long as the frame. */
struct str nmq1_number(uint64_t v, char buf[24]);

#endif
