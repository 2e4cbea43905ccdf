/* Dates of feeds come in hundreds of forms, but they are made of few parts. The text is
   cut into numbers, words and marks; the time of day, the zone and the day take the
   tokens they understand; a token that nobody took, or a day that can be read in two
   ways, makes the date unknown. A wrong instant would be worse. */
#include "date_private.h"

int64_t date_days(int64_t year, unsigned month, unsigned day)
{
    int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = ((int64_t)month + (month > 2 ? -3 : 9)) * 153 + 2;
    int64_t day_of_era =
        of_era * 365 + of_era / 4 - of_era / 100 + of_year / 5 + (int64_t)day - 1;

    return era * 146097 + day_of_era - 719468;
}

static struct date unknown(enum date_note note)
{
    return (struct date){.note = note};
}

static struct date unparsable(const struct dating *d)
{
    return (struct date){.note = DATE_UNPARSABLE, .orders = d->orders, .form = d->form};
}

static enum date_note note_of(const struct dating *d)
{
    if (d->wanted != DATE_ORDER_NONE && d->orders != 0)
        return DATE_ORDER_OF_FEED;
    if (d->zone_is_guess)
        return DATE_ZONE_GUESSED;
    if (!d->has_zone)
        return DATE_NO_ZONE;
    return d->odd || !d->has_time ? DATE_NON_STANDARD : DATE_OK;
}

static void guess_zone(struct dating *d)
{
    if (d->has_zone || !d->is_korean)
        return;
    d->zone_is_guess = true;
    d->offset_s = 9 * 3600;
}

/* Seconds that are put in come at the end of a UTC day (ITU-R TF.460). */
static bool second_fits(const struct dating *d, int64_t ms)
{
    return d->second < 60 || ms / 1000 % 86400 == 0;
}

struct date date_read_in(struct str text, enum date_order order)
{
    struct dating d;
    int64_t ms;

    if (str_trim(text).n == 0)
        return unknown(DATE_MISSING);
    memset(&d, 0, offsetof(struct dating, tokens)); /* tokens are set as they are found */
    memset(&d.n, 0, sizeof d - offsetof(struct dating, n));
    d.wanted = order;
    if (!date_tokens(&d, text) || !date_take_time(&d) || !date_take_zone(&d) ||
        !date_take_day(&d) || !date_zone_fits(&d))
        return unparsable(&d);
    guess_zone(&d);
    ms = date_days(d.year, d.month, d.day) * 86400000 +
         ((int64_t)d.hour * 3600 + (int64_t)d.minute * 60 + d.second) * 1000 + d.ms -
         (int64_t)d.offset_s * 1000;
    if (ms == 0 || !second_fits(&d, ms))
        return unknown(DATE_UNPARSABLE); /* the epoch itself stands for "no idea" */
    return (struct date){ms, true, note_of(&d), d.orders, d.form};
}

struct date date_read(struct str text)
{
    struct date quick;

    return date_quick(text, &quick) ? quick : date_read_in(text, DATE_ORDER_NONE);
}

const char *date_note_name(enum date_note note)
{
    static const char *const names[] = {[DATE_OK] = "ok",
                                        [DATE_MISSING] = "missing",
                                        [DATE_UNPARSABLE] = "unparsable",
                                        [DATE_FUTURE] = "future",
                                        [DATE_NO_ZONE] = "no_zone",
                                        [DATE_ZONE_GUESSED] = "zone_guessed",
                                        [DATE_NON_STANDARD] = "non_standard",
                                        [DATE_ORDER_OF_FEED] = "order_of_feed"};

    return names[note];
}
