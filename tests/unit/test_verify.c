#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/verify.h"

#include "archive_kit.h"

struct heard {
    struct strbuf text; /* "fault FILE:LINE: TEXT" with the folder cut off */
    struct verify_total t;
    struct err e;
    int rc;
};

static void hear(void *ctx, const struct verify_event *ev)
{
    static const char *const kinds[] = {"fault", "gap", "note"};
    struct heard *h = ctx;
    const char *name = strrchr(ev->file, '/');

    (void)strbuf_addf(&h->text, "%s %s:%" PRIu64 ": %s\n", kinds[ev->kind],
                      name != NULL ? name + 1 : ev->file, ev->line, ev->text);
}

static struct heard verify(const char *path)
{
    struct heard h = {.text.max = KIT_MAX};
    struct verify_hooks hooks = {hear, NULL, &h};

    h.rc = verify_paths(&path, 1, &hooks, &h.t, &h.e);
    return h;
}

static void assert_whole(const char *path, uint64_t first, uint64_t last)
{
    struct heard h = verify(path);

    if (h.rc < 0 || h.t.faults > 0)
        fail_msg("%s%s", h.e.text, strbuf_cstr(&h.text));
    assert_int_equal(h.t.first, first);
    assert_int_equal(h.t.last, last);
    assert_int_equal(h.t.records, last - first + 1);
    strbuf_fini(&h.text);
}

static void assert_heard(const char *path, const char *expected)
{
    struct heard h = verify(path);

    if (h.rc < 0 || h.t.faults == 0 || strstr(strbuf_cstr(&h.text), expected) == NULL)
        fail_msg("expected '%s', heard %s'%s'", expected, h.e.text, strbuf_cstr(&h.text));
    strbuf_fini(&h.text);
}

/* Four closed files, two of them packed, and an open one: records 1–10, …, 41–50. */
static void make_five(struct fixture *f)
{
    f->c.rotate_bytes = 100;
    open_again(f);
    for (uint64_t i = 0; i < 5; i++) {
        write_some(f, 1 + i * 10, 10);
        f->c.compress_closed = i < 3;
        assert_int_equal(tick_all(f, clock_wall_ms()), 0);
    }
}

static void a_whole_archive_is_whole(void **state)
{
    struct fixture *f = *state;
    struct heard h;

    make_five(f);

    assert_whole(in(f, ""), 1, 50);
    assert_whole(f->dir, 1, 50);
    h = verify(f->dir);
    assert_int_equal(h.t.files, 5);
    assert_int_equal(h.t.packed, 2);
    assert_int_equal(h.t.archives, 1);
    strbuf_fini(&h.text);
}

static void one_file_may_be_asked_for(void **state)
{
    struct fixture *f = *state;

    make_five(f);

    assert_whole(in(f, "all.jsonl.zst"), 1, 10);
    assert_whole(in(f, "all-2.jsonl"), 21, 30);
    assert_whole(in(f, "all-4.jsonl.sums"), 41, 50);
}

static void an_unfinished_batch_is_no_fault(void **state)
{
    struct fixture *f = *state;
    struct heard h;

    make_five(f);
    append(in(f, "all-4.jsonl"), "{\"id\":\"51\"");
    append(in(f, "all-4.jsonl.sums"), "batch 1");

    h = verify(in(f, ""));

    assert_int_equal(h.t.faults, 0);
    assert_int_equal(h.t.unfinished, 10);
    assert_int_equal(h.t.last, 50);
    strbuf_fini(&h.text);
}

static void a_changed_byte_is_found_with_its_line(void **state)
{
    struct fixture *f = *state;
    char *text, *line;

    make_five(f);
    text = read_text(in(f, "all-3.jsonl"));
    line = strchr(strchr(text, '\n') + 1, '\n') + 1;
    overwrite(in(f, "all-3.jsonl"), strstr(line, "xxx") - text, "y");
    assert_heard(in(f, ""),
                 "fault all-3.jsonl:1: lines 1 to 10 are not what was written");

    overwrite(in(f, "all-3.jsonl"), line - text, "?");

    assert_heard(in(f, ""), "fault all-3.jsonl:3: JSON at byte 0");
    free(text);
}

static void a_missing_file_is_found(void **state)
{
    struct fixture *f = *state;

    make_five(f);
    assert_int_equal(unlink(in(f, "all-2.jsonl")), 0);
    assert_heard(in(f, ""), "records 21 to 30 were in it");

    assert_int_equal(unlink(in(f, "all-2.jsonl.sums")), 0);

    assert_heard(in(f, ""), "fault all-3.jsonl:0: records 21 to 30 are missing");
}

static void a_cut_or_longer_file_is_found(void **state)
{
    struct fixture *f = *state;
    off_t size;

    make_five(f);
    size = size_of(in(f, "all-2.jsonl"));
    append(in(f, "all-2.jsonl"), "{}\n");
    assert_heard(in(f, ""), "fault all-2.jsonl:11: 3 bytes more");

    assert_int_equal(truncate(in(f, "all-2.jsonl"), size - 5), 0);

    assert_heard(in(f, ""), "fault all-2.jsonl:1: the file ends here; records 21 to 30");
}

static void damage_of_a_packed_file_is_found(void **state)
{
    struct fixture *f = *state;
    off_t size;

    make_five(f);
    size = size_of(in(f, "all.jsonl.zst"));
    overwrite(in(f, "all.jsonl.zst"), size - 3, "abc");
    assert_heard(in(f, ""), "fault all.jsonl:1: zstd: ");

    assert_int_equal(truncate(in(f, "all.jsonl.zst"), size - 9), 0);

    assert_heard(in(f, ""), "fault all.jsonl:1: zstd: the end is missing");
}

static void a_changed_sidecar_is_found(void **state)
{
    struct fixture *f = *state;

    make_five(f);
    overwrite(in(f, "all-3.jsonl.sums"), 20, "0000");
    assert_heard(in(f, ""), "all-3.jsonl.sums:1: not what was written");

    assert_int_equal(unlink(in(f, "all-3.jsonl.sums")), 0);
    overwrite(in(f, "all-2.jsonl.sums"), size_of(in(f, "all-2.jsonl.sums")) - 5, "0000");

    assert_heard(in(f, ""), "all-2.jsonl:0: not closed, but it is not the last one");
}

static void files_without_a_sidecar_are_read_too(void **state)
{
    struct fixture *f = *state;
    struct heard h;

    make_five(f);
    assert_int_equal(unlink(in(f, "all.jsonl.sums")), 0);
    assert_int_equal(unlink(in(f, "all-3.jsonl.sums")), 0);

    h = verify(in(f, ""));

    assert_int_equal(h.t.faults, 0);
    assert_int_equal(h.t.unchecked, 2);
    assert_int_equal(h.t.records, 50);
    assert_non_null(strstr(strbuf_cstr(&h.text), "note all-3.jsonl:0: no "));
    strbuf_fini(&h.text);
    assert_int_equal(link(in(f, "all-2.jsonl"), in(f, "mine.jsonl")), 0);
    assert_heard(in(f, ""), "fault mine.jsonl:1: seq 21 where 31 was expected");
}

static void a_marked_gap_is_told_and_no_fault(void **state)
{
    struct fixture *f = *state;
    struct heard h;

    open_again(f);
    write_some(f, 1, 2);
    assert_int_equal((f->o->skip)(f->state, 10, &f->e), 0);
    write_some(f, 10, 1);

    h = verify(in(f, ""));

    assert_int_equal(h.t.faults, 0);
    assert_int_equal(h.t.lost, 7);
    assert_non_null(strstr(strbuf_cstr(&h.text), "gap all.jsonl:3: records 3 to 9"));
    strbuf_fini(&h.text);
}

static void two_archives_are_two(void **state)
{
    struct fixture *f = *state;
    struct heard h;

    open_again(f);
    write_some(f, 1, 2);
    (void)snprintf(f->path, sizeof f->path, "%s/out/b/all.jsonl", f->dir);
    open_again(f);
    write_some(f, 1, 3);

    h = verify(in(f, ""));
    assert_int_equal(h.t.records, 2);
    strbuf_fini(&h.text);
    assert_int_equal(unlink(in(f, ".newsmq-sink")), 0);
    h = verify(in(f, "b"));
    assert_int_equal(h.t.records, 3);
    strbuf_fini(&h.text);
}

static void what_is_not_there_is_an_error(void **state)
{
    struct fixture *f = *state;
    struct heard h = verify(in(f, "nothing"));

    assert_int_equal(h.rc, -ENOENT);
    assert_non_null(strstr(h.e.text, "nothing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(a_whole_archive_is_whole),
        T(one_file_may_be_asked_for),
        T(an_unfinished_batch_is_no_fault),
        T(a_changed_byte_is_found_with_its_line),
        T(a_missing_file_is_found),
        T(a_cut_or_longer_file_is_found),
        T(damage_of_a_packed_file_is_found),
        T(a_changed_sidecar_is_found),
        T(files_without_a_sidecar_are_read_too),
        T(a_marked_gap_is_told_and_no_fault),
        T(two_archives_are_two),
        T(what_is_not_there_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
