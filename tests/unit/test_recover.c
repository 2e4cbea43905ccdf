#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "newsmq/clock.h"

#include "archive_kit.h"

/* ---- recovery ---- */

static void what_a_crash_left_unfinished_is_cut(void **state)
{
    struct fixture *f = *state;

    open_again(f);
    write_some(f, 1, 3);
    append(in(f, "all.jsonl"), "{\"id\":\"4\",\"te");
    append(in(f, "all.jsonl.sums"), "batch 12 3");

    open_again(f);

    assert_int_equal(f->last, 3);
    assert_file(in(f, "all.jsonl"), 1, 3);
    write_some(f, 4, 1);
    assert_file(in(f, "all.jsonl"), 1, 4);
}

static void a_batch_with_a_bad_page_is_cut_though_good_lines_follow(void **state)
{
    struct fixture *f = *state;
    off_t before;

    open_again(f);
    write_some(f, 1, 3);
    before = size_of(in(f, "all.jsonl"));
    assert_int_equal(try_write(f, 4, 100, 1000), 0);
    overwrite(in(f, "all.jsonl"), before + 5000, "\001garbage\001");

    open_again(f);

    assert_int_equal(f->last, 3);
    assert_file(in(f, "all.jsonl"), 1, 3);
}

static void an_edit_in_front_is_refused_with_its_line(void **state)
{
    struct fixture *f = *state;
    off_t before;

    open_again(f);
    write_some(f, 1, 10);
    before = size_of(in(f, "all.jsonl"));
    write_some(f, 11, 2);
    for (uint64_t i = 0; i < 20; i++)
        assert_int_equal(try_write(f, 13 + i, 1, 1000), 0);
    overwrite(in(f, "all.jsonl"), before + 20, "edited");

    assert_int_equal(try_open(f), ERR_FORMAT);

    assert_non_null(strstr(f->e.text, "all.jsonl:11: lines 11 to 12"));
    overwrite(in(f, "all.jsonl.sums"), 30, "?");
    assert_int_equal(try_open(f), ERR_FORMAT);
    assert_non_null(strstr(f->e.text, "all.jsonl.sums"));
}

static void an_edit_of_the_sidecar_is_refused_with_its_line(void **state)
{
    struct fixture *f = *state;
    char *text, *third;

    open_again(f);
    for (uint64_t i = 1; i < 10; i++)
        write_some(f, i, 1);
    text = read_text(in(f, "all.jsonl.sums"));
    third = strchr(strchr(text, '\n') + 1, '\n') + 1;
    overwrite(in(f, "all.jsonl.sums"), third + 8 - text, "7");

    assert_int_equal(try_open(f), ERR_FORMAT);

    assert_non_null(strstr(f->e.text, "all.jsonl.sums:3:"));
    free(text);
}

static void a_file_that_is_gone_or_cut_is_refused(void **state)
{
    struct fixture *f = *state;

    open_again(f);
    for (uint64_t i = 0; i < 10; i++)
        assert_int_equal(try_write(f, 1 + i, 1, 2000), 0);
    f->o->close(f->state);
    f->state = NULL;

    assert_int_equal(truncate(in(f, "all.jsonl"), 3000), 0);
    assert_int_equal(try_open(f), ERR_FORMAT);
    assert_non_null(strstr(f->e.text, "all.jsonl:2: the file ends here"));
    assert_int_equal(unlink(in(f, "all.jsonl")), 0);
    assert_int_equal(try_open(f), ERR_FORMAT);
    assert_non_null(strstr(f->e.text, "records 1 to 10"));
}

static void a_file_without_a_sidecar_is_refused(void **state)
{
    struct fixture *f = *state;

    open_again(f);
    write_some(f, 1, 1);
    assert_int_equal(unlink(in(f, "all.jsonl.sums")), 0);

    assert_int_equal(try_open(f), ERR_FORMAT);

    assert_non_null(strstr(f->e.text, "no "));
    assert_non_null(strstr(f->e.text, "all.jsonl.sums"));
}

static void a_crash_before_the_first_batch_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    char *text;

    open_again(f);
    write_some(f, 1, 1);
    text = read_text(in(f, "all.jsonl.sums"));
    assert_int_equal(truncate(in(f, "all.jsonl"), 0), 0);
    assert_int_equal(truncate(in(f, "all.jsonl.sums"), strchr(text, '\n') + 1 - text), 0);
    free(text);

    open_again(f);
    assert_int_equal(f->last, 0);
    assert_false(is_there(in(f, "all.jsonl.sums")));
    write_some(f, 1, 1);

    assert_file(in(f, "all.jsonl"), 1, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(what_a_crash_left_unfinished_is_cut),
        T(a_batch_with_a_bad_page_is_cut_though_good_lines_follow),
        T(an_edit_in_front_is_refused_with_its_line),
        T(an_edit_of_the_sidecar_is_refused_with_its_line),
        T(a_file_that_is_gone_or_cut_is_refused),
        T(a_file_without_a_sidecar_is_refused),
        T(a_crash_before_the_first_batch_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
