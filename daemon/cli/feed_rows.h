/* feed_rows.h - all feeds, those of the configuration and those that the hub remembers */
#ifndef NEWSMQ_CLI_FEED_ROWS_H
#define NEWSMQ_CLI_FEED_ROWS_H

#include "newsmq/feed_row.h"

struct feed_rows {
    struct feed_row *list; /* the worst first, then by id */
    size_t n;
    int64_t now_ms;
    size_t counts[HEALTHS];
};

/* feeds: the answer's member of the control call `feeds`, NULL when there is none. It and
   the configuration must live as long as the rows. */
void feed_rows_init(struct feed_rows *rows, const struct config *c, const json_t *feeds,
                    int64_t now_ms);
void feed_rows_fini(struct feed_rows *rows);

#endif
