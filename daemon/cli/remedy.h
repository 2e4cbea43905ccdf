/* remedy.h - why a feed could not be got, and what a person can do about it */
#ifndef NEWSMQ_CLI_REMEDY_H
#define NEWSMQ_CLI_REMEDY_H

#include <stdio.h>

#include "newsmq/err.h"

/* Two lines: what went wrong with url, and what helps. who: "newsmq try". http_status: 0
   when it did not come to that. */
void remedy_print(FILE *to, const char *who, const char *url, const struct err *e,
                  int http_status);

/* sysexits(3): 65 not a feed, 66 no such file, 69 it cannot be got. */
int remedy_exit(const struct err *e, int http_status);

#endif
