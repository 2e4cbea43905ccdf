/* line.h - a record as a line of the output */
#ifndef NEWSMQ_SINK_LINE_H
#define NEWSMQ_SINK_LINE_H

#include "newsmq/err.h"
#include "newsmq/str.h"

/* What all lines of a batch say of themselves in their member "sink". */
struct line_sink {
    int64_t time_ms;
    const char *host; /* plain ASCII; NULL: not said */
    bool include_html;
};

/* Appends json, a record/1 object without "sink", on one line with "sink" as its last
   member and an LF behind. Without include_html its member content_html is left out. 0,
   ERR_FORMAT when json is not an object, -E2BIG; then out is as before. */
int line_add(const struct line_sink *w, uint64_t seq, struct str json, struct strbuf *out,
             struct err *e);

/* The host's name as far as it is plain; "" when it has none. buf holds LINE_HOST_MAX. */
#define LINE_HOST_MAX 65
const char *line_host(char buf[LINE_HOST_MAX]);

#endif
