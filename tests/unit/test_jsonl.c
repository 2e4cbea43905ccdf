#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "newsmq/clock.h"
#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/output.h"

#define MAX ((size_t)64 << 20)

struct fixture {
    char dir[64];
    char path[128];
    struct config_sink c;
    const struct output *o;
    void *state;
    uint64_t last;
    struct err e;
};

static int setup(void **state)
{
    static struct fixture f;

    f = (struct fixture){.dir = "/tmp/nmq-jsonl-XXXXXX", .o = output_find(STR("jsonl"))};
    assert_non_null(mkdtemp(f.dir));
    (void)snprintf(f.path, sizeof f.path, "%s/out/all.jsonl", f.dir);
    f.c = (struct config_sink){.type = (char *)(uintptr_t) "jsonl",
                               .name = (char *)(uintptr_t) "jsonl",
                               .path = f.path};
    log_set_level(LOG_LEVEL_ERROR);
    *state = &f;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    if (f->state != NULL)
        f->o->close(f->state);
    f->state = NULL;
    return nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int try_open(struct fixture *f)
{
    bool has_cursor = false;
    int rc;

    if (f->state != NULL)
        f->o->close(f->state);
    f->state = NULL;
    rc = f->o->open(&f->c, &f->state, &f->last, &has_cursor, &f->e);
    assert_true(rc < 0 || has_cursor);
    return rc;
}

static void open_again(struct fixture *f)
{
    if (try_open(f) < 0)
        fail_msg("%s", f->e.text);
}

static int try_write(struct fixture *f, uint64_t first, size_t n, size_t bytes)
{
    struct output_record *r = mem_new_array(n, sizeof *r);
    char *filler = mem_new(bytes + 1);
    char **texts = mem_new_array(n, sizeof *texts);
    int rc;

    memset(filler, 'x', bytes);
    for (size_t i = 0; i < n; i++) {
        texts[i] =
            mem_printf("{\"id\":\"%" PRIu64 "\",\"text\":\"%s\"}", first + i, filler);
        r[i] = (struct output_record){first + i, STR("record/a/b/en/"), str_of(texts[i])};
    }
    rc = f->o->write(f->state, r, n, &f->e);
    for (size_t i = 0; i < n; i++)
        free(texts[i]);
    free(texts);
    free(filler);
    free(r);
    return rc;
}

static void write_some(struct fixture *f, uint64_t first, size_t n)
{
    if (try_write(f, first, n, 50) < 0)
        fail_msg("%s", f->e.text);
}

static char *in(const struct fixture *f, const char *name)
{
    static char paths[4][256];
    static unsigned at;

    at = (at + 1) % 4;
    (void)snprintf(paths[at], sizeof paths[at], "%s/out/%s", f->dir, name);
    return paths[at];
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static off_t size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? st.st_size : -1;
}

static char *read_text(const char *path)
{
    struct strbuf b = {.max = MAX};

    assert_int_equal(os_read_file(path, MAX, &b, NULL), 0);
    return strbuf_take(&b);
}

static char *read_packed(const char *path)
{
    struct strbuf b = {.max = MAX};
    char *to = mem_new(MAX);
    size_t n;

    assert_int_equal(os_read_file(path, MAX, &b, NULL), 0);
    n = ZSTD_decompress(to, MAX - 1, b.p, b.n);
    assert_false(ZSTD_isError(n));
    to[n] = '\0';
    strbuf_fini(&b);
    return to;
}

/* Whether text is whole lines with the seqs first … last and nothing else. */
static void assert_lines(const char *text, uint64_t first, uint64_t last)
{
    static const struct str of_line[] = {STR_INIT("id"), STR_INIT("sink")};
    static const struct str of_sink[] = {STR_INIT("seq"), STR_INIT("time"),
                                         STR_INIT("version")};
    struct str rest = str_of(text), values[2], sink[3];
    uint64_t seq = first - 1, n;
    struct err e;

    assert_true(rest.n == 0 || rest.p[rest.n - 1] == '\n');
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');

        if (json_scan(line, of_line, 2, values, &e) < 0 ||
            json_scan(values[1], of_sink, 3, sink, &e) < 0)
            fail_msg("%.*s: %s", STR_ARG(line), e.text);
        assert_true(str_to_u64(sink[0], &n));
        assert_int_equal(n, ++seq);
        assert_true(str_to_u64(json_plain(values[0]), &n));
        assert_int_equal(n, seq);
        assert_non_null(sink[1].p);
        assert_non_null(sink[2].p);
    }
    assert_int_equal(seq, last);
}

static void assert_file(const char *path, uint64_t first, uint64_t last)
{
    char *text = read_text(path);

    assert_lines(text, first, last);
    free(text);
}

static void append(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_APPEND);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void overwrite(const char *path, off_t at, const char *text)
{
    int fd = open(path, O_WRONLY);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, text, strlen(text), at), (ssize_t)strlen(text));
    close(fd);
}

/* Ticks at wall_ms until there is nothing more to do. */
static int tick_all(struct fixture *f, int64_t wall_ms)
{
    int rc;

    do
        rc = f->o->tick(f->state, wall_ms, &f->e);
    while (rc == 1);
    return rc;
}

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
        T(old_files_go_but_the_newest_stays),
        T(the_last_closed_file_stays_when_it_is_the_newest),
        T(nothing_of_a_batch_is_kept_when_the_disk_is_full),
        T(no_new_file_on_a_full_disk_leaves_nothing_behind),
        T(what_a_crash_left_unfinished_is_cut),
        T(a_batch_with_a_bad_page_is_cut_though_good_lines_follow),
        T(an_edit_in_front_is_refused_with_its_line),
        T(an_edit_of_the_sidecar_is_refused_with_its_line),
        T(a_file_that_is_gone_or_cut_is_refused),
        T(a_file_without_a_sidecar_is_refused),
        T(a_crash_before_the_first_batch_leaves_nothing),
        T(a_stranger_who_writes_meanwhile_is_noticed),
        T(one_sink_has_a_folder),
        T(another_store_is_refused),
        T(a_gap_is_marked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
