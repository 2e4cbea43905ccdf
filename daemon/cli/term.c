#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/text.h"

#include "term.h"

bool term_has_colour(FILE *to)
{
    const char *no = getenv("NO_COLOR"), *kind = getenv("TERM");

    if (no != NULL && no[0] != '\0')
        return false;
    return isatty(fileno(to)) != 0 && kind != NULL && strcmp(kind, "dumb") != 0;
}

unsigned term_width(FILE *to)
{
    struct winsize size;

    if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
        return size.ws_col;
    return 80;
}

void term_colour(FILE *to, bool colour, enum colour c)
{
    static const char *const codes[] = {"0",  "1",  "2",  "31", "32",
                                        "33", "34", "35", "36"};

    if (colour)
        fprintf(to, "\033[%sm", codes[c]);
}

/* Controls, and the marks that make text read in another order than it is written. */
static bool is_unfit(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0) || cp == 0x061C ||
           (cp >= 0x200E && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x2069) || cp == 0xFEFF;
}

size_t term_text(FILE *to, struct str s, size_t max, bool keep_lines)
{
    const char *p = s.p, *end = s.p + s.n;
    size_t columns = 0;

    while (p < end) {
        char bytes[4];
        size_t len;
        uint32_t cp = utf8_decode(p, end, &len);

        if (max > 0 && columns + 1 == max && p + len < end) {
            fputs("…", to);
            return max;
        }
        if (cp == '\n' && keep_lines)
            fputc('\n', to);
        else if (cp == '\n' || cp == '\t')
            fputc(' ', to);
        else if (is_unfit(cp))
            fputc('?', to);
        else
            (void)fwrite(bytes, 1, utf8_encode(cp, bytes), to); /* to a terminal */
        columns++;
        p += len;
    }
    return columns;
}

void term_cell(FILE *to, struct str s, size_t width)
{
    for (size_t n = term_text(to, s, width, false); n < width; n++)
        fputc(' ', to);
}
