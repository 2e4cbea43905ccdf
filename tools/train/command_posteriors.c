/* How probable a model thinks each label at each token: LABELS numbers (float, this
   machine's order) a token, for teacher.py, which averages them with its own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "chain.h"
#include "commands.h"
#include "examples.h"
#include "options.h"

#include "tagger/tagger.h"
#include "tagger/viterbi.h"

typedef float lanes[CHAIN_LANES];

struct sheet {
    FILE *out;
    struct chain_room room;
    struct chain_steps steps; /* exp */
    bool has_steps;
    lanes scores[PIECE_MAX], found[PIECE_MAX];
};

static void read_steps(struct sheet *s, const struct transitions *t)
{
    struct chain_steps steps = {0};

    for (int y = 0; y < LABELS; y++) {
        steps.start[y] = (float)t->start[y] / LABEL_UNIT;
        for (int x = 0; x < LABELS; x++)
            steps.step[x][y] = (float)t->step[x][y] / LABEL_UNIT;
    }
    chain_exp(&steps, &s->steps);
    s->has_steps = true;
}

static void write_piece(void *ctx, const struct transitions *steps,
                        const int32_t (*scores)[LABEL_LANES], size_t n)
{
    struct sheet *s = ctx;
    struct chain_steps unused = {0};

    if (!s->has_steps)
        read_steps(s, steps);
    for (size_t i = 0; i < n; i++)
        for (int y = 0; y < LABELS; y++)
            s->scores[i][y] = (float)scores[i][y] / LABEL_UNIT;
    chain_run(&s->room, &s->steps, (const float(*)[CHAIN_LANES])s->scores, NULL, n,
              s->found, 0, &unused);
    for (size_t i = 0; i < n; i++)
        (void)fwrite(s->found[i], sizeof(float), LABELS, s->out); /* seen by ferror */
}

static int write_file(struct tagger *t, const char *path, const char *out, struct err *e)
{
    struct sheet *s = mem_new(sizeof *s);
    struct document_text d = {0};
    struct corpus c;
    int rc = corpus_read(path, &c, e);

    if (rc == 0 && (s->out = fopen(out, "wb")) == NULL) {
        rc = err_set(e, -errno, "%s: %s", out, strerror(errno));
        corpus_fini(&c);
    }
    if (rc == 0) {
        const struct name_span *spans;
        bool bad;

        tagger_watch(t, write_piece, s);
        for (size_t k = 0; k < c.n_documents; k++) {
            document_text_read(&c, k, &d);
            (void)tagger_run(t, d.tokens, d.n, d.ends, d.n_ends, &spans);
        }
        corpus_fini(&c);
        bad = ferror(s->out) != 0;
        if (fclose(s->out) != 0 || bad)
            rc = err_set(e, ERR_FORMAT, "%s: could not be written", out);
    }
    document_text_fini(&d);
    chain_room_fini(&s->room);
    free(s);
    return rc;
}

static int posteriors(struct options *o, struct err *e)
{
    const char *model = option_text(o, "--model", "out.model"),
               *out = option_text(o, "--out", "posteriors.f32"), *path = option_word(o);
    struct tagger *t;
    int rc = path == NULL ? err_set(e, ERR_CONFIG, "FILE is missing") : options_end(o, e);

    if (rc == 0)
        rc = tagger_open(model, TAGGER_ACCURATE, &t, e);
    if (rc < 0)
        return rc;
    rc = write_file(t, path, out, e);
    tagger_close(t);
    return rc;
}

int command_posteriors(int argc, char **argv)
{
    return options_run(argc, argv, posteriors);
}
