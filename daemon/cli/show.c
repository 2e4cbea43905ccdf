#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "show.h"
#include "term.h"

struct mark {
    size_t start, end;
    const char *type;
};

static const struct {
    const char *type;
    enum colour colour;
    const char *meaning;
} types[] = {
    {"PER", COLOUR_GREEN, "person"},       {"ORG", COLOUR_BLUE, "organisation"},
    {"LOC", COLOUR_MAGENTA, "place"},      {"EVENT", COLOUR_CYAN, "event"},
    {"MISC", COLOUR_YELLOW, "other name"},
};

static enum colour colour_of(const char *type)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (strcmp(types[i].type, type) == 0)
            return types[i].colour;
    return COLOUR_BOLD;
}

static const char *type_of(const json_t *entity)
{
    const char *type = json_string_value(json_object_get(entity, "type"));

    return type != NULL ? type : "?";
}

static int by_start(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

/* The mentions of one field, in order of the text; the caller frees. */
static struct mark *marks_of(const json_t *nlp, const char *field, size_t *ret_n)
{
    struct mark *marks = NULL;
    size_t cap = 0, n = 0, i, k;
    const json_t *entity, *mention;

    json_array_foreach(json_object_get(nlp, "entities"), i, entity)
    {
        json_array_foreach(json_object_get(entity, "mentions"), k, mention)
        {
            const char *in = json_string_value(json_object_get(mention, "field"));
            json_int_t from = json_integer_value(json_object_get(mention, "start_byte"));
            json_int_t to = json_integer_value(json_object_get(mention, "end_byte"));

            if (strcmp(in != NULL ? in : "content_text", field) != 0 || from < 0 ||
                to <= from)
                continue;
            marks = mem_grow(marks, &cap, n + 1, sizeof *marks);
            marks[n++] = (struct mark){(size_t)from, (size_t)to, type_of(entity)};
        }
    }
    if (n > 1)
        qsort(marks, n, sizeof *marks, by_start);
    *ret_n = n;
    return marks;
}

static void print_mark(FILE *to, struct str name, const char *type, bool colour)
{
    term_colour(to, colour, colour_of(type));
    if (!colour)
        fputc('[', to);
    (void)term_text(to, name, 0, true);
    if (!colour)
        fprintf(to, "|%s]", type);
    term_colour(to, colour, COLOUR_PLAIN);
}

void show_text(FILE *to, struct str text, const char *field, const json_t *nlp,
               size_t max_bytes, bool colour)
{
    struct str shown = max_bytes > 0 ? str_head(text, max_bytes) : text;
    size_t n = 0, at = 0;
    struct mark *marks = marks_of(nlp, field, &n);

    for (size_t i = 0; i < n; i++) {
        if (marks[i].start < at || marks[i].end > shown.n)
            continue;
        (void)term_text(to, str_slice(shown, at, marks[i].start), 0, true);
        print_mark(to, str_slice(shown, marks[i].start, marks[i].end), marks[i].type,
                   colour);
        at = marks[i].end;
    }
    (void)term_text(to, str_slice(shown, at, shown.n), 0, true);
    if (shown.n < text.n)
        fputs(" …", to);
    free(marks);
}

void show_entities(FILE *to, const json_t *nlp, size_t max, bool colour)
{
    const json_t *entity, *alias;
    size_t i, k;

    json_array_foreach(json_object_get(nlp, "entities"), i, entity)
    {
        const char *name = json_string_value(json_object_get(entity, "name"));
        size_t mentions = json_array_size(json_object_get(entity, "mentions"));

        if (max > 0 && i == max) {
            fprintf(to, "  … and %zu more\n",
                    json_array_size(json_object_get(nlp, "entities")) - max);
            break;
        }
        fputs("  ", to);
        term_colour(to, colour, colour_of(type_of(entity)));
        fprintf(to, "%-5s", type_of(entity));
        term_colour(to, colour, COLOUR_PLAIN);
        (void)term_text(to, str_of(name != NULL ? name : "?"), 0, false);
        json_array_foreach(json_object_get(entity, "aliases"), k, alias)
        {
            fputs(k == 0 ? " (" : ", ", to);
            (void)term_text(to, str_of(json_string_value(alias)), 0, false);
        }
        fprintf(to, "%s  ×%zu\n", k > 0 ? ")" : "", mentions);
    }
}

void show_names(FILE *to, const json_t *nlp, size_t max, bool colour)
{
    const json_t *entity;
    size_t i;

    json_array_foreach(json_object_get(nlp, "entities"), i, entity)
    {
        const char *name = json_string_value(json_object_get(entity, "name"));

        if (i == max)
            break;
        if (i > 0)
            fputs(", ", to);
        print_mark(to, str_of(name != NULL ? name : "?"), type_of(entity), colour);
    }
    if (json_array_size(json_object_get(nlp, "entities")) > max)
        fputs(", …", to);
}

void show_legend(FILE *to, bool colour)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        term_colour(to, colour, types[i].colour);
        fprintf(to, "%s%s %s", i > 0 ? "  " : "", types[i].type, types[i].meaning);
        term_colour(to, colour, COLOUR_PLAIN);
    }
    fputc('\n', to);
}
