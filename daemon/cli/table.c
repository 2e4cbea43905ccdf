#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "newsmq/mem.h"

#include "table.h"

#define GAP 2

struct cell {
    char *text;
    enum colour colour;
};

struct table {
    const char *const *heads;
    size_t n_columns;
    struct cell *cells;
    size_t n, cap;
};

struct table *table_new(const char *const *heads, size_t n)
{
    struct table *t = mem_new(sizeof *t);

    assert(n > 0);
    t->heads = heads;
    t->n_columns = n;
    return t;
}

void table_add(struct table *t, enum colour c, struct str s)
{
    t->cells = mem_grow(t->cells, &t->cap, t->n + 1, sizeof *t->cells);
    t->cells[t->n++] = (struct cell){s.p != NULL ? mem_dup(s) : mem_strdup(""), c};
}

void table_addf(struct table *t, enum colour c, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap); /* a cell that is cut is still useful */
    va_end(ap);
    table_add(t, c, str_of(text));
}

size_t table_rows(const struct table *t)
{
    return t->n / t->n_columns;
}

/* ---- printing ---- */

/* Characters, as term_text counts them of valid UTF-8. */
static size_t columns_of(const char *text)
{
    size_t n = 0;

    for (const char *p = text; *p != '\0'; p++)
        n += ((unsigned char)*p & 0xC0) != 0x80;
    return n;
}

static bool is_number(const struct table *t, size_t column)
{
    return t->heads[column][0] == '>';
}

static const char *head_of(const struct table *t, size_t column)
{
    return t->heads[column] + (is_number(t, column) ? 1 : 0);
}

static void put_spaces(FILE *to, size_t n)
{
    while (n-- > 0)
        fputc(' ', to);
}

struct printing {
    const struct table *table;
    FILE *to;
    bool colour;
    const size_t *widths;
    size_t room; /* of the last column; 0: no end */
};

static void put_cell(const struct printing *p, size_t column, const char *text,
                     enum colour c)
{
    bool is_last = column + 1 == p->table->n_columns;
    size_t width = p->widths[column], used = columns_of(text);

    if (is_last && text[0] == '\0')
        return; /* no blanks at the end */
    put_spaces(p->to, column > 0 ? GAP : 0);
    if (is_number(p->table, column) && used < width)
        put_spaces(p->to, width - used);
    if (c != COLOUR_PLAIN)
        term_colour(p->to, p->colour, c);
    used = term_text(p->to, str_of(text), is_last ? p->room : 0, false);
    if (c != COLOUR_PLAIN)
        term_colour(p->to, p->colour, COLOUR_PLAIN);
    if (!is_last && !is_number(p->table, column) && used < width)
        put_spaces(p->to, width - used);
}

void table_print(const struct table *t, FILE *to, bool colour)
{
    size_t *widths = mem_new_array(t->n_columns, sizeof *widths), left = 0;
    struct printing p = {t, to, colour, widths, 0};

    assert(t->n_columns > 0);
    for (size_t i = 0; i < t->n_columns; i++)
        widths[i] = columns_of(head_of(t, i));
    for (size_t i = 0; i < t->n; i++) {
        size_t width = columns_of(t->cells[i].text);

        if (width > widths[i % t->n_columns])
            widths[i % t->n_columns] = width;
    }
    for (size_t i = 0; i + 1 < t->n_columns; i++)
        left += widths[i] + GAP;
    if (isatty(fileno(to)) != 0) /* a column of 20 is the least that says something */
        p.room = term_width(to) > left + 20 ? term_width(to) - left : 20;
    for (size_t i = 0; i < t->n_columns; i++)
        put_cell(&p, i, head_of(t, i), COLOUR_DIM);
    fputc('\n', to);
    for (size_t i = 0; i < t->n; i++) {
        put_cell(&p, i % t->n_columns, t->cells[i].text, t->cells[i].colour);
        if ((i + 1) % t->n_columns == 0)
            fputc('\n', to);
    }
    free(widths);
}

void table_free(struct table *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->n; i++)
        free(t->cells[i].text);
    free(t->cells);
    free(t);
}
