/* Certificates on disk. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/cert.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#define BYTES_MAX ((size_t)64 * 1024)
#define SUFFIX    ".key"

/* ---- one file ---- */

/* systemd gives the service's user the right by an ACL, which shows as the group's. */
static bool is_credential(const char *path)
{
    const char *dir = getenv("CREDENTIALS_DIRECTORY");
    size_t n = dir != NULL ? strlen(dir) : 0;

    return strncmp(path, "/run/credentials/", 17) == 0 ||
           (n > 0 && strncmp(path, dir, n) == 0 && path[n] == '/');
}

static int check_mode(const char *path, const struct stat *st, struct err *e)
{
    mode_t others = is_credential(path) ? S_IRWXO : S_IRWXG | S_IRWXO;

    if ((st->st_mode & others) == 0)
        return 0;
    return err_set(e, -EPERM,
                   "%s has a secret key, and others than its owner may read it (mode "
                   "%04o)",
                   path, (unsigned)st->st_mode & 07777);
}

static int read_all(const char *path, struct strbuf *out, struct stat *ret_st,
                    struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc = 0; /* a pipe, perhaps */
    ssize_t n = -1;

    if (fd < 0)
        return err_set(e, -errno, "%s: %s%s", path, strerror(errno),
                       errno == EACCES ? "; it must belong to the user who runs this"
                                       : "");
    if (fstat(fd, ret_st) < 0 || !S_ISREG(ret_st->st_mode)) {
        rc = err_set(e, ERR_FORMAT, "%s is not a regular file", path);
    } else {
        char *at = strbuf_room(out, BYTES_MAX);

        n = at != NULL ? read(fd, at, BYTES_MAX) : -1;
        if (n < 0)
            rc = err_set(e, -EIO, "%s: cannot read it", path);
        else
            out->n += (size_t)n;
    }
    close(fd);
    return rc;
}

int cert_load(const char *path, struct cert *ret, struct err *e)
{
    struct strbuf text = {.max = BYTES_MAX + 1};
    struct stat st = {0};
    struct cert c = {0};
    int rc = read_all(path, &text, &st, e);

    if (rc == 0) {
        rc = cert_read(strbuf_str(&text), &c, e);
        if (rc < 0)
            err_wrap(e, "%s", path);
    }
    if (rc == 0 && c.secret_key[0] != '\0')
        rc = check_mode(path, &st, e);
    if (rc == 0)
        *ret = c;
    cert_forget(&c);
    if (text.p != NULL)
        explicit_bzero(text.p, text.n);
    strbuf_fini(&text);
    return rc;
}

static int write_new(const char *path, mode_t mode, struct str text, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc;

    if (fd < 0)
        return err_set(e, -errno, "%s: %s", path, strerror(errno));
    rc = os_write_all(fd, text, e);
    if (rc == 0 && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
        rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
    close(fd);
    return rc;
}

int cert_save(const char *path, const struct cert *c, bool with_secret, struct err *e)
{
    struct strbuf text = {.max = BYTES_MAX};
    char *tmp = mem_printf("%s.%d~", path, (int)getpid());
    int rc = cert_write(c, with_secret, &text);

    if (rc < 0) {
        err_set(e, rc, "the certificate is too long");
    } else {
        rc = write_new(tmp, with_secret ? 0600 : 0644, strbuf_str(&text), e);
        if (rc == 0 && rename(tmp, path) < 0)
            rc = err_set(e, -errno, "%s: %s", path, strerror(errno));
        if (rc < 0)
            (void)unlink(tmp); /* already failing */
    }
    if (text.p != NULL)
        explicit_bzero(text.p, text.n);
    strbuf_fini(&text);
    free(tmp);
    return rc;
}

/* ---- a folder ---- */

static int is_cert(const struct dirent *d)
{
    return str_has_suffix(str_of(d->d_name), STR(SUFFIX)) && d->d_name[0] != '.';
}

int cert_each(const char *dir,
              void (*use)(void *ctx, const char *path, const struct cert *c,
                          const char *bad),
              void *ctx, struct err *e)
{
    struct dirent **found = NULL;
    int n = scandir(dir, &found, is_cert, alphasort);

    if (n < 0)
        return err_set(e, -errno, "%s: %s", dir, strerror(errno));
    for (int i = 0; i < n; i++) {
        struct str name = str_of(found[i]->d_name);
        char *path = mem_printf("%s/%s", dir, found[i]->d_name);
        struct cert c = {0};
        struct err fault;

        name.n -= strlen(SUFFIX);
        if (!cert_is_name(name)) {
            use(ctx, path, NULL, "no name for a key: at most 31 of a-z A-Z 0-9 . _ -");
        } else if (cert_load(path, &c, &fault) < 0) {
            use(ctx, path, NULL, fault.text);
        } else {
            memcpy(c.name, name.p, name.n);
            c.name[name.n] = '\0';
            cert_forget(&c);
            use(ctx, path, &c, NULL);
        }
        free(path);
        free(found[i]);
    }
    free(found);
    return 0;
}
