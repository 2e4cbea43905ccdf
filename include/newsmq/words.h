/* words.h - times and lengths of time in words */
#ifndef NEWSMQ_WORDS_H
#define NEWSMQ_WORDS_H

#include "newsmq/clock.h"

#define WORDS_MAX 48

/* "3 s ago", "in 5 min", "never" for a then of 0. All answer buf. */
const char *words_ago(int64_t then_ms, int64_t now_ms, char buf[WORDS_MAX]);

/* "7 d" of a duration. */
const char *words_length(int64_t ms, char buf[WORDS_MAX]);

/* "1 h 30 min": exact enough to add up. */
const char *words_span(int64_t ms, char buf[WORDS_MAX]);

/* "14:35:10" on the day of now, else with the date; UTC. */
const char *words_moment(int64_t ms, int64_t now_ms, char buf[WORDS_MAX]);

#endif
