/* toymodel.h - a small model that a test trains itself, in a few milliseconds */
#ifndef NEWSMQ_TESTS_TOYMODEL_H
#define NEWSMQ_TESTS_TOYMODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "newsmq/mem.h"

#include "examples.h"
#include "kinds.h"
#include "lexicon.h"
#include "linear.h"

/* Sentences like "Ana Bolt of Dorin met Cedric Fane in Lurat ." */
static inline void toy_text(FILE *f)
{
    static const char *const first[] = {"Ana", "Cedric", "Gina", "Hugo", "Mira"};
    static const char *const last[] = {"Bolt", "Fane", "Okoro", "Lind", "Sato"};
    static const char *const place[] = {"Dorin", "Lurat", "Vesk", "Amora", "Pell"};
    static const char *const verb[] = {"met", "saw", "called", "helped", "left"};

    for (int i = 0; i < 60; i++) {
        if (i % 10 == 0)
            fputs("-DOCSTART-\tO\tO\n\n", f);
        fprintf(f, "%s\tB-PER\tB-PER\n%s\tI-PER\tI-PER\nof\tO\tO\n", first[i % 5],
                last[i * 7 % 5]);
        fprintf(f, "%s\tB-LOC\tB-GPE\n%s\tO\tO\n", place[i * 3 % 5], verb[i % 5]);
        fprintf(f, "%s\tB-PER\tB-PER\n%s\tI-PER\tI-PER\n", first[i * 11 / 3 % 5],
                last[i * 2 % 5]);
        fprintf(f, "in\tO\tO\n%s\tB-LOC\tB-GPE\n.\tO\tO\n\n", place[i * 13 / 7 % 5]);
        fprintf(
            f, "The\tO\tO\n%s\tB-ORG\tB-ORG\nParty\tI-ORG\tI-ORG\nwon\tO\tO\nthe\tO\tO\n",
            place[i % 5]);
        fprintf(f, "%s\tB-LOC\tB-LOC\nRiver\tI-LOC\tI-LOC\nvote\tO\tO\n.\tO\tO\n\n",
                place[i * 5 / 2 % 5]);
    }
}

static inline char *toy_path(const char *what)
{
    char *path = mem_printf("/tmp/newsmq-toy-%s-XXXXXX", what);
    int fd = mkstemp(path);

    if (fd < 0)
        abort();
    close(fd);
    return path;
}

static inline void toy_must(int rc, const struct err *e)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "%s\n", e->text);
    abort();
}

/* The sections of a model with the linear model and the subtypes. */
static inline void toy_parts(struct parts *p, unsigned epochs)
{
    static const struct lexicon_sources nothing = {.lists = NULL};
    char *base = toy_path("base"), *text = toy_path("text");
    const char *const texts[] = {text};
    const float weights[] = {1};
    struct source source = {.weight = 1};
    struct examples_plan xp = {.augment = 0.1, .least = 1, .seed = 1};
    struct linear_plan lp = linear_plan_default();
    struct kinds_plan kp = kinds_plan_default();
    struct examples x = {0};
    struct model *m;
    struct err e;
    FILE *f = fopen(text, "w");

    if (f == NULL)
        abort();
    toy_text(f);
    fclose(f);
    (void)snprintf(source.path, sizeof source.path, "%s", text);
    lp.epochs = epochs;
    lp.threads = 1;
    lp.quiet = true;
    *p = (struct parts){.head = {"toy", "7", "en"}};
    toy_must(lexicon_make(&nothing, p, &e), &e);
    toy_must(parts_write(p, base, &e), &e);
    toy_must(model_open(base, &m, &e), &e);
    toy_must(examples_make(m, &source, 1, &xp, &x, &e), &e);
    linear_train(&x, &lp, p);
    toy_must(kinds_train(m, texts, weights, 1, &kp, p, &e), &e);
    examples_fini(&x);
    model_close(m);
    unlink(base);
    unlink(text);
    free(base);
    free(text);
}

/* A file; whoever asked unlinks and frees. */
static inline char *toy_model(void)
{
    char *path = toy_path("model");
    struct parts p;
    struct err e;

    toy_parts(&p, 8);
    toy_must(parts_write(&p, path, &e), &e);
    parts_fini(&p);
    return path;
}

#endif
