/* server.h - libmicrohttpd on the program's own loop, without threads

   What a stranger may cost: as many connections as the configuration says,
   CONNECTION_MEMORY each; SECONDS for one request from its first byte to its last; no
   bodies; a stream that is not read is cut. */
#ifndef NEWSMQ_HTTP_SERVER_H
#define NEWSMQ_HTTP_SERVER_H

#include <uv.h>

#include "route.h"

struct server;

/* One request; valid until `gone`. */
struct server_request;

struct server_handler {
    void *ctx;
    /* All of it is there: server_answer or server_stream now, or later. */
    void (*request)(void *ctx, struct server_request *r);
    /* It is over, answered or not: nothing may refer to it any more. */
    void (*gone)(void *ctx, struct server_request *r);
};

/* c is borrowed for its life. */
int server_open(uv_loop_t *loop, const struct config_http *c,
                const struct server_handler *h, struct http_counts *counts,
                struct server **ret, struct err *e);

/* Ends all connections (`gone` is called for what is open); the loop has to run once more
   before it can be closed. NULL is fine. */
void server_close(struct server *s);
unsigned server_port(const struct server *s);

/* Names of hosts that were read again; borrowed. */
void server_take(struct server *s, const struct config_http *c);

/* Once a second or so: ends what takes too long. */
void server_sweep(struct server *s);

bool server_is_head(const struct server_request *r);
const char *server_path(const struct server_request *r); /* percent-decoded */
const char *server_query(const struct server_request *r, const char *name);
const char *server_header(const struct server_request *r, const char *name);

struct server_answer {
    unsigned status;
    const char *type, *location; /* NULL: none */
    unsigned cache_s;
    struct strbuf *body; /* its bytes are taken */
};
void server_answer(struct server_request *r, const struct server_answer *a);

/* ---- streams of server-sent events ---- */

/* Answers with a stream that begins with first. False: there are too many; answer. */
bool server_stream(struct server_request *r, struct str first);
unsigned server_streams(const struct server *s);
/* To all of them. */
void server_tell(struct server *s, struct str bytes);

void server_set_data(struct server_request *r, void *data);
void *server_data(const struct server_request *r);

#endif
