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

struct session {
    const char *path;
    struct hub *hub;
    struct startup_wall wall;
    bool wants_anew;
};

static bool read_again(void *ctx, struct config_bus *bus, struct config_state *state,
                       struct config_dedup *dedup)
{
    struct session *s = ctx;
    struct config *c = startup_config(s->path);

    if (c == NULL) {
        log_error("the configuration is bad; going on as before", "path=%s", s->path);
        return false;
    }
    if (!startup_wall_covers(&s->wall, c)) {
        s->wants_anew = true;
        os_stop();
        config_free(c);
        return false;
    }
    log_set_level(c->log.level);
    *bus = c->bus; /* of both only the numbers are used */
    *state = c->state;
    *dedup = c->dedup;
    hub_set_rules(s->hub, c->watch, c->n_watch);
    config_free(c);
    return true;
}

static int run(const char *path)
{
    struct session session = {.path = path};
    struct hub_reload reload = {read_again, &session};
    struct config *c = startup_config(path);
    struct err e = {0};
    struct hub *h = NULL;
    int rc;

    if (c == NULL)
        return EX_CONFIG;
    log_open("newsmq-hub", c->log.level, c->log.format);
    rc = startup_wall_enter(&session.wall, c, SANDBOX_HUB, &e);
    if (rc == 0)
        rc = hub_open(&c->bus, &c->state, &c->dedup, &h, &e);
    if (rc < 0) {
        log_error("cannot start", "cause='%s'", e.text);
        startup_wall_fini(&session.wall);
        config_free(c);
        return rc == ERR_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
    }
    hub_set_rules(h, c->watch, c->n_watch);
    session.hub = h;
    os_notify("READY=1");
    rc = hub_run(h, &reload, &e);
    if (rc < 0)
        log_error("the loop ended", "cause='%s'", e.text);
    os_notify("STOPPING=1");
    hub_close(h);
    startup_wall_fini(&session.wall);
    config_free(c);
    if (session.wants_anew)
        return EXIT_ANEW;
    return rc < 0 ? EX_SOFTWARE : EX_OK;
}

int main(int argc, char **argv)
{
    struct startup s = {.name = "newsmq-hub", .help = help};
    int rc;

    return startup_read(&s, argc, argv, &rc) ? run(s.config_path) : rc;
}
