/* fork and exec by hand, since neither posix_spawn nor libuv can ask the kernel to kill
   the child when its parent dies. A pipe that closes at exec tells whether exec worked.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "newsmq/mem.h"

#include "spawn.h"

/* What systemd said to this process is not meant for the program. */
static bool is_ours(const char *variable)
{
    return strncmp(variable, "NOTIFY_SOCKET=", 14) == 0 ||
           strncmp(variable, "WATCHDOG_USEC=", 14) == 0 ||
           strncmp(variable, "WATCHDOG_PID=", 13) == 0;
}

static char **make_environment(char *notify, char *watchdog)
{
    size_t n = 0;
    char **copy;

    while (environ[n] != NULL)
        n++;
    copy = mem_new_array(n + 3, sizeof *copy);
    n = 0;
    for (char **v = environ; *v != NULL; v++)
        if (!is_ours(*v))
            copy[n++] = *v;
    copy[n++] = notify;
    copy[n] = watchdog;
    return copy;
}

struct plan {
    char *const *argv;
    char **environment;
    int stdin_fd, report_fd;
    pid_t parent;
};

/* Between fork and exec: only calls that are safe there. Signals are blocked until no
   handler is left, since libuv's would speak to the parent's loop. */
static _Noreturn void become(const struct plan *p)
{
    static const int caught[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGPIPE};
    sigset_t none;

    for (size_t i = 0; i < ARRAY_LEN(caught); i++)
        (void)signal(caught[i], SIG_DFL);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)setpgid(0, 0);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == p->parent &&
        dup2(p->stdin_fd, STDIN_FILENO) >= 0)
        (void)execve(p->argv[0], p->argv, p->environment);
    (void)!write(p->report_fd, &errno, sizeof errno); /* the parent sees the end anyway */
    _exit(127);
}

static int read_report(int fd)
{
    int cause = 0;
    ssize_t n;

    do
        n = read(fd, &cause, sizeof cause);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof cause ? cause : 0;
}

static int start(struct plan *p, pid_t *ret_pid, struct err *e)
{
    int report[2], cause;
    sigset_t all, before;
    pid_t pid;

    if (pipe2(report, O_CLOEXEC) < 0)
        return err_set(e, -errno, "cannot make a pipe: %s", strerror(errno));
    p->report_fd = report[1];
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &before); /* one thread; cannot fail */
    pid = fork();
    if (pid == 0)
        become(p);
    cause = pid < 0 ? errno : 0;
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    close(report[1]);
    if (pid > 0)
        cause = read_report(report[0]);
    close(report[0]);
    if (cause == 0) {
        *ret_pid = pid;
        return 0;
    }
    while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
    return err_set(e, -cause, "cannot start %s: %s", p->argv[0], strerror(cause));
}

int spawn(char *const *argv, const char *notify_path, int64_t watchdog_ms, pid_t *ret_pid,
          struct err *e)
{
    char *notify = mem_printf("NOTIFY_SOCKET=%s", notify_path);
    char *watchdog = watchdog_ms > 0
                         ? mem_printf("WATCHDOG_USEC=%lld", (long long)watchdog_ms * 1000)
                         : NULL;
    struct plan p = {.argv = argv,
                     .environment = make_environment(notify, watchdog),
                     .stdin_fd = open("/dev/null", O_RDONLY | O_CLOEXEC),
                     .parent = getpid()};
    int rc = p.stdin_fd < 0 ? err_set(e, -errno, "/dev/null: %s", strerror(errno))
                            : start(&p, ret_pid, e);

    if (p.stdin_fd >= 0)
        close(p.stdin_fd);
    free(p.environment);
    free(watchdog);
    free(notify);
    return rc;
}
