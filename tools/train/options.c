#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int options_run(int argc, char **argv, int (*run)(struct options *o, struct err *e))
{
    struct options o = {argc - 1, argv + 1};
    struct err e;

    if (run(&o, &e) == 0)
        return 0;
    fprintf(stderr, "newsmq-train %s: %s\n", argv[0], e.text);
    return e.code == ERR_CONFIG ? 64 : 1;
}

static int find(const struct options *o, const char *name)
{
    for (int i = 0; i < o->argc; i++)
        if (o->argv[i] != NULL && strcmp(o->argv[i], name) == 0)
            return i;
    return -1;
}

const char *option_next(struct options *o, const char *name)
{
    int i = find(o, name);
    const char *value;

    if (i < 0 || i + 1 >= o->argc || o->argv[i + 1] == NULL)
        return NULL;
    value = o->argv[i + 1];
    o->argv[i] = o->argv[i + 1] = NULL;
    return value;
}

const char *option_text(struct options *o, const char *name, const char *otherwise)
{
    const char *value = option_next(o, name);

    return value != NULL ? value : otherwise;
}

double option_number(struct options *o, const char *name, double otherwise)
{
    const char *value = option_next(o, name);

    return value != NULL ? strtod(value, NULL) : otherwise;
}

bool option_flag(struct options *o, const char *name)
{
    int i = find(o, name);

    if (i >= 0)
        o->argv[i] = NULL;
    return i >= 0;
}

const char *option_word(struct options *o)
{
    for (int i = 0; i < o->argc; i++) {
        const char *word = o->argv[i];

        if (word == NULL || word[0] == '-')
            continue;
        o->argv[i] = NULL;
        return word;
    }
    return NULL;
}

int options_end(struct options *o, struct err *e)
{
    for (int i = 0; i < o->argc; i++)
        if (o->argv[i] != NULL)
            return err_set(e, ERR_CONFIG, "'%s' is not understood", o->argv[i]);
    return 0;
}
