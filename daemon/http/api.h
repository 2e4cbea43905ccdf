/* api.h - what the routes below /api/ share */
#ifndef NEWSMQ_HTTP_API_H
#define NEWSMQ_HTTP_API_H

#include "newsmq/digest.h"
#include "newsmq/json.h"

#include "route.h"

#define API_TYPE "application/json"

/* Writes json as the body; takes it. Answers 200, or the error's status. */
unsigned api_answer(struct http_request *r, json_t *json, struct strbuf *out);

/* Its fault as an error, 503. */
unsigned api_fault(struct http_request *r, const struct known *k, struct strbuf *out);

/* Ends the object that j wrote to out. Answers 200, or the error's status. */
unsigned api_end(struct http_request *r, struct jsonw *j, struct strbuf *out);

/* ?limit=, 1 to max. */
size_t api_limit(const struct http_request *r, size_t max, size_t otherwise);

void api_item(struct jsonw *j, const struct digest_item *item);
void api_entity(struct jsonw *j, const struct digest_entity *e);

#endif
