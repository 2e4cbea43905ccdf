/* Trains the linear model of labels and puts it into a copy of the model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "commands.h"
#include "examples.h"
#include "linear.h"
#include "options.h"

#define SOURCES_MAX 64

static int read_sources(struct options *o, struct source *list, size_t *ret_n,
                        struct err *e)
{
    const char *text;
    size_t n = 0;

    while ((text = option_next(o, "--train")) != NULL) {
        if (n == SOURCES_MAX)
            return err_set(e, ERR_CONFIG, "more than %d corpora", SOURCES_MAX);
        if (source_read(text, (uint32_t)n + 1, &list[n], e) < 0)
            return e->code;
        n++;
    }
    *ret_n = n;
    return n > 0 ? 0 : err_set(e, ERR_CONFIG, "--train FILE is missing");
}

static int train(const char *model, const char *out, const struct source *sources,
                 size_t n, const struct examples_plan *xp, const struct linear_plan *lp,
                 struct err *e)
{
    struct model *m;
    struct examples x = {0};
    struct parts p = {0};
    int rc = model_open(model, &m, e);

    if (rc < 0)
        return rc;
    rc = examples_make(m, sources, n, xp, &x, e);
    model_close(m);
    if (rc == 0) {
        fprintf(stderr, "%zu sentences, %zu tokens, %zu features at %zu places\n", x.n,
                x.n_tokens, x.n_features, x.n_ids);
        linear_train(&x, lp, &p);
        rc = parts_read_below(&p, model, e);
    }
    if (rc == 0)
        rc = parts_write(&p, out, e);
    examples_fini(&x);
    parts_fini(&p);
    return rc;
}

static int crf(struct options *o, struct err *e)
{
    struct linear_plan lp = linear_plan_default();
    struct examples_plan xp = {.augment = option_number(o, "--augment", 0.03),
                               .least = (uint32_t)option_number(o, "--least-count", 2),
                               .seed = (uint64_t)option_number(o, "--seed", 1)};
    struct source *sources = mem_new_array(SOURCES_MAX, sizeof *sources);
    const char *model = option_text(o, "--model", NULL),
               *out = option_text(o, "--out", "out.model");
    size_t n = 0;
    int rc = read_sources(o, sources, &n, e);

    lp.seed = xp.seed;
    lp.epochs = (unsigned)option_number(o, "--epochs", lp.epochs);
    lp.threads = (unsigned)option_number(o, "--threads", lp.threads);
    lp.rate = (float)option_number(o, "--rate", (double)lp.rate);
    lp.drop = (float)option_number(o, "--drop", (double)lp.drop);
    lp.least = (float)option_number(o, "--least", (double)lp.least);
    lp.rows_max = (size_t)option_number(o, "--rows", (double)lp.rows_max);
    lp.unit = (int32_t)option_number(o, "--unit", lp.unit);
    if (rc == 0)
        rc = options_end(o, e);
    if (rc == 0 && model == NULL)
        rc = err_set(e, ERR_CONFIG, "--model FILE is missing");
    if (rc == 0)
        rc = train(model, out, sources, n, &xp, &lp, e);
    free(sources);
    return rc;
}

int command_crf(int argc, char **argv)
{
    return options_run(argc, argv, crf);
}
