/* verify_private.h - what verify.c finds in a file, for verify_paths.c */
#ifndef NEWSMQ_SINK_VERIFY_PRIVATE_H
#define NEWSMQ_SINK_VERIFY_PRIVATE_H

#include "newsmq/verify.h"

#include "archive.h"

#define FOUND_MAX 1000 /* events of one file that are told; all faults are counted */

struct found_event {
    enum verify_kind kind;
    uint64_t line;
    char *text;
};

/* Starts zeroed. */
struct found {
    struct verify_total total;
    struct found_event *events;
    size_t n, cap;
};
void found_fini(struct found *f);

/* From file to file of one archive. */
struct verify_run {
    const struct verify_hooks *h;
    uint64_t expected;              /* first seq of the next file; 0: any */
    char epoch[SUMS_EPOCH_MAX + 1]; /* of the file before; "" none */
    uint64_t done, bytes;           /* of all files, for the progress */
};

/* found is emptied first. */
void verify_file(struct verify_run *r, const struct archive_file *f, bool is_last,
                 struct found *found);

#endif
