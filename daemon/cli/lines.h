/* lines.h - messages of a stream as lines: JSON for programs, or something to read */
#ifndef NEWSMQ_CLI_LINES_H
#define NEWSMQ_CLI_LINES_H

#include <stdio.h>

#include "newsmq/bus.h"

/* The stream of a topic prefix ("record/un" → record), or the chosen one (NULL: none).
   NULL when there is no such; "" and NULL are of record. */
const char *lines_stream(const char *prefix, const char *chosen);

/* The message's object with "seq" and "topic" in front, on one line. 0, ERR_FORMAT when
   it is no object, -E2BIG. */
int lines_add_json(const struct bus_event *ev, struct strbuf *out);

/* Time, feed and title, and the names that were found. */
void lines_show(FILE *to, const struct bus_event *ev, bool colour);

/* Ends a line that a kill tore in the file behind fd, so that the next one stands alone.
 */
void lines_mend(int fd);

/* Of a command that ended with rc: 0 or an error's code. */
int lines_exit_status(int rc);

#endif
