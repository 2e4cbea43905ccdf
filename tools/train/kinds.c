/* Logistic regression over the subtypes that a type may have, Adagrad, name after name.
 */
#include "kinds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "augment.h"
#include "counts.h"
#include "examples.h"
#include "tagger/labels.h"
#include "tagger/rows.h"
#include "tagger/subtypes.h"

typedef float lanes[ROW_WEIGHTS];

struct naming { /* a name */
    size_t at;  /* its features */
    uint32_t n;
    float weight;
    enum entity_type type;
    enum name_subtype kind;
};

struct learning {
    struct words *words;
    uint64_t *hashes;
    size_t n_hashes, hashes_cap;
    struct naming *names;
    size_t n_names, names_cap;
    struct counts numbers;
    lanes *weights, *squares, *sums;
    unsigned summed;
};

/* ---- reading ---- */

static void add_name(struct learning *l, const struct sentence *s, size_t from, size_t to,
                     const struct corpus_token *t, float weight)
{
    enum entity_type type = label_type(t->label);
    enum name_subtype kind;
    struct features f = {.n = 0};

    if (t->fine.n < 3 || !subtype_from(str_slice(t->fine, 2, t->fine.n), &kind) ||
        !subtype_fits(type, kind) || type == ENTITY_EVENT)
        return;
    subtypes_features(s, from, to, type, &f);
    l->names = mem_grow(l->names, &l->names_cap, l->n_names + 1, sizeof *l->names);
    l->names[l->n_names++] =
        (struct naming){l->n_hashes, (uint32_t)f.n, weight, type, kind};
    l->hashes = mem_grow(l->hashes, &l->hashes_cap, l->n_hashes + f.n, sizeof *l->hashes);
    memcpy(l->hashes + l->n_hashes, f.hash, f.n * sizeof *f.hash);
    l->n_hashes += f.n;
    for (size_t k = 0; k < f.n; k++)
        ++*counts_at(&l->numbers, f.hash[k]);
}

static void read_sentence(struct learning *l, const struct sentence *s,
                          const struct corpus_token *t, float weight)
{
    for (size_t i = 0, to; i < s->n; i = to) {
        to = i + 1;
        if (t[i].label == LABEL_O)
            continue;
        while (to < s->n && t[to].label == label_inside(label_type(t[i].label)))
            to++;
        add_name(l, s, i, to, &t[i], weight);
    }
}

static int read_corpus(struct learning *l, const char *path, float weight, struct err *e)
{
    struct corpus c;
    struct document d = {0};
    struct document_text text = {0};
    int rc = corpus_read(path, &c, e);

    for (size_t k = 0; rc == 0 && k < c.n_documents; k++) {
        const struct corpus_token *t = &c.tokens[c.sentences[c.documents[k].from].from];

        words_trim(l->words);
        document_text_read(&c, k, &text);
        tagger_document_read(&d, l->words, text.tokens, text.n, text.ends, text.n_ends);
        for (size_t i = 0; i < d.n; i++)
            read_sentence(l, &d.sentences[i], t + d.sentences[i].first, weight);
    }
    if (rc == 0)
        corpus_fini(&c);
    tagger_document_fini(&d);
    document_text_fini(&text);
    return rc;
}

/* ---- learning ---- */

/* Probabilities of the subtypes that the type may have. */
static void guess(const struct learning *l, const struct naming *name,
                  const uint32_t *used, size_t n, lanes ret)
{
    lanes sums = {0};
    float total = 0;

    for (size_t k = 0; k < n; k++)
        for (int y = 0; y < ROW_WEIGHTS; y++)
            sums[y] += l->weights[used[k]][y];
    for (unsigned y = 0; y < ROW_WEIGHTS; y++) {
        ret[y] = y < SUBTYPES && subtype_fits(name->type, (enum name_subtype)y)
                     ? expf(sums[y])
                     : 0;
        total += ret[y];
    }
    for (int y = 0; y < ROW_WEIGHTS; y++)
        ret[y] /= total;
}

static void learn(struct learning *l, const struct naming *name,
                  const struct kinds_plan *plan, struct chance *c)
{
    uint32_t used[FEATURES_MAX];
    lanes p;
    size_t n = 0;

    for (uint32_t k = 0; k < name->n; k++) {
        uint32_t number = counts_get(&l->numbers, l->hashes[name->at + k]);

        if (number != 0 && chance_unit(c) >= plan->drop)
            used[n++] = number - 1;
    }
    guess(l, name, used, n, p);
    p[name->kind] -= 1;
    for (size_t k = 0; k < n; k++)
        for (int y = 0; y < ROW_WEIGHTS; y++) {
            float g = -p[y] * name->weight;
            float *square = &l->squares[used[k]][y];

            *square += g * g;
            l->weights[used[k]][y] += plan->rate * g / sqrtf(*square);
        }
}

static void run_epoch(struct learning *l, const struct kinds_plan *plan, unsigned epoch)
{
    struct chance c = chance_of(plan->seed * 31 + epoch);

    for (size_t i = l->n_names; i > 1; i--) {
        size_t k = chance_next(&c) % i;
        struct naming kept = l->names[i - 1];

        l->names[i - 1] = l->names[k];
        l->names[k] = kept;
    }
    for (size_t i = 0; i < l->n_names; i++)
        learn(l, &l->names[i], plan, &c);
}

static void pack(const struct learning *l, const struct kinds_plan *plan,
                 struct parts *to)
{
    struct row_entry *list = mem_new_array(l->numbers.n + 1, sizeof *list);
    size_t n = 0;

    for (size_t i = 0; i < l->numbers.size; i++) {
        float most = 0;

        if (l->numbers.values[i] == 0)
            continue;
        list[n] = (struct row_entry){.hash = l->numbers.hashes[i]};
        for (int y = 0; y < ROW_WEIGHTS; y++) {
            float w = l->sums[l->numbers.values[i] - 1][y] / (float)l->summed;
            float r = roundf(w * LABEL_UNIT / KINDS_UNIT);

            most = fabsf(w) > most ? fabsf(w) : most;
            list[n].weights[y] = (int8_t)(r > 127 ? 127 : r < -127 ? -127 : r);
        }
        n += most >= plan->smallest;
    }
    parts_set(to, "subtypes", rows_make(list, n, KINDS_UNIT));
    free(list);
}

static void train(struct learning *l, const struct kinds_plan *plan, struct parts *to)
{
    size_t n = counts_number(&l->numbers, plan->least);

    l->weights = mem_new_array(n + 1, sizeof(lanes));
    l->squares = mem_new_array(n + 1, sizeof(lanes));
    l->sums = mem_new_array(n + 1, sizeof(lanes));
    for (size_t i = 0; i < n; i++)
        for (int y = 0; y < ROW_WEIGHTS; y++)
            l->squares[i][y] = 1e-3F;
    for (unsigned epoch = 0; epoch < plan->epochs; epoch++) {
        run_epoch(l, plan, epoch);
        if (epoch < plan->epochs / 2)
            continue;
        l->summed++;
        for (size_t i = 0; i < n; i++)
            for (int y = 0; y < ROW_WEIGHTS; y++)
                l->sums[i][y] += l->weights[i][y];
    }
    pack(l, plan, to);
}

struct kinds_plan kinds_plan_default(void)
{
    return (struct kinds_plan){.epochs = 10,
                               .rate = 0.1F,
                               .drop = 0.2F,
                               .least = 2,
                               .smallest = 0.1F,
                               .seed = 1};
}

int kinds_train(const struct model *m, const char *const *paths, const float *weights,
                size_t n, const struct kinds_plan *plan, struct parts *to, struct err *e)
{
    struct learning l = {0};
    int rc = words_open(m, 0, NULL, NULL, &l.words, e);

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = read_corpus(&l, paths[i], weights[i], e);
    if (rc == 0 && l.n_names == 0)
        rc = err_set(e, ERR_CONFIG, "the texts have no names with subtypes");
    if (rc == 0)
        train(&l, plan, to);
    words_close(l.words);
    counts_fini(&l.numbers);
    free(l.hashes);
    free(l.names);
    free(l.weights);
    free(l.squares);
    free(l.sums);
    return rc;
}
