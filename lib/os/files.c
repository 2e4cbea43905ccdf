#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#ifndef NEWSMQ_DATADIR
#define NEWSMQ_DATADIR "/usr/share/newsmq"
#endif

char *os_program_dir(void)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    char *slash;

    if (n <= 0)
        return mem_strdup(".");
    path[n] = '\0';
    slash = strrchr(path, '/');
    if (slash != NULL && slash != path)
        *slash = '\0';
    return mem_strdup(path);
}

static char *if_readable(char *path)
{
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return NULL;
}

char *os_data_path(const char *name)
{
    const char *env = getenv("NEWSMQ_DATA");
    char *dir, *found;

    if (env != NULL)
        return if_readable(mem_printf("%s/%s", env, name));
    dir = os_program_dir();
    found = if_readable(mem_printf("%s/../share/newsmq/%s", dir, name));
    free(dir);
    if (found != NULL)
        return found;
    return if_readable(mem_printf(NEWSMQ_DATADIR "/%s", name));
}

int os_make_dirs(const char *path, struct err *e)
{
    char *copy = mem_strdup(path);
    int rc = 0;

    for (char *p = copy + 1; rc == 0 && *p != '\0'; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0750) < 0 && errno != EEXIST)
            rc = err_set(e, -errno, "%s: cannot create the folder: %s", copy,
                         strerror(errno));
        *p = '/';
    }
    if (rc == 0 && mkdir(copy, 0750) < 0 && errno != EEXIST)
        rc =
            err_set(e, -errno, "%s: cannot create the folder: %s", copy, strerror(errno));
    free(copy);
    return rc;
}

int os_read_file(const char *path, size_t max, struct strbuf *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int rc = 0;

    if (fd < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    for (;;) {
        char chunk[65536];
        ssize_t n = read(fd, chunk, sizeof chunk);

        if (n == 0)
            break;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
            break;
        }
        if ((size_t)n > max - (out->n < max ? out->n : max) ||
            strbuf_add(out, (struct str){chunk, (size_t)n}) < 0) {
            rc = err_set(e, ERR_LIMIT, "%s: larger than %zu bytes", path, max);
            break;
        }
    }
    close(fd);
    return rc;
}

int os_write_all(int fd, struct str bytes, struct err *e)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(e, -errno, "cannot write: %s", strerror(errno));
        bytes = str_slice(bytes, (size_t)n, bytes.n);
    }
    return 0;
}
