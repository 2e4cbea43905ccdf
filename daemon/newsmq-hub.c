/* newsmq-hub - owns the state: takes items in, hands them to workers, publishes records.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/config.h"
#include "newsmq/log.h"
#include "newsmq/os.h"

#include "hub/hub.h"

static const char help[] =
    "newsmq-hub - owns the state: takes items in, hands them to workers, publishes "
    "records\n"
    "\n"
    "Usage: newsmq-hub -c CONFIG\n"
    "\n"
    "  -c CONFIG    the configuration; of it the parts bus:, state: and log: are used\n"
    "  --help       this text\n"
    "  --version    the version\n"
    "\n"
    "SIGTERM  takes no more, waits for what the workers have in hand, ends\n"
    "SIGHUP   reads limits, retention and log level again\n"
    "\n"
    "newsmqd starts it; by hand it is for looking closely. One hub per state folder.\n";

static struct config *load(const char *path)
{
    struct config_names names = {NULL, NULL, NULL};
    struct config_faults faults = {0};
    struct config *c = NULL;
    int rc = config_load(path, &names, &c, &faults);

    for (size_t i = 0; i < faults.n; i++) {
        struct strbuf line = {.max = 4096};

        if (config_fault_write(&faults.list[i], &line) == 0)
            fprintf(stderr, "%s\n", strbuf_cstr(&line));
        strbuf_fini(&line);
    }
    config_faults_fini(&faults);
    return rc == 0 ? c : NULL;
}

static bool read_again(const void *ctx, struct config_bus *bus,
                       struct config_state *state)
{
    const char *path = ctx;
    struct config *c = load(path);

    if (c == NULL) {
        log_error("the configuration is bad; going on as before", "path=%s", path);
        return false;
    }
    log_set_level(c->log.level);
    *bus = c->bus; /* of both only the numbers are used */
    *state = c->state;
    config_free(c);
    return true;
}

static int run(const char *path)
{
    struct hub_reload reload = {read_again, path};
    struct config *c = load(path);
    struct err e = {0};
    struct hub *h = NULL;
    int rc;

    if (c == NULL)
        return EX_CONFIG;
    log_open("newsmq-hub", c->log.level, c->log.format);
    rc = hub_open(&c->bus, &c->state, &h, &e);
    if (rc < 0) {
        log_error("cannot start", "cause='%s'", e.text);
        config_free(c);
        return rc == ERR_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
    }
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
    const char *path = NULL;

    log_open("newsmq-hub", LOG_LEVEL_INFO, LOG_AUTO);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
            path = argv[++i];
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return EX_OK;
        } else if (strcmp(argv[i], "--version") == 0) {
            puts("newsmq-hub " NEWSMQ_VERSION);
            return EX_OK;
        } else {
            fprintf(stderr, "newsmq-hub: unknown option '%s'; see --help\n", argv[i]);
            return EX_USAGE;
        }
    }
    if (path == NULL) {
        fputs("newsmq-hub: which configuration? newsmq-hub -c CONFIG\n", stderr);
        return EX_USAGE;
    }
    os_catch_signals();
    return run(path);
}
