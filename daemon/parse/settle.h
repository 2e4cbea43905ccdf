/* settle.h - what the files of newsmq/settle.h share with each other */
#ifndef NEWSMQ_PARSE_SETTLE_H
#define NEWSMQ_PARSE_SETTLE_H

#include "newsmq/settle.h"

struct settling {
    struct item *items;
    struct item_open *open;
    size_t n;
    const struct settle_options *o;
    struct arena *a;
    struct settled *said;
    size_t n_learnt;        /* values that this document shows to be shared */
    struct feed_habits own; /* when the caller keeps none */
    struct feed_habits *habits;
};

/* Dates of all items, those with numbers in an order that others tell too. */
void settle_dates(struct settling *s);

/* Ids, bases and aliases. */
void settle_identity(struct settling *s);

bool item_derives(const struct item *it, const char *name);
/* False when the arena is full. */
bool item_add_derived(struct item *it, const char *name, struct arena *a);

bool habits_know_shared(const struct feed_habits *h, uint64_t value);
void habits_add_shared(struct feed_habits *h, uint64_t value);

#endif
