#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/err.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

static void err_wrap_puts_the_context_in_front(void **state)
{
    struct err e;

    (void)state;
    assert_int_equal(err_set(&e, ERR_LIMIT, "line %d", 14), ERR_LIMIT);
    assert_int_equal(err_wrap(&e, "feed '%s'", "bbc"), ERR_LIMIT);
    assert_string_equal(e.text, "feed 'bbc': line 14");
    assert_int_equal(err_set(NULL, -EIO, "nobody listens"), -EIO);
    assert_string_equal(err_name(ERR_GONE), "gone");
}

static void err_cuts_what_does_not_fit(void **state)
{
    char giant[2000];
    struct err e;

    (void)state;
    memset(giant, 'x', sizeof giant);
    giant[sizeof giant - 1] = '\0';
    (void)err_set(&e, ERR_FORMAT, "%s", giant);
    (void)err_wrap(&e, "a");
    (void)err_wrap(&e, "%s", giant);
    assert_int_equal(strlen(e.text), sizeof e.text - 1);
}

static void arena_hands_out_aligned_zeroes_up_to_its_bound(void **state)
{
    struct arena a = {.max = 1 << 20};
    size_t given = 0;
    char *p;

    (void)state;
    while ((p = arena_alloc(&a, 1000)) != NULL) {
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < 1000; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xFF, 1000);
        given += 1000;
    }
    assert_true(given <= a.max && given > a.max - a.max / 50);
    assert_null(arena_alloc(&a, SIZE_MAX));
    assert_null(arena_alloc(&a, SIZE_MAX - 100));

    arena_reset(&a);
    p = arena_alloc(&a, 1000);
    assert_non_null(p);
    assert_int_equal(p[0], 0);
    arena_fini(&a);
    arena_fini(&a);
}

static void arena_holds_things_larger_than_a_block(void **state)
{
    struct arena a = {0};
    char *large;
    struct str kept;

    (void)state;
    large = arena_alloc(&a, 1 << 20);
    memset(large, 'x', 1 << 20);
    kept = arena_dup(&a, STR("kept"));
    (void)arena_alloc(&a, 1 << 18);
    assert_true(str_eq(kept, STR("kept")));
    assert_null(arena_dup(&a, (struct str){NULL, 0}).p);
    arena_fini(&a);
}

static void mem_grow_keeps_what_was_there(void **state)
{
    int *list = NULL;
    size_t cap = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        list = mem_grow(list, &cap, (size_t)i + 1, sizeof *list);
        assert_int_equal(list[i], 0);
        list[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(list[i], i);
    free(list);
}

static void log_safe_lets_no_control_reach_a_terminal(void **state)
{
    char buf[LOG_SAFE_MAX], giant[1000];

    (void)state;
    assert_string_equal(log_safe(STR("a\x1b[31m\n'\"\x7f\xC2\x9B"
                                     "é"),
                                 buf),
                        "a?[31m??????é");
    memset(giant, 'x', sizeof giant);
    assert_int_equal(strlen(log_safe((struct str){giant, sizeof giant}, buf)), 203);
    memcpy(giant + 199, "é", 2);
    assert_int_equal(strlen(log_safe((struct str){giant, sizeof giant}, buf)), 202);
    assert_string_equal(log_safe((struct str){NULL, 0}, buf), "");
}

static void clock_text_is_rfc_3339(void **state)
{
    char buf[CLOCK_TEXT_MAX];

    (void)state;
    assert_string_equal(clock_text(0, buf), "1970-01-01T00:00:00.000Z");
    assert_string_equal(clock_text(-1, buf), "1969-12-31T23:59:59.999Z");
    assert_string_equal(clock_text(951782400000, buf), "2000-02-29T00:00:00.000Z");
    assert_string_equal(clock_text(INT64_MAX, buf), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(err_wrap_puts_the_context_in_front),
        cmocka_unit_test(err_cuts_what_does_not_fit),
        cmocka_unit_test(arena_hands_out_aligned_zeroes_up_to_its_bound),
        cmocka_unit_test(arena_holds_things_larger_than_a_block),
        cmocka_unit_test(mem_grow_keeps_what_was_there),
        cmocka_unit_test(log_safe_lets_no_control_reach_a_terminal),
        cmocka_unit_test(clock_text_is_rfc_3339),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
