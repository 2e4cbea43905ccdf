#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <signal.h>
#include <sys/resource.h>

#include "newsmq/clock.h"

#include "archive_kit.h"

/* ---- writing ---- */

static void a_batch_is_lines_with_contiguous_seqs(void **state)
{
    struct fixture *f = *state;

    open_again(f);
    assert_int_equal(f->last, 0);

    write_some(f, 1, 3);
    write_some(f, 4, 1);

    assert_file(in(f, "all.jsonl"), 1, 4);
}

static void an_archive_may_begin_anywhere(void **state)
{
    struct fixture *f = *state;

    open_again(f);

    write_some(f, 5000, 2);

    assert_file(in(f, "all.jsonl"), 5000, 5001);
    open_again(f);
    assert_int_equal(f->last, 5001);
}

static void it_goes_on_behind_what_it_holds(void **state)
{
    struct fixture *f = *state;

    open_again(f);
    write_some(f, 1, 10);

    open_again(f);
    assert_int_equal(f->last, 10);
    write_some(f, 11, 5);

    assert_file(in(f, "all.jsonl"), 1, 15);
    assert_false(is_there(in(f, "all-1.jsonl")));
}

static int write_json(struct fixture *f, const char *json)
{
    struct output_record r = {f->last + 1, STR("record/a/"), str_of(json)};
    int rc = f->o->write(f->state, &r, 1, &f->e);

    f->last += rc == 0;
    return rc;
}

static void html_is_dropped_without_touching_the_rest(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *json, *begin;
    } rows[] = {
        {"{\"content_html\":\"<b>\",\"a\":1}", "{\"a\":1,\"sink\":{"},
        {"{\"a\":1,\"content_html\":\"<b>\"}", "{\"a\":1,\"sink\":{"},
        {"{\"a\":1, \"content_html\" : null , \"b\":[2]}",
         "{\"a\":1,\"b\":[2],\"sink\":{"},
        {"{\"content_html\":{\"x\":[1,{}]},\"content_html\":2}", "{\"sink\":{"},
        {"{\"a\":\"\\\",\\\"content_html\\\":1\"}",
         "{\"a\":\"\\\",\\\"content_html\\\":1\",\"sink\":{"},
        {"{\"a\":{\"content_html\":1},\"b\":\"content_html\"}",
         "{\"a\":{\"content_html\":1},\"b\":\"content_html\",\"sink\":{"},
        {"{\"a\":\"}\\\\\",\"content_html\":\"]\\\\\\\"}\",\"b\":\"{\"}",
         "{\"a\":\"}\\\\\",\"b\":\"{\",\"sink\":{"},
        {"{}", "{\"sink\":{"},
        {" {\n\"a\":\r\n[1,\n2]} \n", "{ \"a\":  [1, 2],\"sink\":{"},
    };

    open_again(f);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *text, *from;

        assert_int_equal(write_json(f, rows[i].json), 0);
        text = read_text(in(f, "all.jsonl"));
        assert_int_equal(text[strlen(text) - 1], '\n');
        text[strlen(text) - 1] = '\0';
        from = strrchr(text, '\n');
        from = from != NULL ? from + 1 : text;
        if (strncmp(from, rows[i].begin, strlen(rows[i].begin)) != 0)
            fail_msg("row %zu: %s became %s", i, rows[i].json, from);
        assert_int_equal(json_scan(str_of(from), NULL, 0, NULL, &f->e), 0);
        free(text);
    }
}

static void html_stays_when_it_is_wanted(void **state)
{
    struct fixture *f = *state;
    char *text;

    f->c.include_html = true;
    open_again(f);

    assert_int_equal(write_json(f, "{\"content_html\":\"<b>\",\"a\":1}"), 0);

    text = read_text(in(f, "all.jsonl"));
    assert_non_null(strstr(text, "{\"content_html\":\"<b>\",\"a\":1,\"sink\":{"));
    free(text);
}

static void what_is_no_object_is_refused_whole(void **state)
{
    struct fixture *f = *state;

    open_again(f);

    assert_int_equal(write_json(f, "[1]"), ERR_FORMAT);
    assert_int_equal(write_json(f, ""), ERR_FORMAT);

    assert_int_equal(write_json(f, "{\"id\":\"1\"}"), 0);
    assert_file(in(f, "all.jsonl"), 1, 1);
}

/* ---- rotation ---- */

static void files_are_numbered_when_they_are_full(void **state)
{
    struct fixture *f = *state;

    f->c.rotate_bytes = 1000;
    open_again(f);

    write_some(f, 1, 5);
    write_some(f, 6, 5);
    write_some(f, 11, 20); /* a batch is not torn apart */
    write_some(f, 31, 1);

    assert_file(in(f, "all.jsonl"), 1, 5);
    assert_file(in(f, "all-1.jsonl"), 6, 10);
    assert_file(in(f, "all-2.jsonl"), 11, 30);
    assert_file(in(f, "all-3.jsonl"), 31, 31);
    open_again(f);
    assert_int_equal(f->last, 31);
}

static void a_day_that_is_over_is_closed_without_a_record(void **state)
{
    struct fixture *f = *state;
    glob_t found;
    char *text;

    (void)snprintf(f->path, sizeof f->path, "%s/out/%%Y/%%m-%%d.jsonl", f->dir);
    open_again(f);
    write_some(f, 1, 2);

    assert_int_equal(tick_all(f, clock_wall_ms() + 2 * DAY_MS), 0);

    assert_int_equal(glob(in(f, "2*/*.jsonl.sums"), 0, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, 1);
    text = read_text(found.gl_pathv[0]);
    assert_non_null(strstr(text, "\nclosed "));
    free(text);
    globfree(&found);
    write_some(f, 3, 1); /* the clock went back: the same day again */
    assert_int_equal(glob(in(f, "2*/*-1.jsonl"), 0, NULL, &found), 0);
    assert_file(found.gl_pathv[0], 3, 3);
    globfree(&found);
    open_again(f);
    assert_int_equal(f->last, 3);
}

static void closed_files_are_compressed(void **state)
{
    struct fixture *f = *state;
    char *text;

    f->c.rotate_bytes = 100;
    f->c.compress_closed = true;
    open_again(f);
    if (try_write(f, 1, 40, 100000) < 0)
        fail_msg("%s", f->e.text);
    write_some(f, 41, 1);

    assert_int_equal(tick_all(f, clock_wall_ms()), 0);

    assert_false(is_there(in(f, "all.jsonl")));
    assert_true(is_there(in(f, "all.jsonl.sums")));
    assert_false(is_there(in(f, "all.jsonl.zst.tmp")));
    text = read_packed(in(f, "all.jsonl.zst"));
    assert_lines(text, 1, 40);
    free(text);
    assert_file(in(f, "all-1.jsonl"), 41, 41);
    open_again(f);
    assert_int_equal(f->last, 41);
}

static void a_crash_while_compressing_leaves_one_whole(void **state)
{
    struct fixture *f = *state;
    char *plain, *packed;

    f->c.rotate_bytes = 100;
    open_again(f);
    write_some(f, 1, 4);
    write_some(f, 5, 1);
    plain = read_text(in(f, "all.jsonl"));
    f->c.compress_closed = true;
    assert_int_equal(tick_all(f, clock_wall_ms()), 0);
    packed = read_packed(in(f, "all.jsonl.zst"));
    assert_string_equal(plain, packed);
    close(
        open(in(f, "all.jsonl"), O_CREAT | O_WRONLY, 0600)); /* named, not yet removed */
    append(in(f, "all.jsonl"), plain);
    close(open(in(f, "all-1.jsonl.zst.tmp"), O_CREAT | O_WRONLY, 0600));
    write_some(f, 6, 1); /* closes all-1 */

    open_again(f);

    assert_int_equal(f->last, 6);
    assert_false(is_there(in(f, "all.jsonl")));
    assert_false(is_there(in(f, "all-1.jsonl.zst.tmp")));
    assert_true(is_there(in(f, "all-1.jsonl")));
    free(plain);
    free(packed);
}

static void another_file_beside_the_compressed_one_is_left_alone(void **state)
{
    struct fixture *f = *state;

    f->c.rotate_bytes = 100;
    f->c.compress_closed = true;
    open_again(f);
    write_some(f, 1, 4);
    write_some(f, 5, 1);
    assert_int_equal(tick_all(f, clock_wall_ms()), 0);
    close(open(in(f, "all.jsonl"), O_CREAT | O_WRONLY, 0600));
    append(in(f, "all.jsonl"), "my notes\n");

    open_again(f);

    assert_true(is_there(in(f, "all.jsonl")));
    assert_true(is_there(in(f, "all.jsonl.zst")));
}

static void a_changed_file_is_not_compressed_and_holds_up_nothing(void **state)
{
    struct fixture *f = *state;

    f->c.rotate_bytes = 100;
    open_again(f);
    for (uint64_t i = 1; i <= 3; i++)
        write_some(f, i, 1);
    append(in(f, "all.jsonl"), "mine\n");
    f->c.compress_closed = true;

    assert_int_equal(tick_all(f, clock_wall_ms()), ERR_FORMAT);
    assert_non_null(strstr(f->e.text, "somebody has changed it"));
    assert_int_equal(tick_all(f, clock_wall_ms()), 0);

    assert_true(is_there(in(f, "all.jsonl")));
    assert_false(is_there(in(f, "all.jsonl.zst")));
    assert_true(is_there(in(f, "all-1.jsonl.zst")));
}

static void old_files_go_but_the_newest_stays(void **state)
{
    struct fixture *f = *state;

    f->c.rotate_bytes = 100;
    f->c.keep_ms = DAY_MS;
    open_again(f);
    write_some(f, 1, 1);
    write_some(f, 2, 1);
    write_some(f, 3, 1);

    assert_int_equal(tick_all(f, clock_wall_ms() + HOUR_MS), 0);
    assert_true(is_there(in(f, "all.jsonl")));
    assert_int_equal(tick_all(f, clock_wall_ms() + 2 * DAY_MS), 0);

    assert_false(is_there(in(f, "all.jsonl")));
    assert_false(is_there(in(f, "all.jsonl.sums")));
    assert_false(is_there(in(f, "all-1.jsonl")));
    assert_file(in(f, "all-2.jsonl"), 3, 3);
    open_again(f);
    assert_int_equal(f->last, 3);
}

static void the_last_closed_file_stays_when_it_is_the_newest(void **state)
{
    struct fixture *f = *state;

    (void)snprintf(f->path, sizeof f->path, "%s/out/%%j.jsonl", f->dir);
    f->c.keep_ms = HOUR_MS;
    open_again(f);
    write_some(f, 1, 7);

    assert_int_equal(tick_all(f, clock_wall_ms() + 3 * DAY_MS), 0);

    open_again(f);
    assert_int_equal(f->last, 7);
}

/* ---- a full disk ---- */

static void nothing_of_a_batch_is_kept_when_the_disk_is_full(void **state)
{
    struct fixture *f = *state;
    struct rlimit was, limit;
    off_t before;

    (void)signal(SIGXFSZ, SIG_IGN);
    open_again(f);
    write_some(f, 1, 3);
    before = size_of(in(f, "all.jsonl"));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    limit = was;
    limit.rlim_cur = (rlim_t)before + 300;

    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(try_write(f, 4, 5, 100), -EFBIG);
    assert_int_equal(try_write(f, 4, 5, 100), -EFBIG);
    assert_int_equal(size_of(in(f, "all.jsonl")), before);
    assert_non_null(strstr(f->e.text, "all.jsonl"));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);

    assert_int_equal(try_write(f, 4, 5, 100), 0);
    assert_file(in(f, "all.jsonl"), 1, 8);
    open_again(f);
    assert_int_equal(f->last, 8);
}

static void no_new_file_on_a_full_disk_leaves_nothing_behind(void **state)
{
    struct fixture *f = *state;
    struct rlimit was, limit;

    (void)signal(SIGXFSZ, SIG_IGN);
    f->c.rotate_bytes = 100;
    open_again(f);
    write_some(f, 1, 3);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    limit = was;
    limit.rlim_cur = 10;

    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(try_write(f, 4, 1, 10), -EFBIG);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);

    assert_false(is_there(in(f, "all-1.jsonl")));
    assert_false(is_there(in(f, "all-1.jsonl.sums")));
    write_some(f, 4, 1);
    assert_file(in(f, "all.jsonl"), 1, 3);
    assert_file(in(f, "all-1.jsonl"), 4, 4);
}

/* ---- others ---- */

static void a_stranger_who_writes_meanwhile_is_noticed(void **state)
{
    struct fixture *f = *state;

    open_again(f);
    write_some(f, 1, 1);
    append(in(f, "all.jsonl"), "mine\n");
    assert_int_equal(try_write(f, 2, 1, 10), -ESTALE);

    open_again(f);
    write_some(f, 2, 1);
    assert_int_equal(rename(in(f, "all.jsonl"), in(f, "old.jsonl")), 0);
    assert_int_equal(try_write(f, 3, 1, 10), -ESTALE);
}

static void one_sink_has_a_folder(void **state)
{
    struct fixture *f = *state;
    struct config_sink c = f->c;
    char path[128];
    void *other;
    uint64_t last;
    bool has;

    open_again(f);
    (void)snprintf(path, sizeof path, "%s/out/other-%%Y.jsonl", f->dir);
    c.path = path;

    assert_int_equal(f->o->open(&c, &other, &last, &has, &f->e), -EBUSY);

    assert_non_null(strstr(f->e.text, "sink jsonl"));
}

static void another_store_is_refused(void **state)
{
    struct fixture *f = *state;

    open_again(f);
    assert_int_equal(f->o->claim(f->state, STR("one"), &f->e), 0);
    write_some(f, 1, 1);
    open_again(f);

    assert_int_equal(f->o->claim(f->state, STR("one"), &f->e), 0);
    assert_int_equal(f->o->claim(f->state, STR("two"), &f->e), ERR_CONFIG);

    assert_non_null(strstr(f->e.text, "another hub store"));
}

static void a_gap_is_marked(void **state)
{
    struct fixture *f = *state;
    char *text;

    open_again(f);
    write_some(f, 1, 2);
    assert_int_equal((f->o->skip)(f->state, 10, &f->e), 0);
    write_some(f, 10, 1);

    text = read_text(in(f, "all.jsonl.sums"));
    assert_non_null(strstr(text, "\ngap 3 9 "));
    free(text);
    open_again(f);
    assert_int_equal(f->last, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(a_batch_is_lines_with_contiguous_seqs),
        T(an_archive_may_begin_anywhere),
        T(it_goes_on_behind_what_it_holds),
        T(html_is_dropped_without_touching_the_rest),
        T(html_stays_when_it_is_wanted),
        T(what_is_no_object_is_refused_whole),
        T(files_are_numbered_when_they_are_full),
        T(a_day_that_is_over_is_closed_without_a_record),
        T(closed_files_are_compressed),
        T(a_crash_while_compressing_leaves_one_whole),
        T(another_file_beside_the_compressed_one_is_left_alone),
        T(a_changed_file_is_not_compressed_and_holds_up_nothing),
        T(old_files_go_but_the_newest_stays),
        T(the_last_closed_file_stays_when_it_is_the_newest),
        T(nothing_of_a_batch_is_kept_when_the_disk_is_full),
        T(no_new_file_on_a_full_disk_leaves_nothing_behind),
        T(a_stranger_who_writes_meanwhile_is_noticed),
        T(one_sink_has_a_folder),
        T(another_store_is_refused),
        T(a_gap_is_marked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
