/* pack.h - a closed file becomes FILE.zst, a slice at a time

   The packed one gets its name when it is durable, and only then the plain one goes: at
   every moment one of them is whole. */
#ifndef NEWSMQ_SINK_PACK_H
#define NEWSMQ_SINK_PACK_H

#include "archive.h"

struct pack;

/* Begins with f, whose path is kept. */
int pack_new(const struct archive_file *f, struct pack **ret, struct err *e);

/* Some more: 1 = go on, 0 = done, both names are durable. After an error, free it. */
int pack_step(struct pack *p, const struct archive *a, struct err *e);

void pack_free(struct pack *p); /* an unfinished one leaves nothing behind */
const char *pack_path(const struct pack *p);

/* What a crash may have left beside f: an unfinished packed file, or the plain one beside
   the packed. A plain one that is not what was written is somebody's, and stays. */
int pack_tidy(struct archive_file *f, const struct archive *a, struct err *e);

#endif
