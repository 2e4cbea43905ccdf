/* How good a model is: a line for each corpus. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "evaluate.h"
#include "options.h"

static void print(const char *name, const struct evaluation *ev, bool certain)
{
    static const char *const types[LABEL_TYPES] = {"PER", "ORG", "LOC", "EVENT", "MISC"};

    printf("%-14s PER+ORG+LOC %5.2f  all %5.2f  folded %5.2f  fine %5.2f |", name,
           tally_f1(&ev->three), tally_f1(&ev->five), tally_f1(&ev->folded),
           tally_f1(&ev->fine));
    for (int t = 0; t < LABEL_TYPES; t++)
        if (ev->types[t].there > 0)
            printf(" %s %5.2f", types[t], tally_f1(&ev->types[t]));
    printf(" | %zu tokens, %.0f thousand/s\n", ev->tokens,
           (double)ev->tokens / ev->seconds / 1e3);
    for (int k = 0; certain && k < 10; k++)
        if (ev->certain[k].found > 0)
            printf("  score from 0.%d: %zu names, %.3f right\n", k, ev->certain[k].found,
                   (double)ev->certain[k].right / (double)ev->certain[k].found);
}

static int eval_file(struct tagger *t, const char *word, const char *out, int rounds,
                     bool certain, struct err *e)
{
    const char *colon = strchr(word, ':');
    char name[64];
    struct corpus c;
    struct evaluation ev;
    FILE *f = out != NULL ? fopen(out, "w") : NULL;

    if (out != NULL && f == NULL)
        return err_set(e, -errno, "%s: %s", out, strerror(errno));
    (void)snprintf(name, sizeof name, "%.*s", colon != NULL ? (int)(colon - word) : 40,
                   word); /* cut to fit */
    if (corpus_read(colon != NULL ? colon + 1 : word, &c, e) < 0) {
        if (f != NULL)
            (void)fclose(f); /* nothing was written */
        return e->code;
    }
    for (int i = 0; i < rounds; i++) {
        evaluate(t, &c, i == 0 ? f : NULL, &ev);
        print(name, &ev, certain);
    }
    corpus_fini(&c);
    if (f != NULL && fclose(f) != 0)
        return err_set(e, -errno, "%s: %s", out, strerror(errno));
    return 0;
}

static enum tagger_mode mode_from(const char *mode)
{
    if (strcmp(mode, "network") == 0)
        return TAGGER_NETWORK;
    return strcmp(mode, "accurate") == 0 ? TAGGER_ACCURATE : TAGGER_FAST;
}

static int eval(struct options *o, struct err *e)
{
    const char *model = option_text(o, "--model", "out.model"),
               *mode = option_text(o, "--mode", "fast"),
               *out = option_text(o, "--out", NULL), *word;
    bool portable = option_flag(o, "--portable"), certain = option_flag(o, "--scores");
    int rounds = (int)option_number(o, "--rounds", 1);
    struct tagger *t;
    int rc = tagger_open(model, mode_from(mode), &t, e);

    if (rc < 0)
        return rc;
    if (portable)
        tagger_be_portable(t);
    while (rc == 0 && (word = option_word(o)) != NULL)
        rc = eval_file(t, word, out, rounds, certain, e);
    if (rc == 0)
        rc = options_end(o, e);
    tagger_close(t);
    return rc;
}

int command_eval(int argc, char **argv)
{
    return options_run(argc, argv, eval);
}
