/* The keys with which an endpoint is connected to, if it needs any. */
#include <errno.h>
#include <string.h>

#include "newsmq/cert.h"

#include "zmq_bus.h"

static int load(const char *key, const char *path, struct cert *ret, struct err *e)
{
    if (cert_load(path, ret, e) == 0)
        return 0;
    err_wrap(e, "bus.curve.%s", key);
    e->code = ERR_CONFIG;
    return ERR_CONFIG;
}

/* On the hub's own machine its public key stands in its own file too. */
static int load_server(const struct config_curve *c, struct link_keys *ret, struct err *e)
{
    bool is_public = c->server_public_file != NULL;
    struct cert server = {0};
    int rc = load(is_public ? "server_public_file" : "server_key_file",
                  is_public ? c->server_public_file : c->server_key_file, &server, e);

    if (rc == 0)
        memcpy(ret->server, server.public_key, sizeof ret->server);
    cert_forget(&server);
    return rc;
}

static int load_own(const struct config_curve *c, struct link_keys *ret, struct err *e)
{
    struct cert own = {0};
    int rc = load("key_file", c->key_file, &own, e);

    if (rc == 0 && own.secret_key[0] == '\0')
        rc = err_set(e, ERR_CONFIG, "bus.curve.key_file: %s has no secret key",
                     c->key_file);
    else if (rc == 0 && zmq_curve_public(ret->public_key, own.secret_key) < 0)
        rc = err_set(e, ERR_CONFIG, "bus.curve.key_file: %s: %s", c->key_file,
                     zmq_strerror(zmq_errno()));
    if (rc == 0)
        memcpy(ret->secret_key, own.secret_key, sizeof ret->secret_key);
    cert_forget(&own);
    return rc;
}

int zmq_keys(const struct config_bus *c, const char *endpoint, struct link_keys *ret,
             struct err *e)
{
    const struct config_curve *k = &c->curve;
    int rc;

    *ret = (struct link_keys){.server = ""};
    if (!config_is_curve(c, endpoint))
        return 0;
    if (k->key_file == NULL ||
        (k->server_public_file == NULL && k->server_key_file == NULL))
        return err_set(e, ERR_CONFIG,
                       "%s speaks CURVE, and bus.curve has no key_file and "
                       "server_public_file for it",
                       endpoint);
    rc = load_own(k, ret, e);
    return rc == 0 ? load_server(k, ret, e) : rc;
}
