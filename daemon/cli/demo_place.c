#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "demo_place.h"
#include "demo_server.h"

#define TMP_BYTES_MAX 60 /* sockets below it must fit in 107 bytes */
#define FOLDERS_MAX   1000

/* ---- folders ---- */

static bool is_empty_or_absent(const char *path)
{
    DIR *d = opendir(path);
    struct dirent *entry;
    bool empty = true;

    if (d == NULL)
        return errno == ENOENT;
    while (empty && (entry = readdir(d)) != NULL)
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    closedir(d);
    return empty;
}

static char *free_name(void)
{
    char *name = mem_strdup("demo-out");

    for (unsigned n = 2; n < FOLDERS_MAX && !is_empty_or_absent(name); n++) {
        free(name);
        name = mem_printf("demo-out-%u", n);
    }
    return name;
}

static int make_out(const char *wanted, char **ret, struct err *e)
{
    char *name = wanted != NULL ? mem_strdup(wanted) : free_name();
    char real[PATH_MAX];
    int rc = 0;

    if (!is_empty_or_absent(name))
        rc = err_set(e, -ENOTEMPTY,
                     "%s has something in it; name a new folder with --out", name);
    if (rc == 0)
        rc = os_make_dirs(name, e);
    if (rc == 0 && realpath(name, real) == NULL)
        rc = err_set(e, -errno, "%s: %s", name, strerror(errno));
    if (rc == 0)
        *ret = mem_strdup(real);
    free(name);
    return rc;
}

static int make_run(char **ret, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    char *path;

    if (tmp == NULL || tmp[0] != '/' || strlen(tmp) > TMP_BYTES_MAX)
        tmp = "/tmp";
    path = mem_printf("%s/newsmq-demo-XXXXXX", tmp);
    if (mkdtemp(path) == NULL) {
        (void)err_set(e, -errno, "%s: cannot make a folder there: %s", tmp,
                      strerror(errno));
        free(path);
        return e->code;
    }
    *ret = path;
    return 0;
}

int demo_place_make(const char *out, struct demo_place *ret, struct err *e)
{
    struct demo_place p = {0};
    int rc = make_out(out, &p.out, e);

    if (rc == 0)
        rc = make_run(&p.run, e);
    if (rc < 0) {
        demo_place_fini(&p, false);
        return rc;
    }
    p.config = mem_printf("%s/newsmq.yaml", p.run);
    p.log = mem_printf("%s/log", p.run);
    *ret = p;
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    (void)remove(path); /* what stays is in a temporary folder */
    return 0;
}

void demo_place_fini(struct demo_place *p, bool keep)
{
    if (p->run != NULL && !keep)
        (void)nftw(p->run, remove_one, 16, FTW_DEPTH | FTW_PHYS); /* as above */
    if (p->out != NULL)
        (void)rmdir(p->out); /* fails, as it should, when there is something in it */
    free(p->log);
    free(p->config);
    free(p->out);
    free(p->run);
    *p = (struct demo_place){0};
}

/* ---- the configuration ---- */

/* A fixed one, so that an open page comes back when its program is started again. */
unsigned demo_place_free_port(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *any = (struct sockaddr *)&at;
    socklen_t n = sizeof at;
    unsigned port = 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return 0;
    if (bind(fd, any, n) == 0 && getsockname(fd, any, &n) == 0)
        port = ntohs(at.sin_port);
    close(fd);
    return port;
}

/* In single quotes, as YAML and this configuration want it. percent: of a path in which
   strftime(3) looks for conversions. */
static int add_quoted(struct strbuf *out, const char *text, bool percent)
{
    int rc = 0;

    for (; rc == 0 && *text != '\0'; text++) {
        if (*text == '\'' || (percent && *text == '%') ||
            (text[0] == '$' && text[1] == '{'))
            rc = strbuf_add_char(out, *text);
        if (rc == 0)
            rc = strbuf_add_char(out, *text);
    }
    return rc;
}

static int add_feed(struct strbuf *out, const struct demo_feed *f, unsigned port)
{
    return strbuf_addf(out,
                       "  - id: %s\n"
                       "    url: http://127.0.0.1:%u/%s\n"
                       "    group: %s\n"
                       "    every: %s\n",
                       f->id, port, f->file, f->group, f->grows ? "400ms" : "2s");
}

static int add_page(struct strbuf *out, unsigned port)
{
    return port == 0 ? strbuf_add_text(out, "http: { listen: off }\n")
                     : strbuf_addf(out, "http: { listen: '127.0.0.1:%u' }\n", port);
}

static int compose(const struct demo_place *p, unsigned feeds_port, unsigned page_port,
                   struct strbuf *out)
{
    int rc = strbuf_add_text(
        out, "# Written by `newsmq demo`.\n"
             "version: 1\n"
             "defaults: { adaptive: false, first_poll: all, timeout: 5s }\n"
             "politeness: { per_host: { concurrency: 4, gap: 0 }, "
             "allow_addresses: [127.0.0.1] }\n"
             "groups: { ports: {}, science: {}, culture: {}, world: {} }\n"
             "feeds:\n");

    for (size_t i = 0; rc == 0 && demo_feeds[i].id != NULL; i++)
        rc = add_feed(out, &demo_feeds[i], feeds_port);
    if (rc == 0)
        rc = strbuf_addf(out, "bus: { dir: '%s/bus', heartbeat: 1s }\n", p->run);
    if (rc == 0)
        rc = strbuf_addf(out, "state: { path: '%s/state' }\n", p->run);
    if (rc == 0)
        rc = add_page(out, page_port);
    if (rc == 0)
        rc = strbuf_add_text(out, "sinks:\n  - type: jsonl\n    path: '");
    if (rc == 0)
        rc = add_quoted(out, p->out, true);
    return rc < 0 ? rc : strbuf_add_text(out, "/%Y-%m-%d.jsonl'\n");
}

int demo_place_write_config(const struct demo_place *p, unsigned feeds_port,
                            unsigned page_port, struct err *e)
{
    struct strbuf text = {.max = 65536};
    int fd = -1, rc = compose(p, feeds_port, page_port, &text);

    if (rc < 0)
        rc = err_set(e, rc, "the configuration is too long");
    if (rc == 0)
        fd = open(p->config, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (rc == 0 && fd < 0)
        rc = err_set(e, -errno, "%s: %s", p->config, strerror(errno));
    if (rc == 0)
        rc = os_write_all(fd, strbuf_str(&text), e);
    if (fd >= 0)
        close(fd);
    strbuf_fini(&text);
    return rc;
}
