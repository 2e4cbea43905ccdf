/* newsmq-train: the commands that tools/train/run is made of. */
#include <stdio.h>
#include <string.h>

#include "newsmq/str.h"

#include "commands.h"
#include "tokens_tsv.h"

static const struct {
    const char *name, *help;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"tokens", "[--faults] [FILE…]: articles of articles.py as TSV", tokens_tsv},
    {"pack", "--out MODEL [--lists DIR …] [--from MODEL…]: puts a model together",
     command_pack},
    {"crf", "--model MODEL --out MODEL --train FILE[:WEIGHT[:TRAITS]]…", command_crf},
    {"subtypes", "--model MODEL --out MODEL --train FILE[:WEIGHT]…", command_subtypes},
    {"classes", "--vectors FILE --classes N --out FILE: groups of like words",
     command_classes},
    {"topics",
     "--model MODEL --out MODEL --vectors FILE --train FILE…: what texts are about",
     command_topics},
    {"network",
     "--model MODEL --out MODEL --vectors FILE --train FILE[:WEIGHT[:TRAITS]]…",
     command_network},
    {"eval", "--model MODEL [--mode fast|accurate|network] [NAME:]FILE…: F1",
     command_eval},
    {"posteriors", "--model MODEL --out FILE.f32 FILE: how probable each label is",
     command_posteriors},
};

static void print_usage(FILE *to)
{
    fputs(
        "newsmq-train - the steps that make a model; tools/train/README.md puts them in "
        "order\n\nUsage: newsmq-train COMMAND …\n",
        to);
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        fprintf(to, "  %s %s\n", commands[i].name, commands[i].help);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        print_usage(stdout);
        return 0;
    }

    for (size_t i = 0; argc > 1 && i < ARRAY_LEN(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    print_usage(stderr);
    return 64;
}
