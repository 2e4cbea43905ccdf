/* listener.h - a small HTTP server on the program's own loop: bounded in connections,
   bytes and time, so that strangers cost little */
#ifndef NEWSMQ_FETCH_LISTENER_H
#define NEWSMQ_FETCH_LISTENER_H

#include <uv.h>

#include "newsmq/err.h"
#include "newsmq/str.h"

struct listener;

/* One request; valid from `begin` until `gone`. */
struct listener_request;

struct listener_handler {
    void *ctx;
    /* The head is there. 0: its body is read, to *ret_max bytes; else this HTTP status is
       the answer, and `request` and `gone` will not be called. */
    unsigned (*begin)(void *ctx, struct listener_request *r, size_t *ret_max);
    /* All of it is there: listener_answer now, or later. */
    void (*request)(void *ctx, struct listener_request *r);
    /* It is over, answered or not: nothing may refer to it any more. */
    void (*gone)(void *ctx, struct listener_request *r);
};

/* Listens on "ADDRESS:PORT". -EADDRINUSE and the like when that cannot be. */
int listener_open(uv_loop_t *loop, const char *at, const struct listener_handler *h,
                  struct listener **ret, struct err *e);

/* Ends all connections (`gone` is called for what is open); the loop has to run once more
   before it can be closed. NULL is fine. */
void listener_close(struct listener *l);

unsigned listener_port(const struct listener *l);

/* Once a second or so: ends what takes too long. */
void listener_sweep(struct listener *l);

/* Valid until `gone`. Absent or NULL where the request has none. */
const char *listener_method(const struct listener_request *r);
const char *listener_path(const struct listener_request *r);
struct str listener_body(const struct listener_request *r);
const char *listener_query(const struct listener_request *r, const char *name);
/* All headers of the name, joined with ", "; the caller frees; NULL when there is none.
 */
char *listener_header(const struct listener_request *r, const char *name);

/* Once for each request, from `request` on. Text is copied. */
void listener_answer(struct listener_request *r, unsigned status, struct str text);

/* For the handler's own use. */
void listener_set_data(struct listener_request *r, void *data);
void *listener_data(const struct listener_request *r);

#endif
