/* Word classes: the vectors of words fall into groups by direction. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "commands.h"
#include "groups.h"
#include "net_read.h"
#include "options.h"

static int write_classes(const uint32_t *of, size_t n, const char *path, struct err *e)
{
    FILE *f = fopen(path, "w");

    if (f == NULL)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    for (size_t i = 0; i < n; i++)
        fprintf(f, "%u\n", of[i]);
    if (fclose(f) != 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    return 0;
}

static int run(const char *vectors, size_t dimensions, const struct groups_plan *plan,
               const char *out, struct err *e)
{
    struct net_data d = {0};
    uint32_t *of;
    int rc = net_read_vectors(&d, vectors, dimensions, e);

    if (rc < 0)
        return rc;
    of = mem_new_array(d.n_vectors, sizeof *of);
    groups_find(d.vectors, d.n_vectors, dimensions, plan, of);
    rc = write_classes(of, d.n_vectors, out, e);
    net_data_fini(&d);
    free(of);
    return rc;
}

static int classes(struct options *o, struct err *e)
{
    struct groups_plan plan = {
        .frequent = (size_t)option_number(o, "--frequent", 80000),
        .groups = (size_t)option_number(o, "--classes", 64),
        .rounds = (unsigned)option_number(o, "--rounds", 15),
        .seed = (uint64_t)option_number(o, "--seed", 1),
    };
    size_t dimensions = (size_t)option_number(o, "--dimensions", 100);
    const char *vectors = option_text(o, "--vectors", NULL),
               *out = option_text(o, "--out", "classes.txt");
    int rc = options_end(o, e);

    if (rc < 0)
        return rc;
    if (vectors == NULL || dimensions == 0 || plan.frequent == 0)
        return err_set(e, ERR_CONFIG,
                       "--vectors, --dimensions and --frequent are needed");
    if (plan.groups == 0 || plan.groups % 16 != 0 || plan.groups > 4096)
        return err_set(e, ERR_CONFIG, "--classes is not 16, 32, … 4096");
    return run(vectors, dimensions, &plan, out, e);
}

int command_classes(int argc, char **argv)
{
    return options_run(argc, argv, classes);
}
