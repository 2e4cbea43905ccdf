/* Any bytes as a date: known dates lie in the years that we take, written again they read
   the same. */
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct date d = date_read((struct str){(const char *)data, size}), again;
    char text[CLOCK_TEXT_MAX];

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
