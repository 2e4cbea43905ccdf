/* `newsmq-train posteriors`: how probable each label is at each token, for the teacher.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "newsmq/os.h"

#include "commands.h"
#include "tagger/labels.h"

#define TOKENS 10

static const char text[] =
    "-DOCSTART-\tO\tO\n\nJehangir\tO\tO\nKhan\tO\tO\nvisited\tO\tO\n"
    "Brussels\tO\tO\n.\tO\tO\n\nHe\tO\tO\nlikes\tO\tO\n"
    "Europe\tO\tO\ntoo\tO\tO\n.\tO\tO\n";

static size_t best_of(const float *row)
{
    size_t best = 0;

    for (size_t y = 1; y < LABELS; y++)
        if (row[y] > row[best])
            best = y;
    return best;
}

static void each_token_has_probabilities_of_its_labels(void **state)
{
    static const int wanted[TOKENS] = {1 + 2 * ENTITY_PER,
                                       2 + 2 * ENTITY_PER,
                                       0,
                                       1 + 2 * ENTITY_LOC,
                                       0,
                                       0,
                                       0,
                                       1 + 2 * ENTITY_LOC,
                                       0,
                                       0};
    char folder[] = "/tmp/test_posteriors.XXXXXX", in[64], out[64];
    char *model = os_data_path("models/en.model");
    float rows[TOKENS + 1][LABELS];
    FILE *f;

    (void)state;
    assert_non_null(model);
    assert_non_null(mkdtemp(folder));
    (void)snprintf(in, sizeof in, "%s/a.tsv", folder);
    (void)snprintf(out, sizeof out, "%s/a.f32", folder);
    f = fopen(in, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, sizeof text - 1, f), sizeof text - 1);
    assert_int_equal(fclose(f), 0);

    char *argv[] = {"posteriors", "--model", model, "--out", out, in, NULL};
    assert_int_equal(command_posteriors(6, argv), 0);

    f = fopen(out, "rb");
    assert_non_null(f);
    assert_int_equal(fread(rows, sizeof rows[0], TOKENS + 1, f), TOKENS);
    assert_int_equal(fclose(f), 0);
    for (size_t i = 0; i < TOKENS; i++) {
        float all = 0;

        for (size_t y = 0; y < LABELS; y++)
            all += rows[i][y];
        assert_true(all > 0.999F && all < 1.001F);
        assert_int_equal(best_of(rows[i]), wanted[i]);
    }
    (void)unlink(in);
    (void)unlink(out);
    (void)rmdir(folder);
    free(model);
}

static void a_file_that_is_not_there_is_an_error(void **state)
{
    char *model = os_data_path("models/en.model");
    char *argv[] = {"posteriors", "--model", model, "/nowhere/a.tsv", NULL};

    (void)state;
    assert_int_not_equal(command_posteriors(4, argv), 0);
    free(model);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_token_has_probabilities_of_its_labels),
        cmocka_unit_test(a_file_that_is_not_there_is_an_error),
    };

    return cmocka_run_group_tests_name("posteriors", tests, NULL, NULL);
}
