#include "viterbi.h"

#define STEP_MAX (1 << 20)

#define HALF (LABEL_LANES / 2)

typedef int32_t half __attribute__((vector_size(4 * HALF)));

static int32_t within(int32_t n, int32_t max)
{
    return n > max ? max : n < -max ? -max : n;
}

int transitions_open(const struct model *m, const char *section, struct transitions *ret,
                     struct err *e)
{
    struct str bytes = model_section(m, section);
    int32_t start[LABELS], step[LABELS][LABELS];

    if (bytes.p == NULL)
        return model_fault(m, section, "is missing", e);
    if (bytes.n != sizeof start + sizeof step)
        return model_fault(m, section, "is for other labels", e);
    memcpy(start, bytes.p, sizeof start);
    memcpy(step, bytes.p + sizeof start, sizeof step);
    for (int to = 0; to < LABEL_LANES; to++) {
        bool lane = to < LABELS;

        ret->start[to] = lane && label_may_follow(LABEL_O, to)
                             ? within(start[to], STEP_MAX)
                             : SCORE_NEVER;
        for (int from = 0; from < LABELS; from++)
            ret->step[from][to] = lane && label_may_follow(from, to)
                                      ? within(step[from][to], STEP_MAX)
                                      : SCORE_NEVER;
    }
    return 0;
}

void transitions_average(const struct transitions *a, const struct transitions *b,
                         struct transitions *ret)
{
    for (int to = 0; to < LABEL_LANES; to++) {
        ret->start[to] = (a->start[to] + b->start[to]) / 2;
        for (int from = 0; from < LABELS; from++)
            ret->step[from][to] = (a->step[from][to] + b->step[from][to]) / 2;
    }
}

/* Half of the labels: a vector of AVX2. */
struct best {
    half score, from;
};

static inline __attribute__((always_inline)) struct best best_from(
    const struct viterbi *v, const int32_t sums[LABEL_LANES], int at)
{
    struct best best = {.from = {0}};
    half step;

    memcpy(&step, v->t.step[0] + at, sizeof step);
    best.score = sums[0] + step;
    for (int x = 1; x < LABELS; x++) {
        half sum, better;

        memcpy(&step, v->t.step[x] + at, sizeof step);
        sum = sums[x] + step;
        better = sum > best.score;
        best.score = (sum & better) | (best.score & ~better);
        best.from = (better & x) | (best.from & ~better);
    }
    return best;
}

static inline __attribute__((always_inline)) void advance(
    const struct viterbi *v, const int32_t scores[LABEL_LANES], int32_t sums[LABEL_LANES],
    int32_t back[LABEL_LANES])
{
    half score;
    struct best a = best_from(v, sums, 0), b = best_from(v, sums, HALF);

    memcpy(&score, scores, sizeof score);
    a.score += score;
    memcpy(&score, scores + HALF, sizeof score);
    b.score += score;
    memcpy(sums, &a.score, sizeof score);
    memcpy(sums + HALF, &b.score, sizeof score);
    memcpy(back, &a.from, sizeof a.from);
    memcpy(back + HALF, &b.from, sizeof b.from);
}

static inline __attribute__((always_inline)) void run(
    struct viterbi *v, const int32_t (*scores)[LABEL_LANES], size_t n, uint8_t *labels)
{
    int32_t sums[LABEL_LANES];
    int last = 0;

    for (int y = 0; y < LABEL_LANES; y++)
        sums[y] = v->t.start[y] + scores[0][y];
    for (size_t i = 1; i < n; i++)
        advance(v, scores[i], sums, v->back[i]);
    for (int y = 1; y < LABELS; y++)
        last = sums[y] > sums[last] ? y : last;
    for (size_t i = n; i-- > 0; last = v->back[i][last])
        labels[i] = (uint8_t)last;
}

static void run_portable(struct viterbi *v, const int32_t (*scores)[LABEL_LANES],
                         size_t n, uint8_t *labels)
{
    run(v, scores, n, labels);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void run_avx2(struct viterbi *v,
                                                     const int32_t (*scores)[LABEL_LANES],
                                                     size_t n, uint8_t *labels)
{
    run(v, scores, n, labels);
}
#endif

void viterbi_run(struct viterbi *v, const int32_t (*scores)[LABEL_LANES], size_t n,
                 uint8_t *labels)
{
#if defined(__x86_64__)
    if (!v->portable && __builtin_cpu_supports("avx2")) {
        run_avx2(v, scores, n, labels);
        return;
    }
#endif
    run_portable(v, scores, n, labels);
}
