/* bench-sink: records a second that the jsonl output makes durable, beside the rate at
   which this machine's disk makes the same bytes durable by itself.

   Usage: bench-sink [FOLDER] [SECONDS a row]       both are by the same calls in one run
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/output.h"

#define RECORD_BYTES 2048
#define BATCH_MAX    1024

static char *make_record(uint64_t seq)
{
    char *text = mem_new(RECORD_BYTES + 1);
    int n = snprintf(
        text, RECORD_BYTES,
        "{\"schema\":\"record/1\",\"id\":\"%020" PRIu64 "\",\"content_text\":\"", seq);

    memset(text + n, 'n', RECORD_BYTES - (size_t)n);
    memcpy(text + RECORD_BYTES - 2, "\"}", 2);
    return text;
}

static double seconds_since(struct mono from)
{
    return (double)(clock_mono().ns - from.ns) / 1e9;
}

/* Batches a second: an append and an fdatasync each. */
static double run_disk(const char *folder, size_t n, double seconds)
{
    char *path = mem_printf("%s/disk", folder), *bytes = mem_new(n * RECORD_BYTES);
    int fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);
    struct mono from = clock_mono();
    off_t at = 0;
    double batches = 0;

    while (fd >= 0 && seconds_since(from) < seconds) {
        if (pwrite(fd, bytes, n * RECORD_BYTES, at) < 0 || fdatasync(fd) < 0) {
            perror(path);
            exit(1);
        }
        at += (off_t)(n * RECORD_BYTES);
        batches++;
    }
    batches /= seconds_since(from);
    if (fd >= 0)
        close(fd);
    (void)unlink(path);
    free(path);
    free(bytes);
    return batches;
}

static void remove_files(const char *folder)
{
    static const char *const names[] = {"bench.jsonl", "bench.jsonl.sums",
                                        ".newsmq-sink"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char *path = mem_printf("%s/out/%s", folder, names[i]);

        (void)unlink(path);
        free(path);
    }
}

static double run_output(const char *folder, size_t n, double seconds)
{
    const struct output *o = output_find(STR("jsonl"));
    struct config_sink c = {.type = mem_strdup("jsonl"),
                            .name = mem_strdup("bench"),
                            .path = mem_printf("%s/out/bench.jsonl", folder)};
    struct output_record *r = mem_new_array(n, sizeof *r);
    struct err e = {0};
    uint64_t seq = 0;
    bool has_cursor;
    double batches = 0;
    struct mono from;
    void *state;

    for (size_t i = 0; i < n; i++)
        r[i] = (struct output_record){
            0, STR("record/a/b/en/"), {make_record(i), RECORD_BYTES}};
    if (o->open(&c, &state, &seq, &has_cursor, &e) < 0) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    for (from = clock_mono(); seconds_since(from) < seconds; batches++) {
        for (size_t i = 0; i < n; i++)
            r[i].seq = ++seq;
        if (o->write(state, r, n, &e) < 0) {
            fprintf(stderr, "%s\n", e.text);
            exit(1);
        }
    }
    batches /= seconds_since(from);
    o->close(state);
    remove_files(folder);
    for (size_t i = 0; i < n; i++)
        free((void *)(uintptr_t)r[i].json.p);
    free(r);
    free(c.type);
    free(c.name);
    free(c.path);
    return batches;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = {1, 8, 64, 256, BATCH_MAX};
    char place[] = "/tmp/nmq-bench-XXXXXX";
    const char *folder = argc > 1 ? argv[1] : mkdtemp(place);
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 2;

    log_set_level(LOG_LEVEL_WARN);
    printf("records of %d bytes in %s\n", RECORD_BYTES, folder);
    printf("%8s %14s %14s %14s %8s\n", "a batch", "disk batches/s", "sink batches/s",
           "sink records/s", "of disk");
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        double disk = run_disk(folder, sizes[i], seconds);
        double sink = run_output(folder, sizes[i], seconds);

        printf("%8zu %14.0f %14.0f %14.0f %7.0f%%\n", sizes[i], disk, sink,
               sink * (double)sizes[i], 100 * sink / disk);
    }
    if (argc < 2) {
        char *out = mem_printf("%s/out", folder);

        (void)rmdir(out);
        (void)rmdir(folder);
        free(out);
    }
    return 0;
}
