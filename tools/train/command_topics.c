/* Topics: texts fall into groups by the mean of their words' vectors; then each group
   learns how often it has words of each class, and texts go to the group that their
   words are most probable in, a few times over. What is kept is that of each class. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#include "commands.h"
#include "corpus.h"
#include "examples.h"
#include "groups.h"
#include "net_read.h"
#include "options.h"
#include "parts.h"
#include "tagger/document.h"

#define TEXT_WORDS 15 /* of a text that is learned from */
#define LEAST      8  /* of one that is asked for */
#define ROUNDS     6
#define SMOOTH     0.5 /* of a word of each class in each topic */
#define UNIT       16  /* of a section's weights: 1.0 of log-odds */

struct texts {
    uint32_t *words; /* numbers of words that count */
    uint16_t *classes;
    size_t n_words, words_cap, classes_cap;
    uint32_t *ends; /* of each text, among the words */
    size_t n, ends_cap;
};

static void texts_fini(struct texts *t)
{
    free(t->words);
    free(t->classes);
    free(t->ends);
}

static uint32_t begin_of(const struct texts *t, size_t text)
{
    return text > 0 ? t->ends[text - 1] : 0;
}

/* ---- reading ---- */

static void add_text(struct texts *t, struct words *words, const struct str *tokens,
                     size_t n)
{
    size_t before = t->n_words;

    t->words = mem_grow(t->words, &t->words_cap, before + n, sizeof *t->words);
    t->classes = mem_grow(t->classes, &t->classes_cap, before + n, sizeof *t->classes);
    for (size_t i = 0; i < n; i++) {
        const struct word *w = words_get(words, tokens[i]);

        if (!topics_counts(w))
            continue;
        t->words[t->n_words] = (uint32_t)w->number;
        t->classes[t->n_words++] = (uint16_t)w->class2048;
    }
    if (t->n_words < before + TEXT_WORDS) {
        t->n_words = before;
        return;
    }
    t->ends = mem_grow(t->ends, &t->ends_cap, t->n + 1, sizeof *t->ends);
    t->ends[t->n++] = (uint32_t)t->n_words;
}

static int read_corpus(const char *path, struct words *words, struct texts *t,
                       struct err *e)
{
    struct corpus c;
    struct document_text text = {0};
    int rc = corpus_read(path, &c, e);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < c.n_documents; i++) {
        document_text_read(&c, i, &text);
        add_text(t, words, text.tokens, text.n);
        words_trim(words);
    }
    document_text_fini(&text);
    corpus_fini(&c);
    return 0;
}

static int read_texts(struct options *o, const char *model, struct texts *t,
                      struct err *e)
{
    struct words *words = NULL;
    struct model *m;
    const char *path;
    int rc = model_open(model, &m, e);

    if (rc < 0)
        return rc;
    rc = words_open(m, 0, NULL, NULL, &words, e);
    while (rc == 0 && (path = option_next(o, "--train")) != NULL)
        rc = read_corpus(path, words, t, e);
    if (words != NULL)
        words_close(words);
    model_close(m);
    return rc == 0 && t->n == 0 ? err_set(e, ERR_CONFIG, "--train FILE has no texts")
                                : rc;
}

/* ---- groups ---- */

/* At first, by the mean of the words' vectors. */
static void group_first(const struct texts *t, const struct net_data *d,
                        size_t dimensions, const struct groups_plan *plan, uint32_t *of)
{
    float *means = mem_new_array(t->n * dimensions, sizeof *means);

    for (size_t k = 0; k < t->n; k++)
        for (uint32_t i = begin_of(t, k); i < t->ends[k]; i++)
            for (size_t y = 0; y < dimensions && t->words[i] < d->n_vectors; y++)
                means[k * dimensions + y] += d->vectors[t->words[i] * dimensions + y];
    groups_find(means, t->n, dimensions, plan, of);
    free(means);
}

/* odds[class][topic]: how much more often a topic has words of a class than others do. */
static void learn(const struct texts *t, const uint32_t *of, size_t topics, double *odds)
{
    double *sums = mem_new_array(topics, sizeof *sums);

    for (size_t x = 0; x < TOPICS_CLASSES * topics; x++)
        odds[x] = SMOOTH;
    for (size_t k = 0; k < t->n; k++)
        for (uint32_t i = begin_of(t, k); i < t->ends[k]; i++)
            odds[t->classes[i] * topics + of[k]]++;
    for (size_t x = 0; x < TOPICS_CLASSES * topics; x++)
        sums[x % topics] += odds[x];
    for (size_t c = 0; c < TOPICS_CLASSES; c++) {
        double mean = 0;

        for (size_t y = 0; y < topics; y++)
            mean += log(odds[c * topics + y] / sums[y]) / (double)topics;
        for (size_t y = 0; y < topics; y++)
            odds[c * topics + y] = log(odds[c * topics + y] / sums[y]) - mean;
    }
    free(sums);
}

static uint32_t best_of(const struct texts *t, size_t text, size_t topics,
                        const double *odds)
{
    double sums[TOPICS_MAX] = {0};
    uint32_t best = 0;

    for (uint32_t i = begin_of(t, text); i < t->ends[text]; i++)
        for (size_t y = 0; y < topics; y++)
            sums[y] += odds[t->classes[i] * topics + y];
    for (uint32_t y = 1; y < topics; y++)
        if (sums[y] > sums[best])
            best = y;
    return best;
}

static struct str section_of(const double *odds, size_t topics)
{
    struct topics_head head = {.topics = (uint32_t)topics, .least = LEAST};
    size_t n = TOPICS_CLASSES * topics;
    char *bytes = mem_new(sizeof head + n);

    memcpy(bytes, &head, sizeof head);
    for (size_t x = 0; x < n; x++) {
        double weight = fmax(-127, fmin(127, nearbyint(odds[x] * UNIT)));

        bytes[sizeof head + x] = (char)(int8_t)weight;
    }
    return (struct str){bytes, sizeof head + n};
}

static struct str find_topics(const struct texts *t, const struct net_data *d,
                              size_t dimensions, const struct groups_plan *plan)
{
    uint32_t *of = mem_new_array(t->n, sizeof *of);
    double *odds = mem_new_array(TOPICS_CLASSES * plan->groups, sizeof *odds);
    struct str section;

    group_first(t, d, dimensions, plan, of);
    learn(t, of, plan->groups, odds);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (size_t k = 0; k < t->n; k++)
            of[k] = best_of(t, k, plan->groups, odds);
        learn(t, of, plan->groups, odds);
    }
    section = section_of(odds, plan->groups);
    free(odds);
    free(of);
    return section;
}

/* ---- the command ---- */

static int run(struct options *o, const char *model, const char *vectors,
               size_t dimensions, struct groups_plan *plan, const char *out,
               struct err *e)
{
    struct texts t = {0};
    struct net_data d = {0};
    struct parts p = {0};
    int rc = read_texts(o, model, &t, e);

    if (rc == 0)
        rc = options_end(o, e);
    if (rc == 0)
        rc = net_read_vectors(&d, vectors, dimensions, e);
    if (rc == 0) {
        plan->frequent = t.n;
        parts_set(&p, "topics", find_topics(&t, &d, dimensions, plan));
        rc = parts_read_below(&p, model, e);
    }
    if (rc == 0)
        rc = parts_write(&p, out, e);
    parts_fini(&p);
    net_data_fini(&d);
    texts_fini(&t);
    return rc;
}

static int topics(struct options *o, struct err *e)
{
    struct groups_plan plan = {
        .groups = (size_t)option_number(o, "--topics", 32),
        .rounds = (unsigned)option_number(o, "--rounds", 40),
        .seed = (uint64_t)option_number(o, "--seed", 1),
    };
    size_t dimensions = (size_t)option_number(o, "--dimensions", 100);
    const char *model = option_text(o, "--model", NULL),
               *vectors = option_text(o, "--vectors", NULL),
               *out = option_text(o, "--out", "out.model");

    if (model == NULL || vectors == NULL || dimensions == 0)
        return err_set(e, ERR_CONFIG, "--model, --vectors and --dimensions are needed");
    if (plan.groups == 0 || plan.groups % 16 != 0 || plan.groups > TOPICS_MAX)
        return err_set(e, ERR_CONFIG, "--topics is not 16, 32, 48 or %d", TOPICS_MAX);
    return run(o, model, vectors, dimensions, &plan, out, e);
}

int command_topics(int argc, char **argv)
{
    return options_run(argc, argv, topics);
}
