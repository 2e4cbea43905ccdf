/* date.h - the dates of feeds: to UTC milliseconds, or honestly not at all */
#ifndef NEWSMQ_DATE_H
#define NEWSMQ_DATE_H

#include "newsmq/str.h"

/* The date_note values of the record schema. */
enum date_note {
    DATE_OK,
    DATE_MISSING,
    DATE_UNPARSABLE,
    DATE_FUTURE,  /* set by whoever knows the time of the fetch */
    DATE_NO_ZONE, /* read as UTC */
    DATE_ZONE_GUESSED,
    DATE_NON_STANDARD,  /* certain, but in none of the formats of RFC 822/2822/3339 */
    DATE_ORDER_OF_FEED, /* 03/04/2024, read as the feed's other dates are written */
};

/* In which order three numbers are a day; bits, as several may be possible. */
enum date_order {
    DATE_ORDER_NONE = 0,
    DATE_ORDER_DMY = 1,
    DATE_ORDER_MDY = 2,
    DATE_ORDER_YMD = 4, /* 24-04-03; with four digits there is no question */
};

/* Ways to write three numbers: '-', '.' or '/', the last with two digits or four. */
#define DATE_FORMS 6

struct date {
    int64_t ms; /* since 1970 UTC; meaningless when note is MISSING or UNPARSABLE */
    bool known;
    enum date_note note;
    uint8_t orders; /* of three numbers in no standard order: in which they can be a day;
                       0 where there is no question */
    uint8_t form;   /* below DATE_FORMS: how they are written */
};

/* RFC 822/2822/1123, RFC 3339 and W3C-DTF, and the forms seen in the wild (asctime, other
   languages' month names, missing zones, 24:00, …). What cannot be told for certain, for
   example 03/04/2024, is not known: never a wrong instant, never "now". */
struct date date_read(struct str text);

/* ---- 03/04/2024 among other dates of one writer ---- */

/* What dates of one feed say together. Starts zeroed; nothing is lost by adding a date
   twice. */
struct date_orders {
    uint8_t excluded[DATE_FORMS]; /* orders in which some date is no day */
};

void date_orders_add(struct date_orders *o, const struct date *d);

/* The one order in which all dates of this form can be days, or DATE_ORDER_NONE when
   several are left, or none: then the dates contradict each other. */
enum date_order date_orders_of(const struct date_orders *o, uint8_t form);

/* Takes what earlier dates of the feed have said into *o, where these dates alone settle
   nothing and do not contradict, and leaves in *memory what is known then. */
void date_orders_remember(struct date_orders *o, struct date_orders *memory);

/* Whether d is unknown only for want of an order. */
bool date_is_open(const struct date *d);

/* As date_read, with three numbers in this order; then the note is DATE_ORDER_OF_FEED. */
struct date date_read_in(struct str text, enum date_order order);

const char *date_note_name(enum date_note note);

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1–12. */
int64_t date_days(int64_t year, unsigned month, unsigned day);

#endif
