/* The groups are found among the first vectors, then every vector goes to the nearest. */
#include "groups.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "augment.h"
#include "net_private.h"

#define TOGETHER 64 /* vectors */

struct groups {
    float *vectors; /* [n][dimensions], of length 1 */
    size_t n, dimensions, frequent;
    float *centres; /* [dimensions][groups] */
    size_t groups;  /* a multiple of 16 */
    uint32_t *of;   /* the group of each vector */
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

/* What all have in common tells nothing. */
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

static void centre_set(struct groups *g, size_t group, const float *v)
{
    for (size_t d = 0; d < g->dimensions; d++)
        g->centres[d * g->groups + group] = v[d];
}

static void centre_any(struct groups *g, size_t group)
{
    size_t one = chance_next(&g->chance) % g->frequent;

    centre_set(g, group, g->vectors + one * g->dimensions);
}

static uint32_t largest(const float *v, size_t n)
{
    size_t most = 0;

    for (size_t i = 1; i < n; i++)
        if (v[i] > v[most])
            most = i;
    return (uint32_t)most;
}

/* Puts the first n into the group whose centre is nearest. */
static void assign(struct groups *g, size_t n)
{
    float *products = mem_new_array(TOGETHER * g->groups, sizeof *products);

    for (size_t from = 0; from < n; from += TOGETHER) {
        size_t count = n - from > TOGETHER ? TOGETHER : n - from;

        memset(products, 0, TOGETHER * g->groups * sizeof *products);
        net_multiply(&(struct net_product){
            .a = g->vectors + from * g->dimensions,
            .b = g->centres,
            .c = products,
            .rows = count,
            .depth = g->dimensions,
            .columns = g->groups,
            .a_row = g->dimensions,
            .a_step = 1,
            .b_row = g->groups,
            .c_row = g->groups,
        });
        for (size_t i = 0; i < count; i++)
            g->of[from + i] = largest(products + i * g->groups, g->groups);
    }
    free(products);
}

static void move_centres(struct groups *g)
{
    float *sums = mem_new_array(g->groups * g->dimensions, sizeof *sums);
    size_t *counts = mem_new_array(g->groups, sizeof *counts);

    for (size_t i = 0; i < g->frequent; i++) {
        counts[g->of[i]]++;
        for (size_t d = 0; d < g->dimensions; d++)
            sums[g->of[i] * g->dimensions + d] += g->vectors[i * g->dimensions + d];
    }
    for (size_t k = 0; k < g->groups; k++) {
        set_unit(sums + k * g->dimensions, g->dimensions);
        if (counts[k] > 0)
            centre_set(g, k, sums + k * g->dimensions);
        else
            centre_any(g, k);
    }
    free(sums);
    free(counts);
}

void groups_find(float *vectors, size_t n, size_t dimensions,
                 const struct groups_plan *plan, uint32_t *ret)
{
    struct groups g = {
        .vectors = vectors,
        .n = n,
        .dimensions = dimensions,
        .frequent = plan->frequent < n ? plan->frequent : n,
        .groups = plan->groups,
        .of = ret,
        .chance = chance_of(plan->seed),
    };

    if (n == 0)
        return;
    g.centres = mem_new_array(dimensions * plan->groups, sizeof *g.centres);
    centre(&g);
    for (size_t k = 0; k < g.groups; k++)
        centre_any(&g, k);
    for (unsigned i = 0; i < plan->rounds; i++) {
        assign(&g, g.frequent);
        move_centres(&g);
    }
    assign(&g, g.n);
    free(g.centres);
}
