/* Trains the network on the words and lists of a model and puts it into a copy of the
   model. */
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "commands.h"
#include "net.h"
#include "net_read.h"
#include "options.h"
#include "parts.h"

#include "tagger/network.h"
#include "tagger/network_format.h"

#define SOURCES_MAX 64

struct job {
    const char *model, *vectors, *out;
    struct net_shape shape;
    struct net_plan plan;
    size_t vectors_kept;
    uint32_t near;
    double copies;
    struct source sources[SOURCES_MAX];
    size_t n_sources;
};

static int read_sources(struct job *j, struct options *o, struct err *e)
{
    const char *text;

    while ((text = option_next(o, "--train")) != NULL) {
        if (j->n_sources == SOURCES_MAX)
            return err_set(e, ERR_CONFIG, "more than %d corpora", SOURCES_MAX);
        if (source_read(text, (uint32_t)j->n_sources + 1, &j->sources[j->n_sources], e) <
            0)
            return e->code;
        j->n_sources++;
    }
    return 0;
}

static int check(const struct job *j, struct err *e)
{
    if (j->model == NULL || j->vectors == NULL || j->n_sources == 0)
        return err_set(e, ERR_CONFIG, "--model, --vectors and --train are needed");
    if (j->shape.width % 16 != 0 || j->shape.width == 0 || j->shape.width > 128)
        return err_set(e, ERR_CONFIG, "--width is not 16, 32, … 128");
    if (j->shape.layers == 0 || j->shape.layers > 4)
        return err_set(e, ERR_CONFIG, "--layers is not 1 to 4");
    if (j->near > NETWORK_NEAR_MAX)
        return err_set(e, ERR_CONFIG, "--near is not 0 to %d", NETWORK_NEAR_MAX);
    if (j->plan.epochs == 0 || j->plan.batch == 0 || j->plan.threads == 0 ||
        j->shape.dimensions == 0)
        return err_set(e, ERR_CONFIG,
                       "--epochs, --batch, --threads and --dimensions are not 0");
    return 0;
}

static size_t count_option(struct options *o, const char *name, double otherwise)
{
    double x = option_number(o, name, otherwise);

    return x >= 0 && x < 1e9 ? (size_t)x : 0;
}

static void read_plan(struct job *j, struct options *o)
{
    j->plan = (struct net_plan){
        .epochs = (unsigned)count_option(o, "--epochs", 8),
        .averaged = (unsigned)count_option(o, "--averaged", 3),
        .batch = (unsigned)count_option(o, "--batch", 16),
        .threads = (unsigned)count_option(o, "--threads", 1),
        .rate = (float)option_number(o, "--rate", 0.001),
        .row_rate = (float)option_number(o, "--row-rate", 0.03),
        .drop = (float)option_number(o, "--drop", 0.3),
        .drop_name = (float)option_number(o, "--drop-name", 0.6),
        .drop_set = (float)option_number(o, "--drop-set", 0.5),
        .seed = count_option(o, "--seed", 1),
    };
    j->copies = option_number(o, "--augment", 0.03);
}

static int read_options(struct job *j, struct options *o, struct err *e)
{
    int rc;

    j->model = option_text(o, "--model", NULL);
    j->vectors = option_text(o, "--vectors", NULL);
    j->out = option_text(o, "--out", "out.model");
    j->vectors_kept = count_option(o, "--vectors-kept", 100000);
    j->near = (uint32_t)count_option(o, "--near", 1);
    j->shape = (struct net_shape){
        .width = count_option(o, "--width", 64),
        .layers = count_option(o, "--layers", 2),
        .rows = (size_t)1 << (count_option(o, "--row-bits", 16) & 0x1F),
        .dimensions = count_option(o, "--dimensions", 100),
    };
    read_plan(j, o);
    rc = read_sources(j, o, e);
    if (rc == 0)
        rc = options_end(o, e);
    return rc == 0 ? check(j, e) : rc;
}

static int read_data(const struct job *j, struct net_data *d, struct err *e)
{
    struct model *m;
    int rc = model_open(j->model, &m, e);

    if (rc < 0)
        return rc;
    rc = net_read_vectors(d, j->vectors, j->shape.dimensions, e);
    if (rc == 0)
        rc = net_read(m, j->sources, j->n_sources, j->copies, j->plan.seed, j->shape.rows,
                      d, e);
    model_close(m);
    return rc;
}

static int write_model(const struct job *j, const struct net *n, const struct net_data *d,
                       struct err *e)
{
    struct parts p = {0};
    int rc;

    parts_set(&p, NETWORK_SECTION, net_pack(n, d, j->vectors_kept, j->near));
    parts_set(&p, NETWORK_STEPS, net_pack_steps(n));
    rc = parts_read_below(&p, j->model, e);
    if (rc == 0)
        rc = parts_write(&p, j->out, e);
    parts_fini(&p);
    return rc;
}

static int train(const struct job *j, struct err *e)
{
    struct net_data data = {0};
    struct net net;
    int rc = read_data(j, &data, e);

    if (rc == 0) {
        (void)fprintf(stderr, "%zu sentences, %zu tokens, %zu words, %zu rows\n",
                      data.n_sentences, data.n_tokens, data.n_words, data.n_rows);
        net_init(&net, &j->shape, j->plan.seed);
        net_fit(&net, &data, &j->plan);
        rc = write_model(j, &net, &data, e);
        net_fini(&net);
    }
    net_data_fini(&data);
    return rc;
}

static int network(struct options *o, struct err *e)
{
    struct job *j = mem_new(sizeof *j);
    int rc = read_options(j, o, e);

    if (rc == 0)
        rc = train(j, e);
    free(j);
    return rc;
}

int command_network(int argc, char **argv)
{
    return options_run(argc, argv, network);
}
