/* Keys: the hub's own, and those of clients_dir. */
#include <stdlib.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "door_private.h"

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct door_key *)a)->public_key,
                  ((const struct door_key *)b)->public_key);
}

struct door_key *door_key_find(const struct door *d, const char *public_key)
{
    struct door_key wanted = {.name = ""};

    if (d->n_keys == 0 || strlen(public_key) != CERT_KEY_CHARS)
        return NULL;
    memcpy(wanted.public_key, public_key, sizeof wanted.public_key);
    return bsearch(&wanted, d->keys, d->n_keys, sizeof *d->keys, by_key);
}

bool door_key_may(const struct door_key *k, enum cert_role role)
{
    if (k == NULL)
        return false;
    /* At control each call has roles of its own: the heads are for all who read. */
    return role == ROLE_CONTROL ? (k->roles & ~(1U << ROLE_WORK)) != 0
                                : (k->roles & 1U << role) != 0;
}

static void add_key(void *ctx, const char *path, const struct cert *c, const char *bad)
{
    struct door *d = ctx;
    struct door_key *k;

    if (bad != NULL) {
        log_warn("a key is not taken", "path=%s cause='%s'", path, bad);
        return;
    }
    d->keys = mem_grow(d->keys, &d->cap_keys, d->n_keys + 1, sizeof *d->keys);
    k = &d->keys[d->n_keys++];
    *k = (struct door_key){.roles = c->roles};
    memcpy(k->name, c->name, sizeof k->name);
    memcpy(k->public_key, c->public_key, sizeof k->public_key);
}

/* One key under two names has the rights of neither but the first. */
static void sort_keys(struct door *d)
{
    size_t n = 0;

    if (d->n_keys > 0)
        qsort(d->keys, d->n_keys, sizeof *d->keys, by_key);
    for (size_t i = 0; i < d->n_keys; i++) {
        if (n > 0 && by_key(&d->keys[n - 1], &d->keys[i]) == 0)
            log_warn("one key has two names; the roles of one of them count",
                     "name=%s not=%s", d->keys[n - 1].name, d->keys[i].name);
        else
            d->keys[n++] = d->keys[i];
    }
    d->n_keys = n;
}

static int read_keys(struct hub *h, struct err *e)
{
    struct door *d = h->door, fresh = {0};
    int rc = cert_each(h->bus.curve.clients_dir, add_key, &fresh, e);

    if (rc < 0) {
        free(fresh.keys);
        return rc;
    }
    sort_keys(&fresh);
    free(d->keys);
    d->keys = fresh.keys;
    d->n_keys = fresh.n_keys;
    d->cap_keys = fresh.cap_keys;
    return 0;
}

/* Whoever is in and may be no longer. */
static void send_away(struct hub *h)
{
    struct door *d = h->door;

    for (size_t fd = 0; fd < d->n_conns; fd++) {
        struct conn *c = &d->conns[fd];

        if (!c->is_open || c->key[0] == '\0' ||
            door_key_may(door_key_find(d, c->key), (enum cert_role)c->role))
            continue;
        door_refused(h, (enum cert_role)c->role, REFUSED_REVOKED, c->peer, c->key);
        door_shut(c, (int)fd);
    }
}

void door_reload(struct hub *h)
{
    struct door *d = h->door;
    struct err e = {0};

    if (d->zap == NULL)
        return;
    if (read_keys(h, &e) < 0)
        log_error("the keys cannot be read again; those of before count", "cause='%s'",
                  e.text);
    else
        log_info("keys read again", "keys=%zu", d->n_keys);
    door_serve(h); /* so that what is known of connections is of now */
    send_away(h);
}

static int check_own(const struct cert *own, const char *path, struct err *e)
{
    char public_key[CERT_KEY_CHARS + 1];

    if (own->secret_key[0] == '\0')
        return err_set(e, ERR_CONFIG, "bus.curve.server_key_file: %s has no secret key",
                       path);
    if (zmq_curve_public(public_key, own->secret_key) < 0)
        return err_set(e, ERR_CONFIG, "this libzmq has no CURVE: %s",
                       zmq_strerror(zmq_errno()));
    if (strcmp(public_key, own->public_key) != 0)
        return err_set(e, ERR_CONFIG,
                       "bus.curve.server_key_file: the public key in %s is not that of "
                       "its secret key",
                       path);
    return 0;
}

int door_keys_open(struct hub *h, struct err *e)
{
    const struct config_curve *c = &h->bus.curve;
    struct err why = {0};
    int rc;

    if (c->server_key_file == NULL || c->clients_dir == NULL)
        return err_set(e, ERR_CONFIG,
                       "an endpoint speaks CURVE, and bus.curve has no server_key_file "
                       "and clients_dir for it");
    rc = cert_load(c->server_key_file, &h->door->own, e);
    if (rc < 0) {
        err_wrap(e, "bus.curve.server_key_file");
        e->code = ERR_CONFIG;
        return ERR_CONFIG;
    }
    rc = check_own(&h->door->own, c->server_key_file, e);
    if (rc == 0 && read_keys(h, &why) < 0)
        log_warn("no key may connect", "cause='%s'", why.text);
    return rc;
}
