/* Word classes: the vectors of words fall into groups by direction (spherical k-means).
   The groups are found among the frequent words, then every word goes to the nearest. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "augment.h"
#include "commands.h"
#include "net_private.h"
#include "net_read.h"
#include "options.h"

#define TOGETHER 64 /* words */

struct groups {
    float *vectors; /* [n][dimensions], of length 1 */
    size_t n, dimensions, frequent;
    float *centres; /* [dimensions][classes] */
    size_t classes; /* a multiple of 16 */
    uint32_t *of;   /* the class of each word */
    struct chance chance;
};

/* ---- vectors ---- */

static void set_unit(float *v, size_t n)
{
    double sum = 1e-12;

    for (size_t d = 0; d < n; d++)
        sum += (double)v[d] * (double)v[d];
    for (size_t d = 0; d < n; d++)
        v[d] = (float)((double)v[d] / sqrt(sum));
}

/* What all frequent words have in common tells nothing. */
static void centre(struct groups *g)
{
    double *mean = mem_new_array(g->dimensions, sizeof *mean);

    for (size_t i = 0; i < g->frequent; i++)
        for (size_t d = 0; d < g->dimensions; d++)
            mean[d] += (double)g->vectors[i * g->dimensions + d] / (double)g->frequent;
    for (size_t i = 0; i < g->n; i++) {
        float *v = g->vectors + i * g->dimensions;

        for (size_t d = 0; d < g->dimensions; d++)
            v[d] -= (float)mean[d];
        set_unit(v, g->dimensions);
    }
    free(mean);
}

/* ---- rounds ---- */

static void centre_set(struct groups *g, size_t class, const float *v)
{
    for (size_t d = 0; d < g->dimensions; d++)
        g->centres[d * g->classes + class] = v[d];
}

static void centre_any(struct groups *g, size_t class)
{
    size_t word = chance_next(&g->chance) % g->frequent;

    centre_set(g, class, g->vectors + word * g->dimensions);
}

static uint32_t largest(const float *v, size_t n)
{
    size_t most = 0;

    for (size_t i = 1; i < n; i++)
        if (v[i] > v[most])
            most = i;
    return (uint32_t)most;
}

/* Puts the first n words into the class whose centre is nearest. */
static void assign(struct groups *g, size_t n)
{
    float *products = mem_new_array(TOGETHER * g->classes, sizeof *products);

    for (size_t from = 0; from < n; from += TOGETHER) {
        size_t count = n - from > TOGETHER ? TOGETHER : n - from;

        memset(products, 0, TOGETHER * g->classes * sizeof *products);
        net_multiply(&(struct net_product){
            .a = g->vectors + from * g->dimensions,
            .b = g->centres,
            .c = products,
            .rows = count,
            .depth = g->dimensions,
            .columns = g->classes,
            .a_row = g->dimensions,
            .a_step = 1,
            .b_row = g->classes,
            .c_row = g->classes,
        });
        for (size_t i = 0; i < count; i++)
            g->of[from + i] = largest(products + i * g->classes, g->classes);
    }
    free(products);
}

static void move_centres(struct groups *g)
{
    float *sums = mem_new_array(g->classes * g->dimensions, sizeof *sums);
    size_t *counts = mem_new_array(g->classes, sizeof *counts);

    for (size_t i = 0; i < g->frequent; i++) {
        counts[g->of[i]]++;
        for (size_t d = 0; d < g->dimensions; d++)
            sums[g->of[i] * g->dimensions + d] += g->vectors[i * g->dimensions + d];
    }
    for (size_t k = 0; k < g->classes; k++) {
        set_unit(sums + k * g->dimensions, g->dimensions);
        if (counts[k] > 0)
            centre_set(g, k, sums + k * g->dimensions);
        else
            centre_any(g, k);
    }
    free(sums);
    free(counts);
}

static void find_groups(struct groups *g, unsigned rounds)
{
    g->centres = mem_new_array(g->dimensions * g->classes, sizeof *g->centres);
    g->of = mem_new_array(g->n, sizeof *g->of);
    centre(g);
    for (size_t k = 0; k < g->classes; k++)
        centre_any(g, k);
    for (unsigned i = 0; i < rounds; i++) {
        assign(g, g->frequent);
        move_centres(g);
    }
    assign(g, g->n);
}

/* ---- the command ---- */

static int write_classes(const struct groups *g, const char *path, struct err *e)
{
    FILE *f = fopen(path, "w");

    if (f == NULL)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    for (size_t i = 0; i < g->n; i++)
        fprintf(f, "%u\n", g->of[i]);
    if (fclose(f) != 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    return 0;
}

static int run(struct groups *g, const char *vectors, unsigned rounds, const char *out,
               struct err *e)
{
    struct net_data d = {0};
    int rc = net_read_vectors(&d, vectors, g->dimensions, e);

    if (rc < 0)
        return rc;
    g->vectors = d.vectors;
    g->n = d.n_vectors;
    if (g->frequent > g->n)
        g->frequent = g->n;
    find_groups(g, rounds);
    rc = write_classes(g, out, e);
    net_data_fini(&d);
    free(g->centres);
    free(g->of);
    return rc;
}

static int classes(struct options *o, struct err *e)
{
    struct groups g = {
        .dimensions = (size_t)option_number(o, "--dimensions", 100),
        .frequent = (size_t)option_number(o, "--frequent", 80000),
        .classes = (size_t)option_number(o, "--classes", 64),
        .chance = chance_of((uint64_t)option_number(o, "--seed", 1)),
    };
    const char *vectors = option_text(o, "--vectors", NULL),
               *out = option_text(o, "--out", "classes.txt");
    unsigned rounds = (unsigned)option_number(o, "--rounds", 15);
    int rc = options_end(o, e);

    if (rc < 0)
        return rc;
    if (vectors == NULL || g.dimensions == 0 || g.frequent == 0)
        return err_set(e, ERR_CONFIG,
                       "--vectors, --dimensions and --frequent are needed");
    if (g.classes == 0 || g.classes % 16 != 0 || g.classes > 4096)
        return err_set(e, ERR_CONFIG, "--classes is not 16, 32, … 4096");
    return run(&g, vectors, rounds, out, e);
}

int command_classes(int argc, char **argv)
{
    return options_run(argc, argv, classes);
}
