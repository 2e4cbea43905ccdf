/* Classes of words: like vectors get one class, and the same seed the same file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "newsmq/mem.h"

#include "commands.h"

#define WORDS 400

struct files {
    char folder[64], vectors[96], classes[96];
};

static int files_make(void **state)
{
    struct files *f = mem_new(sizeof *f);

    (void)snprintf(f->folder, sizeof f->folder, "/tmp/test_classes.XXXXXX");
    if (mkdtemp(f->folder) == NULL)
        return -1;
    (void)snprintf(f->vectors, sizeof f->vectors, "%s/a.f32", f->folder);
    (void)snprintf(f->classes, sizeof f->classes, "%s/k.txt", f->folder);
    *state = f;
    return 0;
}

static int files_remove(void **state)
{
    struct files *f = *state;

    (void)unlink(f->vectors);
    (void)unlink(f->classes);
    (void)rmdir(f->folder);
    free(f);
    return 0;
}

/* Word i points into one of four directions, by turns. */
static void write_vectors(const struct files *f)
{
    static const float ways[4][3] = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0.1F}};
    FILE *out = fopen(f->vectors, "wb");

    assert_non_null(out);
    for (size_t i = 0; i < WORDS; i++)
        assert_int_equal(fwrite(ways[i % 4], sizeof ways[0], 1, out), 1);
    assert_int_equal(fclose(out), 0);
}

static int run(const struct files *f, const char *classes)
{
    char *argv[] = {"classes",
                    "--vectors",
                    (char *)(uintptr_t)f->vectors,
                    "--classes",
                    (char *)(uintptr_t)classes,
                    "--out",
                    (char *)(uintptr_t)f->classes,
                    "--frequent",
                    "200",
                    "--rounds",
                    "5",
                    "--dimensions",
                    "3"};

    return command_classes((int)(sizeof argv / sizeof argv[0]), argv);
}

static void read_classes(const struct files *f, unsigned of[WORDS])
{
    FILE *in = fopen(f->classes, "r");
    unsigned more;

    assert_non_null(in);
    for (size_t i = 0; i < WORDS; i++)
        assert_int_equal(fscanf(in, "%u", &of[i]), 1);
    assert_int_not_equal(fscanf(in, "%u", &more), 1);
    (void)fclose(in); /* only read */
}

static void words_that_point_one_way_are_of_one_class(void **state)
{
    unsigned of[WORDS];

    write_vectors(*state);
    assert_int_equal(run(*state, "16"), 0);
    read_classes(*state, of);

    for (size_t i = 4; i < WORDS; i++)
        assert_int_equal(of[i], of[i % 4]);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(of[i], of[k]);
}

static void the_same_seed_gives_the_same_classes(void **state)
{
    unsigned once[WORDS], again[WORDS];

    write_vectors(*state);
    assert_int_equal(run(*state, "32"), 0);
    read_classes(*state, once);
    assert_int_equal(run(*state, "32"), 0);
    read_classes(*state, again);
    assert_memory_equal(once, again, sizeof once);
}

static void numbers_of_classes_that_cannot_be_are_refused(void **state)
{
    write_vectors(*state);
    assert_int_not_equal(run(*state, "0"), 0);
    assert_int_not_equal(run(*state, "17"), 0);
    assert_int_not_equal(run(*state, "many"), 0);
}

#define WITH_FILES(f) cmocka_unit_test_setup_teardown(f, files_make, files_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILES(words_that_point_one_way_are_of_one_class),
        WITH_FILES(the_same_seed_gives_the_same_classes),
        WITH_FILES(numbers_of_classes_that_cannot_be_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
