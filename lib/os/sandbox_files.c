/* Landlock: a set of rules, each a folder (or a file) and what may be done below it. All
   kinds of access that this kernel knows are shut, then the rules open some. The headers
   of Debian 12 know ABI 2; what came later is named here by its number and only used
   where the running kernel says that it has it. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox_private.h"

#define ABI_TRUNCATE  3
#define ABI_NET       4
#define ABI_IOCTL_DEV 5
#define ABI_SCOPE     6

#define FS_TRUNCATE   (UINT64_C(1) << 14)
#define FS_IOCTL_DEV  (UINT64_C(1) << 15)
#define NET_BIND      (UINT64_C(1) << 0)
#define NET_CONNECT   (UINT64_C(1) << 1)
#define SCOPE_SIGNAL  (UINT64_C(1) << 1)
#define RULE_NET_PORT 2

/* struct landlock_ruleset_attr as ABI 6 has it; older kernels take its beginning. */
struct ruleset {
    uint64_t fs, net, scoped;
};

struct port_rule {
    uint64_t access, port;
};

#define FILE_ACCESS                                               \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | \
     LANDLOCK_ACCESS_FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)
#define READ_ACCESS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* Neither run what lies there, nor make devices, nor links to elsewhere. */
#define WRITE_ACCESS                                                  \
    (READ_ACCESS | LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE |      \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
     LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |      \
     LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REFER)

static int get_abi(void)
{
    return (int)syscall(SYS_landlock_create_ruleset, NULL, 0,
                        LANDLOCK_CREATE_RULESET_VERSION);
}

/* All kinds of access to files that the kernel knows. */
static uint64_t known_access(int abi)
{
    uint64_t all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1; /* of ABI 1 */

    all |= abi >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0;
    all |= abi >= ABI_TRUNCATE ? FS_TRUNCATE : 0;
    all |= abi >= ABI_IOCTL_DEV ? FS_IOCTL_DEV : 0;
    return all;
}

/* Nobody outside can be sent a signal. Abstract sockets stay open, since systemd may be
   reached by one. */
static uint64_t scope(int abi)
{
    return abi >= ABI_SCOPE ? SCOPE_SIGNAL : 0;
}

/* The path, or (climb) the nearest folder above it that is there. */
static int open_path(const char *path, bool climb)
{
    char up[4096];
    size_t n = strlen(path);
    int fd = open(path, O_PATH | O_CLOEXEC);

    if (n >= sizeof up)
        return -1;
    memcpy(up, path, n + 1);
    while (fd < 0 && climb && errno == ENOENT) {
        char *slash = strrchr(up, '/');

        if (slash == NULL || slash == up)
            return -1; /* "/" itself is too much */
        *slash = '\0';
        fd = open(up, O_PATH | O_CLOEXEC);
    }
    return fd;
}

static int allow(int rules, const char *path, uint64_t access, bool climb, struct err *e)
{
    int fd = strcmp(path, "/") != 0 ? open_path(path, climb) : -1, rc = 0;
    struct stat st;

    if (fd < 0)
        return 0; /* not there: what is not allowed */
    if (fstat(fd, &st) == 0 && !S_ISDIR(st.st_mode))
        access &= FILE_ACCESS;
    struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = fd};
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
        rc = err_set(e, -errno, "a rule for %s: %s", path, strerror(errno));
    close(fd);
    return rc;
}

static int allow_port(int rules, uint16_t port, uint64_t access, struct err *e)
{
    struct port_rule rule = {access, port};

    if (syscall(SYS_landlock_add_rule, rules, RULE_NET_PORT, &rule, 0) < 0)
        return err_set(e, -errno, "a rule for port %u: %s", port, strerror(errno));
    return 0;
}

static int allow_all(int rules, const struct sandbox_paths *p, const struct ruleset *shut,
                     struct err *e)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < p->n_read; i++)
        rc = allow(rules, p->read[i], READ_ACCESS & shut->fs, false, e);
    for (size_t i = 0; rc == 0 && i < p->n_write; i++)
        rc = allow(rules, p->write[i], WRITE_ACCESS & shut->fs, true, e);
    for (size_t i = 0; rc == 0 && (shut->net & NET_BIND) != 0 && i < p->n_bind; i++)
        rc = allow_port(rules, p->bind[i], NET_BIND, e);
    for (size_t i = 0; rc == 0 && (shut->net & NET_CONNECT) != 0 && i < p->n_connect; i++)
        rc = allow_port(rules, p->connect[i], NET_CONNECT, e);
    return rc;
}

int sandbox_files(const struct sandbox_paths *paths, struct sandbox_walls *ret,
                  struct err *e)
{
    int abi = get_abi(), rules, rc;
    struct ruleset shut = {.fs = known_access(abi), .scoped = scope(abi)};

    if (abi < 1)
        return err_set(e, -errno, "no Landlock: %s", strerror(errno));
    if (abi >= ABI_NET)
        shut.net = NET_BIND | (paths->connects_anywhere ? 0 : NET_CONNECT);
    rules = (int)syscall(SYS_landlock_create_ruleset, &shut,
                         abi >= ABI_SCOPE ? sizeof shut
                         : abi >= ABI_NET ? offsetof(struct ruleset, scoped)
                                          : offsetof(struct ruleset, net),
                         0);
    if (rules < 0)
        return err_set(e, -errno, "Landlock: %s", strerror(errno));
    rc = allow_all(rules, paths, &shut, e);
    if (rc == 0 && syscall(SYS_landlock_restrict_self, rules, 0) < 0)
        rc = err_set(e, -errno, "Landlock: %s", strerror(errno));
    close(rules);
    if (rc == 0) {
        ret->abi = abi;
        ret->has_files = true;
        ret->has_ports = shut.net != 0;
    }
    return rc;
}
