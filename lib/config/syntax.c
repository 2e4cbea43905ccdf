/* libyaml's words for what is broken, with what to do about it. */
#include <string.h>

#include "newsmq/text.h"

#include "faults.h"
#include "syntax.h"

static const struct {
    const char *problem, *hint;
} advice[] = {
    {"did not find expected key",
     "check the indentation: keys of one section start in the same column"},
    {"could not find expected ':'", "a key is followed by ': ' and its value"},
    {"mapping values are not allowed",
     "check the indentation; a text with ': ' in it needs quotes"},
    {"did not find expected '-' indicator",
     "check the indentation: items of one list start in the same column"},
    {"block sequence entries are not allowed",
     "a list starts on a line of its own, below its key"},
    {"found unexpected end of stream", "a quote or a bracket is not closed"},
    {"found unexpected document indicator", "a quote is not closed before this line"},
    {"did not find expected ',' or ']'", "close the list with ] or separate with ,"},
    {"did not find expected ',' or '}'", "close the braces with } or separate with ,"},
    {"did not find expected node content", "a value is missing here"},
    {"found unknown escape character",
     "in double quotes write \\\\ for a backslash, or use single quotes"},
    {"did not find expected alphabetic", "a text that starts with * or & needs quotes"},
};

static char byte_at(struct str bytes, const struct config_place *at)
{
    struct str rest = bytes, line = {NULL, 0};

    for (unsigned i = 0; i < at->line && rest.p != NULL; i++)
        line = str_cut(&rest, '\n');
    for (unsigned c = 1; c < at->column && line.n > 0; c++) {
        size_t len;

        (void)utf8_decode(line.p, line.p + line.n, &len);
        line = str_slice(line, len, line.n);
    }
    return line.n > 0 ? line.p[0] : '\0';
}

static struct config_place place_of(const char *file, yaml_mark_t m)
{
    return (struct config_place){file, (unsigned)m.line + 1, (unsigned)m.column + 1};
}

void fault_syntax(const yaml_parser_t *yaml, const char *file, struct str bytes,
                  struct config_faults *faults)
{
    struct config_place at = place_of(file, yaml->problem_mark);
    const char *problem = yaml->problem != NULL ? yaml->problem : "cannot be read";

    if (byte_at(bytes, &at) == '\t') {
        fault_add(faults, &at, "a tab where YAML wants spaces");
        fault_hint(faults, "indent with spaces");
        return;
    }
    if (yaml->context != NULL && yaml->context_mark.line != yaml->problem_mark.line)
        fault_add(faults, &at, "%s, %s of line %zu", problem, yaml->context,
                  yaml->context_mark.line + 1);
    else if (yaml->context != NULL)
        fault_add(faults, &at, "%s, %s", problem, yaml->context);
    else
        fault_add(faults, &at, "%s", problem);
    for (size_t i = 0; i < ARRAY_LEN(advice); i++)
        if (strncmp(problem, advice[i].problem, strlen(advice[i].problem)) == 0)
            fault_hint(faults, "%s", advice[i].hint);
    if (strstr(problem, "cannot start any token") != NULL)
        fault_hint(faults, "a text that starts with '%c' needs quotes",
                   byte_at(bytes, &at));
}
