/* record.h - one record: from the digest while it keeps it, else from the hub */
#ifndef NEWSMQ_HTTP_RECORD_H
#define NEWSMQ_HTTP_RECORD_H

#include "route.h"

/* ask of a route whose rest is an id or a URL. */
void record_ask(const struct http_request *r, struct question *ret);

/* The caller frees with json_decref; NULL: it is not there any more, or never was. */
json_t *record_get(struct http *h, struct http_request *r);

#endif
