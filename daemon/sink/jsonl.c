/* JSON Lines in files. A batch is written to the file, what it is to the sidecar, both
   are synced, and only then it counts. Which file: the pattern says by the time of
   writing, in UTC; a number is added when there is one of that name already. A closed
   file is sealed by the last line of its sidecar, then compressed and, when its time has
   come, removed, a little each tick. */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newsmq/hash.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/output.h"

#include "archive.h"
#include "current.h"
#include "line.h"
#include "pack.h"
#include "recover.h"

#define PACK_AGAIN_MS (60 * SECOND_MS)

struct jsonl {
    const struct config_sink *c;
    struct archive a; /* the closed files */
    struct current now;
    char epoch[SUMS_EPOCH_MAX + 1];
    uint64_t last;     /* seq of the last record that is kept */
    bool has_last;     /* there are records, or were */
    uint64_t gap_last; /* the records up to it are not to be had; 0: none */
    struct strbuf lines, sums;
    struct pack *pack;
    struct mono pack_due; /* after a failure */
    char host[LINE_HOST_MAX];
};

/* ---- opening ---- */

/* The one file that is not closed, when there is one, is the last. */
static int open_last(struct jsonl *j, struct err *e)
{
    struct sums s = {0};
    uint64_t cut = 0;
    size_t i = j->a.n - 1;
    int rc = recover_file(j->a.files[i].path, &s, &cut, e);

    if (rc == ERR_GONE) { /* made, but a crash came before its first batch */
        archive_drop(&j->a, i);
        return 0;
    }
    if (rc < 0)
        return rc;
    if (cut > 0)
        log_warn("cut off what a crash had left unfinished",
                 "path=%s bytes=%" PRIu64 " last=%" PRIu64, j->a.files[i].path, cut,
                 s.last);
    rc = current_open(&j->now, j->a.files[i].path, &s, e);
    if (rc == 0) {
        j->last = s.last;
        j->has_last = true;
        memcpy(j->epoch, s.head.epoch, sizeof j->epoch);
        archive_drop(&j->a, i);
    }
    sums_fini(&s);
    return rc;
}

static int read_archive(struct jsonl *j, struct err *e)
{
    int rc = 0;

    for (size_t i = 0; i + 1 < j->a.n; i++)
        if (!j->a.files[i].is_closed)
            return err_set(e, ERR_FORMAT,
                           "%s%s: not closed, but %s goes on behind it: `newsmq verify "
                           "%s` says more; put back what was there",
                           j->a.files[i].path, SUMS_SUFFIX, j->a.files[i + 1].path,
                           j->a.folder);
    if (j->a.n > 0 && !j->a.files[j->a.n - 1].is_closed)
        rc = open_last(j, e);
    if (rc == 0 && j->now.path == NULL && j->a.n > 0) {
        j->last = j->a.files[j->a.n - 1].last;
        j->has_last = true;
        memcpy(j->epoch, j->a.files[j->a.n - 1].head.epoch, sizeof j->epoch);
    }
    for (size_t i = 0; rc == 0 && i < j->a.n; i++)
        rc = pack_tidy(&j->a.files[i], &j->a, e);
    return rc;
}

/* The sidecars may be gone where the files are not: what is in them cannot be known then,
   and records could be written twice. */
static int check_foreign(struct jsonl *j, struct err *e)
{
    char *base, *path;
    bool met;
    int rc = archive_path_at(j->c->path, clock_wall_ms(), &base, e);

    if (rc < 0 || j->has_last) {
        if (rc == 0)
            free(base);
        return rc;
    }
    path = archive_path_free(&j->a, base, &met);
    if (met)
        rc =
            err_set(e, ERR_FORMAT,
                    "%s: is there, but no %s%s that says what is in it: move it away, or "
                    "choose another path",
                    base, base, SUMS_SUFFIX);
    free(path);
    free(base);
    return rc;
}

static void jsonl_close(void *state)
{
    struct jsonl *j = state;

    pack_free(j->pack);
    current_fini(&j->now);
    archive_close(&j->a);
    strbuf_fini(&j->lines);
    strbuf_fini(&j->sums);
    free(j);
}

static int jsonl_open(const struct config_sink *c, void **ret_state, uint64_t *ret_last,
                      bool *ret_has_cursor, struct err *e)
{
    struct jsonl *j = mem_new(sizeof *j);
    int rc;

    j->c = c;
    j->now = (struct current){.fd = -1, .sums_fd = -1};
    j->lines.max = SUMS_BATCH_MAX;
    j->sums.max = (size_t)4 * SUMS_LINE_MAX;
    (void)line_host(j->host);
    rc = archive_open(&j->a, c->path, c->name, e);
    if (rc == 0)
        rc = read_archive(j, e);
    if (rc == 0)
        rc = check_foreign(j, e);
    if (rc < 0) {
        jsonl_close(j);
        return rc;
    }
    *ret_state = j;
    *ret_last = j->last;
    *ret_has_cursor = true;
    return 0;
}

static int jsonl_claim(void *state, struct str epoch, struct err *e)
{
    struct jsonl *j = state;

    if (epoch.n == 0 || epoch.n > SUMS_EPOCH_MAX)
        return err_set(e, ERR_FORMAT, "the hub's epoch has %zu characters", epoch.n);
    if (j->has_last && strcmp(j->epoch, "-") != 0 && !str_eq(str_of(j->epoch), epoch))
        return err_set(e, ERR_CONFIG,
                       "%s holds records up to %" PRIu64 " of another hub store (%s, now "
                       "%.*s), whose numbers mean other records: move its files away, or "
                       "give the sink another path; or put the hub's state back",
                       j->a.folder, j->last, j->epoch, STR_ARG(epoch));
    memcpy(j->epoch, epoch.p, epoch.n);
    j->epoch[epoch.n] = '\0';
    return 0;
}

/* ---- rotation ---- */

static int close_current(struct jsonl *j, int64_t wall_ms, struct err *e)
{
    struct sums_line l = {
        .kind = SUMS_CLOSED, .bytes = j->now.bytes, .last = j->last, .time_ms = wall_ms};
    struct archive_file *f;
    int rc;

    strbuf_reset(&j->sums);
    sums_line_write(&j->now.head, &l, &j->sums);
    rc = current_append(&j->now, STR(""), strbuf_str(&j->sums), e);
    if (rc < 0)
        return rc;
    log_info("closed", "path=%s bytes=%" PRIu64 " records=%" PRIu64 "-%" PRIu64,
             j->now.path, j->now.bytes, j->now.head.first_seq, j->last);
    f = archive_add(&j->a, j->now.path);
    f->head = j->now.head;
    f->bytes = j->now.bytes;
    f->last = j->last;
    f->closed_ms = wall_ms;
    f->is_closed = f->has_plain = f->has_sums = true;
    current_fini(&j->now);
    return 0;
}

static int open_next(struct jsonl *j, const char *base, uint64_t first, int64_t wall_ms,
                     struct err *e)
{
    struct sums_head head = {.created_ms = wall_ms, .first_seq = first};
    bool met;
    char *path = archive_path_free(&j->a, base, &met);
    int rc;

    if (met)
        log_warn("a file that is not ours has the name of the next", "path=%s next=%s",
                 base, path);
    memcpy(head.epoch, j->epoch, sizeof head.epoch);
    rc = current_create(&j->now, &j->a, path, &head, e);
    free(path);
    return rc;
}

/* The file that the next `bytes` go to. */
static int choose(struct jsonl *j, size_t bytes, uint64_t first, int64_t wall_ms,
                  struct err *e)
{
    uint64_t limit = j->c->rotate_bytes;
    char *base;
    int rc = archive_path_at(j->c->path, wall_ms, &base, e);

    if (rc < 0)
        return rc;
    if (j->now.path != NULL && j->now.bytes > 0 &&
        (!archive_is_numbered(j->now.path, base) ||
         (limit > 0 && (j->now.bytes >= limit || bytes > limit - j->now.bytes))))
        rc = close_current(j, wall_ms, e);
    if (rc == 0 && j->now.path == NULL)
        rc = open_next(j, base, first, wall_ms, e);
    free(base);
    return rc;
}

/* ---- writing ---- */

static int jsonl_skip(void *state, uint64_t first, struct err *e)
{
    struct jsonl *j = state;

    (void)e;
    if (j->has_last && first > j->last + 1)
        j->gap_last = first - 1;
    return 0;
}

static void describe(struct jsonl *j, const struct output_record *r, size_t n)
{
    struct sums_line gap = {.kind = SUMS_GAP, .first = j->last + 1, .last = j->gap_last};
    struct sums_line batch = {.kind = SUMS_BATCH,
                              .offset = j->now.bytes,
                              .bytes = j->lines.n,
                              .first = r[0].seq,
                              .last = r[n - 1].seq,
                              .hash = hash_xxh64(strbuf_str(&j->lines), 0)};

    strbuf_reset(&j->sums);
    if (j->gap_last > 0)
        sums_line_write(&j->now.head, &gap, &j->sums);
    sums_line_write(&j->now.head, &batch, &j->sums);
}

static int jsonl_write(void *state, const struct output_record *r, size_t n,
                       struct err *e)
{
    struct jsonl *j = state;
    struct line_sink line = {clock_wall_ms(), j->host, j->c->include_html};
    uint64_t expected = j->gap_last > 0 ? j->gap_last + 1 : j->last + 1;
    int rc = 0;

    assert(n > 0 && (!j->has_last || r[0].seq == expected));
    strbuf_reset(&j->lines);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        assert(r[i].seq == r[0].seq + i);
        rc = line_add(&line, r[i].seq, r[i].json, &j->lines, e);
    }
    if (rc == 0)
        rc = choose(j, j->lines.n, j->has_last ? j->last + 1 : r[0].seq, line.time_ms, e);
    if (rc < 0)
        return rc;
    describe(j, r, n);
    rc = current_append(&j->now, strbuf_str(&j->lines), strbuf_str(&j->sums), e);
    if (rc < 0)
        return rc;
    j->last = r[n - 1].seq;
    j->has_last = true;
    j->gap_last = 0;
    return 0;
}

/* ---- what goes on beside ---- */

static struct archive_file *find_closed(struct jsonl *j, const char *path)
{
    for (size_t i = 0; i < j->a.n; i++)
        if (strcmp(j->a.files[i].path, path) == 0)
            return &j->a.files[i];
    return NULL;
}

/* The oldest that is to be packed. One that somebody has changed is told of once. */
static int begin_pack(struct jsonl *j, struct err *e)
{
    if (!j->c->compress_closed || !mono_is_due(j->pack_due, clock_mono()))
        return 0;
    for (size_t i = 0; i < j->a.n; i++) {
        struct archive_file *f = &j->a.files[i];
        int rc;

        if (!f->has_plain || f->is_packed || f->is_unfit)
            continue;
        rc = pack_new(f, &j->pack, e);
        f->is_unfit = rc == ERR_FORMAT;
        return rc;
    }
    return 0;
}

/* The file that was being packed, packed or not. */
static void end_pack(struct jsonl *j, int rc)
{
    struct archive_file *f = j->pack != NULL ? find_closed(j, pack_path(j->pack)) : NULL;

    if (f != NULL && rc == 0) {
        f->is_packed = true;
        f->has_plain = false;
        log_info("compressed", "path=%s" PACKED_SUFFIX, f->path);
    }
    if (f != NULL && rc == ERR_FORMAT)
        f->is_unfit = true;
    if (rc < 0 && rc != ERR_FORMAT)
        j->pack_due = mono_add_ms(clock_mono(), PACK_AGAIN_MS);
    pack_free(j->pack);
    j->pack = NULL;
}

/* 1 = there may be more to do. */
static int pack_some(struct jsonl *j, struct err *e)
{
    int rc = j->pack == NULL ? begin_pack(j, e) : 0;

    if (rc == 0 && j->pack == NULL)
        return 0;
    if (rc == 0)
        rc = pack_step(j->pack, &j->a, e);
    if (rc > 0)
        return rc;
    end_pack(j, rc);
    return rc == 0 ? 1 : rc;
}

static int remove_one(const char *path, const char *suffix, struct err *e)
{
    char *whole = mem_printf("%s%s", path, suffix);
    int rc = 0;

    if (unlink(whole) < 0 && errno != ENOENT)
        rc = err_set(e, -errno, "%s: cannot remove it, its time is over: %s", whole,
                     strerror(errno));
    free(whole);
    return rc;
}

/* The oldest, when its time is over. The newest of all stays: it says where to go on. */
static int remove_old(struct jsonl *j, int64_t wall_ms, struct err *e)
{
    struct archive_file *f = j->a.files;
    int rc;

    if (j->c->keep_ms == 0 || j->a.n < (j->now.path != NULL ? 1u : 2u) ||
        wall_ms - f->closed_ms < j->c->keep_ms ||
        (j->pack != NULL && strcmp(pack_path(j->pack), f->path) == 0))
        return 0;
    rc = remove_one(f->path, PACKED_SUFFIX, e);
    if (rc == 0 && !f->is_packed) /* else it is somebody's copy */
        rc = remove_one(f->path, "", e);
    if (rc == 0)
        rc = remove_one(f->path, SUMS_SUFFIX, e);
    if (rc < 0)
        return rc;
    log_info("removed, its time is over", "path=%s records=%" PRIu64 "-%" PRIu64, f->path,
             f->head.first_seq, f->last);
    archive_drop(&j->a, 0);
    return 1;
}

static int jsonl_tick(void *state, int64_t wall_ms, struct err *e)
{
    struct jsonl *j = state;
    char *base;
    int rc = archive_path_at(j->c->path, wall_ms, &base, e), removed;

    if (rc < 0)
        return rc;
    if (j->now.path != NULL && j->now.bytes > 0 &&
        !archive_is_numbered(j->now.path, base))
        rc = close_current(j, wall_ms, e);
    free(base);
    if (rc < 0)
        return rc;
    removed = remove_old(j, wall_ms, e);
    if (removed < 0)
        return removed;
    rc = pack_some(j, e);
    return rc == 0 ? removed : rc;
}

const struct output output_jsonl = {
    .name = "jsonl",
    .open = jsonl_open,
    .claim = jsonl_claim,
    .skip = jsonl_skip,
    .write = jsonl_write,
    .tick = jsonl_tick,
    .close = jsonl_close,
};
