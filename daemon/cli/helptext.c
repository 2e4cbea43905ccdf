/* Help texts are written by one pattern, and tests hold them to it: "Usage:" up to an
   empty line, then "Options:" with two spaces in front of each. */
#include <string.h>

#include "helptext.h"

static bool is_name_char(char c)
{
    return c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static struct str part_behind(struct str text, struct str heading, struct str end)
{
    size_t from = str_find(text, heading, 0), to;

    if (from == SIZE_MAX)
        return STR("");
    from += heading.n;
    to = str_find(text, end, from);
    return str_slice(text, from, to == SIZE_MAX ? text.n : to);
}

static struct help_option *option_named(struct helptext *h, struct str name)
{
    for (size_t i = 0; i < h->n_options; i++)
        if (str_eq(h->options[i].name, name))
            return &h->options[i];
    if (h->n_options == HELP_OPTIONS_MAX)
        return NULL;
    h->options[h->n_options] = (struct help_option){.name = name};
    return &h->options[h->n_options++];
}

static size_t end_of_name(struct str s, size_t at)
{
    while (at < s.n && is_name_char(s.p[at]))
        at++;
    return at;
}

/* " VALUE" behind a name in the usage: up to where the bracket or the word ends. */
static struct str value_at(struct str usage, size_t at)
{
    size_t end = at + 1;

    if (at + 1 >= usage.n || usage.p[at] != ' ' || strchr("[|]- \n", usage.p[at + 1]))
        return (struct str){NULL, 0};
    while (end < usage.n && strchr("] \n", usage.p[end]) == NULL)
        end++;
    return str_slice(usage, at + 1, end);
}

static void read_usage(struct helptext *h)
{
    for (size_t at = 1; at + 1 < h->usage.n; at++) {
        size_t end;
        struct help_option *o;

        if (h->usage.p[at] != '-' || strchr(" [|", h->usage.p[at - 1]) == NULL)
            continue;
        end = end_of_name(h->usage, at);
        if (end == at + 1) /* "-" is standard input */
            continue;
        o = option_named(h, str_slice(h->usage, at, end));
        if (o != NULL && o->value.p == NULL)
            o->value = value_at(h->usage, end);
        at = end;
    }
}

/* The beginning of a sentence, as far as it can stand alone. */
static struct str few_words(struct str line)
{
    static const char *const ends[] = {"; ", ": ", ". ", " (", ", and "};

    if (str_has_prefix(line, STR("{")))
        return STR("as JSON");
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        size_t at = str_find(line, str_of(ends[i]), 0);

        if (at != SIZE_MAX)
            line = str_slice(line, 0, at);
    }
    while (line.n > 0 && strchr(",:;.", line.p[line.n - 1]) != NULL)
        line.n--;
    return line;
}

static void read_options(struct helptext *h, struct str part)
{
    while (part.n > 0) {
        struct str line = str_cut(&part, '\n');
        struct help_option *o;
        size_t gap;

        if (!str_has_prefix(line, STR("  -")))
            continue;
        line = str_slice(line, 2, line.n);
        o = option_named(h, str_slice(line, 0, end_of_name(line, 0)));
        gap = str_find(line, STR("  "), 0);
        if (gap == SIZE_MAX) /* one space is left when the name is long */
            gap = o != NULL ? o->name.n : line.n;
        if (o != NULL && o->what.p == NULL)
            o->what = few_words(str_trim(str_slice(line, gap, line.n)));
    }
}

void helptext_read(const char *help, struct helptext *ret)
{
    struct str text = str_of(help);

    *ret = (struct helptext){.usage = part_behind(text, STR("Usage:"), STR("\n\n"))};
    read_usage(ret);
    read_options(ret, part_behind(text, STR("\nOptions:\n"), STR("\n\n")));
}

bool helptext_takes(const struct helptext *h, const char *argument)
{
    struct str word = str_of(argument);

    for (size_t at = 0; (at = str_find(h->usage, word, at)) != SIZE_MAX; at++) {
        bool of_option = false;

        for (size_t i = 0; i < h->n_options; i++)
            of_option |= h->options[i].value.p != NULL &&
                         h->usage.p + at >= h->options[i].value.p &&
                         h->usage.p + at < h->options[i].value.p + h->options[i].value.n;
        if (!of_option)
            return true;
    }
    return false;
}
