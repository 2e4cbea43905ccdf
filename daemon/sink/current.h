/* current.h - the output file that is being written, and its sidecar */
#ifndef NEWSMQ_SINK_CURRENT_H
#define NEWSMQ_SINK_CURRENT_H

#include "archive.h"
#include "sums.h"

struct current {
    char *path; /* NULL: there is none */
    int fd, sums_fd;
    struct sums_head head;
    uint64_t bytes, sums_bytes; /* what is durable of them */
    bool is_dirty;              /* they hold more, which is to be cut first */
};

/* A new file for records from head->first_seq on. Its name is durable when this answers
   0; on an error nothing of it is left. */
int current_create(struct current *c, const struct archive *a, const char *path,
                   const struct sums_head *head, struct err *e);

/* Goes on with a recovered one. */
int current_open(struct current *c, const char *path, const struct sums *s,
                 struct err *e);

/* Appends to both and makes it durable, or leaves them as they were. -ESTALE: somebody
   else has changed, moved or deleted the file; writing on would make it worse. */
int current_append(struct current *c, struct str bytes, struct str sums, struct err *e);

void current_fini(struct current *c); /* lets go of the files */

#endif
