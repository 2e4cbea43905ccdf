/* unpack.h - documents that are compressed and do not say so

   Servers send .gz files as they are, without Content-Encoding. They are told by their
   first bytes (RFC 1952 §2.3.1, RFC 1950 §2.2), which begin no text. */
#ifndef NEWSMQ_PARSE_UNPACK_H
#define NEWSMQ_PARSE_UNPACK_H

#include "newsmq/err.h"
#include "newsmq/str.h"

struct unpack;

bool unpack_begins(struct str head); /* two bytes are enough */

/* max_bytes: of the document when unpacked; 0: no bound but that on growth. */
struct unpack *unpack_new(size_t max_bytes);
void unpack_free(struct unpack *u);

/* Hands on what the bytes hold, in pieces, until one is not wanted. 0; ERR_LIMIT when it
   is too much; ERR_FORMAT when the rest of the document cannot be unpacked: later bytes
   are ignored. */
int unpack_push(struct unpack *u, struct str bytes, bool (*take)(void *ctx, struct str),
                void *ctx, struct err *e);
bool unpack_is_complete(const struct unpack *u);

#endif
