/* newsmq-worker - takes items from the hub, runs the extractors, gives the results back
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/extractor.h"
#include "newsmq/log.h"
#include "newsmq/os.h"

#include "work/work.h"

static const char help[] =
    "newsmq-worker - takes items from the hub, runs the extractors, gives the results\n"
    "back\n"
    "\n"
    "Usage: newsmq-worker -c CONFIG --name NAME\n"
    "\n"
    "  -c CONFIG      the configuration; of it the parts bus:, workers: and log: are\n"
    "                 used\n"
    "  --name NAME    the worker's slot at the hub, `worker-1`; a second one of the "
    "same\n"
    "                 name takes the place of the first\n"
    "  --help         this text\n"
    "  --version      the version\n"
    "\n"
    "SIGTERM  finishes the item in hand, ends\n"
    "SIGHUP   reads workers: again and opens the extractors anew; a bad file changes\n"
    "         nothing\n"
    "\n"
    "newsmqd starts as many as the configuration says; more can be started by hand, on\n"
    "other machines too when bus.work is a tcp address. A hub that is away is waited\n"
    "for. `newsmq extract` runs the same extractors on a file.\n"
    "\n"
    "Exit status: 0 ended by a signal; 75 an item took longer than its extractor's\n"
    "timeout, 78 configuration, 69 else. The last line of the log says why.\n"
    "\n"
    "Examples:\n"
    "  newsmq-worker -c newsmq.yaml --name worker-1\n"
    "  newsmq-worker -c newsmq.yaml --name $(hostname)-1\n";

static struct config *load(const char *path)
{
    struct config_names names = {NULL, NULL, NULL}; /* the chain says it better */
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

static int run(const char *path, const char *name)
{
    struct err e = {0};
    int rc = work_run(path, name, load, &e);

    if (rc == 0)
        return EX_OK;
    log_error("cannot work", "cause='%s'", e.text);
    return rc == ERR_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
}

int main(int argc, char **argv)
{
    const char *path = NULL, *name = NULL;

    log_open("newsmq-worker", LOG_LEVEL_INFO, LOG_AUTO);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
            path = argv[++i];
        } else if (strcmp(argv[i], "--name") == 0 && i + 1 < argc) {
            name = argv[++i];
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return EX_OK;
        } else if (strcmp(argv[i], "--version") == 0) {
            puts("newsmq-worker " NEWSMQ_VERSION);
            return EX_OK;
        } else {
            fprintf(stderr, "newsmq-worker: unexpected '%s'; see --help\n", argv[i]);
            return EX_USAGE;
        }
    }
    if (path == NULL || name == NULL || name[0] == '\0') {
        fputs(
            "newsmq-worker: it needs a configuration and a name: newsmq-worker -c CONFIG "
            "--name worker-1\n",
            stderr);
        return EX_USAGE;
    }
    os_catch_signals();
    return run(path, name);
}
