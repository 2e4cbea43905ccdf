/* What each role needs, read off the configuration, and the wall that follows from it. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"

/* ---- endpoints ---- */

static bool is_tcp(const char *endpoint, uint16_t *ret_port)
{
    const char *colon =
        strncmp(endpoint, "tcp://", 6) == 0 ? strrchr(endpoint, ':') : NULL;
    uint64_t port = 0;

    if (colon == NULL)
        return false;
    if (!str_to_u64(str_of(colon + 1), &port) || port > UINT16_MAX)
        port = 0; /* any free one */
    *ret_port = (uint16_t)port;
    return true;
}

static void listens(struct sandbox_paths *p, const struct config_endpoints *endpoints)
{
    for (size_t i = 0; i < endpoints->n; i++) {
        const char *endpoint = endpoints->list[i];
        uint16_t port;

        if (is_tcp(endpoint, &port))
            sandbox_may_bind(p, port);
        else if (strncmp(endpoint, "ipc://", 6) == 0)
            sandbox_may_write_below(p, endpoint + 6);
    }
}

/* What the C library reads to find the address of a name. */
static void reads_names(struct sandbox_paths *p)
{
    static const char *const files[] = {"/etc/resolv.conf", "/etc/hosts",
                                        "/etc/host.conf", "/etc/nsswitch.conf",
                                        "/etc/gai.conf"};

    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        sandbox_may_read(p, files[i]);
}

/* Local sockets are judged by their owner's rights, not by the kernel's wall. */
static void asks(struct sandbox_paths *p, const struct config_endpoints *endpoints)
{
    uint16_t port;

    if (endpoints->n == 0 || !is_tcp(endpoints->list[0], &port))
        return;
    sandbox_may_connect(p, port);
    if (strpbrk(endpoints->list[0] + strlen("tcp://"), "ghijklmnopqrstuvwxyz") != NULL)
        reads_names(p); /* no number: those have a-f at most */
}

/* Keys of who connects. */
static void reads_key(struct sandbox_paths *p, const struct config_curve *c)
{
    sandbox_may_read_beside(p, c->key_file);
    sandbox_may_read_beside(p, c->server_public_file != NULL ? c->server_public_file
                                                             : c->server_key_file);
}

static void listens_at(struct sandbox_paths *p, const char *address)
{
    const char *colon = address != NULL ? strrchr(address, ':') : NULL;
    uint64_t port;

    if (colon != NULL && str_to_u64(str_of(colon + 1), &port) && port <= UINT16_MAX)
        sandbox_may_bind(p, (uint16_t)port);
}

/* ---- roles ---- */

static void reach_of_hub(const struct config *c, struct sandbox_paths *p)
{
    const struct config_bus *b = &c->bus;
    const struct config_endpoints *const all[] = {&b->ingest,  &b->work,   &b->tap,
                                                  &b->control, &b->replay, &b->publish};

    sandbox_may_write(p, c->state.path);
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        listens(p, all[i]);
    sandbox_may_read_beside(p, b->curve.server_key_file);
    if (b->curve.clients_dir != NULL && access(b->curve.clients_dir, F_OK) < 0)
        sandbox_may_read_beside(p, b->curve.clients_dir); /* it may come yet */
    else
        sandbox_may_read(p, b->curve.clients_dir);
}

/* Names, certificates and what the system's libraries open for them. */
static void reads_system(struct sandbox_paths *p)
{
    static const char *const folders[] = {"/etc", "/usr", "/lib", "/lib64"};
    static const char *const links[] = {"/etc/resolv.conf", "/etc/hosts",
                                        "/etc/nsswitch.conf"};
    static const char *const variables[] = {"SSL_CERT_FILE", "CURL_CA_BUNDLE",
                                            "HOSTALIASES"};

    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        sandbox_may_read(p, folders[i]);
    for (size_t i = 0; i < ARRAY_LEN(links); i++)
        sandbox_may_read_beside(p, links[i]);
    for (size_t i = 0; i < ARRAY_LEN(variables); i++)
        sandbox_may_read_beside(p, getenv(variables[i]));
    sandbox_may_read(p, getenv("SSL_CERT_DIR"));
}

static void reach_of_feed(const struct config_feed *f, struct sandbox_paths *p)
{
    if (f->url != NULL && str_has_prefix_nocase(str_of(f->url), STR("file://")))
        sandbox_may_read_beside(p, f->url + strlen("file://"));
    sandbox_may_read_beside(p, f->cert_file);
    sandbox_may_read_beside(p, f->key_file);
    sandbox_may_read_beside(p, f->ca_file);
}

static void reach_of_fetch(const struct config *c, struct sandbox_paths *p)
{
    reads_system(p);
    for (size_t i = 0; i < c->n_feeds; i++)
        reach_of_feed(&c->feeds[i], p);
    listens_at(p, c->websub.listen);
    asks(p, &c->bus.ingest);
    asks(p, &c->bus.control);
    reads_key(p, &c->bus.curve);
    p->connects_anywhere = true;
}

/* The folder, and where the links in it lead. */
static void reads_data(struct sandbox_paths *p, const char *folder)
{
    DIR *dir = folder != NULL ? opendir(folder) : NULL;

    if (dir == NULL)
        return;
    sandbox_may_read(p, folder);
    for (struct dirent *d; (d = readdir(dir)) != NULL;) {
        char *path = d->d_type == DT_LNK ? mem_printf("%s/%s", folder, d->d_name) : NULL;
        char *target = path != NULL ? realpath(path, NULL) : NULL;

        sandbox_may_read(p, target);
        free(target);
        free(path);
    }
    (void)closedir(dir); /* only read */
}

static void reach_of_worker(const struct config *c, struct sandbox_paths *p)
{
    char *dir = os_program_dir(), *beside = mem_printf("%s/../share/newsmq", dir);

    reads_data(p, getenv("NEWSMQ_DATA"));
    reads_data(p, beside);
    reads_data(p, NEWSMQ_DATADIR);
    for (size_t i = 0; i < c->n_extractors; i++) {
        const struct config_extractor *x = &c->extractors[i];

        if (x->model != NULL && strchr(x->model, '/') != NULL)
            sandbox_may_read_beside(p, x->model);
        for (size_t j = 0; j < x->n_options; j++)
            if (x->options[j].value[0] == '/')
                sandbox_may_read_beside(p, x->options[j].value);
    }
    asks(p, &c->bus.work);
    asks(p, &c->bus.control);
    reads_key(p, &c->bus.curve);
    free(beside);
    free(dir);
}

static void reach_of_sink(const struct config *c, struct sandbox_paths *p)
{
    for (size_t i = 0; i < c->n_sinks; i++)
        sandbox_may_write_below(p, c->sinks[i].path);
    asks(p, &c->bus.tap);
    asks(p, &c->bus.control);
    reads_key(p, &c->bus.curve);
}

static void reach_of_http(const struct config *c, struct sandbox_paths *p)
{
    listens_at(p, c->http.listen);
    asks(p, &c->bus.tap);
    asks(p, &c->bus.control);
    asks(p, &c->bus.replay);
    asks(p, &c->bus.publish);
    reads_key(p, &c->bus.curve);
}

void startup_reach(const struct config *c, enum sandbox_role role,
                   struct sandbox_paths *ret)
{
    static void (*const reaches[])(const struct config *, struct sandbox_paths *) = {
        [SANDBOX_HUB] = reach_of_hub,       [SANDBOX_FETCH] = reach_of_fetch,
        [SANDBOX_WORKER] = reach_of_worker, [SANDBOX_SINK] = reach_of_sink,
        [SANDBOX_HTTP] = reach_of_http,
    };

    if (role == SANDBOX_SUPERVISE)
        return;
    for (size_t i = 0; i < c->reads.n_read; i++) /* to read it again */
        sandbox_may_read(ret, c->reads.read[i]);
    sandbox_may_read(ret, "/dev/null");
    sandbox_may_read(ret, "/dev/urandom");
    sandbox_may_read(ret, "/proc/self");
    sandbox_may_read(ret, "/sys/devices/system/cpu");
    reaches[role](c, ret);
}

/* ---- the wall ---- */

int startup_wall_enter(struct startup_wall *w, const struct config *c,
                       enum sandbox_role role, struct err *e)
{
    struct sandbox_walls walls = {0};

    *w = (struct startup_wall){.role = role, .mode = c->sandbox};
    startup_reach(c, role, &w->paths);
    if (sandbox_enter(role, c->sandbox, &w->paths, &walls, e) < 0)
        return err_set(e, ERR_CONFIG, "%s", e->text);
    if (c->sandbox == SANDBOX_OFF)
        return 0;
    if (walls.missing[0] != '\0')
        log_warn("going on without a part of the sandbox", "cause='%s'", walls.missing);
    log_info("behind its walls", "files=%s ports=%s calls=%s landlock=%d",
             walls.has_files ? "yes" : "no", walls.has_ports ? "yes" : "no",
             walls.has_calls ? "yes" : "no", walls.abi);
    return 0;
}

bool startup_wall_covers(const struct startup_wall *w, const struct config *now)
{
    struct sandbox_paths wanted = {0};
    const char *missed = NULL;
    bool fits = w->mode == now->sandbox;

    if (fits && w->mode != SANDBOX_OFF) {
        startup_reach(now, w->role, &wanted);
        missed = sandbox_paths_miss(&w->paths, &wanted);
        fits = missed == NULL;
    }
    if (!fits)
        log_info("the new configuration needs another sandbox, beginning anew",
                 "beyond='%s'",
                 missed == NULL      ? "sandbox"
                 : missed[0] != '\0' ? missed
                                     : "a port");
    sandbox_paths_fini(&wanted);
    return fits;
}

void startup_wall_fini(struct startup_wall *w)
{
    sandbox_paths_fini(&w->paths);
}
