/* An archive in a folder of its own, and what a test asks of it. */
#ifndef TESTS_ARCHIVE_KIT_H
#define TESTS_ARCHIVE_KIT_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/output.h"

#define KIT_MAX ((size_t)64 << 20)

struct fixture {
    char dir[64];
    char path[128];
    struct config_sink c;
    const struct output *o;
    void *state;
    uint64_t last;
    struct err e;
};

static inline int setup(void **state)
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

static inline int remove_one(const char *path, const struct stat *st, int kind,
                             struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

static inline int teardown(void **state)
{
    struct fixture *f = *state;

    if (f->state != NULL)
        f->o->close(f->state);
    f->state = NULL;
    return nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline int try_open(struct fixture *f)
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

static inline void open_again(struct fixture *f)
{
    if (try_open(f) < 0)
        fail_msg("%s", f->e.text);
}

static inline int try_write(struct fixture *f, uint64_t first, size_t n, size_t bytes)
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

static inline void write_some(struct fixture *f, uint64_t first, size_t n)
{
    if (try_write(f, first, n, 50) < 0)
        fail_msg("%s", f->e.text);
}

static inline char *in(const struct fixture *f, const char *name)
{
    static char paths[4][256];
    static unsigned at;

    at = (at + 1) % 4;
    (void)snprintf(paths[at], sizeof paths[at], "%s/out/%s", f->dir, name);
    return paths[at];
}

static inline bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static inline off_t size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? st.st_size : -1;
}

static inline char *read_text(const char *path)
{
    struct strbuf b = {.max = KIT_MAX};

    assert_int_equal(os_read_file(path, KIT_MAX, &b, NULL), 0);
    return strbuf_take(&b);
}

static inline char *read_packed(const char *path)
{
    struct strbuf b = {.max = KIT_MAX};
    char *to = mem_new(KIT_MAX);
    size_t n;

    assert_int_equal(os_read_file(path, KIT_MAX, &b, NULL), 0);
    n = ZSTD_decompress(to, KIT_MAX - 1, b.p, b.n);
    assert_false(ZSTD_isError(n));
    to[n] = '\0';
    strbuf_fini(&b);
    return to;
}

/* Whether text is whole lines with the seqs first … last and nothing else. */
static inline void assert_lines(const char *text, uint64_t first, uint64_t last)
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

static inline void assert_file(const char *path, uint64_t first, uint64_t last)
{
    char *text = read_text(path);

    assert_lines(text, first, last);
    free(text);
}

static inline void append(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_APPEND);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static inline void overwrite(const char *path, off_t at, const char *text)
{
    int fd = open(path, O_WRONLY);

    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, text, strlen(text), at), (ssize_t)strlen(text));
    close(fd);
}

/* Ticks at wall_ms until there is nothing more to do. */
static inline int tick_all(struct fixture *f, int64_t wall_ms)
{
    int rc;

    do
        rc = f->o->tick(f->state, wall_ms, &f->e);
    while (rc == 1);
    return rc;
}

#endif
