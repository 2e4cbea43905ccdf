/* settle.h - what can be decided of items only when their whole document is known

   item_from_entry (feed.h) makes items one by one. What tells them apart, and dates whose
   order of day and month another date tells, are decided here, for all items of a
   document together, and with what earlier documents of the feed have shown. */
#ifndef NEWSMQ_SETTLE_H
#define NEWSMQ_SETTLE_H

#include "newsmq/date.h"
#include "newsmq/item.h"

enum identity_policy { IDENTITY_AUTO, IDENTITY_GUID, IDENTITY_LINK, IDENTITY_TITLE_DATE };

enum { OPEN_PUBLISHED, OPEN_CREATED, OPEN_UPDATED, OPEN_DATES };

/* What an item still needs when it is made; travels beside it. */
struct item_open {
    struct date dates[OPEN_DATES];
    struct str raw[OPEN_DATES]; /* as published, where the order of the numbers is open */
    struct str link; /* as published; the item's url is absent without scheme */
};

/* A deep copy in a. False when a is full. */
bool item_open_keep(const struct item_open *open, struct arena *a, struct item_open *ret);

/* What the documents of one feed have shown so far. Starts zeroed. */
#define HABITS_SHARED_MAX 32
#define HABITS_TEXT_MAX   600
struct feed_habits {
    struct date_orders orders;
    uint64_t shared[HABITS_SHARED_MAX]; /* guids and links that several entries have */
    size_t n_shared;
    bool all_are_shared; /* more in one document than are remembered: none tells */
};

/* As a line of text for the feed's memory, "" when there is nothing to tell; and back.
   A line that was written by nobody gives no habits. */
const char *habits_write(const struct feed_habits *h, char buf[HABITS_TEXT_MAX]);
void habits_read(struct str text, struct feed_habits *ret);

struct settle_options {
    enum identity_policy identity;
    struct date dates[2];       /* of the feed itself: they count as witnesses */
    struct feed_habits *habits; /* learnt from, and added to; NULL: none */
};

struct settled {
    size_t n_repeated;   /* entries left out: a newer one of the same identity is there */
    size_t n_shared;     /* items not told by their guid or link, which several have */
    size_t n_dates_read; /* dates whose order was told by others */
};

/* Completes *n items, in the order of the document: dates, id and its basis, alias. Takes
   out those of which another version is there (the newest stays, then the first), so that
   ids differ. What is new lives in a; an item for which a has no room is taken out. */
struct settled items_settle(struct item *items, struct item_open *open, size_t *n,
                            const struct settle_options *o, struct arena *a);

#endif
