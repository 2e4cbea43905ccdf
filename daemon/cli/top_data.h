/* top_data.h - what newsmq top shows: the answers of the running programs, and what
   changed between two of them */
#ifndef NEWSMQ_CLI_TOP_DATA_H
#define NEWSMQ_CLI_TOP_DATA_H

#include "newsmq/clock.h"
#include "newsmq/err.h"

#include "feed_rows.h"

#define TOP_ALARMS 12

struct top_alarm {
    bool is_bad; /* else only worth a look */
    char text[256];
};

struct top_data {
    const struct config *config;
    json_t *newsmqd, *hub, *metrics, *feeds; /* NULL: no answer */
    struct err no_newsmqd, no_hub;
    struct feed_rows rows;
    int64_t now_ms;
    struct mono at;
    struct top_alarm alarms[TOP_ALARMS];
    size_t n_alarms;
    /* a second, since the answers before these; negative: not known yet */
    double items_s, records_s;
    int64_t items_before, records_before;
    struct mono before; /* ns 0: there was none */
};

/* Asks anew. Never fails: who does not answer is an alarm. */
void top_data_read(struct top_data *d, const struct config *c);
void top_data_fini(struct top_data *d);

/* Whether there is no bad alarm. */
bool top_data_is_well(const struct top_data *d);

/* All of it, for programs. */
json_t *top_data_json(const struct top_data *d);

#endif
