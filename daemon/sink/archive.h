/* archive.h - the files of one output folder: their names, their order, who may write

   The folder of a path pattern is what stands before its first component with a
   conversion: "/srv/news/%Y/%m-%d.jsonl" is in /srv/news. One sink has a folder, and all
   files with a sidecar in it are one archive, in the order of their seq. */
#ifndef NEWSMQ_SINK_ARCHIVE_H
#define NEWSMQ_SINK_ARCHIVE_H

#include "newsmq/err.h"
#include "newsmq/str.h"

#include "sums.h"

#define PACKED_SUFFIX ".zst"
#define ARCHIVE_MARK  ".newsmq-sink" /* a file of the folder: the lock */

struct archive_file {
    char *path; /* of the file when it is not packed; the sidecar's is path.sums */
    struct sums_head head;
    uint64_t bytes, last; /* when it is closed */
    int64_t closed_ms;
    bool is_closed, is_packed, has_plain, has_sums;
    bool is_unfit; /* it is not as it was closed: it stays as it is */
};

struct archive {
    char *folder;
    unsigned depth; /* folders below it that the pattern makes */
    int lock_fd;
    struct archive_file *files; /* by seq */
    size_t n, cap;
};

/* Makes the folder, locks it for this process and lists what is in it. -EBUSY: another
   sink writes there. a is zeroed or closed before. */
int archive_open(struct archive *a, const char *pattern, const char *sink, struct err *e);
void archive_close(struct archive *a);

/* Only lists, without a lock: for readers. A folder without files is no error. Folders in
   it that are another sink's are left out. */
int archive_list(struct archive *a, const char *folder, unsigned depth, struct err *e);
int archive_list_file(struct archive *a, const char *path, struct err *e); /* adds one */
void archive_sort(struct archive *a);

struct archive_file *archive_add(struct archive *a, const char *path);
void archive_drop(struct archive *a, size_t i); /* of the list, not of the disk */

/* The path for records written at wall_ms, without a number. The caller frees. */
int archive_path_at(const char *pattern, int64_t wall_ms, char **ret, struct err *e);

/* Whether path is `base` or base with a number: x.jsonl, x-1.jsonl, … */
bool archive_is_numbered(const char *path, const char *base);

/* base, or base with the next number when files of that name are or were there. *ret_met:
   a file without a sidecar stands in the way; it is left alone. The caller frees. */
char *archive_path_free(const struct archive *a, const char *base, bool *ret_met);

/* The fixed part of a pattern, and the folders below it that the rest makes. */
char *archive_folder_of(const char *pattern, unsigned *ret_depth);

/* Makes the names in the folder of path durable, and those of the folders up to ours. */
int archive_sync_names(const struct archive *a, const char *path, struct err *e);

#endif
