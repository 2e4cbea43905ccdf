#include "viterbi.h"

#define STEP_MAX (1 << 20)

typedef int32_t lanes __attribute__((vector_size(4 * VITERBI_LANES)));

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

/* ---- lanes: O and the B of each type, then nothing and the I of each type ---- */

static const uint8_t lane_of[LABELS] = {0, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13};

void viterbi_init(struct viterbi *v)
{
    for (int k = 0; k < VITERBI_LANES; k++)
        v->inside[0][k] = v->inside[1][k] = SCORE_NEVER;
    for (int from = 0; from < LABELS; from++) {
        for (int k = 0; k < VITERBI_LANES; k++)
            v->step[from][k] = SCORE_NEVER;
        for (int to = 0; to < LABELS; to++)
            if (!label_is_inside(to))
                v->step[from][lane_of[to]] = v->t.step[from][to];
    }
    for (int type = 0; type < LABEL_TYPES; type++) {
        int begin = label_begin((enum entity_type)type), inside = begin + 1;

        v->inside[0][1 + type] = v->t.step[begin][inside];
        v->inside[1][1 + type] = v->t.step[inside][inside];
    }
}

/* Vectors go through memory: functions cannot return them without AVX. */

static inline __attribute__((always_inline)) void get(const int32_t *p, lanes *ret)
{
    memcpy(ret, p, sizeof *ret);
}

static inline __attribute__((always_inline)) void put(int32_t *p, const lanes *x)
{
    memcpy(p, x, sizeof *x);
}

static inline __attribute__((always_inline)) void raise(lanes *best, const lanes *x)
{
    lanes better = *x > *best;

    *best = (*x & better) | (*best & ~better);
}

/* Scores of labels in their order become lanes. */
static inline __attribute__((always_inline)) void divide(
    const int32_t scores[LABEL_LANES], lanes *ret_begin, lanes *ret_inside)
{
    lanes a, b;

    get(scores, &a);
    get(scores + VITERBI_LANES, &b);
    *ret_begin = __builtin_shufflevector(a, b, 0, 1, 3, 5, 7, 9, 11, 12);
    *ret_inside = __builtin_shufflevector(a, b, 12, 2, 4, 6, 8, 10, 12, 13);
}

/* ---- forward ---- */

static inline __attribute__((always_inline)) void start(const struct viterbi *v,
                                                        const int32_t scores[LABEL_LANES],
                                                        unsigned edges,
                                                        int32_t sums[LABEL_LANES])
{
    lanes first, begins, inside, never = {0};

    if ((edges & VITERBI_BEHIND_O) != 0)
        get(v->step[LABEL_O], &first);
    else
        divide(v->t.start, &first, &inside);
    divide(scores, &begins, &inside);
    begins += first;
    never += SCORE_NEVER;
    put(sums, &begins);
    put(sums + VITERBI_LANES, &never);
}

static inline __attribute__((always_inline)) void advance(
    const struct viterbi *v, const int32_t scores[LABEL_LANES],
    const int32_t before[LABEL_LANES], int32_t sums[LABEL_LANES])
{
    lanes begins, inside, best, x, y;

    get(v->step[LABEL_O], &best);
    best += before[0];
    for (int type = 0; type < LABEL_TYPES; type++) {
        const int32_t *of_type = before + 1 + type;
        int from = label_begin((enum entity_type)type);

        get(v->step[from], &x);
        x += of_type[0];
        raise(&best, &x);
        get(v->step[from + 1], &x);
        x += of_type[VITERBI_LANES];
        raise(&best, &x);
    }
    divide(scores, &begins, &inside);
    best += begins;
    put(sums, &best);
    get(v->inside[0], &best);
    get(before, &x);
    best += x;
    get(v->inside[1], &x);
    get(before + VITERBI_LANES, &y);
    x += y;
    raise(&best, &x);
    best += inside;
    put(sums + VITERBI_LANES, &best);
}

/* ---- and back ---- */

/* The first of the labels in front from which one with `label` here gets to `sum`. */
static int label_before(const struct viterbi *v, const int32_t before[LABEL_LANES],
                        int label, int32_t sum)
{
    int x = label_is_inside(label) ? label_begin(label_type(label)) : LABEL_O;

    while (x + 1 < LABELS && before[lane_of[x]] + v->t.step[x][label] != sum)
        x++;
    return x;
}

static int last_label(const struct viterbi *v, const int32_t sums[LABEL_LANES],
                      unsigned edges)
{
    int32_t most = INT32_MIN;
    int best = LABEL_O;

    for (int y = 0; y < LABELS; y++) {
        int32_t sum = sums[lane_of[y]] +
                      ((edges & VITERBI_BEFORE_O) != 0 ? v->t.step[y][LABEL_O] : 0);

        if (sum > most) {
            most = sum;
            best = y;
        }
    }
    return best;
}

static inline __attribute__((always_inline)) void run(
    struct viterbi *v, const int32_t (*scores)[LABEL_LANES], size_t n, unsigned edges,
    uint8_t *labels)
{
    int label;

    start(v, scores[0], edges, v->sums[0]);
    for (size_t i = 1; i < n; i++)
        advance(v, scores[i], v->sums[i - 1], v->sums[i]);
    label = last_label(v, v->sums[n - 1], edges);
    for (size_t i = n - 1; i > 0; i--) {
        labels[i] = (uint8_t)label;
        label = label_before(v, v->sums[i - 1], label,
                             v->sums[i][lane_of[label]] - scores[i][label]);
    }
    labels[0] = (uint8_t)label;
}

static void run_portable(struct viterbi *v, const int32_t (*scores)[LABEL_LANES],
                         size_t n, unsigned edges, uint8_t *labels)
{
    run(v, scores, n, edges, labels);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void run_avx2(struct viterbi *v,
                                                     const int32_t (*scores)[LABEL_LANES],
                                                     size_t n, unsigned edges,
                                                     uint8_t *labels)
{
    run(v, scores, n, edges, labels);
}
#endif

void viterbi_run(struct viterbi *v, const int32_t (*scores)[LABEL_LANES], size_t n,
                 unsigned edges, uint8_t *labels)
{
#if defined(__x86_64__)
    if (!v->portable && __builtin_cpu_supports("avx2")) {
        run_avx2(v, scores, n, edges, labels);
        return;
    }
#endif
    run_portable(v, scores, n, edges, labels);
}
