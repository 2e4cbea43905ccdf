#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "newsmq/str.h"

static void strbuf_add_stops_at_its_bound(void **state)
{
    struct strbuf b = {.max = 4};

    (void)state;
    assert_int_equal(strbuf_add(&b, STR("abc")), 0);
    assert_int_equal(strbuf_add(&b, STR("de")), -E2BIG);
    assert_string_equal(strbuf_cstr(&b), "abc");
    strbuf_fini(&b);
}

static void str_cut_answers_the_parts_in_turn(void **state)
{
    struct str rest = STR("a,,b");

    (void)state;
    assert_true(str_eq(str_cut(&rest, ','), STR("a")));
    assert_true(str_eq(str_cut(&rest, ','), STR("")));
    assert_true(str_eq(str_cut(&rest, ','), STR("b")));
    assert_null(rest.p);
}

static void str_to_u64_refuses_what_does_not_fit(void **state)
{
    uint64_t v = 7;

    (void)state;
    assert_true(str_to_u64(STR("18446744073709551615"), &v));
    assert_true(v == UINT64_MAX);
    assert_false(str_to_u64(STR("18446744073709551616"), &v));
    assert_false(str_to_u64(STR("12a"), &v));
    assert_false(str_to_u64(STR(""), &v));
    assert_true(v == UINT64_MAX);
}

static void str_hex_to_u64_takes_sixteen_digits_alone(void **state)
{
    uint64_t v = 7;

    (void)state;
    assert_true(str_hex_to_u64(STR("0123456789abcdef"), &v));
    assert_true(v == UINT64_C(0x0123456789abcdef));
    assert_false(str_hex_to_u64(STR("0123456789abcde"), &v));
    assert_false(str_hex_to_u64(STR("0123456789abcdef0"), &v));
    assert_false(str_hex_to_u64(STR("0123456789ABCDEF"), &v));
    assert_false(str_hex_to_u64(STR("0123456789abcde\0"), &v));
    assert_true(v == UINT64_C(0x0123456789abcdef));
}

static void str_head_cuts_between_characters(void **state)
{
    (void)state;
    assert_true(str_eq(str_head(STR("aé"), 2), STR("a")));
    assert_true(str_eq(str_head(STR("aé"), 3), STR("aé")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strbuf_add_stops_at_its_bound),
        cmocka_unit_test(str_cut_answers_the_parts_in_turn),
        cmocka_unit_test(str_to_u64_refuses_what_does_not_fit),
        cmocka_unit_test(str_hex_to_u64_takes_sixteen_digits_alone),
        cmocka_unit_test(str_head_cuts_between_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
