/* stats.h - counts for whoever looks on: histograms, and sums by a label

   Counting costs an addition and allocates nothing. Both are bounded whatever strangers
   say: labels beyond the bound are counted together under "other". */
#ifndef NEWSMQ_STATS_H
#define NEWSMQ_STATS_H

#include "newsmq/json.h"
#include "newsmq/str.h"

/* ---- histograms ---- */

#define HISTOGRAM_BOUNDS_MAX 20

struct histogram {
    const double *bounds; /* upper ones, inclusive, rising; valid as long as it */
    size_t n_bounds;
    uint64_t counts[HISTOGRAM_BOUNDS_MAX + 1]; /* not summed up; last: over all bounds */
    double sum;
};

/* An initialiser: bounds is an array. */
#define HISTOGRAM(array)                                \
    {                                                   \
        .bounds = (array), .n_bounds = ARRAY_LEN(array) \
    }

void histogram_add(struct histogram *h, double value);

/* {"le":[bounds],"counts":[values up to each],"count":all,"sum":…} */
void histogram_write(const struct histogram *h, struct jsonw *j);

/* ---- sums by label ---- */

#define TALLY_LABEL_MAX 64 /* with its NUL; longer labels are cut */

struct tally_row {
    char label[TALLY_LABEL_MAX];
    double sum;
};

/* Starts zeroed but for `max` and `rows`. */
struct tally {
    struct tally_row *rows; /* room for max + 1: the last is "other" */
    size_t n, max;
};

#define TALLY(array)                                 \
    {                                                \
        .rows = (array), .max = ARRAY_LEN(array) - 1 \
    }

void tally_add(struct tally *t, struct str label, double value);

/* Takes value away again, and forgets a label whose sum is no longer above 0. */
void tally_take(struct tally *t, struct str label, double value);
double tally_get(const struct tally *t, struct str label); /* 0 when it is not there */

/* {"label":sum,…}, whole numbers as such, others with 6 decimals. */
void tally_write(const struct tally *t, struct jsonw *j);

#endif
