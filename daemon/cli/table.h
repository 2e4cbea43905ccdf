/* table.h - rows of cells, each column as wide as its widest */
#ifndef NEWSMQ_CLI_TABLE_H
#define NEWSMQ_CLI_TABLE_H

#include "term.h"

struct table;

/* heads: n texts of ours; one that starts with '>' is a column of numbers, to the right.
   The last column is cut where a terminal ends. */
struct table *table_new(const char *const *heads, size_t n);

/* The next cell, row by row, left to right. s may be a stranger's: it is copied and made
   fit when printed. */
void table_add(struct table *t, enum colour c, struct str s);
void table_addf(struct table *t, enum colour c, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

size_t table_rows(const struct table *t);
void table_print(const struct table *t, FILE *to, bool colour);
void table_free(struct table *t);

#endif
