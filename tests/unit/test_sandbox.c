/* What a program of each role can do no more once it is behind its wall. Each attempt is
   made by a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/sandbox.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#else
#define IS_SANITIZED 0
#endif

#define CANNOT_ENTER 250
#define WORKS        0

static char place[] = "/tmp/nmq-sandbox-XXXXXX";

/* place/mine/file may be written, place/models/file read; place/other/file neither. */
static char *in_place(const char *name)
{
    return mem_printf("%s/%s", place, name);
}

static void make_file(const char *name)
{
    char *path = in_place(name);
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs("text", f);
    fclose(f);
    free(path);
}

static int make_place(void **state)
{
    static const char *const folders[] = {"mine", "models", "other"};

    (void)state;
    if (mkdtemp(place) == NULL)
        return -1;
    for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
        char *path = in_place(folders[i]);

        if (mkdir(path, 0700) < 0)
            return -1;
        free(path);
    }
    make_file("mine/file");
    make_file("models/file");
    make_file("other/file");
    return 0;
}

static int remove_place(void **state)
{
    char *command = mem_printf("rm -r %s", place);
    int rc = system(command);

    (void)state;
    free(command);
    return rc;
}

/* ---- attempts: 0, or the errno ---- */

static int result(long rc)
{
    return rc < 0 ? errno : WORKS;
}

static int open_in(const char *name, int flags)
{
    char *path = in_place(name);
    int rc = result(open(path, flags, 0600));

    free(path);
    return rc;
}

static int read_model(void)
{
    return open_in("models/file", O_RDONLY);
}

static int write_model(void)
{
    return open_in("models/file", O_WRONLY);
}

static int read_other(void)
{
    return open_in("other/file", O_RDONLY);
}

static int write_other(void)
{
    return open_in("other/file", O_WRONLY);
}

static int list_other(void)
{
    return open_in("other", O_RDONLY | O_DIRECTORY);
}

static int truncate_other(void)
{
    return open_in("other/file", O_RDONLY | O_TRUNC);
}

static int make_mine(void)
{
    return open_in("mine/new", O_WRONLY | O_CREAT);
}

static int make_other(void)
{
    return open_in("other/new", O_WRONLY | O_CREAT);
}

static int unlink_other(void)
{
    char *path = in_place("other/file");
    int rc = result(unlink(path));

    free(path);
    return rc;
}

static int rename_mine_to_other(void)
{
    char *from = in_place("mine/file"), *to = in_place("other/stolen");
    int rc = result(rename(from, to));

    free(from);
    free(to);
    return rc;
}

static int link_in_mine(void)
{
    char *path = in_place("mine/link");
    int rc = result(symlink("/etc/passwd", path));

    free(path);
    return rc;
}

static int read_passwd(void)
{
    return result(open("/etc/passwd", O_RDONLY));
}

static int exec_true(void)
{
    char *const argv[] = {"true", NULL}, *const environment[] = {NULL};

    return result(execve("/bin/true", argv, environment));
}

static int fork_once(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return result(pid);
}

static int trace_parent(void)
{
    return result(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int look_at_parent(void)
{
    char byte;
    struct iovec to = {&byte, 1}, from = {place, 1};

    return result(process_vm_readv(getppid(), &to, 1, &from, 1, 0));
}

static int signal_parent(void)
{
    return result(kill(getppid(), 0));
}

static int open_tcp(void)
{
    return result(socket(AF_INET, SOCK_STREAM, 0));
}

static int open_raw(void)
{
    return result(socket(AF_PACKET, SOCK_RAW, 0));
}

static int open_local(void)
{
    return result(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int bind_to(uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    return result(fd < 0 ? -1 : bind(fd, (struct sockaddr *)&at, sizeof at));
}

static int bind_any(void)
{
    return bind_to(0);
}

static int bind_named(void)
{
    int rc = bind_to(18787);

    return rc == EADDRINUSE ? WORKS : rc;
}

/* Nobody listens at port 9: to get as far as that is what counts. */
static int connect_out(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(9),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0),
        rc = result(fd < 0 ? -1 : connect(fd, (struct sockaddr *)&to, sizeof to));

    return rc == ECONNREFUSED ? WORKS : rc;
}

static int make_socket_in_mine(void)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)snprintf(at.sun_path, sizeof at.sun_path, "%s/mine/sock-%d", place,
                   (int)getpid());
    return result(fd < 0 ? -1 : bind(fd, (struct sockaddr *)&at, sizeof at));
}

static int write_and_run_memory(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED ? errno : WORKS;
}

static int make_memory_run(void)
{
    void *p =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED ? errno : result(mprotect(p, 4096, PROT_READ | PROT_EXEC));
}

static int enter_namespace(void)
{
    return result(syscall(SYS_unshare, 0x10000000)); /* CLONE_NEWUSER */
}

static int change_mode(void)
{
    char *path = in_place("mine/file");
    int rc = result(chmod(path, 04777));

    free(path);
    return rc;
}

static void *do_nothing(void *arg)
{
    return arg;
}

static int start_thread(void)
{
    pthread_t t;
    int rc = pthread_create(&t, NULL, do_nothing, NULL);

    return rc == 0 ? pthread_join(t, NULL) : rc;
}

/* ---- the wall around an attempt ---- */

static void fill_paths(enum sandbox_role role, struct sandbox_paths *p)
{
    char *models = in_place("models"), *mine = in_place("mine");

    sandbox_may_read(p, models);
    sandbox_may_read(p, "/proc/self");
    if (role == SANDBOX_HUB || role == SANDBOX_SINK)
        sandbox_may_write(p, mine);
    if (role == SANDBOX_HTTP)
        sandbox_may_bind(p, 18787);
    p->connects_anywhere = role == SANDBOX_FETCH;
    free(models);
    free(mine);
}

static _Noreturn void attempt_inside(enum sandbox_role role, int (*attempt)(void))
{
    struct sandbox_paths paths = {0};
    struct sandbox_walls walls;
    struct err e = {0};

    fill_paths(role, &paths);
    if (sandbox_enter(role, SANDBOX_REQUIRE, &paths, &walls, &e) < 0) {
        fprintf(stderr, "%s\n", e.text);
        _exit(CANNOT_ENTER);
    }
    _exit(attempt());
}

static int attempt_as(enum sandbox_role role, int (*attempt)(void))
{
    pid_t pid = fork();
    int status = 0;

    assert_true(pid >= 0);
    if (pid == 0)
        attempt_inside(role, attempt);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool can_enter(void)
{
    return attempt_as(SANDBOX_WORKER, open_local) != CANNOT_ENTER;
}

#define ROLES 5
static const char *const role_names[ROLES] = {"hub", "fetch", "worker", "sink", "http"};

#define H      (1u << SANDBOX_HUB)
#define F      (1u << SANDBOX_FETCH)
#define W      (1u << SANDBOX_WORKER)
#define S      (1u << SANDBOX_SINK)
#define P      (1u << SANDBOX_HTTP)
#define ALL    (H | F | W | S | P)
#define NOBODY 0u

/* Sanitizers trace, fork and signal; there these are not shut. */
#define SOBER (IS_SANITIZED ? ALL : NOBODY)

static const struct {
    const char *what;
    int (*attempt)(void);
    unsigned may;
} attempts[] = {
    {"read a model", read_model, ALL},
    {"open a local socket", open_local, ALL},
    {"start a thread", start_thread, ALL},
    {"write a model", write_model, NOBODY},
    {"read a file of others", read_other, NOBODY},
    {"list a folder of others", list_other, NOBODY},
    {"write a file of others", write_other, NOBODY},
    {"truncate a file of others", truncate_other, NOBODY},
    {"make a file elsewhere", make_other, NOBODY},
    {"remove a file of others", unlink_other, NOBODY},
    {"move a file elsewhere", rename_mine_to_other, NOBODY},
    {"make a link", link_in_mine, NOBODY},
    {"read /etc/passwd", read_passwd, NOBODY},
    {"make a file of its own", make_mine, H | S},
    {"make a socket of its own", make_socket_in_mine, H},
    {"make a file setuid", change_mode, NOBODY},
    {"exec", exec_true, NOBODY},
    {"fork", fork_once, SOBER},
    {"trace its parent", trace_parent, NOBODY},
    {"read its parent's memory", look_at_parent, NOBODY},
    {"signal its parent", signal_parent, NOBODY},
    {"open a TCP socket", open_tcp, F | P},
    {"open a raw socket", open_raw, NOBODY},
    {"bind to the port that is named", bind_named, P},
    {"bind to another port", bind_any, NOBODY},
    {"connect to strangers", connect_out, F},
    {"write memory and run it", write_and_run_memory, NOBODY},
    {"make memory run", make_memory_run, NOBODY},
    {"enter a namespace", enter_namespace, NOBODY},
};

static void each_role_can_do_what_it_needs_and_nothing_else(void **state)
{
    int failed = 0;

    (void)state;
    if (!can_enter())
        skip();
    for (size_t i = 0; i < ARRAY_LEN(attempts); i++)
        for (unsigned role = 0; role < ROLES; role++) {
            int rc = attempt_as((enum sandbox_role)role, attempts[i].attempt);
            bool may = (attempts[i].may & (1u << role)) != 0;

            if (may ? rc == WORKS : rc == EPERM || rc == EACCES)
                continue;
            print_error("%s: %s: %s\n", role_names[role], attempts[i].what,
                        rc < 0 ? "killed" : strerror(rc));
            failed++;
        }
    assert_int_equal(failed, 0);
}

static int forbidden_to_all(void)
{
    int rc = look_at_parent();

    if (rc != EPERM)
        return rc == WORKS ? EINVAL : rc;
    return enter_namespace() == EPERM ? fork_once() : EINVAL;
}

static void a_supervisor_can_start_others_but_no_tools_of_attack(void **state)
{
    (void)state;
    if (!can_enter())
        skip();
    assert_int_equal(attempt_as(SANDBOX_SUPERVISE, forbidden_to_all), WORKS);
    assert_int_equal(attempt_as(SANDBOX_SUPERVISE, exec_true), WORKS);
}

/* As an operator can see it of any process. */
static int is_locked_up(void)
{
    char text[4096];
    int fd = open("/proc/self/status", O_RDONLY);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    if (n < 0)
        return errno;
    text[n] = '\0';
    return strstr(text, "NoNewPrivs:\t1") != NULL && strstr(text, "Seccomp:\t2") != NULL
               ? WORKS
               : EINVAL;
}

static void the_kernel_says_that_nobody_gains_privileges_any_more(void **state)
{
    (void)state;
    if (!can_enter())
        skip();
    for (unsigned role = 0; role < ROLES; role++)
        assert_int_equal(attempt_as((enum sandbox_role)role, is_locked_up), WORKS);
}

static void *enter_beside(void *arg)
{
    struct sandbox_paths paths = {0};
    struct sandbox_walls walls;
    struct err *e = arg;

    (void)sandbox_enter(SANDBOX_WORKER, SANDBOX_TRY, &paths, &walls, e);
    return NULL;
}

static void the_wall_comes_before_threads(void **state)
{
    struct err e = {0};
    pthread_t t;

    (void)state;
    assert_int_equal(pthread_create(&t, NULL, enter_beside, &e), 0);
    assert_int_equal(pthread_join(t, NULL), 0);
    assert_int_equal(e.code, -EBUSY);
}

/* As in a container that lets nobody put up walls of files. */
static _Noreturn void enter_without_landlock(enum sandbox_mode mode)
{
    struct sandbox_paths paths = {0};
    struct sandbox_walls walls;
    struct err e = {0};
    scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
    int rc;

    if (ctx == NULL ||
        seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(landlock_create_ruleset),
                         0) < 0 ||
        seccomp_load(ctx) < 0)
        _exit(CANNOT_ENTER);
    seccomp_release(ctx);
    rc = sandbox_enter(SANDBOX_WORKER, mode, &paths, &walls, &e);
    if (mode == SANDBOX_REQUIRE)
        _exit(rc < 0 && strstr(e.text, "sandbox: require: no Landlock") != NULL ? WORKS
                                                                                : EINVAL);
    _exit(rc == 0 && walls.has_calls && !walls.has_files &&
                  strstr(walls.missing, "no Landlock") != NULL
              ? exec_true()
              : EINVAL);
}

static int enter_in_child(enum sandbox_mode mode)
{
    pid_t pid = fork();
    int status = 0;

    assert_true(pid >= 0);
    if (pid == 0)
        enter_without_landlock(mode);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_wall_that_the_kernel_does_not_give_is_told_or_required(void **state)
{
    (void)state;
    if (!can_enter())
        skip();
    assert_int_equal(enter_in_child(SANDBOX_TRY), EPERM); /* of its exec */
    assert_int_equal(enter_in_child(SANDBOX_REQUIRE), WORKS);
}

static void off_is_off(void **state)
{
    struct sandbox_paths paths = {0};
    struct sandbox_walls walls;
    struct err e = {0};

    (void)state;
    assert_int_equal(sandbox_enter(SANDBOX_WORKER, SANDBOX_OFF, &paths, &walls, &e), 0);
    assert_false(walls.has_files || walls.has_calls);
    assert_int_equal(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
}

/* ---- lists ---- */

static void paths_cover_what_is_below_them(void **state)
{
    struct sandbox_paths have = {0}, want = {0};

    (void)state;
    sandbox_may_write_below(&have, "/srv/news/%Y/%m.jsonl");
    sandbox_may_read_beside(&have, "/etc/newsmq/newsmq.yaml");
    sandbox_may_write(&want, "/srv/news/more/");
    sandbox_may_read_below(&want, "/etc/newsmq/conf.d/*.yaml");
    sandbox_may_read(&want, "/srv/news");
    assert_null(sandbox_paths_miss(&have, &want));

    sandbox_may_write(&want, "/srv/newsletter");
    assert_string_equal(sandbox_paths_miss(&have, &want), "/srv/newsletter");
    sandbox_may_write(&have, "/srv/newsletter");
    sandbox_may_connect(&want, 5560);
    assert_string_equal(sandbox_paths_miss(&have, &want), "");
    have.connects_anywhere = true;
    assert_null(sandbox_paths_miss(&have, &want));
    sandbox_paths_fini(&have);
    sandbox_paths_fini(&want);
}

static void a_file_in_the_root_is_not_the_whole_tree(void **state)
{
    struct sandbox_paths have = {0}, want = {0};

    (void)state;
    sandbox_may_read_beside(&have, "/newsmq.yaml");
    sandbox_may_read(&want, "/newsmq.yaml");
    assert_null(sandbox_paths_miss(&have, &want));

    sandbox_may_read(&want, "/etc");
    assert_string_equal(sandbox_paths_miss(&have, &want), "/etc");
    sandbox_paths_fini(&have);
    sandbox_paths_fini(&want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_role_can_do_what_it_needs_and_nothing_else),
        cmocka_unit_test(a_supervisor_can_start_others_but_no_tools_of_attack),
        cmocka_unit_test(the_kernel_says_that_nobody_gains_privileges_any_more),
        cmocka_unit_test(the_wall_comes_before_threads),
        cmocka_unit_test(a_wall_that_the_kernel_does_not_give_is_told_or_required),
        cmocka_unit_test(off_is_off),
        cmocka_unit_test(paths_cover_what_is_below_them),
        cmocka_unit_test(a_file_in_the_root_is_not_the_whole_tree),
    };

    return cmocka_run_group_tests(tests, make_place, remove_place);
}
