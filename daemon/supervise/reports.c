/* Programs report as they would to systemd (sd_notify(3)). Who speaks is what the kernel
   says, not what the datagram says. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "newsmq/mem.h"

#include "reports.h"

#define REPORTS_A_TURN 64

struct reports {
    uv_poll_t poll;
    int fd;
    char *path;
    reports_take *take;
    void *ctx;
};

/* The sender's process id, or 0. */
static pid_t sender_of(struct msghdr *m)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c != NULL; c = CMSG_NXTHDR(m, c)) {
        struct ucred who;

        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_CREDENTIALS)
            continue;
        memcpy(&who, CMSG_DATA(c), sizeof who);
        return who.pid;
    }
    return 0;
}

static void on_report(uv_poll_t *poll, int status, int events)
{
    struct reports *r = poll->data;

    (void)events;
    for (int i = 0; status == 0 && i < REPORTS_A_TURN; i++) {
        char text[1024];
        union {
            char bytes[CMSG_SPACE(sizeof(struct ucred))];
            struct cmsghdr align;
        } more;
        struct iovec part = {text, sizeof text};
        struct msghdr m = {.msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = more.bytes,
                           .msg_controllen = sizeof more.bytes};
        ssize_t n = recvmsg(r->fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
        pid_t pid;

        if (n < 0)
            return;
        pid = sender_of(&m);
        if (pid > 0)
            r->take(r->ctx, pid, (struct str){text, (size_t)n});
    }
}

static int bind_at(const char *path, struct err *e)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    mode_t before;
    int rc;

    if (fd < 0)
        return err_set(e, -errno, "cannot make a socket: %s", strerror(errno));
    (void)unlink(path);
    memcpy(at.sun_path, path, strlen(path)); /* the caller has looked at its length */
    (void)setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on); /* seen by sender_of */
    before = umask(0177);
    rc = bind(fd, (const struct sockaddr *)&at, sizeof at);
    (void)umask(before);
    if (rc == 0)
        return fd;
    rc = err_set(e, -errno, "cannot listen at %s: %s", path, strerror(errno));
    close(fd);
    return rc;
}

int reports_open(uv_loop_t *loop, const char *path, reports_take *take, void *ctx,
                 struct reports **ret, struct err *e)
{
    int fd = bind_at(path, e), rc;
    struct reports *r;

    if (fd < 0)
        return fd;
    r = mem_new(sizeof *r);
    *r = (struct reports){.fd = fd, .path = mem_strdup(path), .take = take, .ctx = ctx};
    rc = uv_poll_init(loop, &r->poll, fd);
    if (rc < 0) {
        close(fd);
        free(r->path);
        free(r);
        return err_set(e, rc, "libuv: %s", uv_strerror(rc));
    }
    r->poll.data = r;
    (void)uv_poll_start(&r->poll, UV_READABLE, on_report); /* cannot fail here */
    *ret = r;
    return 0;
}

static void on_closed(uv_handle_t *h)
{
    struct reports *r = h->data;

    close(r->fd);
    free(r->path);
    free(r);
}

void reports_close(struct reports *r)
{
    if (r == NULL)
        return;
    (void)unlink(r->path); /* the next one replaces it anyway */
    uv_close((uv_handle_t *)&r->poll, on_closed);
}
