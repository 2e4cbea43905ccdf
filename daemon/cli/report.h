/* report.h - records of files as one page, or as data */
#ifndef NEWSMQ_CLI_REPORT_H
#define NEWSMQ_CLI_REPORT_H

#include "newsmq/digest.h"

struct report {
    const char *title;
    int64_t since_ms, until_ms; /* date_seen, half-open; 0: open */
    size_t articles;            /* shown in full */
    char **files;
    size_t n_files;
    struct digest *digest;
    uint64_t lines, bad, outside; /* read; no records; not of the time */
};

/* Reads all files into the digest. Bad lines are told on stderr and counted. 0, or
   negative: a file cannot be read, which was told too. */
int report_read(struct report *r);

/* How the times of the records are best divided: hours, or days. */
struct digest_axis report_axis(const struct digest_totals *all);

/* 0 or -E2BIG. */
int report_page(const struct report *r, struct strbuf *out);
int report_json(const struct report *r, struct strbuf *out);

#endif
