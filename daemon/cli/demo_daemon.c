#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "demo_daemon.h"
#include "term.h"

#define LOG_READ_MAX ((size_t)16 * 1024 * 1024)
#define LOG_TAIL     ((size_t)4000)
#define STEP_MS      20
#define EXEC_FAILED  127

/* In the child, between fork and exec: calls that are safe there only. Its own process
   group: Ctrl-C goes to the demo, which then stops it in order. */
static void become(const char *program, const char *config, int log, pid_t parent)
{
    char *const argv[] = {"newsmqd", "-c", (char *)config, NULL}; /* only read */

    (void)setpgid(0, 0);                    /* cannot fail in a new child */
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* cannot fail for a signal there is */
    if (getppid() == parent && dup2(log, STDOUT_FILENO) >= 0 &&
        dup2(log, STDERR_FILENO) >= 0)
        (void)execv(program, argv);
    _exit(EXEC_FAILED);
}

int demo_daemon_start(const char *config, const char *log, struct demo_daemon *ret,
                      struct err *e)
{
    char *dir = os_program_dir(), *program = mem_printf("%s/newsmqd", dir);
    pid_t self = getpid(), pid = -1;
    int fd = -1, rc = 0;

    if (access(program, X_OK) < 0)
        rc = err_set(e, -errno, "%s: %s", program, strerror(errno));
    if (rc == 0)
        fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (rc == 0 && fd < 0)
        rc = err_set(e, -errno, "%s: %s", log, strerror(errno));
    if (rc == 0 && (pid = fork()) == 0)
        become(program, config, fd, self);
    if (rc == 0 && pid < 0)
        rc = err_set(e, -errno, "cannot start newsmqd: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    free(program);
    free(dir);
    if (rc == 0)
        *ret = (struct demo_daemon){.pid = pid};
    return rc;
}

bool demo_daemon_is_running(struct demo_daemon *d)
{
    if (d->pid > 0 && !d->has_ended && waitpid(d->pid, &d->status, WNOHANG) == d->pid)
        d->has_ended = true;
    return d->pid > 0 && !d->has_ended;
}

bool demo_daemon_stop(struct demo_daemon *d, int64_t wait_ms)
{
    struct mono end = mono_add_ms(clock_mono(), wait_ms);
    const struct timespec step = {0, STEP_MS * 1000000L};

    if (demo_daemon_is_running(d))
        (void)kill(d->pid, SIGTERM); /* it is there: nobody has waited for it yet */
    while (demo_daemon_is_running(d) && !mono_is_due(end, clock_mono()))
        (void)nanosleep(&step, NULL); /* woken early is fine */
    if (demo_daemon_is_running(d)) {
        (void)kill(-d->pid, SIGKILL);         /* the group is ours */
        (void)waitpid(d->pid, &d->status, 0); /* killed: it does end */
        d->has_ended = true;
    }
    return d->has_ended && WIFEXITED(d->status) && WEXITSTATUS(d->status) == 0;
}

void demo_daemon_print_end(const struct demo_daemon *d, const char *log, FILE *to)
{
    struct strbuf text = {.max = LOG_READ_MAX};
    struct str tail;

    if (d->has_ended && WIFSIGNALED(d->status))
        fprintf(to, "newsmqd was killed by signal %d", WTERMSIG(d->status));
    else if (d->has_ended)
        fprintf(to, "newsmqd ended with exit code %d", WEXITSTATUS(d->status));
    else
        fprintf(to, "newsmqd runs");
    (void)os_read_file(log, LOG_READ_MAX, &text, NULL); /* then its beginning, or none */
    tail = strbuf_str(&text);
    if (tail.n > LOG_TAIL)
        tail = str_slice(tail, tail.n - LOG_TAIL, tail.n);
    fprintf(to, tail.n > 0 ? "; the end of its log:\n" : " and wrote no log\n");
    (void)term_text(to, tail, 0, true); /* any length */
    strbuf_fini(&text);
}
