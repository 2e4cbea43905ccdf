/* verify.h - proving that an output is whole: each line JSON, each seq once and in order,
   each batch the bytes that were written; it may be written meanwhile */
#ifndef NEWSMQ_VERIFY_H
#define NEWSMQ_VERIFY_H

#include "newsmq/err.h"
#include "newsmq/str.h"

enum verify_kind {
    VERIFY_FAULT, /* not as it was written, missing, twice */
    VERIFY_GAP,   /* records that were lost and marked as such when it happened */
    VERIFY_NOTE,  /* could not be checked as far as usual */
};

/* Valid for the call. line counts in the text, 0: the file as a whole. */
struct verify_event {
    enum verify_kind kind;
    const char *file;
    uint64_t line;
    const char *text;
};

struct verify_hooks {
    void (*say)(void *ctx, const struct verify_event *ev);
    /* Now and then; bytes are those of the text. May be NULL. */
    void (*progress)(void *ctx, const char *file, uint64_t done, uint64_t total);
    void *ctx;
};

struct verify_total {
    size_t archives, files, packed, unchecked; /* unchecked: without a sidecar */
    uint64_t records, bytes;
    uint64_t first, last;        /* seqs; of the last archive when there are several */
    uint64_t faults, gaps, lost; /* lost: records in the gaps */
    uint64_t unfinished;         /* bytes of a batch that is just being written */
};

/* Each path is a folder (all output below it) or one file. 0 when all could be looked at,
   whatever was found; negative when a path is not there or cannot be read. */
int verify_paths(const char *const *paths, size_t n, const struct verify_hooks *h,
                 struct verify_total *ret, struct err *e);

/* The folder of a sink's path pattern. The caller frees. */
char *verify_folder_of(const char *pattern);

#endif
