/* Two sums over rows of labels go side by side from left to right: of all rows, and of
   those that have the name as it was found. Both are scaled alike, so that their ratio at
   the end is the probability. exp comes from two small tables that are made by
   multiplication, since the one of the C library differs between machines. */
#include "score.h"

#define EXP_FINE 0.99902391418197566 /* exp(-1/1024) */
#define EXP_UNIT 0.36787944117144233 /* exp(-1) */

/* Of a score that is not above 0. */
static float exp_of(const struct scorer *s, int32_t score)
{
    uint32_t below = (uint32_t)-score;

    if (below / SCORE_FINE >= SCORE_FAR)
        return 0;
    return s->coarse[below / SCORE_FINE] * s->fine[below % SCORE_FINE];
}

static void exp_lanes(const struct scorer *s, const int32_t scores[LABEL_LANES],
                      float ret[LABEL_LANES])
{
    int32_t most = scores[0];

    for (int y = 1; y < LABELS; y++)
        most = scores[y] > most ? scores[y] : most;
    for (int y = 0; y < LABEL_LANES; y++)
        ret[y] = y < LABELS ? exp_of(s, scores[y] - most) : 0;
}

void scorer_init(struct scorer *s, const struct transitions *t)
{
    double x = 1;
    int32_t most; /* one scale for all steps: they are compared */

    for (int k = 0; k < SCORE_FINE; k++, x *= EXP_FINE)
        s->fine[k] = (float)x;
    x = 1;
    for (int k = 0; k < SCORE_FAR; k++, x *= EXP_UNIT)
        s->coarse[k] = (float)x;
    exp_lanes(s, t->start, s->start);
    most = t->step[0][0];
    for (int k = 1; k < LABELS * LABELS; k++)
        if (t->step[k / LABELS][k % LABELS] > most)
            most = t->step[k / LABELS][k % LABELS];
    for (int from = 0; from < LABELS; from++)
        for (int to = 0; to < LABEL_LANES; to++)
            s->step[from][to] = to < LABELS ? exp_of(s, t->step[from][to] - most) : 0;
}

#define FOUR       4
#define FOURS_USED ((LABELS + FOUR - 1) / FOUR)

typedef float four __attribute__((vector_size(4 * FOUR)));

/* The sums over what stands in front, one step on. */
static void step(const struct scorer *s, float sums[LABEL_LANES])
{
    four all[FOURS_USED] = {{0}}, from;

    for (int x = 0; x < LABELS; x++) {
        if (!(sums[x] > 0)) /* most, inside a name */
            continue;
        for (int k = 0; k < FOURS_USED; k++) {
            memcpy(&from, s->step[x] + (size_t)k * FOUR, sizeof from);
            all[k] += sums[x] * from;
        }
    }
    memcpy(sums, all, sizeof all);
}

static float total(const float sums[LABEL_LANES])
{
    float sum = 0;

    for (int y = 0; y < LABELS; y++)
        sum += sums[y];
    return sum;
}

static void keep_only(float sums[LABEL_LANES], int label)
{
    for (int y = 0; y < LABEL_LANES; y++)
        sums[y] = y == label ? sums[y] : 0;
}

static void times(float sums[LABEL_LANES], const float by[LABEL_LANES], float scale)
{
    for (int y = 0; y < LABEL_LANES; y++)
        sums[y] *= by[y] * scale;
}

float scorer_run(const struct scorer *s, const int32_t (*scores)[LABEL_LANES],
                 const uint8_t *labels, size_t n, size_t from, size_t to)
{
    size_t first = from > 0 ? from - 1 : 0, last = to < n ? to : n - 1;
    float all[LABEL_LANES], with[LABEL_LANES], here[LABEL_LANES], scale = 1;

    memcpy(all, first == 0 ? s->start : s->step[labels[first - 1]], sizeof all);
    memcpy(with, all, sizeof with);
    for (size_t i = first; i <= last; i++) {
        exp_lanes(s, scores[i], here);
        if (i > first) {
            step(s, all);
            step(s, with);
        }
        times(all, here, scale);
        times(with, here, scale);
        if (i >= from && i < to)
            keep_only(with, labels[i]);
        else if (i == to) /* the name ends in front of it */
            with[label_inside(label_type(labels[from]))] = 0;
        if (!(total(all) > 0))
            return 0;
        scale = 1 / total(all);
    }
    if (last + 1 < n) {
        step(s, all);
        step(s, with);
        keep_only(all, labels[last + 1]);
        keep_only(with, labels[last + 1]);
    }
    return total(all) > 0 ? total(with) / total(all) : 0;
}
