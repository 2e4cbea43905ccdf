/* http.h - newsmq-http: the status page, /metrics and /api/, for reading only

   It asks the hub as anybody may, keeps a digest of the newest records in memory, and
   writes no file. Without it everything else goes on. */
#ifndef NEWSMQ_HTTP_HTTP_H
#define NEWSMQ_HTTP_HTTP_H

#include "newsmq/config.h"
#include "newsmq/err.h"

struct http;

/* Listens. Takes c, also on failure. path: of the configuration, for reading it again. */
int http_open(const char *path, struct config *c, struct http **ret, struct err *e);

/* Until SIGTERM or SIGINT. */
void http_run(struct http *h);
void http_close(struct http *h);

#endif
