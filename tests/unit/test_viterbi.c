/* The best row of labels, beside all rows there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/mem.h"

#include "../../workers/tagger/viterbi.h"

#define TOKENS 4

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* Few values, so that many rows are equally good. */
static int32_t some(uint32_t *seed)
{
    return (int32_t)(next(seed) % 7) - 3;
}

static void fill(struct viterbi *v, int32_t (*scores)[LABEL_LANES], uint32_t *seed)
{
    for (int y = 0; y < LABELS; y++) {
        v->t.start[y] = label_may_follow(LABEL_O, y) ? some(seed) : SCORE_NEVER;
        for (int x = 0; x < LABELS; x++)
            v->t.step[x][y] = label_may_follow(x, y) ? some(seed) : SCORE_NEVER;
        for (int i = 0; i < TOKENS; i++)
            scores[i][y] = some(seed);
    }
    viterbi_init(v);
}

static int64_t sum_of(const struct viterbi *v, const int32_t (*scores)[LABEL_LANES],
                      unsigned edges, const uint8_t *labels)
{
    int64_t sum = (edges & VITERBI_BEHIND_O) != 0 ? v->t.step[LABEL_O][labels[0]]
                                                  : v->t.start[labels[0]];

    for (int i = 0; i < TOKENS; i++) {
        sum += scores[i][labels[i]];
        sum += i > 0 ? v->t.step[labels[i - 1]][labels[i]] : 0;
    }
    return sum +
           ((edges & VITERBI_BEFORE_O) != 0 ? v->t.step[labels[TOKENS - 1]][LABEL_O] : 0);
}

static int64_t best_of_all(const struct viterbi *v, const int32_t (*scores)[LABEL_LANES],
                           unsigned edges)
{
    int64_t most = INT64_MIN;

    for (int all = 0; all < LABELS * LABELS * LABELS * LABELS; all++) {
        uint8_t labels[TOKENS];
        int64_t sum;

        for (int i = 0, rest = all; i < TOKENS; i++, rest /= LABELS)
            labels[i] = (uint8_t)(rest % LABELS);
        sum = sum_of(v, scores, edges, labels);
        most = sum > most ? sum : most;
    }
    return most;
}

static void no_row_is_better_than_the_one_found(void **state)
{
    struct viterbi *v = mem_new(sizeof *v);
    int32_t scores[TOKENS][LABEL_LANES] = {{0}};
    uint32_t seed = 1;

    (void)state;
    for (unsigned round = 0; round < 40; round++) {
        unsigned edges = round % 4;
        uint8_t labels[TOKENS], again[TOKENS];

        fill(v, scores, &seed);
        v->portable = false;
        viterbi_run(v, (const int32_t(*)[LABEL_LANES])scores, TOKENS, edges, labels);
        v->portable = true;
        viterbi_run(v, (const int32_t(*)[LABEL_LANES])scores, TOKENS, edges, again);

        assert_int_equal(sum_of(v, (const int32_t(*)[LABEL_LANES])scores, edges, labels),
                         best_of_all(v, (const int32_t(*)[LABEL_LANES])scores, edges));
        assert_memory_equal(labels, again, sizeof labels);
    }
    free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_row_is_better_than_the_one_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
