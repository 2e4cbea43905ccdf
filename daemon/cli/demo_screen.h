/* demo_screen.h - what a demo shows: records as they come, and a table below them */
#ifndef NEWSMQ_CLI_DEMO_SCREEN_H
#define NEWSMQ_CLI_DEMO_SCREEN_H

#include <jansson.h>
#include <stdio.h>

#include "newsmq/clock.h"
#include "newsmq/str.h"

#define RATE_SECONDS 5

struct demo_screen {
    bool is_live; /* a terminal: the table is drawn again in place */
    bool colour;
    bool json; /* records as they are, nothing else on stdout */
    struct mono began;
    int64_t first_ms; /* from began to the first record; -1: none yet */
    size_t n_records;
    int64_t at_s;                  /* the second that the last of counts is of */
    unsigned counts[RATE_SECONDS]; /* records in the last seconds */
    unsigned lines;                /* of the table on the terminal now */
    unsigned page_port;            /* 0: no page is up */
};

void demo_screen_init(struct demo_screen *s, bool json);

/* A record as it came from the hub. */
void demo_screen_record(struct demo_screen *s, struct str json);

/* The status page is up there: with the table from now on, or said once. */
void demo_screen_page(struct demo_screen *s, unsigned port);

/* The answers of the control calls `feeds` and `status`; nothing without a terminal. */
void demo_screen_table(struct demo_screen *s, const json_t *feeds, const json_t *status);

/* The same once, wherever the output goes. */
void demo_screen_end(struct demo_screen *s, const json_t *feeds, const json_t *status);

#endif
