/* unpack.h - an output file's text, packed or not, from its beginning */
#ifndef NEWSMQ_UNPACK_H
#define NEWSMQ_UNPACK_H

#include <sys/types.h>

#include "newsmq/err.h"
#include "newsmq/str.h"

struct unpack;

/* path without .zst; the packed one is taken when there is one. -ENOENT: neither. */
int unpack_open(const char *path, struct unpack **ret, struct err *e);
void unpack_close(struct unpack *u);
bool unpack_is_packed(const struct unpack *u);

/* Up to max more bytes; less only at the end. Negative when they cannot be read. */
ssize_t unpack_read(struct unpack *u, char *to, size_t max, struct err *e);

#endif
