/* Adagrad, sentence after sentence in random order; the weights of the second half of the
   epochs are averaged. The gradient is what the labels that may be right expect, minus
   what all labels expect. */
#include "linear.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "augment.h"
#include "tagger/rows.h"
#include "tagger/viterbi.h"

#define SHARE          64 /* sentences that a thread takes at once */
#define GRADIENT_LEAST 1e-4F
#define SQUARES_START  1e-3F

typedef float lanes[CHAIN_LANES];

struct linear {
    const struct examples *x;
    const struct linear_plan *plan;
    lanes *weights, *squares, *sums; /* by feature */
    struct chain_steps steps, steps_squares, steps_sum;
    uint32_t *order;
    unsigned epoch, averaged;
    _Atomic size_t next;
};

struct learner {
    struct linear *l;
    unsigned number;
    struct chance chance;
    struct chain_room room;
    lanes *scores, *right, *all;
    size_t scores_cap, right_cap, all_cap;
    uint16_t *masks;
    uint16_t *used; /* features of each token */
    size_t masks_cap, used_cap;
};

/* ---- one sentence ---- */

static void score(struct learner *w, const struct example *ex)
{
    struct linear *l = w->l;

    for (uint32_t i = 0; i < ex->n; i++) {
        const struct example_token *t = &l->x->tokens[ex->from + i];
        const uint32_t *ids = &l->x->ids[t->at];
        float *s = w->scores[i];

        w->used[i] = (uint16_t)(t->plain + t->identity);
        if (chance_unit(&w->chance) < l->plan->drop)
            w->used[i] = t->plain;
        w->masks[i] = t->mask;
        for (int y = 0; y < CHAIN_LANES; y++)
            s[y] = 0;
        for (unsigned k = 0; k < w->used[i]; k++)
            for (int y = 0; y < CHAIN_LANES; y++)
                s[y] += l->weights[ids[k]][y];
    }
}

static void step(float *restrict weights, float *restrict squares,
                 const float *restrict gradient, float rate)
{
    for (int y = 0; y < CHAIN_LANES; y++) {
        squares[y] += gradient[y] * gradient[y];
        weights[y] += rate * gradient[y] / sqrtf(squares[y]);
    }
}

static void update_features(struct learner *w, const struct example *ex)
{
    struct linear *l = w->l;

    for (uint32_t i = 0; i < ex->n; i++) {
        const uint32_t *ids = &l->x->ids[l->x->tokens[ex->from + i].at];
        lanes gradient = {0};
        float most = 0;

        for (int y = 0; y < LABELS; y++) {
            gradient[y] = ex->weight * (w->right[i][y] - w->all[i][y]);
            most = fabsf(gradient[y]) > most ? fabsf(gradient[y]) : most;
        }
        if (most < GRADIENT_LEAST)
            continue;
        for (unsigned k = 0; k < w->used[i]; k++)
            step(l->weights[ids[k]], l->squares[ids[k]], gradient, l->plan->rate);
    }
}

static void update_steps(struct linear *l, struct chain_steps *gradient, float weight)
{
    float *g = gradient->start;

    for (size_t k = 0; k < sizeof *gradient / sizeof(float); k++)
        g[k] *= weight;
    step(l->steps.start, l->steps_squares.start, gradient->start, l->plan->rate);
    for (int x = 0; x < LABELS; x++)
        step(l->steps.step[x], l->steps_squares.step[x], gradient->step[x],
             l->plan->rate);
}

static void learn(struct learner *w, const struct example *ex)
{
    struct chain_steps exp_steps, gradient = {.start = {0}};
    const float(*scores)[CHAIN_LANES];

    w->scores = mem_grow(w->scores, &w->scores_cap, ex->n, sizeof(lanes));
    w->right = mem_grow(w->right, &w->right_cap, ex->n, sizeof(lanes));
    w->all = mem_grow(w->all, &w->all_cap, ex->n, sizeof(lanes));
    w->masks = mem_grow(w->masks, &w->masks_cap, ex->n, sizeof *w->masks);
    w->used = mem_grow(w->used, &w->used_cap, ex->n, sizeof *w->used);
    score(w, ex);
    scores = (const float(*)[CHAIN_LANES])w->scores;
    chain_exp(&w->l->steps, &exp_steps);
    chain_run(&w->room, &exp_steps, scores, w->masks, ex->n, w->right, 1, &gradient);
    chain_run(&w->room, &exp_steps, scores, NULL, ex->n, w->all, -1, &gradient);
    update_features(w, ex);
    update_steps(w->l, &gradient, ex->weight);
}

/* ---- epochs ---- */

static void *learner_run(void *ctx)
{
    struct learner *w = ctx;
    struct linear *l = w->l;

    for (;;) {
        size_t from = atomic_fetch_add(&l->next, SHARE);

        if (from >= l->x->n)
            break;
        for (size_t k = from; k < from + SHARE && k < l->x->n; k++)
            learn(w, &l->x->list[l->order[k]]);
    }
    return NULL;
}

static void learner_fini(struct learner *w)
{
    chain_room_fini(&w->room);
    free(w->scores);
    free(w->right);
    free(w->all);
    free(w->masks);
    free(w->used);
}

static void shuffle(struct linear *l)
{
    struct chance c = chance_of(l->plan->seed * 1000 + l->epoch);

    for (size_t i = l->x->n; i > 1; i--) {
        size_t k = chance_next(&c) % i;
        uint32_t kept = l->order[i - 1];

        l->order[i - 1] = l->order[k];
        l->order[k] = kept;
    }
}

static void run_epoch(struct linear *l)
{
    enum { THREADS_MAX = 64 };
    struct learner learners[THREADS_MAX] = {0};
    pthread_t threads[THREADS_MAX];
    unsigned n = l->plan->threads < THREADS_MAX ? l->plan->threads : THREADS_MAX;

    shuffle(l);
    atomic_store(&l->next, 0);
    for (unsigned i = 0; i < n; i++) {
        learners[i].l = l;
        learners[i].chance = chance_of(l->plan->seed * 77 + l->epoch * 100 + i);
        if (i > 0 && pthread_create(&threads[i], NULL, learner_run, &learners[i]) != 0)
            n = i; /* fewer, then */
    }
    (void)learner_run(&learners[0]);
    for (unsigned i = 0; i < n; i++) {
        if (i > 0)
            (void)pthread_join(threads[i], NULL); /* ours: cannot fail */
        learner_fini(&learners[i]);
    }
}

static void sum_up(struct linear *l)
{
    const float *from = l->steps.start;
    float *to = l->steps_sum.start;

    for (size_t i = 0; i < l->x->n_features; i++)
        for (int y = 0; y < CHAIN_LANES; y++)
            l->sums[i][y] += l->weights[i][y];
    for (size_t k = 0; k < sizeof l->steps / sizeof(float); k++)
        to[k] += from[k];
    l->averaged++;
}

/* ---- the file ---- */

static float largest(const lanes w)
{
    float most = 0;

    for (int y = 0; y < LABELS; y++)
        most = fabsf(w[y]) > most ? fabsf(w[y]) : most;
    return most;
}

static int descending(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return x > y ? -1 : x < y;
}

/* Below which weights are left out. */
static float least_of(const struct linear *l)
{
    float *sizes, least = l->plan->least;
    size_t n = 0;

    if (l->plan->rows_max == 0)
        return least;
    sizes = mem_new_array(l->x->n_features + 1, sizeof *sizes);
    for (size_t i = 0; i < l->x->n_features; i++)
        if (!l->x->of_set[i])
            sizes[n++] = largest(l->sums[i]) / (float)l->averaged;
    qsort(sizes, n, sizeof *sizes, descending);
    if (n > l->plan->rows_max && sizes[l->plan->rows_max] > least)
        least = sizes[l->plan->rows_max];
    free(sizes);
    return least;
}

static int8_t rounded(float w, float unit)
{
    float n = roundf(w / unit);

    return (int8_t)(n > 127 ? 127 : n < -127 ? -127 : n);
}

static void pack_rows(const struct linear *l, struct parts *to)
{
    struct row_entry *list = mem_new_array(l->x->n_features + 1, sizeof *list);
    float unit = (float)l->plan->unit / LABEL_UNIT, least = least_of(l);
    size_t n = 0;

    for (size_t i = 0; i < l->x->n_features; i++) {
        lanes w;

        for (int y = 0; y < CHAIN_LANES; y++)
            w[y] = l->sums[i][y] / (float)l->averaged;
        if (l->x->of_set[i] || largest(w) < least)
            continue;
        list[n].hash = l->x->hashes[i];
        for (int y = 0; y < LABELS; y++)
            list[n].weights[y] = rounded(w[y], unit);
        n++;
    }
    parts_set(to, "crf", rows_make(list, n, l->plan->unit));
    if (!l->plan->quiet)
        fprintf(stderr, "%zu of %zu features, from %.3f on\n", n, l->x->n_features,
                (double)least);
    free(list);
}

static void pack_steps(const struct linear *l, struct parts *to)
{
    size_t n = LABELS + LABELS * LABELS;
    int32_t *steps = mem_new_array(n, sizeof *steps);

    for (int y = 0; y < LABELS; y++) {
        float unit = (float)LABEL_UNIT / (float)l->averaged;

        steps[y] = (int32_t)roundf(l->steps_sum.start[y] * unit);
        for (int x = 0; x < LABELS; x++)
            steps[LABELS + x * LABELS + y] =
                (int32_t)roundf(l->steps_sum.step[x][y] * unit);
    }
    parts_set(to, "transitions", (struct str){(char *)steps, n * sizeof *steps});
}

struct linear_plan linear_plan_default(void)
{
    return (struct linear_plan){
        .epochs = 6,
        .threads = 2,
        .rate = 0.1F,
        .drop = 0.25F,
        .seed = 1,
        .rows_max = 300000,
        .least = 0.04F,
        .unit = 32,
    };
}

void linear_train(const struct examples *x, const struct linear_plan *plan,
                  struct parts *to)
{
    struct linear l = {.x = x, .plan = plan};
    float *squares;

    l.weights = mem_new_array(x->n_features + 1, sizeof(lanes));
    l.squares = mem_new_array(x->n_features + 1, sizeof(lanes));
    l.sums = mem_new_array(x->n_features + 1, sizeof(lanes));
    l.order = mem_new_array(x->n + 1, sizeof *l.order);
    squares = l.squares[0];
    for (size_t k = 0; k < (x->n_features + 1) * CHAIN_LANES; k++)
        squares[k] = SQUARES_START;
    squares = l.steps_squares.start;
    for (size_t k = 0; k < sizeof l.steps_squares / sizeof(float); k++)
        squares[k] = 1;
    for (size_t k = 0; k < x->n; k++)
        l.order[k] = (uint32_t)k;
    for (; l.epoch < plan->epochs; l.epoch++) {
        struct mono began = clock_mono();

        run_epoch(&l);
        if (l.epoch >= plan->epochs / 2)
            sum_up(&l);
        if (!plan->quiet)
            fprintf(stderr, "epoch %u: %lld ms\n", l.epoch + 1,
                    (long long)mono_ms_between(began, clock_mono()));
    }
    pack_rows(&l, to);
    pack_steps(&l, to);
    free(l.weights);
    free(l.squares);
    free(l.sums);
    free(l.order);
}
