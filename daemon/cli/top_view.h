/* top_view.h - newsmq top as lines of text: header, alarms, programs, a row a feed */
#ifndef NEWSMQ_CLI_TOP_VIEW_H
#define NEWSMQ_CLI_TOP_VIEW_H

#include <stdio.h>

#include "top_data.h"

enum top_sort { SORT_STATE, SORT_ID, SORT_LAST_NEW, SORT_NEXT, SORT_ITEMS, SORTS };

struct top_view {
    unsigned columns, lines; /* lines 0: as many as there are */
    bool colour;
    enum top_sort sort;
    bool problems_only;
    bool is_typing;  /* the filter */
    char filter[64]; /* part of a feed's id, group or reason; "" all */
    size_t scroll;   /* first row shown; top_view_write keeps it in range */
    size_t page;     /* rows that fit, filled by top_view_write */
    size_t n_shown;  /* rows that pass, filled by top_view_write */
    bool has_footer;
};

/* Writes no line wider than columns, and no more than lines. */
void top_view_write(struct top_view *v, struct top_data *d, FILE *to);

#endif
