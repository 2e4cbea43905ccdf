/* What is to be verified: a folder is one archive when a sink has its mark there, else
   the archives below it; or it is a heap of files that somebody has put there. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/unpack.h"

#include "verify_private.h"

#define DEPTH_MAX 8
#define HEAD_MAX  ((size_t)1 << 20)

static bool is_there(const char *folder, const char *name)
{
    char *path = mem_printf("%s%s", folder, name);
    bool is = access(path, F_OK) == 0;

    free(path);
    return is;
}

static bool is_archive(const char *folder)
{
    return is_there(folder, "/" ARCHIVE_MARK);
}

/* ---- files without a sidecar ---- */

/* The seq of the first line; 0 when there is none. */
static uint64_t peek(const char *path)
{
    static const struct str sink[] = {STR_INIT("sink")}, seq[] = {STR_INIT("seq")};
    struct strbuf b = {.max = HEAD_MAX + 1};
    struct str rest, value, number;
    struct unpack *u;
    uint64_t first = 0;
    ssize_t n;

    if (unpack_open(path, &u, NULL) < 0)
        return 0;
    n = unpack_read(u, strbuf_room(&b, HEAD_MAX), HEAD_MAX, NULL);
    unpack_close(u);
    rest = (struct str){b.p, n > 0 ? (size_t)n : 0};
    if (n <= 0 || json_scan(str_cut(&rest, '\n'), sink, 1, &value, NULL) < 0 ||
        json_scan(value, seq, 1, &number, NULL) < 0 || !str_to_u64(number, &first))
        first = 0;
    strbuf_fini(&b);
    return first;
}

static void add_alone(struct archive *a, const char *path)
{
    struct archive_file *f;

    struct stat st;

    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->files[i].path, path) == 0)
            return;
    if (stat(path, &st) == 0 && st.st_size == 0)
        return; /* nobody's loss */
    f = archive_add(a, path);
    f->head.first_seq = peek(path);
    f->is_packed = is_there(path, PACKED_SUFFIX);
    f->has_plain = is_there(path, "");
}

/* x.jsonl of x.jsonl.zst, x.jsonl.sums or itself; NULL for another. The caller frees. */
static char *plain_name(const char *path)
{
    struct str s = str_of(path);

    if (str_has_suffix(s, STR(PACKED_SUFFIX)))
        s.n -= strlen(PACKED_SUFFIX);
    return str_has_suffix(s, STR(".jsonl")) ? mem_dup(s) : NULL;
}

/* ---- folders ---- */

typedef int visit(void *ctx, const char *path, bool is_folder, struct err *e);

static int each_in(const char *folder, visit *fn, void *ctx, struct err *e)
{
    DIR *d = opendir(folder);
    const struct dirent *in;
    int rc = 0;

    if (d == NULL)
        return err_set(e, -errno, "%s: %s", folder, strerror(errno));
    while (rc == 0 && (in = readdir(d)) != NULL) {
        char *path;
        struct stat st;

        if (in->d_name[0] == '.')
            continue;
        path = mem_printf("%s/%s", folder, in->d_name);
        if (lstat(path, &st) == 0 && (S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
            rc = fn(ctx, path, S_ISDIR(st.st_mode), e);
        free(path);
    }
    closedir(d);
    return rc;
}

struct adding {
    struct archive *a;
    unsigned depth;
};

static int add_strays(void *ctx, const char *path, bool is_folder, struct err *e)
{
    struct adding *g = ctx, below = {g->a, g->depth - 1};
    char *name;

    if (is_folder)
        return g->depth > 0 && !is_archive(path) ? each_in(path, add_strays, &below, e)
                                                 : 0;
    name = plain_name(path);
    if (name != NULL)
        add_alone(g->a, name);
    free(name);
    return 0;
}

/* ---- an archive ---- */

struct job {
    const struct verify_hooks *h;
    struct verify_total *total;
    bool has_any;
};

static void tell(const struct job *j, const char *file, const struct found *f)
{
    for (size_t i = 0; i < f->n; i++) {
        struct verify_event ev = {f->events[i].kind, file, f->events[i].line,
                                  f->events[i].text};

        j->h->say(j->h->ctx, &ev);
    }
}

static void sum_up(struct verify_total *t, const struct verify_total *f)
{
    t->files += f->files;
    t->packed += f->packed;
    t->unchecked += f->unchecked;
    t->records += f->records;
    t->bytes += f->bytes;
    t->faults += f->faults;
    t->gaps += f->gaps;
    t->lost += f->lost;
    t->unfinished += f->unfinished;
    if (t->first == 0)
        t->first = f->first;
    if (f->last > 0)
        t->last = f->last;
}

static uint64_t text_bytes(const struct archive_file *f)
{
    struct stat st;

    if (f->is_closed)
        return f->bytes;
    return stat(f->path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static void verify_archive(struct job *j, const struct archive *a)
{
    struct verify_run r = {.h = j->h};
    struct found found = {0};

    j->total->archives++;
    j->total->first = j->total->last = 0;
    for (size_t i = 0; i < a->n; i++)
        r.bytes += text_bytes(&a->files[i]);
    for (size_t i = 0; i < a->n; i++) {
        /* What has no first record was just being made. */
        bool is_last = i + 1 == a->n || a->files[i + 1].head.first_seq == 0;

        verify_file(&r, &a->files[i], is_last, &found);
        tell(j, a->files[i].path, &found);
        sum_up(j->total, &found.total);
    }
    found_fini(&found);
}

static int verify_folder(struct job *j, const char *folder, struct err *e)
{
    struct archive a = {.lock_fd = -1};
    struct adding g = {&a, DEPTH_MAX};
    int rc = archive_list(&a, folder, DEPTH_MAX, e);

    if (rc == 0)
        rc = each_in(folder, add_strays, &g, e);
    if (rc == 0) {
        archive_sort(&a);
        verify_archive(j, &a);
        j->has_any = true;
    }
    archive_close(&a);
    return rc;
}

struct searching {
    struct job *job;
    unsigned depth;
};

static int search(void *ctx, const char *path, bool is_folder, struct err *e)
{
    struct searching *s = ctx, below = {s->job, s->depth - 1};

    if (!is_folder)
        return 0;
    if (is_archive(path))
        return verify_folder(s->job, path, e);
    return s->depth > 0 ? each_in(path, search, &below, e) : 0;
}

/* ---- paths ---- */

static int verify_one_file(struct job *j, const char *path, struct err *e)
{
    struct archive a = {.lock_fd = -1};
    struct str name = str_of(path);
    char *plain;
    int rc = 0;

    if (str_has_suffix(name, STR(PACKED_SUFFIX)))
        name.n -= strlen(PACKED_SUFFIX);
    else if (str_has_suffix(name, STR(SUMS_SUFFIX)))
        name.n -= strlen(SUMS_SUFFIX);
    plain = mem_dup(name);
    if (is_there(plain, SUMS_SUFFIX))
        rc = archive_list_file(&a, plain, e);
    else
        add_alone(&a, plain);
    if (rc == 0)
        verify_archive(j, &a);
    archive_close(&a);
    free(plain);
    return rc;
}

static int verify_path(struct job *j, const char *path, struct err *e)
{
    struct searching s = {j, DEPTH_MAX};
    struct stat st;
    int rc;

    if (stat(path, &st) < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return verify_one_file(j, path, e);
    if (is_archive(path))
        return verify_folder(j, path, e);
    j->has_any = false;
    rc = each_in(path, search, &s, e);
    return rc == 0 && !j->has_any ? verify_folder(j, path, e) : rc;
}

int verify_paths(const char *const *paths, size_t n, const struct verify_hooks *h,
                 struct verify_total *ret, struct err *e)
{
    struct verify_total total = {0};
    struct job j = {h, &total, false};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = verify_path(&j, paths[i], e);
    *ret = total;
    return rc;
}

char *verify_folder_of(const char *pattern)
{
    unsigned depth;

    return archive_folder_of(pattern, &depth);
}
