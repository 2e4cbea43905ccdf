/* Trains the model of subtypes and puts it into a copy of the model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "commands.h"
#include "examples.h"
#include "kinds.h"
#include "options.h"

#define SOURCES_MAX 64

struct sources {
    struct source list[SOURCES_MAX];
    const char *paths[SOURCES_MAX];
    float weights[SOURCES_MAX];
    size_t n;
};

static int read_sources(struct options *o, struct sources *s, struct err *e)
{
    const char *text;

    while ((text = option_next(o, "--train")) != NULL) {
        if (s->n == SOURCES_MAX)
            return err_set(e, ERR_CONFIG, "more than %d corpora", SOURCES_MAX);
        if (source_read(text, 0, &s->list[s->n], e) < 0)
            return e->code;
        s->paths[s->n] = s->list[s->n].path;
        s->weights[s->n] = s->list[s->n].weight;
        s->n++;
    }
    return 0;
}

static int train(const char *model, const char *out, const struct sources *s,
                 const struct kinds_plan *plan, struct err *e)
{
    struct parts p = {0};
    struct model *m;
    int rc = model_open(model, &m, e);

    if (rc < 0)
        return rc;
    rc = kinds_train(m, s->paths, s->weights, s->n, plan, &p, e);
    model_close(m);
    if (rc == 0)
        rc = parts_read_below(&p, model, e);
    if (rc == 0)
        rc = parts_write(&p, out, e);
    parts_fini(&p);
    return rc;
}

static int subtypes(struct options *o, struct err *e)
{
    struct kinds_plan plan = kinds_plan_default();
    struct sources *s = mem_new(sizeof *s);
    const char *model = option_text(o, "--model", "in.model"),
               *out = option_text(o, "--out", "out.model");
    int rc = read_sources(o, s, e);

    plan.seed = (uint64_t)option_number(o, "--seed", 1);
    plan.epochs = (unsigned)option_number(o, "--epochs", plan.epochs);
    plan.rate = (float)option_number(o, "--rate", (double)plan.rate);
    plan.drop = (float)option_number(o, "--drop", (double)plan.drop);
    plan.smallest = (float)option_number(o, "--least", (double)plan.smallest);
    if (rc == 0)
        rc = options_end(o, e);
    if (rc == 0)
        rc = train(model, out, s, &plan, e);
    free(s);
    return rc;
}

int command_subtypes(int argc, char **argv)
{
    return options_run(argc, argv, subtypes);
}
