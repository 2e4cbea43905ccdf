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
    DATE_NON_STANDARD, /* certain, but in none of the formats of RFC 822/2822/3339 */
};

struct date {
    int64_t ms; /* since 1970 UTC; meaningless when note is MISSING or UNPARSABLE */
    bool known;
    enum date_note note;
};

/* RFC 822/2822/1123, RFC 3339 and W3C-DTF, and the forms seen in the wild (asctime, other
   languages' month names, missing zones, 24:00, …). What cannot be told for certain, for
   example 03/04/2024, is not known: never a wrong instant, never "now". */
struct date date_read(struct str text);

const char *date_note_name(enum date_note note);

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1–12. */
int64_t date_days(int64_t year, unsigned month, unsigned day);

#endif
