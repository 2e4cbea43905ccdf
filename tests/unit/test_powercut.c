/* The power goes: what was not synced is cut, zeroed, or has a page of garbage with good
   pages behind it. Whatever it left, what was acknowledged is there, once and whole. The
   seed is printed; POWERCUT_SEED and POWERCUT_ROUNDS choose others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "newsmq/clock.h"
#include "newsmq/verify.h"

#include "archive_kit.h"
#include "powercut.h"

#define PAGE 4096

/* ---- the archive as a whole ---- */

static void hear(void *ctx, const struct verify_event *ev)
{
    struct strbuf *out = ctx;

    (void)strbuf_addf(out, "%s:%" PRIu64 ": %s\n", ev->file, ev->line, ev->text);
}

static void assert_whole(struct fixture *f, uint64_t last, const char *when)
{
    struct strbuf text = {.max = KIT_MAX};
    struct verify_hooks hooks = {hear, NULL, &text};
    const char *path = f->dir;
    struct verify_total t;

    if (verify_paths(&path, 1, &hooks, &t, &f->e) < 0)
        fail_msg("%s: %s", when, f->e.text);
    if (t.faults > 0 || t.records != last ||
        (last > 0 && (t.first != 1 || t.last != last)))
        fail_msg("%s: expected 1-%" PRIu64 ", found %" PRIu64 "-%" PRIu64 "\n%s", when,
                 last, t.first, t.last, strbuf_cstr(&text));
    strbuf_fini(&text);
}

/* ---- every way at every place ---- */

enum way { CUT, ZEROED, GARBAGE };

static char *spoilt(const char *text, size_t n, size_t from, enum way way, size_t *ret_n)
{
    char *to = mem_new(n + 1);

    memcpy(to, text, n);
    *ret_n = way == CUT ? from : n;
    if (way == ZEROED)
        memset(to + from, 0, n - from);
    for (size_t i = from; way == GARBAGE && i < n && i < from + PAGE; i++)
        to[i] = (char)('a' + i % 7);
    return to;
}

static void put(const char *path, const char *text, size_t n)
{
    int fd = open(path, O_WRONLY | O_TRUNC);

    assert_true(fd >= 0);
    assert_int_equal(os_write_all(fd, (struct str){text, n}, NULL), 0);
    close(fd);
}

struct before_after {
    char *file, *sums; /* after the last batch */
    size_t file_n, sums_n, file_before, sums_before;
};

static struct before_after make_batches(struct fixture *f, size_t bytes)
{
    struct before_after b;

    open_again(f);
    write_some(f, 1, 10);
    write_some(f, 11, 1);
    b.file_before = (size_t)size_of(in(f, "all.jsonl"));
    b.sums_before = (size_t)size_of(in(f, "all.jsonl.sums"));
    assert_int_equal(try_write(f, 12, 20, bytes), 0);
    f->o->close(f->state);
    f->state = NULL;
    b.file = read_text(in(f, "all.jsonl"));
    b.sums = read_text(in(f, "all.jsonl.sums"));
    b.file_n = (size_t)size_of(in(f, "all.jsonl"));
    b.sums_n = (size_t)size_of(in(f, "all.jsonl.sums"));
    return b;
}

static void try_one(struct fixture *f, const struct before_after *b, size_t file_from,
                    enum way file_way, size_t sums_from, enum way sums_way)
{
    size_t file_n, sums_n;
    char *file = spoilt(b->file, b->file_n, file_from, file_way, &file_n);
    char *sums = spoilt(b->sums, b->sums_n, sums_from, sums_way, &sums_n);
    bool is_whole = file_from == b->file_n && sums_from == b->sums_n;
    char when[128];

    (void)snprintf(when, sizeof when, "file way %d from %zu, sums way %d from %zu",
                   (int)file_way, file_from, (int)sums_way, sums_from);
    put(in(f, "all.jsonl"), file, file_n);
    put(in(f, "all.jsonl.sums"), sums, sums_n);
    if (try_open(f) < 0)
        fail_msg("%s: %s", when, f->e.text);
    if (f->last != (is_whole ? 31u : 11u))
        fail_msg("%s: last is %" PRIu64, when, f->last);
    assert_whole(f, f->last, when);
    write_some(f, f->last + 1, 3);
    assert_whole(f, f->last + 3, when);
    free(file);
    free(sums);
}

static void each_way_at_each_place_of_the_last_batch(void **state)
{
    struct fixture *f = *state;
    struct before_after b = make_batches(f, 600);
    size_t d = b.file_n - b.file_before, s = b.sums_n - b.sums_before;
    const size_t at[] = {0, 1, d / 3, d / 2, d - 2, d - 1, d};
    const size_t sums_at[] = {0, 1, s / 2, s - 2, s - 1, s};

    for (size_t i = 0; i < ARRAY_LEN(at); i++)
        for (size_t k = 0; k < ARRAY_LEN(sums_at); k++)
            for (unsigned ways = 0; ways < 9; ways++)
                try_one(f, &b, b.file_before + at[i], (enum way)(ways % 3),
                        b.sums_before + sums_at[k], (enum way)(ways / 3));
    free(b.file);
    free(b.sums);
}

/* ---- at random ---- */

static uint64_t seed_now;

static uint64_t draw(uint64_t below)
{
    seed_now ^= seed_now << 13;
    seed_now ^= seed_now >> 7;
    seed_now ^= seed_now << 17;
    return seed_now % below;
}

static uint64_t from_env(const char *name, uint64_t otherwise)
{
    uint64_t n;

    return str_to_u64(str_of(getenv(name)), &n) ? n : otherwise;
}

/* What the disk holds of a file whose bytes behind `durable` were never synced. */
static void spoil(const char *path, uint64_t durable)
{
    char garbage[PAGE];
    int fd = open(path, O_RDWR);
    uint64_t size = (uint64_t)size_of(path), from, end;

    if (fd < 0 || size <= durable || draw(4) == 0) {
        close(fd);
        return;
    }
    from = durable + draw(size - durable);
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (char)draw(256);
    switch (draw(3)) {
    case 0:
        assert_int_equal(ftruncate(fd, (off_t)from), 0);
        break;
    case 1:
        assert_int_equal(ftruncate(fd, (off_t)from), 0);
        assert_int_equal(ftruncate(fd, (off_t)size), 0); /* a hole reads as zeros */
        break;
    default:
        from = from / PAGE * PAGE > durable ? from / PAGE * PAGE : durable;
        end = (from / PAGE + 1) * PAGE < size ? (from / PAGE + 1) * PAGE : size;
        assert_int_equal(pwrite(fd, garbage, (size_t)(end - from), (off_t)from),
                         (ssize_t)(end - from));
    }
    close(fd);
}

/* Also what the disk holds after it is durable: that is what the next start finds. */
static void cut_power(const struct fixture *f)
{
    char *folder = in(f, "");
    DIR *d = opendir(folder);
    const struct dirent *ent;

    while (d != NULL && (ent = readdir(d)) != NULL) {
        const struct powercut_file *file;
        char *path = mem_printf("%s%s", folder, ent->d_name);

        if (ent->d_type == DT_REG && ent->d_name[0] != '.') {
            file = powercut_find(ent->d_ino);
            if (file->named == 0 && draw(2) == 0)
                (void)unlink(path);
            else
                spoil(path, file->durable);
            if (size_of(path) >= 0)
                powercut_find(ent->d_ino)->durable = (uint64_t)size_of(path);
        }
        free(path);
    }
    if (d != NULL)
        closedir(d);
}

/* Writes until the power goes, and says in *acked what was durable by then. */
static void live(struct fixture *f, volatile uint64_t *acked)
{
    uint64_t next;

    if (try_open(f) < 0) {
        fprintf(stderr, "%s\n", f->e.text);
        _exit(1);
    }
    if (f->last < *acked)
        _exit(2);
    for (next = f->last + 1;;) {
        size_t n = 1 + draw(20);

        if (try_write(f, next, n, 10 + draw(draw(4) == 0 ? 3000 : 100)) < 0 ||
            (draw(3) == 0 && tick_all(f, clock_wall_ms()) < 0)) {
            fprintf(stderr, "%s\n", f->e.text);
            _exit(3);
        }
        next += n;
        *acked = next - 1;
    }
}

static void one_life(struct fixture *f, volatile uint64_t *acked, const char *when)
{
    struct powercut_map *m = powercut_map();
    int status;
    pid_t pid;

    if (f->state != NULL)
        f->o->close(f->state);
    f->state = NULL;
    m->calls = 0;
    m->die_at = 1 + draw(draw(3) == 0 ? 8 : 80);
    m->random = draw(1u << 30);
    f->c.rotate_bytes = draw(2) == 0 ? 0 : 2000 + draw(30000);
    f->c.compress_closed = draw(2) == 0;
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        live(f, acked);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != POWERCUT_EXIT)
        fail_msg("%s: the writer ended with %d", when, status);
    m->die_at = 0;
    cut_power(f);
}

static void a_life_of_power_cuts_loses_nothing(void **state)
{
    uint64_t rounds = from_env("POWERCUT_ROUNDS", 300), at = 0;
    uint64_t seed = from_env("POWERCUT_SEED", 20261123);
    volatile uint64_t *acked =
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char when[64];

    assert_true(acked != MAP_FAILED);
    print_message("POWERCUT_SEED=%" PRIu64 " POWERCUT_ROUNDS=%" PRIu64 "\n", seed,
                  rounds);
    seed_now = seed | 1;
    for (; at < rounds;) {
        struct fixture *f = *state;
        uint64_t lives = at + 10 + draw(20);

        *acked = 0;
        for (; at < rounds && at < lives; at++) {
            (void)snprintf(when, sizeof when, "round %" PRIu64, at);
            one_life(f, acked, when);
            if (draw(2) == 0)
                continue; /* the next life begins with the recovery, and may end in it */
            if (try_open(f) < 0)
                fail_msg("%s: %s", when, f->e.text);
            if (f->last < *acked)
                fail_msg("%s: %" PRIu64 " was acknowledged, %" PRIu64 " is there", when,
                         *acked, f->last);
            *acked = f->last;
            assert_whole(f, f->last, when);
        }
        assert_int_equal(teardown(state), 0);
        assert_int_equal(setup(state), 0);
    }
    assert_int_equal(munmap((void *)(uintptr_t)acked, PAGE), 0);
}

/* The map is no file of the archive. */
static int begin(void **state)
{
    static char path[] = "/tmp/nmq-powercut-XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    if (fd < 0 || setenv("POWERCUT_MAP", path, 1) < 0)
        return -1;
    close(fd);
    powercut_map()->only_notes = 1;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        T(each_way_at_each_place_of_the_last_batch),
        T(a_life_of_power_cuts_loses_nothing),
    };

    return cmocka_run_group_tests(tests, begin, NULL);
}
