/* gate.h - who may ask, and how often: nothing of a page, a socket or a clock */
#ifndef NEWSMQ_HTTP_GATE_H
#define NEWSMQ_HTTP_GATE_H

#include "newsmq/address.h"
#include "newsmq/clock.h"
#include "newsmq/config.h"
#include "newsmq/str.h"

/* Whether a Host header names this machine's loopback or one of hosts, with any port. A
   page of a stranger whose name was made to lead to 127.0.0.1 (DNS rebinding) brings that
   name along, and gets nothing. */
bool gate_knows_host(struct str header, char *const *hosts, size_t n);

/* Requests of one address within a second. */
#define GATE_ADDRESSES 64
struct gate {
    struct mono second;
    struct {
        struct address address;
        unsigned n;
    } seen[GATE_ADDRESSES]; /* the last one is for all others together */
    size_t n_seen;
};

/* Counts one. False: it is over max. */
bool gate_admits(struct gate *g, const struct address *from, unsigned max,
                 struct mono now);

#endif
