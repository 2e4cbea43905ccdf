/* newsmq-hub - owns the state: takes items in, hands them to workers, publishes records.
 */
#include <sysexits.h>

#include "newsmq/log.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"

#include "hub/hub.h"

static const char help[] =
    "newsmq-hub - owns the state: takes items in, hands them to workers, publishes "
    "records\n"
    "\n"
    "Usage: newsmq-hub -c CONFIG\n"
    "\n"
    "  -c CONFIG    the configuration; of it the parts bus:, state:, dedup: and log:\n"
    "               are used\n"
    "  --help       this text\n"
    "  --version    the version\n"
    "\n"
    "SIGTERM  takes no more, waits for what the workers have in hand, ends\n"
    "SIGHUP   reads limits, retention and log level again\n"
    "\n"
    "newsmqd starts it; by hand it is for looking closely. One hub per state folder.\n";

struct place {
    const char *path;
    struct hub *hub;
};

static bool read_again(const void *ctx, struct config_bus *bus,
                       struct config_state *state, struct config_dedup *dedup)
{
    const struct place *p = ctx;
    const char *path = p->path;
    struct config *c = startup_config(path);

    if (c == NULL) {
        log_error("the configuration is bad; going on as before", "path=%s", path);
        return false;
    }
    log_set_level(c->log.level);
    *bus = c->bus; /* of both only the numbers are used */
    *state = c->state;
    *dedup = c->dedup;
    hub_set_rules(p->hub, c->watch, c->n_watch);
    config_free(c);
    return true;
}

static int run(const char *path)
{
    struct place place = {path, NULL};
    struct hub_reload reload = {read_again, &place};
    struct config *c = startup_config(path);
    struct err e = {0};
    struct hub *h = NULL;
    int rc;

    if (c == NULL)
        return EX_CONFIG;
    log_open("newsmq-hub", c->log.level, c->log.format);
    rc = hub_open(&c->bus, &c->state, &c->dedup, &h, &e);
    if (rc < 0) {
        log_error("cannot start", "cause='%s'", e.text);
        config_free(c);
        return rc == ERR_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
    }
    hub_set_rules(h, c->watch, c->n_watch);
    place.hub = h;
    os_notify("READY=1");
    rc = hub_run(h, &reload, &e);
    if (rc < 0)
        log_error("the loop ended", "cause='%s'", e.text);
    os_notify("STOPPING=1");
    hub_close(h);
    config_free(c);
    return rc < 0 ? EX_SOFTWARE : EX_OK;
}

int main(int argc, char **argv)
{
    struct startup s = {.name = "newsmq-hub", .help = help};
    int rc;

    return startup_read(&s, argc, argv, &rc) ? run(s.config_path) : rc;
}
