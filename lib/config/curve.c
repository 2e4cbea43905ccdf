/* Which endpoints speak CURVE, and whether there are keys for them. A file that this user
   may not even look at is another program's: whoever needs it says so when it starts. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "newsmq/cert.h"

#include "read.h"

void bus_sockets(const struct config_bus *b, struct bus_socket ret[BUS_SOCKETS])
{
    const struct bus_socket all[BUS_SOCKETS] = {
        {"replay", &b->replay}, {"ingest", &b->ingest},   {"work", &b->work},
        {"tap", &b->tap},       {"control", &b->control}, {"publish", &b->publish},
    };

    memcpy(ret, all, sizeof all);
}

bool config_is_curve(const struct config_bus *c, const char *endpoint)
{
    struct str s = str_of(endpoint);

    return str_has_prefix(s, STR("tcp://")) &&
           (c->curve.loopback || endpoint_is_remote(s));
}

/* ---- endpoints ---- */

static const struct config_place *place_of_endpoint(const struct reader *r,
                                                    const char *key, size_t i)
{
    const struct node *n = said_value(&r->said, IN_BUS, key);

    if (n == NULL)
        return NULL; /* a default: ipc */
    return n->kind == NODE_LIST && i < n->n ? &n->items[i]->place : &n->place;
}

/* A hub listens there, or this machine's programs connect; either way with keys. */
static void need_keys(struct reader *r, const struct bus_socket *s, size_t i,
                      const struct config_place *at)
{
    const struct config_curve *k = &r->config->bus.curve;
    bool is_hub = k->server_key_file != NULL && k->clients_dir != NULL;
    bool is_peer = k->key_file != NULL &&
                   (k->server_public_file != NULL || k->server_key_file != NULL);
    const char *endpoint = s->endpoints->list[i];

    if (!is_hub && !is_peer) {
        fault_add(r->faults, at, "'%s': '%.60s' %s, and there are no keys", s->key,
                  endpoint,
                  endpoint_is_remote(str_of(endpoint)) ? "can be reached from outside"
                                                       : "speaks CURVE");
        fault_hint(r->faults,
                   "give curve: { server_key_file: …, clients_dir: … } for the hub, or { "
                   "key_file: …, server_public_file: … } to connect to it (`newsmq keys "
                   "--help`), or use ipc:// or tcp://127.0.0.1:PORT");
    } else if (i == 0 && !is_peer) {
        fault_add(r->faults, at,
                  "'%s': newsmq's programs connect to the first endpoint, and have no "
                  "key for it",
                  s->key);
        fault_hint(r->faults,
                   "put an ipc:// endpoint first in the list, or give curve: { key_file: "
                   "… }");
    }
}

static void check_socket(struct reader *r, const struct bus_socket *s)
{
    const struct config_bus *b = &r->config->bus;

    for (size_t i = 0; i < s->endpoints->n; i++) {
        const char *endpoint = s->endpoints->list[i];
        const struct config_place *at = place_of_endpoint(r, s->key, i);

        if (at == NULL || !config_is_curve(b, endpoint))
            continue;
        if (i == 0 && endpoint_is_wildcard(str_of(endpoint))) {
            fault_add(r->faults, at,
                      "'%s': newsmq's programs connect to the first endpoint, and "
                      "'%.60s' is every address",
                      s->key, endpoint);
            fault_hint(r->faults,
                       "put the one for them first: %s: [ipc://%s/%s.sock, '%.60s']",
                       s->key, b->dir, s->key, endpoint);
            continue;
        }
        need_keys(r, s, i, at);
    }
}

/* ---- files ---- */

static void tell_absent(struct reader *r, const struct node *n, const char *key,
                        const char *path, bool is_folder)
{
    if (errno != ENOENT)
        return;
    warning_add(r->faults, &n->place, "'%s': there is no %s", key, path);
    fault_hint(r->faults, is_folder ? "nobody may connect: `newsmq keys allow` makes it"
                                    : "`newsmq keys gen` makes keys");
}

static void check_file(struct reader *r, const char *key, const char *path, bool secret)
{
    const struct node *n = said_value(&r->said, IN_CURVE, key);
    struct cert c;
    struct stat st;
    struct err e;
    int rc;

    if (n == NULL || path == NULL)
        return;
    if (stat(path, &st) < 0) {
        tell_absent(r, n, key, path, false);
        return;
    }
    rc = cert_load(path, &c, &e);
    if (rc == -EACCES)
        return;
    if (rc < 0) {
        fault_add(r->faults, &n->place, "'%s': %s", key, e.text);
        if (rc == -EPERM)
            fault_hint(r->faults, "chmod 600 %s", path);
        else
            fault_hint(r->faults, "`newsmq keys gen` makes keys");
    } else if (secret && c.secret_key[0] == '\0') {
        fault_add(r->faults, &n->place, "'%s': %s has no secret key", key, path);
        fault_hint(r->faults, "name the file that ends in .key_secret");
    } else if (!secret && c.secret_key[0] != '\0') {
        fault_add(r->faults, &n->place, "'%s': %s has a secret key", key, path);
        fault_hint(r->faults,
                   "name the file that ends in .key: only that leaves the hub");
    }
    cert_forget(&c);
}

static void check_folder(struct reader *r, const char *path)
{
    const struct node *n = said_value(&r->said, IN_CURVE, "clients_dir");
    struct stat st;

    if (n == NULL || path == NULL)
        return;
    if (stat(path, &st) < 0) {
        tell_absent(r, n, "clients_dir", path, true);
    } else if (!S_ISDIR(st.st_mode)) {
        fault_add(r->faults, &n->place, "'clients_dir': %s is not a folder", path);
        fault_hint(r->faults, "name the folder of the keys that may connect");
    } else if ((st.st_mode & S_IWOTH) != 0) {
        fault_add(r->faults, &n->place, "'clients_dir': everybody can write to %s", path);
        fault_hint(r->faults, "chmod 755 %s", path);
    }
}

static void check_pair(struct reader *r, const char *has, const char *lacks,
                       const char *why)
{
    const struct node *n = said_value(&r->said, IN_CURVE, has);

    if (n == NULL)
        return;
    fault_add(r->faults, &n->place, "'%s' without '%s'", has, lacks);
    fault_hint(r->faults, "%s", why);
}

void curve_check(struct reader *r)
{
    const struct config_curve *k = &r->config->bus.curve;
    struct bus_socket all[BUS_SOCKETS];
    size_t before = r->faults->n;

    bus_sockets(&r->config->bus, all);
    for (size_t i = 0; i < BUS_SOCKETS; i++)
        check_socket(r, &all[i]);
    if (k->server_key_file != NULL && k->clients_dir == NULL)
        check_pair(r, "server_key_file", "clients_dir",
                   "name a folder; `newsmq keys allow` puts there who may connect");
    if (k->clients_dir != NULL && k->server_key_file == NULL)
        check_pair(r, "clients_dir", "server_key_file",
                   "make the hub's own key: newsmq keys gen hub");
    if (k->key_file != NULL && k->server_public_file == NULL &&
        k->server_key_file == NULL)
        check_pair(r, "key_file", "server_public_file",
                   "copy hub.key, the hub's public key, from its machine");
    if (r->faults->n > before)
        return; /* first the keys that are needed, then what is in them */
    check_file(r, "server_key_file", k->server_key_file, true);
    check_file(r, "key_file", k->key_file, true);
    check_file(r, "server_public_file", k->server_public_file, false);
    check_folder(r, k->clients_dir);
}
