/* Model files: what was put in comes out, and files that do not fit are told so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "../../workers/tagger/model.h"

static char *new_path(void)
{
    char *path = mem_strdup("/tmp/newsmq-model-XXXXXX");
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    close(fd);
    return path;
}

static void drop_path(char *path)
{
    unlink(path);
    free(path);
}

static char *small_model(void)
{
    static const struct model_head head = {"small", "1.2", "xx"};
    const struct model_part parts[] = {{"info", STR_INIT("{\"a\":1}")},
                                       {"empty", {"", 0}},
                                       {"long", STR_INIT("0123456789")}};
    char *path = new_path();
    struct err e;

    assert_int_equal(model_write(path, &head, parts, ARRAY_LEN(parts), &e), 0);
    return path;
}

static void model_gives_back_what_was_written(void **state)
{
    char *path = small_model();
    struct model *m;
    struct err e;
    const struct model_about *about;

    (void)state;
    assert_int_equal(model_open(path, &m, &e), 0);

    about = model_about(m);
    assert_true(str_eq(about->name, STR("small")));
    assert_true(str_eq(about->version, STR("1.2")));
    assert_true(str_eq(about->language, STR("xx")));
    assert_true(str_eq(about->info, STR("{\"a\":1}")));
    assert_true(str_eq(model_section(m, "long"), STR("0123456789")));
    assert_non_null(model_section(m, "empty").p);
    assert_int_equal(model_section(m, "empty").n, 0);
    assert_null(model_section(m, "none").p);
    assert_int_equal((uintptr_t)model_section(m, "long").p % MODEL_ALIGN, 0);
    model_close(m);
    drop_path(path);
}

/* ---- files that do not fit ---- */

struct fault {
    const char *says;
    size_t at; /* of the byte that is changed */
    char by;
    size_t cut; /* bytes at the end */
    bool seal;
};

static void write_bytes(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
}

static void a_file_that_does_not_fit_is_told(void **state)
{
    static const struct fault faults[] = {
        {"is not a model of newsmq", 0, 'x', 0, false},
        {"another byte order", 8, 9, 0, false},
        {"version 2 of the format, this program reads version 1", 12, 2, 0, false},
        {"copy it again", 0, 'n', 64, false},
        {"is damaged", 300, 'x', 0, false},
        {"is damaged", 16, 'x', 0, false},
        {"makes no sense", 32, 100, 0, true},
        {"makes no sense", 40, '\0', 0, true},
        {"section 1 lies outside the file", 136 + 32, 1, 0, true},
    };
    char *path = small_model();
    struct strbuf whole = {.max = 1 << 20};
    struct err e;

    (void)state;
    assert_int_equal(os_read_file(path, whole.max, &whole, &e), 0);
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        const struct fault *f = &faults[i];
        struct str bytes = {mem_dup(strbuf_str(&whole)), whole.n - f->cut};
        struct model *m = NULL;

        ((char *)(uintptr_t)bytes.p)[f->at] = f->by;
        if (f->seal)
            model_seal((char *)(uintptr_t)bytes.p, bytes.n);
        write_bytes(path, bytes);
        assert_true(model_open(path, &m, &e) < 0);
        assert_null(m);
        if (strstr(e.text, f->says) == NULL || strstr(e.text, path) == NULL)
            fail_msg("fault %zu: '%s' does not say '%s'", i, e.text, f->says);
        free((char *)(uintptr_t)bytes.p);
    }
    strbuf_fini(&whole);
    drop_path(path);
}

static void what_is_no_file_is_told(void **state)
{
    static const struct {
        const char *path, *says;
    } rows[] = {
        {"/tmp/newsmq-no-such.model", "cannot be opened: No such file"},
        {"/tmp", "is not a model"},
        {"/dev/null", "is not a model"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct model *m = NULL;
        struct err e;

        assert_true(model_open(rows[i].path, &m, &e) < 0);
        assert_non_null(strstr(e.text, rows[i].says));
        assert_non_null(strstr(e.text, rows[i].path));
    }
}

static void every_file_that_is_cut_off_is_refused(void **state)
{
    char *path = small_model();
    struct strbuf whole = {.max = 1 << 20};
    struct err e;

    (void)state;
    assert_int_equal(os_read_file(path, whole.max, &whole, &e), 0);
    for (size_t n = 0; n < whole.n; n++) {
        struct model *m = NULL;

        write_bytes(path, (struct str){whole.p, n});
        assert_true(model_open(path, &m, &e) < 0);
    }
    strbuf_fini(&whole);
    drop_path(path);
}

/* ---- tables ---- */

static void tables_give_back_what_was_put_in(void **state)
{
    static const struct model_head head = {"small", "1", "xx"};
    struct table_entry entries[1000];
    struct model_part part = {"t", {0}};
    char *path = new_path();
    struct model *m;
    struct table t;
    struct err e;
    uint32_t value;

    (void)state;
    for (uint32_t i = 0; i < 1000; i++)
        entries[i] = (struct table_entry){(i + 1) * UINT64_C(0x9E3779B97F4A7C15), i};
    part.bytes = table_make(entries, 1000);
    assert_int_equal(model_write(path, &head, &part, 1, &e), 0);
    assert_int_equal(model_open(path, &m, &e), 0);
    assert_int_equal(table_open(m, "t", &t, &e), 0);

    for (uint32_t i = 0; i < 1000; i++) {
        assert_true(table_get(&t, entries[i].hash, &value));
        assert_int_equal(value, i);
    }
    assert_false(table_get(&t, UINT64_C(12345678901), &value));
    model_close(m);
    free((char *)(uintptr_t)part.bytes.p);
    drop_path(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(model_gives_back_what_was_written),
        cmocka_unit_test(a_file_that_does_not_fit_is_told),
        cmocka_unit_test(what_is_no_file_is_told),
        cmocka_unit_test(every_file_that_is_cut_off_is_refused),
        cmocka_unit_test(tables_give_back_what_was_put_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
