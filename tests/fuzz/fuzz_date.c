/* Any bytes as a date: known dates lie in the years that we take, written again they read
   the same; an order that is told makes known only what was open, or leaves it alone. */
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_orders(struct str text, const struct date *d)
{
    static const enum date_order orders[] = {DATE_ORDER_DMY, DATE_ORDER_MDY,
                                             DATE_ORDER_YMD};

    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        struct date told = date_read_in(text, orders[i]);

        if (told.known && told.note == DATE_ORDER_OF_FEED && (d->orders & orders[i]) == 0)
            abort();
        if (told.known && !d->known && !date_is_open(d))
            abort();
        if (d->known && told.known && told.ms != d->ms)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct date d = date_read((struct str){(const char *)data, size}), again;
    char text[CLOCK_TEXT_MAX];

    check_orders((struct str){(const char *)data, size}, &d);
    if (!d.known)
        return 0;
    if (d.ms < date_days(1799, 12, 30) * 86400000 ||
        d.ms > date_days(2200, 1, 3) * 86400000)
        abort();
    if (clock_text(d.ms, text)[0] == '\0')
        return 0;
    again = date_read(str_of(text));
    if (date_days(1800, 1, 1) * 86400000 <= d.ms &&
        d.ms < date_days(2200, 1, 1) * 86400000 && (!again.known || again.ms != d.ms))
        abort();
    return 0;
}
