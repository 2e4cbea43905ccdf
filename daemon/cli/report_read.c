/* Files of lines, packed or not. A line that is no record is told with its place, and the
   rest is read all the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newsmq/date.h"
#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/unpack.h"

#include "report.h"

#define CHUNK    ((size_t)1 << 18)
#define LINE_MAX ((size_t)32 << 20)
#define TOLD_MAX 20
#define SHOW_AT  ((uint64_t)8 << 20) /* bytes between two words on how far it is */

struct reading {
    struct report *r;
    const char *file;
    uint64_t line, bytes, shown;
    struct strbuf rest; /* of the last line, which may go on */
    bool is_too_long, shows;
};

static void tell(struct reading *in, const char *fault)
{
    if (++in->r->bad <= TOLD_MAX)
        fprintf(stderr, "newsmq report: %s:%llu: %s\n", in->file,
                (unsigned long long)in->line, fault);
    else if (in->r->bad == TOLD_MAX + 1)
        fprintf(stderr, "newsmq report: more such lines are only counted\n");
}

/* Whether the line is of the time that is asked for; one without a time is. */
static bool is_inside(const struct report *r, struct str line)
{
    static const struct str key = STR_INIT("date_seen");
    struct str value;
    struct date seen;

    if ((r->since_ms == 0 && r->until_ms == 0) ||
        json_scan(line, &key, 1, &value, NULL) < 0)
        return true;
    seen = date_read(json_plain(value));
    return !seen.known || ((r->since_ms == 0 || seen.ms >= r->since_ms) &&
                           (r->until_ms == 0 || seen.ms < r->until_ms));
}

static void take_line(struct reading *in, struct str line)
{
    struct err e = {0};

    in->line++;
    if (in->is_too_long) {
        in->is_too_long = false;
        tell(in, "a line too long to be a record");
        return;
    }
    if (str_trim(line).n == 0)
        return;
    in->r->lines++;
    if (!is_inside(in->r, line))
        in->r->outside++;
    else if (digest_add(in->r->digest, line, 0, &e) < 0)
        tell(in, e.text);
}

static void take_bytes(struct reading *in, struct str bytes)
{
    while (bytes.n > 0) {
        size_t end = str_find_char(bytes, '\n', 0);
        struct str part = {bytes.p, end == SIZE_MAX ? bytes.n : end};

        if (strbuf_add(&in->rest, part) < 0)
            in->is_too_long = true;
        if (end == SIZE_MAX)
            return;
        take_line(in, strbuf_str(&in->rest));
        strbuf_reset(&in->rest);
        bytes = str_slice(bytes, end + 1, bytes.n);
    }
}

static void show_progress(struct reading *in, size_t n)
{
    in->bytes += n;
    if (!in->shows || in->bytes - in->shown < SHOW_AT)
        return;
    in->shown = in->bytes;
    fprintf(stderr, "\r%llu lines, %llu MB\033[K", (unsigned long long)in->r->lines,
            (unsigned long long)(in->bytes / 1000000));
}

static int read_file(struct reading *in, const char *path)
{
    struct str name = str_of(path);
    struct unpack *u = NULL;
    struct err e = {0};
    char *buf = mem_new(CHUNK), *plain;
    ssize_t n = 0;
    int rc;

    if (str_has_suffix(name, STR(".zst")))
        name.n -= 4;
    plain = mem_dup(strcmp(path, "-") == 0 ? STR("/dev/stdin") : name);
    in->file = path;
    in->line = 0;
    rc = unpack_open(plain, &u, &e);
    while (rc == 0 && (n = unpack_read(u, buf, CHUNK, &e)) > 0) {
        take_bytes(in, (struct str){buf, (size_t)n});
        show_progress(in, (size_t)n);
    }
    if (in->rest.n > 0 || in->is_too_long)
        take_line(in, strbuf_str(&in->rest)); /* without an end of line */
    strbuf_reset(&in->rest);
    rc = rc < 0 ? rc : n < 0 ? (int)n : 0;
    if (rc < 0)
        fprintf(stderr, "newsmq report: %s\n", e.text);
    unpack_close(u);
    free(plain);
    free(buf);
    return rc;
}

int report_read(struct report *r)
{
    struct reading in = {.r = r, .rest = {.max = LINE_MAX}};
    int rc = 0;

    in.shows = isatty(STDERR_FILENO) != 0;
    for (size_t i = 0; rc == 0 && i < r->n_files; i++)
        rc = read_file(&in, r->files[i]);
    if (in.shown > 0)
        fprintf(stderr, "\r\033[K");
    strbuf_fini(&in.rest);
    return rc;
}
