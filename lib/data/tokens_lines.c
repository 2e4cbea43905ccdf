/* Text that was wrapped at a column has lines that could not have taken the next word. It
   is known by its lines that begin with a small letter; nothing else has many of them,
   and the lines that could have taken the next word end something. */
#include "tokens_private.h"

#define WIDTH_MIN 40
#define WIDTH_MAX 120

struct lines {
    size_t width;               /* of the longest that another follows */
    size_t breaks, small, full; /* full: as wide as width leaves no choice */
};

/* Columns up to the line feed or the end; nothing but blanks counts as none. */
static size_t columns_of(const char *p, const char *end)
{
    size_t n = 0, seen = 0;

    for (; p < end && *p != '\n'; p++) {
        n += ((unsigned char)*p & 0xC0) != 0x80;
        if (*p != ' ' && *p != '\t' && *p != '\r')
            seen = n;
    }
    return seen;
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* Of the first word of a line. */
static size_t word_columns(const char *p, const char *end)
{
    size_t n = 0;

    for (; p < end && *p != ' ' && *p != '\n' && *p != '\t' && *p != '\r'; p++)
        n += ((unsigned char)*p & 0xC0) != 0x80;
    return n;
}

static bool is_full(const char *line, const char *next, const char *end, size_t width)
{
    return columns_of(line, end) + 1 + word_columns(skip_blanks(next, end), end) > width;
}

static const char *line_after(const char *p, const char *end)
{
    const char *q = memchr(p, '\n', (size_t)(end - p));

    return q != NULL ? q + 1 : end;
}

/* Breaks between two lines neither of which is blank. */
static void look(struct str text, struct lines *l, size_t width)
{
    const char *end = text.p + text.n, *p = text.p, *next;

    for (next = line_after(p, end); next < end; p = next, next = line_after(p, end)) {
        size_t n = columns_of(p, end);

        if (n == 0 || columns_of(next, end) == 0)
            continue;
        if (n > l->width)
            l->width = n;
        l->breaks++;
        l->small += token_rune(skip_blanks(next, end), end).kind == KIND_LOWER;
        l->full += width > 0 && is_full(p, next, end, width);
    }
}

size_t token_wrap_width(struct str text)
{
    struct lines l = {0}, again = {0};

    if (memchr(text.p, '\n', text.n) == NULL)
        return 0;
    look(text, &l, 0);
    if (l.width < WIDTH_MIN || l.width > WIDTH_MAX || l.small == 0 ||
        l.small * 4 < l.breaks)
        return 0;
    look(text, &again, l.width);
    return again.full * 3 >= again.breaks * 2 ? l.width : 0;
}

bool token_is_wrap(const char *line, const char *next, const char *end, size_t width)
{
    struct rune u = token_rune(skip_blanks(next, end), end);

    return (u.kind & KINDS_WORD) != 0 && is_full(line, next, end, width);
}
