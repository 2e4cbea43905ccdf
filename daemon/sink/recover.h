/* recover.h - is the file what its sidecar says, and what to do when it is not

   A file is read forward, batch by batch. Going backwards for a line that parses would be
   wrong: a page of garbage can have good lines behind it.

   The last batch may not have reached the disk when the power went; the pages it shares
   with what is before it may have gone with it. A fault there is cut away, and the hub
   has those records still. A fault further in front was not made by a crash, since a
   batch is only begun when the one before it is durable: that is somebody's edit or a bad
   disk, and nothing is cut. */
#ifndef NEWSMQ_SINK_RECOVER_H
#define NEWSMQ_SINK_RECOVER_H

#include "newsmq/err.h"

#include "sums.h"

/* What a crash may have touched: the last two batches, and what lies so near the end. */
#define RECOVER_TAIL_BYTES 8192

/* How many lines of s, from the first, the file fd holds as they were written: s->n when
   all is well. Negative when the file cannot be read. */
int64_t recover_verify(int fd, const struct sums *s, struct err *e);

/* Verifies path (not closed) and cuts it and its sidecar at the first mismatch. *ret_s is
   the sidecar as it is then, *ret_cut the bytes cut off. ERR_FORMAT names file and line
   when it is no crash's work; nothing is cut then. ERR_GONE: neither had anything in it,
   and both were removed. */
int recover_file(const char *path, struct sums *ret_s, uint64_t *ret_cut, struct err *e);

#endif
