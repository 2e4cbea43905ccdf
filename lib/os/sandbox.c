#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "sandbox_private.h"

/* Of this process; -1 when nobody can say. */
static int count_threads(void)
{
    DIR *dir = opendir("/proc/self/task");
    int n = 0;

    if (dir == NULL)
        return -1;
    for (struct dirent *d; (d = readdir(dir)) != NULL;)
        n += d->d_name[0] != '.';
    (void)closedir(dir); /* only read */
    return n;
}

/* A wall is missing: what is said of it depends on the mode. */
static int miss(enum sandbox_mode mode, const struct err *cause,
                struct sandbox_walls *walls, struct err *e)
{
    size_t n = strlen(walls->missing);

    (void)snprintf(walls->missing + n, sizeof walls->missing - n, "%s%s",
                   n > 0 ? "; " : "", cause->text); /* cut is fine */
    if (mode != SANDBOX_REQUIRE)
        return 0;
    *e = *cause;
    return err_wrap(e, "sandbox: require");
}

int sandbox_enter(enum sandbox_role role, enum sandbox_mode mode,
                  const struct sandbox_paths *paths, struct sandbox_walls *ret,
                  struct err *e)
{
    struct sandbox_walls walls = {0};
    struct err cause = {0};
    int rc = 0;

    if (mode == SANDBOX_OFF) {
        *ret = walls;
        return 0;
    }
    if (count_threads() > 1)
        return err_set(e, -EBUSY, "the sandbox comes before the first thread");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        return err_set(e, -errno, "no_new_privs: %s", strerror(errno));
    if (role != SANDBOX_SUPERVISE && !SANDBOX_IS_SANITIZED)
        (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* cannot fail for 0 */
    if (role != SANDBOX_SUPERVISE && sandbox_files(paths, &walls, &cause) < 0)
        rc = miss(mode, &cause, &walls, e);
    if (rc == 0) {
        walls.has_calls = sandbox_calls(role, paths, &cause) == 0;
        rc = walls.has_calls ? 0 : miss(mode, &cause, &walls, e);
    }
    if (rc == 0)
        *ret = walls;
    return rc;
}
