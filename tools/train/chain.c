#include "chain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"

#define TINY 1e-30F

typedef float lanes[CHAIN_LANES];

void chain_exp(const struct chain_steps *s, struct chain_steps *ret)
{
    memset(ret, 0, sizeof *ret);
    for (int y = 0; y < LABELS; y++) {
        if (label_may_follow(LABEL_O, y))
            ret->start[y] = expf(s->start[y]);
        for (int x = 0; x < LABELS; x++)
            if (label_may_follow(x, y))
                ret->step[x][y] = expf(s->step[x][y]);
    }
}

void chain_room_fini(struct chain_room *r)
{
    free(r->all);
    *r = (struct chain_room){0};
}

static void to_one(float *v)
{
    float sum = 0;

    for (int y = 0; y < LABELS; y++)
        sum += v[y];
    sum = 1 / (sum + TINY);
    for (int y = 0; y < CHAIN_LANES; y++)
        v[y] *= sum;
}

static void exp_scores(const float *scores, unsigned mask, float *ret)
{
    float most = scores[0];

    for (int y = 1; y < LABELS; y++)
        most = scores[y] > most ? scores[y] : most;
    memset(ret, 0, sizeof(lanes));
    for (int y = 0; y < LABELS; y++)
        if ((mask >> y & 1) != 0)
            ret[y] = expf(scores[y] - most);
}

static void forward(const struct chain_steps *t, lanes *e, size_t n, lanes *a)
{
    for (int y = 0; y < CHAIN_LANES; y++)
        a[0][y] = t->start[y] * e[0][y];
    to_one(a[0]);
    for (size_t i = 1; i < n; i++) {
        lanes sum = {0};

        for (int x = 0; x < LABELS; x++)
            for (int y = 0; y < CHAIN_LANES; y++)
                sum[y] += a[i - 1][x] * t->step[x][y];
        for (int y = 0; y < CHAIN_LANES; y++)
            a[i][y] = sum[y] * e[i][y];
        to_one(a[i]);
    }
}

static void backward(const struct chain_steps *t, lanes *e, size_t n, lanes *b)
{
    for (int y = 0; y < CHAIN_LANES; y++)
        b[n - 1][y] = y < LABELS;
    for (size_t i = n - 1; i-- > 0;) {
        lanes next;

        for (int y = 0; y < CHAIN_LANES; y++)
            next[y] = b[i + 1][y] * e[i + 1][y];
        memset(b[i], 0, sizeof b[i]);
        for (int x = 0; x < LABELS; x++)
            for (int y = 0; y < CHAIN_LANES; y++)
                b[i][x] += t->step[x][y] * next[y];
        to_one(b[i]);
    }
}

/* The steps from the token before i to i. */
static void count_steps(const struct chain_steps *t, const float *before, const float *e,
                        const float *behind, float times, struct chain_steps *counts)
{
    struct chain_steps here;
    lanes next;
    float sum = TINY;

    for (int y = 0; y < CHAIN_LANES; y++)
        next[y] = e[y] * behind[y];
    for (int x = 0; x < LABELS; x++)
        for (int y = 0; y < CHAIN_LANES; y++) {
            here.step[x][y] = before[x] * t->step[x][y] * next[y];
            sum += here.step[x][y];
        }
    sum = times / sum;
    for (int x = 0; x < LABELS; x++)
        for (int y = 0; y < CHAIN_LANES; y++)
            counts->step[x][y] += here.step[x][y] * sum;
}

void chain_run(struct chain_room *room, const struct chain_steps *exp_steps,
               const float (*scores)[CHAIN_LANES], const uint16_t *masks, size_t n,
               float (*ret)[CHAIN_LANES], float times, struct chain_steps *counts)
{
    lanes *e, *a, *b;

    room->all = mem_grow(room->all, &room->cap, 3 * n * CHAIN_LANES, sizeof(float));
    e = (lanes *)room->all;
    a = e + n;
    b = a + n;
    for (size_t i = 0; i < n; i++)
        exp_scores(scores[i], masks != NULL ? masks[i] : 0xFFFF, e[i]);
    forward(exp_steps, e, n, a);
    backward(exp_steps, e, n, b);
    for (size_t i = 0; i < n; i++) {
        for (int y = 0; y < CHAIN_LANES; y++)
            ret[i][y] = a[i][y] * b[i][y];
        to_one(ret[i]);
        if (i > 0)
            count_steps(exp_steps, a[i - 1], e[i], b[i], times, counts);
    }
    for (int y = 0; y < CHAIN_LANES; y++)
        counts->start[y] += times * ret[0][y];
}
