#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "powercut.h"

#define NEXT(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

struct powercut_map *powercut_map(void)
{
    static struct powercut_map *map;
    const char *path = getenv("POWERCUT_MAP");
    void *at;
    int fd;

    if (map != NULL || path == NULL)
        return map;
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || NEXT(ftruncate)(fd, sizeof *map) < 0)
        abort();
    at = mmap(NULL, sizeof *map, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (at == MAP_FAILED)
        abort();
    map = at;
    return map;
}

struct powercut_file *powercut_find(uint64_t ino)
{
    struct powercut_map *m = powercut_map();
    size_t i = 0;

    while (i < POWERCUT_FILES && m->files[i].ino != ino && m->files[i].ino != 0)
        i++;
    if (i == POWERCUT_FILES)
        abort();
    m->files[i].ino = ino;
    return &m->files[i];
}

/* Whether the power goes with this call. */
static bool is_cut(void)
{
    struct powercut_map *m = powercut_map();

    return m != NULL && ++m->calls == m->die_at;
}

static bool is_ours(int fd, struct stat *st)
{
    return fd > STDERR_FILENO && powercut_map() != NULL && fstat(fd, st) == 0 &&
           S_ISREG(st->st_mode);
}

static size_t part_of(size_t n)
{
    return n > 0 ? powercut_map()->random % n : 0;
}

/* ---- writing ---- */

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    struct stat st;

    if (is_ours(fd, &st) && is_cut()) {
        (void)!NEXT(pwrite)(fd, p, part_of(n), at);
        _exit(POWERCUT_EXIT);
    }
    return NEXT(pwrite)(fd, p, n, at);
}

ssize_t write(int fd, const void *p, size_t n)
{
    struct stat st;

    if (is_ours(fd, &st) && is_cut()) {
        (void)!NEXT(write)(fd, p, part_of(n));
        _exit(POWERCUT_EXIT);
    }
    return NEXT(write)(fd, p, n);
}

int ftruncate(int fd, off_t n)
{
    struct stat st;
    int rc;

    if (!is_ours(fd, &st))
        return NEXT(ftruncate)(fd, n);
    if (is_cut())
        _exit(POWERCUT_EXIT);
    rc = NEXT(ftruncate)(fd, n);
    if (rc == 0 && powercut_find(st.st_ino)->durable > (uint64_t)n)
        powercut_find(st.st_ino)->durable = (uint64_t)n;
    return rc;
}

/* ---- syncing ---- */

static void note_names(int fd)
{
    char path[64];
    const struct dirent *in;
    DIR *d;

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    d = opendir(path);
    while (d != NULL && (in = readdir(d)) != NULL)
        if (in->d_type == DT_REG)
            powercut_find(in->d_ino)->named = 1;
    if (d != NULL)
        closedir(d);
}

static int sync_noting(int fd, int (*real)(int))
{
    struct powercut_map *m = powercut_map();
    struct stat st;
    int rc;

    if (m == NULL || fstat(fd, &st) < 0)
        return real(fd);
    if (is_cut())
        _exit(POWERCUT_EXIT);
    rc = m->only_notes != 0 ? 0 : real(fd);
    if (rc == 0 && S_ISDIR(st.st_mode))
        note_names(fd);
    else if (rc == 0 && S_ISREG(st.st_mode))
        powercut_find(st.st_ino)->durable = (uint64_t)st.st_size;
    return rc;
}

int fsync(int fd)
{
    return sync_noting(fd, NEXT(fsync));
}

int fdatasync(int fd)
{
    return sync_noting(fd, NEXT(fdatasync));
}

/* ---- names ---- */

int rename(const char *from, const char *to)
{
    if (is_cut())
        _exit(POWERCUT_EXIT);
    return NEXT(rename)(from, to);
}

/* The number of an inode comes again with another file. */
int unlink(const char *path)
{
    struct stat st;
    bool is_last = powercut_map() != NULL && lstat(path, &st) == 0 &&
                   S_ISREG(st.st_mode) && st.st_nlink == 1;
    int rc;

    if (is_last && is_cut())
        _exit(POWERCUT_EXIT);
    rc = NEXT(unlink)(path);
    if (rc == 0 && is_last) {
        powercut_find(st.st_ino)->durable = 0;
        powercut_find(st.st_ino)->named = 0;
    }
    return rc;
}
