/* sums.h - the sidecar of an output file: which batch wrote which bytes

   FILE.sums is text, a line an event, in the order of FILE:

       newsmq-sums 1 <created_ms> <epoch> <first_seq> <check>
       batch <offset> <bytes> <first_seq> <last_seq> <hash> <check>
       gap <first_seq> <last_seq> <check>
       closed <bytes> <last_seq> <time_ms> <check>

   Numbers are decimal, hash and check 16 hex digits. hash is xxh64 of the batch's bytes;
   check is xxh64 of what stands before it on the line, seeded with the check of the first
   line (0 for that one), so that a line of another file is no line of this one. A batch
   begins where the one before ended, in bytes and in seq. A gap was declared: the hub did
   not keep those records any longer. Nothing follows `closed`. */
#ifndef NEWSMQ_SINK_SUMS_H
#define NEWSMQ_SINK_SUMS_H

#include "newsmq/err.h"
#include "newsmq/str.h"

#define SUMS_SUFFIX    ".sums"
#define SUMS_EPOCH_MAX 64
#define SUMS_LINE_MAX  256
#define SUMS_TEXT_MAX  ((size_t)1 << 30) /* of a whole sidecar */
#define SUMS_BATCH_MAX ((uint64_t)256 << 20)

struct sums_head {
    int64_t created_ms;
    char epoch[SUMS_EPOCH_MAX + 1]; /* "-": not known */
    uint64_t first_seq;             /* of the file; the one before it ended just before */
    uint64_t check;                 /* filled by write and read */
};

enum sums_kind { SUMS_BATCH, SUMS_GAP, SUMS_CLOSED };

struct sums_line {
    enum sums_kind kind;
    uint64_t offset, bytes; /* closed: bytes of the file */
    uint64_t first, last;   /* closed: last */
    uint64_t hash;
    int64_t time_ms;
    size_t text_bytes; /* of the line with its LF; filled by sums_read */
};

/* Append a line with its LF. */
void sums_head_write(struct sums_head *h, struct strbuf *out);
void sums_line_write(const struct sums_head *h, const struct sums_line *l,
                     struct strbuf *out);

/* One line without its LF; false when it is not what we wrote. */
bool sums_head_read(struct str line, struct sums_head *ret);
bool sums_line_read(const struct sums_head *h, struct str line, struct sums_line *ret);

/* A whole sidecar, read forward up to the first line that is bad or does not follow. */
struct sums {
    struct sums_head head;
    struct sums_line *lines;
    size_t n, cap;
    uint64_t text_bytes; /* of the sidecar: what was good of it; 0: not even its head */
    uint64_t bytes;      /* of the file: what the good lines describe */
    uint64_t last;       /* seq; head.first_seq - 1 when there is no batch yet */
    bool is_closed;
    bool is_broken; /* good lines stand behind a bad one: no crash does that */
};

void sums_read(struct str text, struct sums *ret);
void sums_cut(struct sums *s, size_t n); /* forgets all lines but the first n */
void sums_fini(struct sums *s);

/* Records of the first n lines: the line number in the file before the n-th batch. */
uint64_t sums_records(const struct sums *s, size_t n);

#endif
