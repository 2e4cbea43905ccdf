/* Training: Adam for the dense parameters, Adagrad for the rows, batches of sentences
   shared out among threads. First each thread goes through its sentences, then each takes
   its part of the parameters; so the result does not depend on who was quicker. */
#include "net_private.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "chain.h"

#define LEAST_RATE 0.05F /* of the rate, at the end */
#define ROW_MAX    0.99F /* what a row of bytes can hold */

/* The gradient of a token and the rows it belongs to. */
struct row_step {
    float size; /* mean of squares */
    const float *back;
    uint32_t token;
    uint32_t set_row;
    bool nameless;
};

struct learner {
    struct fit *fit;
    unsigned number;
    struct net_pass *passes; /* one for each of its sentences of a batch */
    float *gradients;
    struct row_step *steps;
    size_t n_steps;
    struct chain_room room;
    struct chain_steps counts;
};

struct fit {
    struct net *net;
    const struct net_data *data;
    const struct net_plan *plan;
    pthread_barrier_t barrier;
    struct learner *learners;
    float *means, *squares; /* Adam */
    float *row_squares;     /* Adagrad, one for each row */
    float *turned;
    struct chain_steps chain; /* exp of the scores */
    uint32_t *order;
    size_t n_order;
    size_t step, steps;
    unsigned epoch;
    double *dense_sum, *row_sum; /* of the last epochs */
};

/* ---- one batch ---- */

/* Adds times × the expected labels to what goes back. masks: NULL for all labels. */
static void expect(struct learner *l, struct net_pass *p, const uint16_t *masks,
                   float times)
{
    size_t n = p->sentence->n;
    float scores[NET_TOKENS_MAX][CHAIN_LANES] = {0},
          expected[NET_TOKENS_MAX][CHAIN_LANES];

    for (size_t i = 0; i < n; i++)
        memcpy(scores[i], p->scores + i * LABEL_LANES, LABELS * sizeof(float));
    chain_run(&l->room, &l->fit->chain, (const float(*)[CHAIN_LANES])scores, masks, n,
              expected, times, &l->counts);
    for (size_t i = 0; i < n; i++)
        for (size_t y = 0; y < LABELS; y++)
            p->score_back[i * LABEL_LANES + y] += times * expected[i][y];
}

/* What is expected, less what is expected of those labels that may be right. */
static void learn_labels(struct learner *l, struct net_pass *p)
{
    const struct net_sentence *s = p->sentence;
    uint16_t masks[NET_TOKENS_MAX];

    for (size_t i = 0; i < s->n; i++)
        masks[i] = l->fit->data->tokens[s->from + i].mask;
    memset(p->score_back, 0, s->n * LABEL_LANES * sizeof(float));
    expect(l, p, NULL, s->weight);
    expect(l, p, masks, -s->weight);
}

static void note_rows(struct learner *l, const struct net_pass *p)
{
    size_t width = p->net->shape.width;

    for (uint32_t i = 0; i < p->sentence->n; i++) {
        const float *back = p->back + i * width;
        float size = 0;

        for (size_t d = 0; d < width; d++)
            size += back[d] * back[d];
        if (size < 1e-9F)
            continue;
        l->steps[l->n_steps++] = (struct row_step){
            size / (float)width, back, p->sentence->from + i, p->set_row, p->nameless[i]};
    }
}

static void learn_sentence(struct learner *l, struct net_pass *p, uint32_t number)
{
    const struct fit *f = l->fit;
    struct chance c =
        chance_of(f->plan->seed * 1000003 + f->epoch * UINT64_C(7919) + number * 31);

    net_forward(p, &f->data->sentences[number], &c, f->plan);
    learn_labels(l, p);
    net_backward(p, f->turned, l->gradients);
    note_rows(l, p);
}

static void counts_to_gradients(struct learner *l)
{
    const struct net *n = l->fit->net;

    for (size_t x = 0; x < LABELS; x++) {
        l->gradients[n->at.starts + x] = l->counts.start[x];
        for (size_t y = 0; y < LABELS; y++)
            l->gradients[n->at.transitions + x * LABELS + y] = l->counts.step[x][y];
    }
}

static void learn_batch(struct learner *l, size_t first)
{
    const struct fit *f = l->fit;
    unsigned threads = f->plan->threads;
    size_t last = first + f->plan->batch, used = 0;

    memset(l->gradients, 0, f->net->at.n * sizeof *l->gradients);
    l->counts = (struct chain_steps){0};
    l->n_steps = 0;
    if (last > f->n_order)
        last = f->n_order;
    for (size_t i = first + l->number; i < last; i += threads)
        learn_sentence(l, &l->passes[used++], f->order[i]);
    counts_to_gradients(l);
}

/* ---- the parameters ---- */

static float rate_now(const struct fit *f)
{
    float left = 1 - (float)f->step / (float)f->steps;

    return left > LEAST_RATE ? left : LEAST_RATE;
}

/* The gradients of all threads, added up in those of the first. */
static void add_gradients(struct fit *f, size_t from, size_t to)
{
    float *restrict sum = f->learners[0].gradients;

    for (unsigned t = 1; t < f->plan->threads; t++) {
        const float *restrict more = f->learners[t].gradients;

        for (size_t k = from; k < to; k++)
            sum[k] += more[k];
    }
}

static void adam(struct fit *f, unsigned number)
{
    unsigned threads = f->plan->threads;
    size_t n = f->net->at.n, from = n * number / threads, to = n * (number + 1) / threads;
    float first = 0.9F, second = 0.999F, step = (float)(f->step + 1);
    float fix_first = 1 / (1 - powf(first, step)),
          fix_second = 1 / (1 - powf(second, step));
    float rate = f->plan->rate * rate_now(f) * fix_first,
          each = 1 / (float)f->plan->batch;
    const float *restrict gradients = f->learners[0].gradients;
    float *restrict means = f->means, *restrict squares = f->squares;
    float *restrict dense = f->net->dense;

    add_gradients(f, from, to);
    for (size_t k = from; k < to; k++) {
        float g = gradients[k] * each;

        means[k] = first * means[k] + (1 - first) * g;
        squares[k] = second * squares[k] + (1 - second) * g * g;
        dense[k] -= rate * means[k] / (sqrtf(squares[k] * fix_second) + 1e-8F);
    }
}

static void move_row(struct fit *f, uint32_t row, const struct row_step *s, float rate)
{
    size_t width = f->net->shape.width;
    float *to = f->net->rows + row * width, by;

    f->row_squares[row] += s->size;
    by = rate / sqrtf(f->row_squares[row]);
    for (size_t d = 0; d < width; d++) {
        float v = to[d] - by * s->back[d];

        to[d] = v > ROW_MAX ? ROW_MAX : v < -ROW_MAX ? -ROW_MAX : v;
    }
}

static void move_rows(struct fit *f, const struct row_step *s, unsigned number,
                      float rate)
{
    const struct net_data *d = f->data;
    const struct net_token *t = &d->tokens[s->token];
    const struct net_word *w = &d->words[t->word];
    unsigned threads = f->plan->threads;

    for (uint32_t i = s->nameless ? w->naming : w->from; i < w->to; i++)
        if (d->rows[i] % threads == number)
            move_row(f, d->rows[i], s, rate);
    for (uint32_t i = t->from; i < t->to; i++)
        if (d->rows[i] % threads == number)
            move_row(f, d->rows[i], s, rate);
    if (s->set_row != UINT32_MAX && s->set_row % threads == number)
        move_row(f, s->set_row, s, rate);
}

static void adagrad(struct fit *f, unsigned number)
{
    float rate = f->plan->row_rate * rate_now(f);

    for (unsigned t = 0; t < f->plan->threads; t++)
        for (size_t i = 0; i < f->learners[t].n_steps; i++)
            move_rows(f, &f->learners[t].steps[i], number, rate);
}

static void read_chain(struct fit *f)
{
    const struct net *n = f->net;
    struct chain_steps s = {0};

    for (size_t x = 0; x < LABELS; x++) {
        s.start[x] = n->dense[n->at.starts + x];
        for (size_t y = 0; y < LABELS; y++)
            s.step[x][y] = n->dense[n->at.transitions + x * LABELS + y];
    }
    chain_exp(&s, &f->chain);
}

static void *learn_epoch(void *arg)
{
    struct learner *l = arg;
    struct fit *f = l->fit;

    for (size_t first = 0; first < f->n_order; first += f->plan->batch) {
        learn_batch(l, first);
        pthread_barrier_wait(&f->barrier);
        adam(f, l->number);
        adagrad(f, l->number);
        pthread_barrier_wait(&f->barrier);
        if (l->number == 0) {
            f->step++;
            net_turn(f->net, f->turned);
            read_chain(f);
        }
        pthread_barrier_wait(&f->barrier);
    }
    return NULL;
}

/* ---- epochs ---- */

static void choose_sentences(struct fit *f)
{
    struct chance c = chance_of(f->plan->seed * 7907 + f->epoch + 17);

    f->n_order = 0;
    for (size_t i = 0; i < f->data->n_sentences; i++)
        if (chance_unit(&c) < f->data->sentences[i].share)
            f->order[f->n_order++] = (uint32_t)i;
    for (size_t i = f->n_order; i > 1; i--) {
        size_t with = chance_next(&c) % i;
        uint32_t x = f->order[i - 1];

        f->order[i - 1] = f->order[with];
        f->order[with] = x;
    }
}

static void run_threads(struct fit *f)
{
    unsigned threads = f->plan->threads;
    pthread_t *others = mem_new_array(threads, sizeof *others);

    for (unsigned t = 1; t < threads; t++)
        if (pthread_create(&others[t], NULL, learn_epoch, &f->learners[t]) != 0)
            abort(); /* the barrier counts on all of them */
    (void)learn_epoch(&f->learners[0]);
    for (unsigned t = 1; t < threads; t++)
        (void)pthread_join(others[t], NULL);
    free(others);
}

static void add_to_sums(struct fit *f)
{
    size_t rows = f->net->shape.rows * f->net->shape.width;

    for (size_t i = 0; i < f->net->at.n; i++)
        f->dense_sum[i] += (double)f->net->dense[i];
    for (size_t i = 0; i < rows; i++)
        f->row_sum[i] += (double)f->net->rows[i];
}

static void take_means(struct fit *f, unsigned count)
{
    size_t rows = f->net->shape.rows * f->net->shape.width;

    for (size_t i = 0; i < f->net->at.n; i++)
        f->net->dense[i] = (float)(f->dense_sum[i] / count);
    for (size_t i = 0; i < rows; i++)
        f->net->rows[i] = (float)(f->row_sum[i] / count);
}

/* ---- all of it ---- */

static void learner_init(struct learner *l, struct fit *f, unsigned number)
{
    size_t each = f->plan->batch / f->plan->threads + 1;

    *l = (struct learner){.fit = f, .number = number};
    l->passes = mem_new_array(each, sizeof *l->passes);
    for (size_t i = 0; i < each; i++)
        net_pass_init(&l->passes[i], f->net, f->data);
    l->gradients = mem_new_array(f->net->at.n, sizeof *l->gradients);
    l->steps = mem_new_array(each * NET_TOKENS_MAX, sizeof *l->steps);
}

static void learner_fini(struct learner *l)
{
    size_t each = l->fit->plan->batch / l->fit->plan->threads + 1;

    for (size_t i = 0; i < each; i++)
        net_pass_fini(&l->passes[i]);
    free(l->passes);
    free(l->gradients);
    free(l->steps);
    chain_room_fini(&l->room);
}

static void fit_init(struct fit *f, struct net *n, const struct net_data *d,
                     const struct net_plan *plan)
{
    double share = 0;

    *f = (struct fit){.net = n, .data = d, .plan = plan};
    for (size_t i = 0; i < d->n_sentences; i++)
        share += (double)fminf(1, d->sentences[i].share);
    f->steps = (size_t)(share * plan->epochs / plan->batch) + 1;
    f->means = mem_new_array(n->at.n, sizeof *f->means);
    f->squares = mem_new_array(n->at.n, sizeof *f->squares);
    f->row_squares = mem_new_array(n->shape.rows, sizeof *f->row_squares);
    for (size_t i = 0; i < n->shape.rows; i++)
        f->row_squares[i] = 1e-2F;
    f->turned = mem_new_array(net_turned_size(n), sizeof *f->turned);
    f->order = mem_new_array(d->n_sentences + 1, sizeof *f->order);
    f->dense_sum = mem_new_array(n->at.n, sizeof *f->dense_sum);
    f->row_sum = mem_new_array(n->shape.rows * n->shape.width, sizeof *f->row_sum);
    f->learners = mem_new_array(plan->threads, sizeof *f->learners);
    for (unsigned t = 0; t < plan->threads; t++)
        learner_init(&f->learners[t], f, t);
    if (pthread_barrier_init(&f->barrier, NULL, plan->threads) != 0)
        abort();
    net_turn(n, f->turned);
    read_chain(f);
}

static void fit_fini(struct fit *f)
{
    for (unsigned t = 0; t < f->plan->threads; t++)
        learner_fini(&f->learners[t]);
    (void)pthread_barrier_destroy(&f->barrier);
    free(f->learners);
    free(f->means);
    free(f->squares);
    free(f->row_squares);
    free(f->turned);
    free(f->order);
    free(f->dense_sum);
    free(f->row_sum);
}

void net_fit(struct net *n, const struct net_data *d, const struct net_plan *plan)
{
    unsigned counted = 0;
    struct fit f;

    fit_init(&f, n, d, plan);
    for (f.epoch = 0; f.epoch < plan->epochs; f.epoch++) {
        choose_sentences(&f);
        run_threads(&f);
        (void)fprintf(stderr, "network: epoch %u of %u, %zu sentences\n", f.epoch + 1,
                      plan->epochs, f.n_order);
        if (f.epoch + plan->averaged >= plan->epochs) {
            add_to_sums(&f);
            counted++;
        }
    }
    if (counted > 0)
        take_means(&f, counted);
    fit_fini(&f);
}
