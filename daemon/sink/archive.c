#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "archive.h"

/* ---- names ---- */

/* The conversions that a configuration may have in a path. */
static int add_conversion(struct strbuf *out, char c, const struct tm *t)
{
    switch (c) {
    case 'Y':
        return strbuf_addf(out, "%04d", t->tm_year + 1900);
    case 'm':
        return strbuf_addf(out, "%02d", t->tm_mon + 1);
    case 'd':
        return strbuf_addf(out, "%02d", t->tm_mday);
    case 'H':
        return strbuf_addf(out, "%02d", t->tm_hour);
    case 'j':
        return strbuf_addf(out, "%03d", t->tm_yday + 1);
    default:
        return strbuf_add_char(out, c);
    }
}

int archive_path_at(const char *pattern, int64_t wall_ms, char **ret, struct err *e)
{
    time_t t = (time_t)(wall_ms / SECOND_MS);
    struct strbuf out = {.max = PATH_MAX - 1};
    struct tm tm;
    int rc = gmtime_r(&t, &tm) == NULL ? -EOVERFLOW : 0;

    for (const char *p = pattern; rc == 0 && *p != '\0'; p++)
        rc = p[0] == '%' && p[1] != '\0' ? add_conversion(&out, *++p, &tm)
                                         : strbuf_add_char(&out, *p);
    if (rc < 0) {
        strbuf_fini(&out);
        return err_set(e, ERR_CONFIG, "%s: gives no file name", pattern);
    }
    *ret = strbuf_take(&out);
    return 0;
}

/* Where a number goes: before the ending of the last component. */
static size_t stem_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    return dot != NULL && dot > name ? (size_t)(dot - path) : strlen(path);
}

/* The number of path among those of base; -1 when it is none of them. */
static int64_t number_of(const char *path, const char *base)
{
    size_t stem = stem_of(base);
    struct str rest = str_of(path), ending = str_of(base + stem);
    int64_t number;

    if (strcmp(path, base) == 0)
        return 0;
    if (!str_has_prefix(rest, (struct str){base, stem}) ||
        !str_has_suffix(rest, ending) || rest.n < stem + 2 + ending.n ||
        rest.p[stem] != '-')
        return -1;
    rest = str_slice(rest, stem + 1, rest.n - ending.n);
    return rest.p[0] != '0' && rest.p[0] != '-' && str_to_i64(rest, &number) ? number
                                                                             : -1;
}

bool archive_is_numbered(const char *path, const char *base)
{
    return number_of(path, base) >= 0;
}

static bool exists(const char *path, const char *suffix)
{
    char *whole = mem_printf("%s%s", path, suffix);
    struct stat st;
    bool is = lstat(whole, &st) == 0;

    free(whole);
    return is;
}

/* An empty one may be ours, from a crash while it was made; and it is nobody's loss. */
static bool is_free(const char *path)
{
    struct stat st;

    return lstat(path, &st) < 0 || (S_ISREG(st.st_mode) && st.st_size == 0);
}

char *archive_path_free(const struct archive *a, const char *base, bool *ret_met)
{
    int64_t number = 0;
    size_t stem = stem_of(base);
    char *path;

    *ret_met = false;
    for (size_t i = 0; i < a->n; i++)
        if (number_of(a->files[i].path, base) >= number)
            number = number_of(a->files[i].path, base) + 1;
    for (;; number++) {
        path = number == 0 ? mem_strdup(base)
                           : mem_printf("%.*s-%" PRId64 "%s", (int)stem, base, number,
                                        base + stem);
        if (is_free(path) && !exists(path, PACKED_SUFFIX) && !exists(path, SUMS_SUFFIX))
            return path;
        *ret_met = true;
        free(path);
    }
}

/* What stands before the first component with a conversion, "." when that is nothing. */
char *archive_folder_of(const char *pattern, unsigned *ret_depth)
{
    const char *percent = strchr(pattern, '%');
    size_t n = percent != NULL ? (size_t)(percent - pattern) : strlen(pattern);

    while (n > 0 && pattern[n - 1] != '/')
        n--;
    *ret_depth = 0;
    for (const char *p = pattern + n; *p != '\0'; p++)
        *ret_depth += *p == '/';
    if (n == 0)
        return mem_strdup(".");
    return mem_dup((struct str){pattern, n > 1 ? n - 1 : n});
}

/* ---- the list ---- */

struct archive_file *archive_add(struct archive *a, const char *path)
{
    a->files = mem_grow(a->files, &a->cap, a->n + 1, sizeof *a->files);
    a->files[a->n] = (struct archive_file){.path = mem_strdup(path)};
    return &a->files[a->n++];
}

void archive_drop(struct archive *a, size_t i)
{
    free(a->files[i].path);
    a->n--;
    memmove(&a->files[i], &a->files[i + 1], (a->n - i) * sizeof *a->files);
}

/* At most max bytes at `at`; what is there of them. */
static ssize_t read_at(int fd, char *to, size_t max, off_t at)
{
    ssize_t n;

    do
        n = pread(fd, to, max, at);
    while (n < 0 && errno == EINTR);
    return n;
}

/* Only the first line and the last: all of it is read when it matters. */
static int read_ends(struct archive_file *f, const char *sums_path, struct err *e)
{
    int fd = open(sums_path, O_RDONLY | O_CLOEXEC);
    char text[SUMS_LINE_MAX];
    struct sums_line l;
    struct stat st;
    ssize_t n = -1;

    if (fd < 0)
        return err_set(e, -errno, "%s: %s", sums_path, strerror(errno));
    if (fstat(fd, &st) == 0)
        n = read_at(fd, text, sizeof text, 0);
    if (n > 0) {
        struct str rest = {text, (size_t)n};

        if (sums_head_read(str_cut(&rest, '\n'), &f->head) && st.st_size > n)
            n = read_at(fd, text, sizeof text, st.st_size - (off_t)sizeof text);
    }
    if (n < 0) {
        int rc = err_set(e, -errno, "%s: %s", sums_path, strerror(errno));

        close(fd);
        return rc;
    }
    close(fd);
    if (f->head.first_seq > 0 && n > 1 && text[n - 1] == '\n') {
        const char *from = memrchr(text, '\n', (size_t)n - 1);
        size_t at = from != NULL ? (size_t)(from - text) + 1 : 0;

        if (sums_line_read(&f->head, (struct str){text + at, (size_t)n - 1 - at}, &l) &&
            l.kind == SUMS_CLOSED) {
            f->is_closed = true;
            f->bytes = l.bytes;
            f->last = l.last;
            f->closed_ms = l.time_ms;
        }
    }
    return 0;
}

int archive_list_file(struct archive *a, const char *path, struct err *e)
{
    struct archive_file *f = archive_add(a, path);
    char *sums_path = mem_printf("%s" SUMS_SUFFIX, path);
    int rc;

    f->has_sums = true;
    f->is_packed = exists(f->path, PACKED_SUFFIX);
    f->has_plain = exists(f->path, "");
    rc = read_ends(f, sums_path, e);
    free(sums_path);
    if (rc == -ENOENT) { /* removed since the folder was read */
        archive_drop(a, a->n - 1);
        rc = 0;
    }
    return rc;
}

static int list_sidecar(struct archive *a, const char *sums_path, struct err *e)
{
    char *path =
        mem_dup((struct str){sums_path, strlen(sums_path) - strlen(SUMS_SUFFIX)});
    int rc = archive_list_file(a, path, e);

    free(path);
    return rc;
}

static int list_folder(struct archive *a, const char *folder, unsigned depth,
                       struct err *e)
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
        if (lstat(path, &st) < 0)
            rc =
                errno == ENOENT ? 0 : err_set(e, -errno, "%s: %s", path, strerror(errno));
        else if (S_ISDIR(st.st_mode))
            rc = depth > 0 && !exists(path, "/" ARCHIVE_MARK)
                     ? list_folder(a, path, depth - 1, e)
                     : 0;
        else if (S_ISREG(st.st_mode) && str_has_suffix(str_of(path), STR(SUMS_SUFFIX)))
            rc = list_sidecar(a, path, e);
        free(path);
    }
    closedir(d);
    return rc;
}

/* What has no good first line was just being made: it is the last. */
static int by_seq(const void *pa, const void *pb)
{
    const struct archive_file *a = pa, *b = pb;

    if (a->head.first_seq != b->head.first_seq)
        return a->head.first_seq - 1 < b->head.first_seq - 1 ? -1 : 1;
    return strcmp(a->path, b->path);
}

void archive_sort(struct archive *a)
{
    if (a->n > 0)
        qsort(a->files, a->n, sizeof *a->files, by_seq);
}

int archive_list(struct archive *a, const char *folder, unsigned depth, struct err *e)
{
    int rc;

    a->lock_fd = -1;
    a->folder = mem_strdup(folder);
    a->depth = depth;
    rc = list_folder(a, folder, depth, e);
    archive_sort(a);
    return rc;
}

/* ---- who may write ---- */

static int lock_folder(struct archive *a, const char *sink, struct err *e)
{
    char *path = mem_printf("%s/" ARCHIVE_MARK, a->folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640), rc = 0;

    if (fd < 0) {
        rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        char who[128] = "";

        (void)!read(fd, who, sizeof who - 1); /* then without a name */
        rc = errno == EWOULDBLOCK
                 ? err_set(e, -EBUSY,
                           "%s: another sink writes in this folder (%s); each needs a "
                           "folder of its own: give this one another path",
                           a->folder, who[0] != '\0' ? who : "not named")
                 : err_set(e, -errno, "%s: cannot lock: %s", path, strerror(errno));
        close(fd);
    } else {
        if (ftruncate(fd, 0) == 0)
            (void)dprintf(fd, "sink %s, process %d", sink, (int)getpid()); /* a help */
        a->lock_fd = fd;
    }
    free(path);
    return rc;
}

int archive_open(struct archive *a, const char *pattern, const char *sink, struct err *e)
{
    struct archive listed = {.lock_fd = -1};
    int rc;

    listed.folder = archive_folder_of(pattern, &listed.depth);
    rc = os_make_dirs(listed.folder, e);
    if (rc == 0)
        rc = lock_folder(&listed, sink, e);
    if (rc == 0)
        rc = list_folder(&listed, listed.folder, listed.depth, e);
    if (rc < 0) {
        archive_close(&listed);
        return rc;
    }
    archive_sort(&listed);
    *a = listed;
    return 0;
}

void archive_close(struct archive *a)
{
    while (a->n > 0)
        archive_drop(a, a->n - 1);
    free(a->files);
    free(a->folder);
    if (a->lock_fd >= 0 && a->folder != NULL)
        close(a->lock_fd);
    *a = (struct archive){.lock_fd = -1};
}

int archive_sync_names(const struct archive *a, const char *path, struct err *e)
{
    char *at = mem_strdup(path);
    size_t shortest = strlen(a->folder);
    int rc = 0;

    do {
        char *slash = strrchr(at, '/');
        int fd;

        if (slash == NULL)
            at[0] = '.', at[1] = '\0'; /* a component has a character at least */
        else
            slash[slash == at] = '\0';
        fd = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0 || fsync(fd) < 0)
            rc =
                err_set(e, -errno, "%s: cannot sync the folder: %s", at, strerror(errno));
        if (fd >= 0)
            close(fd);
    } while (rc == 0 && strlen(at) > shortest);
    free(at);
    return rc;
}
