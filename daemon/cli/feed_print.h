/* feed_print.h - a judged feed on the terminal */
#ifndef NEWSMQ_CLI_FEED_PRINT_H
#define NEWSMQ_CLI_FEED_PRINT_H

#include "newsmq/feed_row.h"

#include "term.h"

enum colour health_colour(enum health h);

/* A paragraph: how it does, each cause with its remedy. */
void feed_row_print(const struct feed_row *r, int64_t now_ms, bool colour);

#endif
