/* server_private.h - what the files of the server share */
#ifndef NEWSMQ_HTTP_SERVER_PRIVATE_H
#define NEWSMQ_HTTP_SERVER_PRIVATE_H

#include <microhttpd.h>

#include "gate.h"
#include "server.h"

struct connection {
    struct connection *next, **at;
    int fd;
    struct address from;
    struct mono since; /* its opening, its request's first line, or that one's end */
    bool is_busy;      /* a request has begun */
    bool is_waiting;   /* for us: takes no time of its own */
    bool is_stream;
};

struct stream {
    struct stream *next, **at;
    struct server_request *request;
    struct strbuf pending; /* bytes from `sent` on have to be sent */
    size_t sent;
    struct mono stuck; /* since when it has not been read */
    bool is_over;
};

struct server_request {
    struct server *server;
    struct MHD_Connection *mhd;
    struct connection *connection;
    char *path;
    struct stream *stream; /* NULL: it is none */
    bool is_head, is_whole, is_suspended, is_answered;
    void *data;
};

struct server {
    struct server_handler handler;
    const struct config_http *config;
    struct http_counts *counts;
    struct MHD_Daemon *daemon;
    uv_poll_t ready;
    uv_timer_t timer;
    struct connection *connections;
    struct stream *streams;
    struct gate gate;
    bool is_closing;
};

/* server.c */
void server_run_soon(struct server *s);
void server_suspend(struct server_request *r);
void server_wake(struct server_request *r); /* undoes server_suspend */
/* Takes m; NULL: the connection is closed. */
void server_queue(struct server_request *r, unsigned status, struct MHD_Response *m);
/* Of a stream, with the headers of all answers. */
struct MHD_Response *server_response(MHD_ContentReaderCallback read, void *ctx,
                                     MHD_ContentReaderFreeCallback fini);

/* streams.c */
void server_stream_gone(struct server_request *r);
void server_streams_sweep(struct server *s, struct mono now);
void server_streams_end(struct server *s);

#endif
