/* newsmq-fetch - the first half of the pipeline: polls feeds, hands their items over.

   Feeds that are due become transfers (fetch/start.c), what comes is parsed while it
   comes (fetch/document.c, parse/), and items go to the hub together with what was learnt
   of the feed (fetch/handover.c): both are kept, or neither. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/config.h"
#include "newsmq/log.h"
#include "newsmq/os.h"

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

static int run(const char *path)
{
    struct config *c = load(path);
    struct fetcher *f = NULL;
    struct err e = {0};
    int rc;

    if (c == NULL)
        return EX_CONFIG;
    log_open("newsmq-fetch", c->log.level, c->log.format);
    rc = fetcher_open(path, c, &f, &e);
    if (rc < 0) {
        log_error("cannot start", "cause='%s'", e.text);
        return rc == ERR_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
    }
    rc = fetcher_remember(f, &e);
    if (rc == 0) {
        os_notify("READY=1");
        rc = fetcher_run(f, &e);
    }
    os_notify("STOPPING=1");
    fetcher_close(f);
    if (rc == 0 || rc == -EINTR)
        return EX_OK;
    log_error("the bus cannot go on", "cause='%s'", e.text);
    return EX_SOFTWARE;
}

int main(int argc, char **argv)
{
    const char *path = NULL;

    log_open("newsmq-fetch", LOG_LEVEL_INFO, LOG_AUTO);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
            path = argv[++i];
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return EX_OK;
        } else if (strcmp(argv[i], "--version") == 0) {
            puts("newsmq-fetch " NEWSMQ_VERSION);
            return EX_OK;
        } else {
            fprintf(stderr, "newsmq-fetch: unknown option '%s'; see --help\n", argv[i]);
            return EX_USAGE;
        }
    }
    if (path == NULL) {
        fputs("newsmq-fetch: which configuration? newsmq-fetch -c CONFIG\n", stderr);
        return EX_USAGE;
    }
    os_catch_signals();
    return run(path);
}
