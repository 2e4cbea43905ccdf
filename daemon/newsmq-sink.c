/* newsmq-sink - writes records to the outputs and acknowledges what is durable */
#include <errno.h>
#include <sysexits.h>

#include "newsmq/log.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"

#include "sink/sink.h"

static const char help[] =
    "newsmq-sink - writes records to the outputs and acknowledges what is durable\n"
    "\n"
    "Usage: newsmq-sink -c CONFIG [--name SINK]\n"
    "\n"
    "  -c CONFIG      the configuration; of it the parts bus:, sinks: and log: are used\n"
    "  --name SINK    only this sink; without it all of them\n"
    "  --help         this text\n"
    "  --version      the version\n"
    "\n"
    "SIGTERM  writes what has come, ends\n"
    "SIGHUP   reads sinks: again; a bad file changes nothing\n"
    "\n"
    "newsmqd starts it; by hand it is for looking closely. One sink per output folder;\n"
    "`newsmq verify` proves what is in it.\n"
    "\n"
    "Exit status: 0 ended by a signal; 65 the output is not as it was written, 74 "
    "nobody\n"
    "reads the standard output, 78 configuration, 69 else. The last line of the log "
    "says\n"
    "why.\n"
    "\n"
    "Examples:\n"
    "  newsmq-sink -c newsmq.yaml\n"
    "  newsmq-sink -c newsmq.yaml --name stdout | jq .title\n";

struct session {
    const char *path;
    struct config *c;     /* bus: as it was at the start */
    struct config *again; /* sinks: as read last */
    struct startup_wall wall;
    bool wants_anew;
};

static bool read_again(void *ctx, const struct config_sink **ret_list, size_t *ret_n)
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
    config_free(s->again);
    s->again = c;
    *ret_list = c->sinks;
    *ret_n = c->n_sinks;
    return true;
}

static int exit_status(int rc)
{
    if (rc >= 0)
        return EX_OK;
    if (rc == ERR_CONFIG || rc == -EBUSY)
        return EX_CONFIG;
    if (rc == ERR_FORMAT || rc == -ESTALE)
        return EX_DATAERR;
    return rc == -EPIPE ? EX_IOERR : EX_UNAVAILABLE;
}

static int run(const char *path, const char *name)
{
    struct session session = {.path = path, .c = startup_config(path)};
    struct sinks_reload reload = {read_again, &session};
    struct sinks *s = NULL;
    struct err e = {0};
    int rc;

    if (session.c == NULL)
        return EX_CONFIG;
    log_open("newsmq-sink", session.c->log.level, session.c->log.format);
    rc = startup_wall_enter(&session.wall, session.c, SANDBOX_SINK, &e);
    if (rc == 0)
        rc = sinks_open(&session.c->bus, session.c->sinks, session.c->n_sinks, name, &s,
                        &e);
    if (rc < 0) {
        log_error("cannot start", "cause='%s'", e.text);
        startup_wall_fini(&session.wall);
        config_free(session.c);
        return exit_status(rc);
    }
    os_notify("READY=1");
    rc = sinks_run(s, &reload, &e);
    if (rc < 0)
        log_error("cannot go on", "cause='%s'", e.text);
    os_notify("STOPPING=1");
    sinks_close(s);
    startup_wall_fini(&session.wall);
    config_free(session.again);
    config_free(session.c);
    return session.wants_anew ? EXIT_ANEW : exit_status(rc);
}

int main(int argc, char **argv)
{
    struct startup s = {.name = "newsmq-sink", .help = help, .takes_name = ""};
    int rc;

    return startup_read(&s, argc, argv, &rc) ? run(s.config_path, s.given_name) : rc;
}
