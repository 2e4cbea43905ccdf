/* Every file of an archive in the order of seq, forward, batch by batch. The sink may be
   at work: what a sidecar says was written before it said so, a batch without its line
   there is just being written, and a fault in a file that is not closed is looked at
   again, since a batch that found no room is taken back. */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "newsmq/hash.h"
#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/unpack.h"
#include "newsmq/verify.h"

#include "archive.h"
#include "verify_private.h"

#define PIECE    ((size_t)1 << 20)
#define AGAIN    2
#define AGAIN_MS 100

/* One look at one file. */
struct look {
    struct verify_run *run;
    const struct archive_file *f;
    struct found *found;
    struct sums s;
    struct unpack *text;
    struct strbuf batch;
    uint64_t line;     /* number of the last one that was looked at */
    uint64_t expected; /* seq of the next; 0: any */
    bool is_gone;
};

/* Takes text over. */
static void say(struct look *k, enum verify_kind kind, uint64_t line, char *text)
{
    k->found->total.faults += kind == VERIFY_FAULT;
    if (k->found->n >= FOUND_MAX) {
        free(text);
        return;
    }
    k->found->events = mem_grow(k->found->events, &k->found->cap, k->found->n + 1,
                                sizeof *k->found->events);
    k->found->events[k->found->n++] = (struct found_event){kind, line, text};
}

/* ---- lines ---- */

static bool seq_of(struct str line, uint64_t *ret, struct err *e)
{
    static const struct str sink[] = {STR_INIT("sink")}, seq[] = {STR_INIT("seq")};
    struct str value, number;

    if (json_scan(line, sink, 1, &value, e) < 0)
        return false;
    if (value.p == NULL || json_scan(value, seq, 1, &number, e) < 0 ||
        !str_to_u64(number, ret)) {
        (void)err_set(e, ERR_FORMAT, "no \"sink\" with a \"seq\"");
        return false;
    }
    return true;
}

static void check_line(struct look *k, struct str line)
{
    uint64_t seq;
    struct err e;

    k->line++;
    k->found->total.records++;
    if (!seq_of(line, &seq, &e)) {
        say(k, VERIFY_FAULT, k->line, mem_printf("%s", e.text));
        k->expected += k->expected > 0;
        return;
    }
    if (k->expected > 0 && seq != k->expected)
        say(k, VERIFY_FAULT, k->line,
            mem_printf("seq %" PRIu64 " where %" PRIu64 " was expected", seq,
                       k->expected));
    if (k->found->total.first == 0)
        k->found->total.first = seq;
    k->found->total.last = seq;
    k->expected = seq + 1;
}

static void check_lines(struct look *k, struct str bytes)
{
    while (bytes.n > 0) {
        if (str_find_char(bytes, '\n', 0) == SIZE_MAX)
            say(k, VERIFY_FAULT, k->line + 1, mem_printf("the line has no end"));
        check_line(k, str_cut(&bytes, '\n'));
    }
}

/* ---- with the sidecar ---- */

static void count_bytes(struct look *k, size_t n)
{
    k->found->total.bytes += n;
    k->run->done += n;
    if (k->run->h->progress != NULL)
        k->run->h->progress(k->run->h->ctx, k->f->path, k->run->done, k->run->bytes);
}

/* False when there is no more to look at. */
static bool check_batch(struct look *k, const struct sums_line *l)
{
    struct err e = {0};
    ssize_t n;

    strbuf_reset(&k->batch);
    n = unpack_read(k->text, strbuf_room(&k->batch, (size_t)l->bytes), (size_t)l->bytes,
                    &e);
    if (n < 0) {
        say(k, VERIFY_FAULT, k->line + 1, mem_printf("%s", e.text));
        return false;
    }
    if ((uint64_t)n < l->bytes) {
        say(k, VERIFY_FAULT, k->line + 1,
            mem_printf("the file ends here; records %" PRIu64 " to %" PRIu64
                       " are missing",
                       l->first, k->s.last));
        return false;
    }
    count_bytes(k, (size_t)n);
    if (hash_xxh64((struct str){k->batch.p, (size_t)n}, 0) != l->hash)
        say(k, VERIFY_FAULT, k->line + 1,
            mem_printf("lines %" PRIu64 " to %" PRIu64 " are not what was written",
                       k->line + 1, k->line + 1 + l->last - l->first));
    k->expected = l->first;
    check_lines(k, (struct str){k->batch.p, (size_t)n});
    if (k->expected != l->last + 1)
        say(k, VERIFY_FAULT, k->line,
            mem_printf("the batch should end with record %" PRIu64, l->last));
    return true;
}

static void check_end(struct look *k)
{
    char *rest = mem_new(PIECE);
    struct err e = {0};
    uint64_t more = 0;
    ssize_t n;

    while ((n = unpack_read(k->text, rest, PIECE, &e)) > 0)
        more += (uint64_t)n;
    free(rest);
    if (n < 0)
        say(k, VERIFY_FAULT, k->line, mem_printf("%s", e.text));
    else if (more > 0 && k->s.is_closed)
        say(k, VERIFY_FAULT, k->line + 1,
            mem_printf("%" PRIu64 " bytes more than when it was closed", more));
    else
        k->found->total.unfinished += more;
}

static void check_sidecar(struct look *k, uint64_t bytes)
{
    if (k->s.is_broken || (k->s.is_closed && bytes > k->s.text_bytes))
        say(k, VERIFY_FAULT, 0,
            mem_printf("%s" SUMS_SUFFIX
                       ":%zu: not what was written; what is behind it cannot be "
                       "checked",
                       k->f->path, k->s.n + 2));
    if (k->run->expected > 0 && k->s.head.first_seq > k->run->expected)
        say(k, VERIFY_FAULT, 0,
            mem_printf("records %" PRIu64 " to %" PRIu64 " are missing before it",
                       k->run->expected, k->s.head.first_seq - 1));
    if (k->run->expected > 0 && k->s.head.first_seq < k->run->expected)
        say(k, VERIFY_FAULT, 0,
            mem_printf("begins with record %" PRIu64
                       ", but the file before it goes to %" PRIu64,
                       k->s.head.first_seq, k->run->expected - 1));
    if (k->run->epoch[0] != '\0' && strcmp(k->run->epoch, k->s.head.epoch) != 0)
        say(k, VERIFY_FAULT, 0,
            mem_printf("is of another hub store (%s) than the file before it (%s)",
                       k->s.head.epoch, k->run->epoch));
}

static void check_by_sums(struct look *k)
{
    bool goes_on = true;

    for (size_t i = 0; goes_on && i < k->s.n; i++) {
        const struct sums_line *l = &k->s.lines[i];

        if (l->kind == SUMS_BATCH)
            goes_on = check_batch(k, l);
        if (l->kind != SUMS_GAP)
            continue;
        k->found->total.gaps++;
        k->found->total.lost += l->last - l->first + 1;
        say(k, VERIFY_GAP, k->line + 1,
            mem_printf("records %" PRIu64 " to %" PRIu64
                       " were no longer kept by the hub",
                       l->first, l->last));
    }
    if (goes_on)
        check_end(k);
}

/* ---- without ---- */

static void check_alone(struct look *k)
{
    struct strbuf b = {.max = SUMS_BATCH_MAX};
    struct err e = {0};
    ssize_t n = 0;
    char *room;

    k->found->total.unchecked++;
    say(k, VERIFY_NOTE, 0,
        mem_printf("no %s" SUMS_SUFFIX ": only JSON and seq are checked", k->f->path));
    k->expected = k->run->expected;
    while ((room = strbuf_room(&b, PIECE)) != NULL &&
           (n = unpack_read(k->text, room, PIECE, &e)) > 0) {
        char *end;

        b.n += (size_t)n;
        count_bytes(k, (size_t)n);
        end = memrchr(b.p, '\n', b.n);
        if (end == NULL)
            continue;
        check_lines(k, (struct str){b.p, (size_t)(end - b.p) + 1});
        b.n -= (size_t)(end - b.p) + 1;
        memmove(b.p, end + 1, b.n);
    }
    if (room == NULL)
        say(k, VERIFY_FAULT, k->line + 1,
            mem_printf("the line is over %zu bytes", b.max - PIECE));
    else if (n < 0)
        say(k, VERIFY_FAULT, k->line + 1, mem_printf("%s", e.text));
    else
        check_lines(k, strbuf_str(&b));
    strbuf_fini(&b);
}

/* ---- a file ---- */

static bool has_text(const struct archive_file *f)
{
    struct stat st;

    return f->is_packed || (stat(f->path, &st) == 0 && st.st_size > 0);
}

static void look_at(struct look *k)
{
    char *sums_path = mem_printf("%s" SUMS_SUFFIX, k->f->path);
    struct strbuf text = {.max = SUMS_TEXT_MAX};
    struct err e = {0};
    int rc = k->f->head.first_seq > 0 || k->f->has_sums
                 ? os_read_file(sums_path, SUMS_TEXT_MAX, &text, &e)
                 : -ENOENT;

    free(sums_path);
    k->is_gone = rc == -ENOENT && k->f->has_sums;
    sums_read(strbuf_str(&text), &k->s);
    if (rc < 0 && rc != -ENOENT)
        say(k, VERIFY_FAULT, 0, mem_printf("%s", e.text));
    else if (k->is_gone)
        ; /* its time was over */
    else if (rc == 0 && k->s.text_bytes == 0 && text.n > 0 && has_text(k->f))
        say(k, VERIFY_FAULT, 0,
            mem_printf("%s" SUMS_SUFFIX ":1: not what was written", k->f->path));
    else if (unpack_open(k->f->path, &k->text, &e) < 0) {
        if (k->s.n > 0 || rc < 0)
            say(k, VERIFY_FAULT, 0,
                mem_printf("%s; records %" PRIu64 " to %" PRIu64 " were in it", e.text,
                           k->s.head.first_seq, k->s.last));
    } else if (k->s.text_bytes > 0) {
        check_sidecar(k, text.n);
        check_by_sums(k);
    } else {
        check_alone(k);
    }
    if (k->f->has_plain && k->f->is_packed)
        say(k, VERIFY_NOTE, 0,
            mem_printf("stands beside %s" PACKED_SUFFIX ", which was looked at",
                       k->f->path));
    k->found->total.files += k->text != NULL;
    k->found->total.packed += k->text != NULL && unpack_is_packed(k->text);
    strbuf_fini(&text);
}

static void end_look(struct look *k)
{
    unpack_close(k->text);
    sums_fini(&k->s);
    strbuf_fini(&k->batch);
}

static void found_reset(struct found *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->events[i].text);
    f->n = 0;
    f->total = (struct verify_total){0};
}

void found_fini(struct found *f)
{
    found_reset(f);
    free(f->events);
    *f = (struct found){0};
}

void verify_file(struct verify_run *r, const struct archive_file *f, bool is_last,
                 struct found *found)
{
    uint64_t done = r->done;

    for (unsigned i = 0;; i++) {
        struct look k = {.run = r, .f = f, .found = found, .batch.max = SUMS_BATCH_MAX};
        bool is_closed;

        found_reset(found);
        r->done = done;
        look_at(&k);
        is_closed = k.s.is_closed || !f->has_sums;
        if (found->total.faults > 0 && (!is_closed || k.text == NULL) && i < AGAIN) {
            end_look(&k);
            (void)poll(NULL, 0, AGAIN_MS);
            continue;
        }
        if (!is_closed && !is_last && !k.is_gone && k.s.text_bytes > 0)
            say(&k, VERIFY_FAULT, 0,
                mem_printf("not closed, but it is not the last one"));
        if (k.is_gone)
            r->expected = 0;
        else if (k.s.text_bytes > 0)
            r->expected = k.s.last + 1;
        else if (k.expected > 0)
            r->expected = k.expected;
        if (k.s.text_bytes > 0)
            (void)snprintf(r->epoch, sizeof r->epoch, "%s", k.s.head.epoch);
        end_look(&k);
        return;
    }
}
