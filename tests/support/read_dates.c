/* read_dates: a date a line on stdin; "milliseconds note" or "- note" a line on stdout.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/date.h"

int main(void)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;

    while ((n = getline(&line, &cap, stdin)) > 0) {
        struct date d = date_read((struct str){line, (size_t)n});

        if (d.known)
            printf("%" PRId64 " %s\n", d.ms, date_note_name(d.note));
        else
            printf("- %s\n", date_note_name(d.note));
    }
    free(line);
    return 0;
}
