#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "newsmq/problem.h"

static void each_problem_has_a_code_a_cause_and_a_remedy(void **state)
{
    (void)state;
    for (int p = 0; p < PROBLEMS; p++) {
        const char *code = problem_code((enum problem)p);

        assert_non_null(code);
        assert_true(strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_") ==
                    strlen(code));
        assert_int_equal(problem_find(str_of(code)), p); /* so none stands twice */
        assert_true(strlen(problem_cause((enum problem)p)) > 10);
        assert_true(strlen(problem_remedy((enum problem)p)) > 10);
    }
}

static void what_is_not_known_is_none(void **state)
{
    (void)state;
    assert_int_equal(problem_find(STR("dns")), PROBLEM_NONE);
    assert_int_equal(problem_find(STR("")), PROBLEM_NONE);
    assert_int_equal(problem_find((struct str){0}), PROBLEM_NONE);
    assert_string_equal(problem_code((enum problem)9999), "other");
}

static void a_set_holds_each_problem(void **state)
{
    struct problem_set s = {0};

    (void)state;
    for (int p = 0; p < PROBLEMS; p++) {
        assert_false(problem_has(s, (enum problem)p));
        problem_add(&s, (enum problem)p);
        assert_true(problem_has(s, (enum problem)p));
    }
    problem_remove(&s, PROBLEM_STALE);
    assert_false(problem_has(s, PROBLEM_STALE));
    assert_true(problem_has(s, PROBLEM_NO_ITEMS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_problem_has_a_code_a_cause_and_a_remedy),
        cmocka_unit_test(what_is_not_known_is_none),
        cmocka_unit_test(a_set_holds_each_problem),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
