/* learn_names: the weights of data/gazetteer/weights.tsv from annotated texts.

   Usage: NEWSMQ_DATA=… learn_names WEIGHTS TRAIN.jsonl [TEST.jsonl]

   Each line of a .jsonl is {"title": …, "text": …, "title_names": […], "names": […]} with
   names as [start_byte, end_byte, "PER"]. Softmax regression over the candidates that the
   extractor itself sees, with AdaGrad steps. Prints how well the names of TEST are found
   with the weights as they are written. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "../entities/lexicon.h"
#include "../entities/spans.h"

#define EPOCHS   5
#define RATE     0.08F
#define DECAY    2e-6F
#define MIN_SEEN 4
#define SMALLEST 9

static const char *const class_names[CLASSES] = {"NONE",  "PER",  "ORG",  "GPE",
                                                 "LOC",   "FAC",  "NORP", "LAW",
                                                 "EVENT", "PROD", "WORK", "MISC"};

struct feature {
    uint64_t hash;
    char *name;
    uint32_t seen;
    float w[CLASSES], sum[CLASSES];
};

struct candidate {
    uint8_t is, n;
    uint32_t *features;
};

struct learner {
    struct lexicon *l;
    struct feature *features;
    size_t n_features, features_cap;
    uint32_t *index;
    size_t index_size;
    struct candidate *list;
    size_t n, cap;
};

struct text {
    struct learner *learner;
    struct words t;
    struct seen *seen;
    json_t *names;
};

/* ---- reading ---- */

static uint32_t feature_number(struct learner *x, uint64_t hash, struct str name)
{
    size_t i = (size_t)hash & (x->index_size - 1);

    while (x->index[i] != 0) {
        if (x->features[x->index[i] - 1].hash == hash) {
            x->features[x->index[i] - 1].seen++;
            return x->index[i] - 1;
        }
        i = (i + 1) & (x->index_size - 1);
    }
    x->features =
        mem_grow(x->features, &x->features_cap, x->n_features + 1, sizeof *x->features);
    x->features[x->n_features] =
        (struct feature){.hash = hash, .name = mem_dup(name), .seen = 1};
    x->index[i] = (uint32_t)++x->n_features;
    return x->index[i] - 1;
}

static enum name_class class_of(const json_t *names, uint32_t start, uint32_t end)
{
    size_t i;
    const json_t *name;

    json_array_foreach(names, i, name)
    {
        if (json_integer_value(json_array_get(name, 0)) != start ||
            json_integer_value(json_array_get(name, 1)) != end)
            continue;
        for (unsigned c = 1; c < CLASSES; c++)
            if (strcmp(class_names[c], json_string_value(json_array_get(name, 2))) == 0)
                return (enum name_class)c;
    }
    return CLASS_NONE;
}

static void add_candidate(void *ctx, size_t from, size_t to)
{
    struct text *x = ctx;
    struct learner *r = x->learner;
    struct strbuf names = {.max = 1 << 16};
    struct features f = {.names = &names};
    struct candidate *c;
    struct str rest;

    features_of(r->l, &x->t, x->seen, from, to, &f);
    r->list = mem_grow(r->list, &r->cap, r->n + 1, sizeof *r->list);
    c = &r->list[r->n++];
    c->n = (uint8_t)f.n;
    c->is = (uint8_t)class_of(x->names, x->t.list[from].start, x->t.list[to - 1].end);
    c->features = mem_new_array(f.n, sizeof *c->features);
    rest = strbuf_str(&names);
    for (size_t i = 0; i < f.n; i++) {
        struct str name = str_cut(&rest, '\n');

        if (feature_hash(name) != f.hash[i]) {
            fprintf(stderr, "feature '" STR_FMT "' is hashed in two ways\n",
                    STR_ARG(name));
            exit(1);
        }
        c->features[i] = feature_number(r, f.hash[i], name);
    }
    strbuf_fini(&names);
}

static struct str text_of(const json_t *doc, const char *key)
{
    const json_t *s = json_object_get(doc, key);

    return json_is_string(s) ? (struct str){json_string_value(s), json_string_length(s)}
                             : STR("");
}

static void each_document(const char *path, void (*fn)(void *ctx, json_t *doc), void *ctx)
{
    FILE *f = fopen(path, "r");
    char *line = NULL;
    size_t cap = 0;

    if (f == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    while (getline(&line, &cap, f) > 0) {
        json_t *doc = json_loads(line, 0, NULL);

        if (doc != NULL)
            fn(ctx, doc);
        json_decref(doc);
    }
    free(line);
    fclose(f);
}

static void prepare(struct lexicon *l, const json_t *doc, struct words t[2],
                    struct seen *seen)
{
    words_read(&t[0], text_of(doc, "title"));
    words_read(&t[1], text_of(doc, "text"));
    *seen = (struct seen){0};
    for (int i = 0; i < 2; i++) {
        lexicon_mark(l, &t[i]);
        spans_prepare(&t[i], seen);
    }
}

static void add_document(void *ctx, json_t *doc)
{
    struct learner *r = ctx;
    struct words t[2] = {0};
    struct seen seen;

    prepare(r->l, doc, t, &seen);
    for (int i = 0; i < 2; i++) {
        struct text x = {r, t[i], &seen,
                         json_object_get(doc, i == 0 ? "title_names" : "names")};

        spans_each(&t[i], add_candidate, &x);
        words_fini(&t[i]);
    }
}

/* ---- learning ---- */

static uint64_t next_random(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

static void step(struct learner *x, const struct candidate *c)
{
    float s[CLASSES] = {0}, max = -1e30F, all = 0;

    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < CLASSES; k++)
            s[k] += x->features[c->features[i]].w[k];
    for (size_t k = 0; k < CLASSES; k++)
        max = s[k] > max ? s[k] : max;
    for (size_t k = 0; k < CLASSES; k++)
        all += s[k] = expf(s[k] - max);
    for (size_t k = 0; k < CLASSES; k++) {
        float g = s[k] / all - (k == c->is ? 1.0F : 0.0F);

        if (fabsf(g) < 1e-3F)
            continue;
        for (size_t i = 0; i < c->n; i++) {
            struct feature *f = &x->features[c->features[i]];

            if (f->seen < MIN_SEEN)
                continue;
            f->sum[k] += g * g;
            f->w[k] -= RATE * g / sqrtf(f->sum[k] + 1e-4F);
            f->w[k] *= 1 - DECAY;
        }
    }
}

static void learn(struct learner *x)
{
    uint64_t random = 88172645463325252U;

    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        for (size_t i = x->n; i > 1; i--) {
            struct candidate swap = x->list[i - 1];

            size_t at = (size_t)(next_random(&random) % i);

            x->list[i - 1] = x->list[at];
            x->list[at] = swap;
        }
        for (size_t i = 0; i < x->n; i++)
            step(x, &x->list[i]);
        fprintf(stderr, "epoch %d\n", epoch + 1);
    }
}

static int rounded(float w)
{
    float v = roundf(w * WEIGHT_SCALE);

    return v > 127 ? 127 : (v < -127 ? -127 : (int)v);
}

static size_t write_weights(const struct learner *x, const char *path)
{
    FILE *f = fopen(path, "w");
    size_t n = 0;

    if (f == NULL) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        exit(1);
    }
    fprintf(f,
            "# Written by learn_names. A feature and its weight for each class, in "
            "1/%d of log-odds:\n#",
            WEIGHT_SCALE);
    for (size_t k = 0; k < CLASSES; k++)
        fprintf(f, " %s", class_names[k]);
    fputc('\n', f);
    for (size_t i = 0; i < x->n_features; i++) {
        int largest = 0;

        for (size_t k = 0; k < CLASSES; k++)
            if (abs(rounded(x->features[i].w[k])) > largest)
                largest = abs(rounded(x->features[i].w[k]));
        if (largest < SMALLEST || x->features[i].seen < MIN_SEEN)
            continue;
        fprintf(f, "%s\t", x->features[i].name);
        for (size_t k = 0; k < CLASSES; k++)
            fprintf(f, "%s%d", k > 0 ? " " : "", rounded(x->features[i].w[k]));
        fputc('\n', f);
        n++;
    }
    fclose(f);
    return n;
}

/* ---- testing ---- */

/* PER ORG LOC EVENT MISC, as the records have them. */
static int folded(enum name_class c)
{
    static const char fold[CLASSES] = {
        [CLASS_NONE] = 0, [CLASS_PER] = 1,  [CLASS_ORG] = 2,   [CLASS_GPE] = 3,
        [CLASS_LOC] = 3,  [CLASS_FAC] = 3,  [CLASS_EVENT] = 4, [CLASS_NORP] = 5,
        [CLASS_LAW] = 5,  [CLASS_PROD] = 5, [CLASS_WORK] = 5,  [CLASS_MISC] = 5};

    return fold[c];
}

struct tally {
    struct lexicon *l;
    size_t folded;
    size_t right[CLASSES], found[CLASSES], there[CLASSES];
};

static void test_document(void *ctx, json_t *doc)
{
    struct tally *y = ctx;
    struct words t[2] = {0};
    struct spans s = {0};
    struct seen seen;

    prepare(y->l, doc, t, &seen);
    for (int i = 0; i < 2; i++) {
        const json_t *names = json_object_get(doc, i == 0 ? "title_names" : "names");
        size_t k;
        const json_t *name;

        json_array_foreach(names, k, name)
        {
            y->there[class_of(names,
                              (uint32_t)json_integer_value(json_array_get(name, 0)),
                              (uint32_t)json_integer_value(json_array_get(name, 1)))]++;
        }
        spans_find(y->l, &t[i], &seen, &s);
        for (k = 0; k < s.n; k++) {
            enum name_class is = class_of(names, t[i].list[s.list[k].from].start,
                                          t[i].list[s.list[k].to - 1].end);

            y->found[s.list[k].is]++;
            y->right[s.list[k].is] += is == s.list[k].is;
            y->folded += is != CLASS_NONE && folded(is) == folded(s.list[k].is);
        }
        words_fini(&t[i]);
    }
    spans_fini(&s);
}

static void test(const char *path)
{
    struct tally y = {0};
    struct err e;
    size_t right = 0, found = 0, there = 0;

    if (lexicon_open(&y.l, &e) < 0) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    each_document(path, test_document, &y);
    for (unsigned c = 1; c < CLASSES; c++) {
        double p = (double)y.right[c] / (double)(y.found[c] + !y.found[c]);
        double q = (double)y.right[c] / (double)(y.there[c] + !y.there[c]);

        printf("%-6s %5zu there  P %.3f  R %.3f  F %.3f\n", class_names[c], y.there[c], p,
               q, p + q > 0 ? 2 * p * q / (p + q) : 0);
        right += y.right[c];
        found += y.found[c];
        there += y.there[c];
    }
    printf("all    %5zu there  F %.4f, with PER ORG LOC EVENT MISC only F %.4f\n", there,
           2.0 * (double)right / (double)(found + there + 1),
           2.0 * (double)y.folded / (double)(found + there + 1));
    lexicon_close(y.l);
}

int main(int argc, char **argv)
{
    struct learner x = {.index_size = 1 << 22};
    struct err e;

    if (argc < 3) {
        fprintf(stderr, "usage: learn_names WEIGHTS TRAIN.jsonl [TEST.jsonl]\n");
        return 64;
    }
    if (strcmp(argv[2], "-") != 0) {
        if (lexicon_open(&x.l, &e) < 0) {
            fprintf(stderr, "%s\n", e.text);
            return 1;
        }
        x.index = mem_new_array(x.index_size, sizeof *x.index);
        each_document(argv[2], add_document, &x);
        fprintf(stderr, "%zu candidates, %zu features\n", x.n, x.n_features);
        learn(&x);
        fprintf(stderr, "%zu weights\n", write_weights(&x, argv[1]));
        lexicon_close(x.l);
    }
    if (argc > 3)
        test(argv[3]);
    return 0; /* the rest goes with the process */
}
