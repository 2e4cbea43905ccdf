/* config_files.h - a folder of configuration files for one test */
#ifndef TEST_CONFIG_FILES_H
#define TEST_CONFIG_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/mem.h"

/* For cmocka_unit_test_setup_teardown: *state is the folder's path. */
static inline int folder_make(void **state)
{
    char *dir = mem_strdup("/tmp/newsmq-test-config-XXXXXX");

    *state = mkdtemp(dir);
    return *state == NULL;
}

static inline int folder_remove(void **state)
{
    char *command = mem_printf("rm -rf '%s'", (const char *)*state);
    int rc = system(command);

    free(command);
    free(*state);
    return rc;
}

/* Writes a file of the folder and answers its path, which the caller frees. */
static inline char *folder_write_bytes(void **state, const char *name, struct str bytes)
{
    char *path = mem_printf("%s/%s", (const char *)*state, name);
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    assert_int_equal(fclose(f), 0);
    return path;
}

static inline char *folder_write(void **state, const char *name, const char *text)
{
    return folder_write_bytes(state, name, str_of(text));
}

static inline void folder_put(void **state, const char *name, const char *text)
{
    free(folder_write(state, name, text));
}

static inline void folder_mkdir(void **state, const char *name)
{
    char *path = mem_printf("%s/%s", (const char *)*state, name);

    assert_int_equal(mkdir(path, 0700), 0);
    free(path);
}

#define ON_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_make, folder_remove)

#endif
