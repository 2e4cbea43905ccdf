/* Preloaded into a program: while the file $NOSPACE exists, writing to files fails as on
   a full disk. With $DISK_FREE every disk has so many hundredths left. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

/* Only regular files: sockets and terminals have no disk. */
static int is_full(int fd)
{
    const char *flag = getenv("NOSPACE");
    struct stat st;

    if (flag == NULL || access(flag, F_OK) != 0)
        return 0;
    if (fd <= STDERR_FILENO || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    errno = ENOSPC;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))(uintptr_t)dlsym(RTLD_NEXT, #name))

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    return is_full(fd) ? -1 : NEXT(pwrite64)(fd, p, n, at);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return is_full(fd) ? -1 : NEXT(pwrite)(fd, p, n, at);
}

ssize_t write(int fd, const void *p, size_t n)
{
    return is_full(fd) ? -1 : NEXT(write)(fd, p, n);
}

int ftruncate64(int fd, off64_t n)
{
    return is_full(fd) ? -1 : NEXT(ftruncate64)(fd, n);
}

int fallocate(int fd, int mode, off_t at, off_t n)
{
    return is_full(fd) ? -1 : NEXT(fallocate)(fd, mode, at, n);
}

int statvfs(const char *path, struct statvfs *fs)
{
    const char *free_text = getenv("DISK_FREE");
    int rc = NEXT(statvfs)(path, fs);

    if (rc == 0 && free_text != NULL)
        fs->f_bavail = fs->f_blocks / 100 * strtoul(free_text, NULL, 10);
    return rc;
}
