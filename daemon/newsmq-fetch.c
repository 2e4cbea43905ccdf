/* newsmq-fetch - the first half of the pipeline: polls feeds, hands their items over.

   Feeds that are due become transfers (fetch/start.c), what comes is parsed while it
   comes (fetch/document.c, parse/), and items go to the hub together with what was learnt
   of the feed (fetch/handover.c): both are kept, or neither. */
#include <errno.h>
#include <sysexits.h>

#include "newsmq/log.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"

#include "fetch/fetcher.h"

static const char help[] =
    "newsmq-fetch - polls the feeds and hands their items over to newsmq-hub\n"
    "\n"
    "Usage: newsmq-fetch -c CONFIG\n"
    "\n"
    "  -c CONFIG    the configuration; of it feeds, politeness:, bus: and log: are used\n"
    "  --help       this text\n"
    "  --version    the version\n"
    "\n"
    "It has no files of its own: when each feed is due, and its validators, the hub\n"
    "keeps together with the items. While no hub is there, or the hub is full, nothing\n"
    "is polled.\n"
    "\n"
    "SIGTERM  begins no more polls, hands over what is in hand, ends\n"
    "SIGHUP   reads the configuration again: feeds come, go and change\n"
    "\n"
    "newsmqd starts it; by hand it is for looking closely. One feed once, without a\n"
    "hub: newsmq try URL.\n";

static int run(const char *path)
{
    struct config *c = startup_config_whole(path);
    struct startup_wall wall;
    struct fetcher *f = NULL;
    struct err e = {0};
    bool wants_anew;
    int rc;

    if (c == NULL)
        return EX_CONFIG;
    log_open("newsmq-fetch", c->log.level, c->log.format);
    rc = startup_wall_enter(&wall, c, SANDBOX_FETCH, &e);
    if (rc == 0)
        rc = fetcher_open(path, c, &wall, &f, &e);
    else
        config_free(c);
    if (rc < 0) {
        log_error("cannot start", "cause='%s'", e.text);
        startup_wall_fini(&wall);
        return rc == ERR_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
    }
    rc = fetcher_remember(f, &e);
    if (rc == 0) {
        os_notify("READY=1");
        rc = fetcher_run(f, &e);
    }
    os_notify("STOPPING=1");
    wants_anew = fetcher_wants_anew(f);
    fetcher_close(f);
    startup_wall_fini(&wall);
    if (wants_anew)
        return EXIT_ANEW;
    if (rc == 0 || rc == -EINTR)
        return EX_OK;
    log_error("the bus cannot go on", "cause='%s'", e.text);
    return EX_SOFTWARE;
}

int main(int argc, char **argv)
{
    struct startup s = {.name = "newsmq-fetch", .help = help};
    int rc;

    return startup_read(&s, argc, argv, &rc) ? run(s.config_path) : rc;
}
