/* The restart policy, under a clock of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/wait.h>

#include "../../daemon/supervise/restart.h"
#include "../../daemon/supervise/words.h"
#include "newsmq/str.h"

static struct mono at(int64_t ms)
{
    return mono_add_ms((struct mono){0}, ms);
}

static void pauses_double_up_to_the_longest(void **state)
{
    static const int64_t expected[] = {200,  400,   800,   1600,  3200,
                                       6400, 12800, 25600, 30000, 30000};
    struct restart r = {0};
    int64_t now = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        int64_t pause = restart_died(&r, at(now));

        assert_int_equal(pause, expected[i]);
        now += pause;
    }
}

static void the_longest_pause_can_be_chosen(void **state)
{
    struct restart r = {.longest_ms = 300};

    (void)state;
    assert_int_equal(restart_died(&r, at(0)), 200);
    assert_int_equal(restart_died(&r, at(1)), 300);
    assert_int_equal(restart_died(&r, at(2)), 300);
}

static void five_deaths_within_a_minute_are_red(void **state)
{
    struct restart r = {0};

    (void)state;
    for (int i = 0; i < 4; i++) {
        (void)restart_died(&r, at(i * 15000));
        assert_false(r.is_red);
    }
    (void)restart_died(&r, at(60000));

    assert_true(r.is_red);
}

static void five_deaths_in_more_than_a_minute_are_not_red(void **state)
{
    struct restart r = {0};

    (void)state;
    for (int i = 0; i < 50; i++)
        (void)restart_died(&r, at(i * 15001));

    assert_false(r.is_red);
}

static void long_pauses_do_not_end_red(void **state)
{
    struct restart r = {0};
    int64_t now = 0;

    (void)state;
    for (int i = 0; i < 100; i++)
        now += restart_died(&r, at(now)) + 10;

    assert_true(now > 20 * MINUTE_MS);
    assert_true(r.is_red);
}

static void a_minute_of_running_makes_it_new(void **state)
{
    struct restart r = {.longest_ms = 5000};

    (void)state;
    for (int i = 0; i < 6; i++)
        (void)restart_died(&r, at(i));
    restart_runs(&r, at(1000), at(1000 + MINUTE_MS - 1));
    assert_true(r.is_red);
    restart_runs(&r, at(1000), at(1000 + MINUTE_MS));

    assert_false(r.is_red);
    assert_int_equal(r.longest_ms, 5000);
    assert_int_equal(restart_died(&r, at(70000)), 200);
    assert_false(r.is_red);
}

static void forgiving_ends_the_pause_but_not_red(void **state)
{
    struct restart r = {0};

    (void)state;
    for (int i = 0; i < 6; i++)
        (void)restart_died(&r, at(i));
    restart_forgive(&r);

    assert_true(r.is_red);
    assert_int_equal(restart_died(&r, at(10)), 200);
}

static void a_clock_that_stands_still_is_enough(void **state)
{
    struct restart r = {0};

    (void)state;
    for (int i = 0; i < 5; i++)
        (void)restart_died(&r, at(0));

    assert_true(r.is_red);
}

static void exits_are_told_in_words(void **state)
{
    static const struct {
        int status;
        const char *words;
    } rows[] = {
        {W_EXITCODE(0, 0), "exit 0: it ended in order"},
        {W_EXITCODE(1, 0), "exit 1"},
        {W_EXITCODE(78, 0), "exit 78: the configuration is bad"},
        {W_EXITCODE(127, 0), "exit 127: it cannot be run"},
        {W_EXITCODE(0, 9), "killed by SIGKILL"},
        {W_EXITCODE(0, 15), "killed by SIGTERM"},
        {W_EXITCODE(0, 11) | WCOREFLAG, "killed by SIGSEGV (core dumped)"},
        {W_EXITCODE(0, 40), "killed by signal 40"},
    };
    char buf[EXIT_WORDS_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_string_equal(exit_words(rows[i].status, buf), rows[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pauses_double_up_to_the_longest),
        cmocka_unit_test(the_longest_pause_can_be_chosen),
        cmocka_unit_test(five_deaths_within_a_minute_are_red),
        cmocka_unit_test(five_deaths_in_more_than_a_minute_are_not_red),
        cmocka_unit_test(long_pauses_do_not_end_red),
        cmocka_unit_test(a_minute_of_running_makes_it_new),
        cmocka_unit_test(forgiving_ends_the_pause_but_not_red),
        cmocka_unit_test(a_clock_that_stands_still_is_enough),
        cmocka_unit_test(exits_are_told_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
