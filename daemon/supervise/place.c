#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "place.h"

/* Who has the lock: what its file says, or "?". */
static void read_owner(int fd, char buf[24])
{
    ssize_t n = pread(fd, buf, 23, 0);

    while (n > 0 && (buf[n - 1] < '0' || buf[n - 1] > '9'))
        n--;
    if (n > 0)
        buf[n] = '\0';
    else
        (void)snprintf(buf, 24, "?");
}

static int lock_dir(struct place *p, struct err *e)
{
    char text[24];
    int n;

    p->dir_lock = open(p->pid_path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (p->dir_lock < 0)
        return err_set(e, -errno, "%s: %s", p->pid_path, strerror(errno));
    if (flock(p->dir_lock, LOCK_EX | LOCK_NB) < 0) {
        read_owner(p->dir_lock, text);
        close(p->dir_lock);
        p->dir_lock = -1;
        return err_set(e, -EBUSY,
                       "newsmqd runs here already (process %s, bus.dir %s): "
                       "`newsmq status` shows it, `kill %s` stops it",
                       text, p->dir, text);
    }
    n = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(p->dir_lock, 0) < 0 || pwrite(p->dir_lock, text, (size_t)n, 0) != n)
        return err_set(e, -errno, "%s: cannot write: %s", p->pid_path, strerror(errno));
    return 0;
}

static int lock_state(struct place *p, struct err *e)
{
    p->state_lock = open(p->state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (p->state_lock < 0)
        return err_set(e, -errno, "%s: %s", p->state, strerror(errno));
    if (flock(p->state_lock, LOCK_EX | LOCK_NB) < 0)
        return err_set(e, -EBUSY,
                       "another newsmqd uses the state folder %s: stop it, or give this "
                       "one a state.path of its own",
                       p->state);
    return 0;
}

/* In /tmp somebody else may have made the folder first, to see or replace our sockets. */
static int check_owner(const char *dir, struct err *e)
{
    struct stat st;

    if (stat(dir, &st) < 0)
        return err_set(e, -errno, "%s: %s", dir, strerror(errno));
    if (st.st_uid == geteuid() || st.st_uid == 0 || geteuid() == 0)
        return 0;
    return err_set(
        e, -EPERM,
        "bus.dir %s belongs to another user (%lu); choose another or remove it", dir,
        (unsigned long)st.st_uid);
}

static int check_length(const char *path, struct err *e)
{
    size_t max = sizeof((struct sockaddr_un *)0)->sun_path - 1;

    if (strlen(path) <= max)
        return 0;
    return err_set(e, ERR_CONFIG,
                   "%s: the path of a local socket has at most %zu characters; choose a "
                   "shorter bus.dir",
                   path, max);
}

static bool has_same(const char *a, const struct place *b, size_t at)
{
    return b != NULL && strcmp(a, *(char *const *)((const char *)b + at)) == 0;
}

int place_open(const struct config *c, const struct place *before, struct place *ret,
               struct err *e)
{
    struct place p = {
        .dir = mem_strdup(c->bus.dir),
        .state = mem_strdup(c->state.path),
        .pid_path = mem_printf("%s/newsmqd.pid", c->bus.dir),
        .control_path = mem_printf("%s/newsmqd.sock", c->bus.dir),
        .notify_path = mem_printf("%s/notify.sock", c->bus.dir),
        .dir_lock = -1,
        .state_lock = -1,
    };
    bool same_dir = has_same(p.dir, before, offsetof(struct place, dir));
    bool same_state = has_same(p.state, before, offsetof(struct place, state));
    int rc = check_length(p.control_path, e);

    if (same_dir)
        p.dir_lock = before->dir_lock;
    if (same_state)
        p.state_lock = before->state_lock;
    if (rc == 0)
        rc = os_make_dirs(p.dir, e);
    if (rc == 0)
        rc = check_owner(p.dir, e);
    if (rc == 0)
        rc = os_make_dirs(p.state, e);
    if (rc == 0 && !same_dir)
        rc = lock_dir(&p, e);
    if (rc == 0 && !same_state)
        rc = lock_state(&p, e);
    if (rc < 0) {
        place_close(&p, before);
        return rc;
    }
    *ret = p;
    return 0;
}

void place_close(struct place *p, const struct place *after)
{
    if (p->dir == NULL)
        return;
    if (p->dir_lock >= 0 && (after == NULL || after->dir_lock != p->dir_lock)) {
        (void)!ftruncate(p->dir_lock,
                         0); /* kept: unlinking it would race with the next */
        close(p->dir_lock);
    }
    if (p->state_lock >= 0 && (after == NULL || after->state_lock != p->state_lock))
        close(p->state_lock);
    free(p->dir);
    free(p->state);
    free(p->pid_path);
    free(p->control_path);
    free(p->notify_path);
    *p = (struct place){.dir_lock = -1, .state_lock = -1};
}
