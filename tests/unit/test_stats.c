/* Histograms and sums by label. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "newsmq/stats.h"

static const double bounds[] = {0.001, 0.5, 2};

static const char *text_of_histogram(const struct histogram *h, struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);

    histogram_write(h, &j);
    return strbuf_cstr(out);
}

static const char *text_of_tally(const struct tally *t, struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);

    tally_write(t, &j);
    return strbuf_cstr(out);
}

static void histogram_counts_a_value_on_its_bound_below_it(void **state)
{
    struct histogram h = HISTOGRAM(bounds);
    struct strbuf out = {.max = 1000};

    (void)state;
    histogram_add(&h, 0.0005);
    histogram_add(&h, 0.5);
    histogram_add(&h, 0.75);
    histogram_add(&h, 3);

    assert_string_equal(text_of_histogram(&h, &out),
                        "{\"le\":[0.001000,0.500000,2],\"counts\":[1,2,3],\"count\":4,"
                        "\"sum\":4.250500}");
    strbuf_fini(&out);
}

static void tally_counts_labels_over_its_bound_together(void **state)
{
    struct tally_row rows[3];
    struct tally t = TALLY(rows);
    struct strbuf out = {.max = 1000};

    (void)state;
    tally_add(&t, STR("a"), 1);
    tally_add(&t, STR("b"), 0.25);
    tally_add(&t, STR("c"), 1);
    tally_add(&t, STR("d\"\n"), 2);
    tally_add(&t, STR("a"), 1);

    assert_string_equal(text_of_tally(&t, &out), "{\"a\":2,\"b\":0.250000,\"other\":3}");
    strbuf_fini(&out);
}

static void tally_forgets_what_was_taken_away(void **state)
{
    struct tally_row rows[3];
    struct tally t = TALLY(rows);
    struct strbuf out = {.max = 1000};

    (void)state;
    tally_add(&t, STR("a"), 1);
    tally_add(&t, STR("b"), 1);
    tally_take(&t, STR("a"), 1);
    tally_take(&t, STR("never there"), 1);
    tally_add(&t, STR("c"), 1);

    assert_string_equal(text_of_tally(&t, &out), "{\"b\":1,\"c\":1}");
    strbuf_fini(&out);
}

static void tally_that_was_full_keeps_other_last_and_never_below_nothing(void **state)
{
    struct tally_row rows[2];
    struct tally t = TALLY(rows);

    (void)state;
    tally_add(&t, STR("a"), 1);
    tally_add(&t, STR("b"), 1);
    tally_take(&t, STR("a"), 5);
    tally_take(&t, STR("b"), 5);
    tally_add(&t, STR("c"), 1);

    assert_true(tally_get(&t, STR("a")) == 0);
    assert_true(tally_get(&t, STR("other")) == 1);
}

static void tally_cuts_long_labels_between_characters(void **state)
{
    struct tally_row rows[2];
    struct tally t = TALLY(rows);
    char label[TALLY_LABEL_MAX + 10];

    (void)state;
    memset(label, 'x', sizeof label);
    memcpy(label + TALLY_LABEL_MAX - 2, "é", 2);

    tally_add(&t, (struct str){label, sizeof label}, 1);

    assert_int_equal(strlen(rows[0].label), TALLY_LABEL_MAX - 2);
    assert_true(tally_get(&t, (struct str){label, sizeof label}) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(histogram_counts_a_value_on_its_bound_below_it),
        cmocka_unit_test(tally_counts_labels_over_its_bound_together),
        cmocka_unit_test(tally_forgets_what_was_taken_away),
        cmocka_unit_test(tally_that_was_full_keeps_other_last_and_never_below_nothing),
        cmocka_unit_test(tally_cuts_long_labels_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
