/* seccomp: a list of what each role needs, with a reason where it is not plain; anything
   else answers EPERM. Some calls are allowed for some arguments only. */
#include <errno.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "newsmq/str.h"

#include "sandbox_private.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

#define ROLE(r) (1u << SANDBOX_##r)
#define ALL     (ROLE(HUB) | ROLE(FETCH) | ROLE(WORKER) | ROLE(SINK) | ROLE(HTTP))
#define WRITERS (ROLE(HUB) | ROLE(SINK))
#define READERS (ALL & ~WRITERS)
#define SERVERS (ROLE(HUB) | ROLE(FETCH) | ROLE(HTTP)) /* fetch: WebSub, netlink */

struct call {
    int number;
    unsigned roles;
};

static const struct call allowed[] = {
    /* what is open already */
    {SCMP_SYS(read), ALL},
    {SCMP_SYS(write), ALL},
    {SCMP_SYS(readv), ALL},
    {SCMP_SYS(writev), ALL},
    {SCMP_SYS(pread64), ALL},
    {SCMP_SYS(pwrite64), ALL},
    {SCMP_SYS(preadv), ALL},
    {SCMP_SYS(pwritev), ALL},
    {SCMP_SYS(close), ALL},
    {SCMP_SYS(close_range), ALL},
    {SCMP_SYS(lseek), ALL},
    {SCMP_SYS(_llseek), ALL},
    {SCMP_SYS(dup), ALL},
    {SCMP_SYS(dup2), ALL},
    {SCMP_SYS(dup3), ALL},
    {SCMP_SYS(fcntl), ALL},
    {SCMP_SYS(fcntl64), ALL},
    {SCMP_SYS(pipe), ALL},
    {SCMP_SYS(pipe2), ALL},
    {SCMP_SYS(fadvise64), ALL},
    {SCMP_SYS(sendfile), ROLE(HTTP) | ROLE(FETCH)}, /* libmicrohttpd */
    /* what there is */
    {SCMP_SYS(fstat), ALL},
    {SCMP_SYS(fstat64), ALL},
    {SCMP_SYS(stat), ALL},
    {SCMP_SYS(stat64), ALL},
    {SCMP_SYS(lstat), ALL},
    {SCMP_SYS(lstat64), ALL},
    {SCMP_SYS(newfstatat), ALL},
    {SCMP_SYS(fstatat64), ALL},
    {SCMP_SYS(statx), ALL},
    {SCMP_SYS(statfs), ALL},
    {SCMP_SYS(fstatfs), ALL},
    {SCMP_SYS(access), ALL},
    {SCMP_SYS(faccessat), ALL},
    {SCMP_SYS(faccessat2), ALL},
    {SCMP_SYS(readlink), ALL},
    {SCMP_SYS(readlinkat), ALL},
    {SCMP_SYS(getdents), ALL},
    {SCMP_SYS(getdents64), ALL},
    {SCMP_SYS(getcwd), ALL},
    /* waiting */
    {SCMP_SYS(poll), ALL},
    {SCMP_SYS(ppoll), ALL},
    {SCMP_SYS(select), ALL},
    {SCMP_SYS(pselect6), ALL},
    {SCMP_SYS(epoll_create), ALL},
    {SCMP_SYS(epoll_create1), ALL},
    {SCMP_SYS(epoll_ctl), ALL},
    {SCMP_SYS(epoll_wait), ALL},
    {SCMP_SYS(epoll_pwait), ALL},
    {SCMP_SYS(epoll_pwait2), ALL},
    {SCMP_SYS(eventfd), ALL},
    {SCMP_SYS(eventfd2), ALL},
    {SCMP_SYS(timerfd_create), ALL},
    {SCMP_SYS(timerfd_settime), ALL},
    {SCMP_SYS(timerfd_gettime), ALL},
    {SCMP_SYS(timer_create), ROLE(WORKER)}, /* the bound of an extractor's time */
    {SCMP_SYS(timer_settime), ROLE(WORKER)},
    {SCMP_SYS(timer_gettime), ROLE(WORKER)},
    {SCMP_SYS(timer_delete), ROLE(WORKER)},
    {SCMP_SYS(nanosleep), ALL},
    {SCMP_SYS(clock_nanosleep), ALL},
    {SCMP_SYS(restart_syscall), ALL},
    {SCMP_SYS(sched_yield), ALL},
    /* the clock, and who I am */
    {SCMP_SYS(clock_gettime), ALL},
    {SCMP_SYS(clock_getres), ALL},
    {SCMP_SYS(gettimeofday), ALL},
    {SCMP_SYS(time), ALL},
    {SCMP_SYS(times), ALL},
    {SCMP_SYS(getrusage), ALL},
    {SCMP_SYS(getpid), ALL},
    {SCMP_SYS(getppid), ALL},
    {SCMP_SYS(gettid), ALL},
    {SCMP_SYS(getuid), ALL},
    {SCMP_SYS(geteuid), ALL},
    {SCMP_SYS(getgid), ALL},
    {SCMP_SYS(getegid), ALL},
    {SCMP_SYS(getresuid), ALL},
    {SCMP_SYS(getresgid), ALL},
    {SCMP_SYS(getgroups), ALL},
    {SCMP_SYS(uname), ALL},
    {SCMP_SYS(sysinfo), ALL},
    {SCMP_SYS(getrandom), ALL},
    {SCMP_SYS(getrlimit), ALL},
    {SCMP_SYS(ugetrlimit), ALL},
    {SCMP_SYS(getcpu), ALL},
    {SCMP_SYS(sched_getaffinity), ALL},
    /* memory and threads */
    {SCMP_SYS(brk), ALL},
    {SCMP_SYS(munmap), ALL},
    {SCMP_SYS(mremap), ALL},
    {SCMP_SYS(madvise), ALL},
    {SCMP_SYS(futex), ALL},
    {SCMP_SYS(futex_time64), ALL},
    {SCMP_SYS(futex_waitv), ALL},
    {SCMP_SYS(set_robust_list), ALL},
    {SCMP_SYS(get_robust_list), ALL},
    {SCMP_SYS(rseq), ALL},
    {SCMP_SYS(membarrier), ALL},
    {SCMP_SYS(sched_getparam), ALL}, /* libzmq gives each thread the policy it has */
    {SCMP_SYS(sched_getscheduler), ALL},
    {SCMP_SYS(sched_get_priority_min), ALL},
    {SCMP_SYS(sched_get_priority_max), ALL},
    {SCMP_SYS(exit), ALL},
    {SCMP_SYS(exit_group), ALL},
    /* signals, to oneself */
    {SCMP_SYS(rt_sigaction), ALL},
    {SCMP_SYS(rt_sigprocmask), ALL},
    {SCMP_SYS(rt_sigreturn), ALL},
    {SCMP_SYS(sigreturn), ALL},
    {SCMP_SYS(rt_sigtimedwait), ALL},
    {SCMP_SYS(rt_sigsuspend), ALL},
    {SCMP_SYS(rt_sigpending), ALL},
    {SCMP_SYS(sigaltstack), ALL},
    /* sockets; which kinds: see socket below */
    {SCMP_SYS(connect), ALL},
    {SCMP_SYS(sendto), ALL},
    {SCMP_SYS(send), ALL},
    {SCMP_SYS(sendmsg), ALL},
    {SCMP_SYS(sendmmsg), ALL},
    {SCMP_SYS(recvfrom), ALL},
    {SCMP_SYS(recv), ALL},
    {SCMP_SYS(recvmsg), ALL},
    {SCMP_SYS(recvmmsg), ALL},
    {SCMP_SYS(getsockopt), ALL},
    {SCMP_SYS(setsockopt), ALL},
    {SCMP_SYS(getsockname), ALL},
    {SCMP_SYS(getpeername), ALL},
    {SCMP_SYS(shutdown), ALL},
    {SCMP_SYS(bind), SERVERS},
    {SCMP_SYS(listen), SERVERS},
    {SCMP_SYS(accept), SERVERS},
    {SCMP_SYS(accept4), SERVERS},
    /* files of one's own */
    {SCMP_SYS(ftruncate), WRITERS},
    {SCMP_SYS(ftruncate64), WRITERS},
    {SCMP_SYS(truncate), WRITERS},
    {SCMP_SYS(fallocate), WRITERS},
    {SCMP_SYS(fsync), WRITERS},
    {SCMP_SYS(fdatasync), WRITERS},
    {SCMP_SYS(sync_file_range), WRITERS},
    {SCMP_SYS(flock), WRITERS},
    {SCMP_SYS(mkdir), WRITERS},
    {SCMP_SYS(mkdirat), WRITERS},
    {SCMP_SYS(rmdir), WRITERS}, /* libzmq, of a folder that it made for a socket */
    {SCMP_SYS(unlink), WRITERS},
    {SCMP_SYS(unlinkat), WRITERS},
    {SCMP_SYS(rename), WRITERS},
    {SCMP_SYS(renameat), WRITERS},
    {SCMP_SYS(renameat2), WRITERS},
    {SCMP_SYS(fchmod), WRITERS}, /* SQLite: the log is as private as the database */
    {SCMP_SYS(fchown), ROLE(HUB)},
    {SCMP_SYS(fchown32), ROLE(HUB)},
    {SCMP_SYS(umask), ROLE(HUB)},
    {SCMP_SYS(open), WRITERS},
    {SCMP_SYS(openat), WRITERS},
};

#if SANDBOX_IS_SANITIZED
static const int sanitizers[] = {
    SCMP_SYS(clone),  SCMP_SYS(fork),        SCMP_SYS(vfork),     SCMP_SYS(wait4),
    SCMP_SYS(ptrace), SCMP_SYS(prctl),       SCMP_SYS(kill),      SCMP_SYS(tkill),
    SCMP_SYS(tgkill), SCMP_SYS(personality), SCMP_SYS(prlimit64),
};
#endif

/* Of the supervisor: what neither it nor any program that it starts needs. */
static const int shut[] = {
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kcmp),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsmount),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fspick),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(adjtimex),
    SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(modify_ldt),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(lookup_dcookie),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(syslog),
    SCMP_SYS(fanotify_init),
    SCMP_SYS(vhangup),
    SCMP_SYS(nfsservctl),
};

/* A call that this architecture does not have needs no rule. */
#define add(ctx, action, ...) is_fine(seccomp_rule_add((ctx), (action), __VA_ARGS__))

static int is_fine(int rc)
{
    return rc == -EDOM || rc == -EINVAL ? 0 : rc;
}

static int allow_list(scmp_filter_ctx ctx, enum sandbox_role role)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(allowed); i++)
        if ((allowed[i].roles & (1u << role)) != 0)
            rc = add(ctx, SCMP_ACT_ALLOW, allowed[i].number, 0);
#if SANDBOX_IS_SANITIZED
    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(sanitizers); i++)
        rc = add(ctx, SCMP_ACT_ALLOW, sanitizers[i], 0);
#endif
    return rc;
}

/* For one value of the argument `at` each. */
static int allow_values(scmp_filter_ctx ctx, int call, unsigned at,
                        const uint64_t *values, size_t n)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = add(ctx, SCMP_ACT_ALLOW, call, 1, SCMP_CMP64(at, SCMP_CMP_EQ, values[i], 0));
    return rc;
}

/* When none of the bits is set in the argument `at`. */
static int allow_without(scmp_filter_ctx ctx, int call, unsigned at, uint64_t bits)
{
    return add(ctx, SCMP_ACT_ALLOW, call, 1, SCMP_CMP64(at, SCMP_CMP_MASKED_EQ, bits, 0));
}

static int allow_sockets(scmp_filter_ctx ctx, enum sandbox_role role,
                         const struct sandbox_paths *p)
{
    static const uint64_t families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    bool has_tcp = p->connects_anywhere || p->n_bind > 0 || p->n_connect > 0;
    /* Netlink tells which addresses this machine has: getaddrinfo(3), and libzmq when it
       binds. */
    size_t n = !has_tcp ? 1 : role == SANDBOX_HTTP ? 3 : 4;
    int rc = allow_values(ctx, SCMP_SYS(socket), 0, families, n);

    return rc == 0 ? allow_values(ctx, SCMP_SYS(socketpair), 0, families, 1) : rc;
}

/* fetch: name services and character sets are libraries that are opened when they are
   needed; for all others no more code comes in. */
static int allow_memory(scmp_filter_ctx ctx, enum sandbox_role role)
{
    int rc = allow_without(ctx, SCMP_SYS(mprotect), 2, PROT_EXEC);

    if (rc == 0)
        rc = allow_without(ctx, SCMP_SYS(mmap), 2, PROT_EXEC);
    if (rc == 0 && role == SANDBOX_FETCH)
        rc = allow_without(ctx, SCMP_SYS(mmap), 2, PROT_WRITE);
    return rc;
}

static int allow_threads(scmp_filter_ctx ctx)
{
    static const uint64_t names[] = {PR_SET_NAME, PR_GET_NAME, PR_SET_VMA};
    static const uint64_t none[] = {0}; /* also SCHED_OTHER */
    const uint64_t me = (uint64_t)getpid();
    int rc = 0;

    if (!SANDBOX_IS_SANITIZED) {
        rc = add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                 SCMP_CMP64(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
        if (rc == 0)
            rc = allow_values(ctx, SCMP_SYS(prctl), 0, names, ARRAY_LEN(names));
        if (rc == 0)
            rc = allow_values(ctx, SCMP_SYS(tgkill), 0, &me, 1); /* abort(3) */
        if (rc == 0)
            rc = allow_values(ctx, SCMP_SYS(prlimit64), 2, none, 1); /* to read */
    }
    if (rc == 0) /* libzmq, in each thread; it ends when it may not */
        rc = allow_values(ctx, SCMP_SYS(sched_setscheduler), 1, none, 1);
    /* Their arguments cannot be looked at; without them the older ones are used. */
    if (rc == 0)
        rc = add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    return rc == 0 ? add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0) : rc;
}

static int allow_some(scmp_filter_ctx ctx, enum sandbox_role role)
{
    static const uint64_t questions[] = {FIONBIO,     FIONREAD,    FIOCLEX,
                                         TCGETS,      TIOCGWINSZ,  SIOCGIFINDEX,
                                         SIOCGIFNAME, SIOCGIFFLAGS};
    const uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
    int rc = allow_values(ctx, SCMP_SYS(ioctl), 1, questions, ARRAY_LEN(questions));

    if (rc == 0 && (READERS & (1u << role)) != 0)
        rc = allow_without(ctx, SCMP_SYS(open), 1, writing);
    if (rc == 0 && (READERS & (1u << role)) != 0)
        rc = allow_without(ctx, SCMP_SYS(openat), 2, writing);
    return rc;
}

static int fill(scmp_filter_ctx ctx, enum sandbox_role role,
                const struct sandbox_paths *p)
{
    int rc = allow_list(ctx, role);

    if (rc == 0)
        rc = allow_some(ctx, role);
    if (rc == 0)
        rc = allow_sockets(ctx, role, p);
    if (rc == 0)
        rc = allow_memory(ctx, role);
    return rc == 0 ? allow_threads(ctx) : rc;
}

static int fill_shut(scmp_filter_ctx ctx)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < ARRAY_LEN(shut); i++)
        if (!SANDBOX_IS_SANITIZED || shut[i] != SCMP_SYS(ptrace))
            rc = add(ctx, SCMP_ACT_ERRNO(EPERM), shut[i], 0);
    return rc;
}

int sandbox_calls(enum sandbox_role role, const struct sandbox_paths *paths,
                  struct err *e)
{
    bool is_light = role == SANDBOX_SUPERVISE;
    scmp_filter_ctx ctx = seccomp_init(is_light ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
    int rc = ctx == NULL ? -ENOMEM : 0;

    if (rc == 0)
        rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
    if (rc == 0)
        rc = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    if (rc == 0)
        rc = is_light ? fill_shut(ctx) : fill(ctx, role, paths);
    if (rc == 0)
        rc = seccomp_load(ctx);
    if (ctx != NULL)
        seccomp_release(ctx);
    return rc < 0 ? err_set(e, rc, "no filter of system calls: %s", strerror(-rc)) : 0;
}
