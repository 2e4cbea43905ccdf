/* newsmq-worker - takes items from the hub, runs the extractors, gives the results back
 */
#include <sysexits.h>

#include "newsmq/log.h"
#include "newsmq/startup.h"

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

static int run(const char *path, const char *name)
{
    bool wants_anew = false;
    struct err e = {0};
    int rc = work_run(path, name, &wants_anew, &e);

    if (rc == 0)
        return wants_anew ? EXIT_ANEW : EX_OK;
    log_error("cannot work", "cause='%s'", e.text);
    return rc == ERR_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
}

int main(int argc, char **argv)
{
    struct startup s = {.name = "newsmq-worker",
                        .help = help,
                        .takes_name = "the slot at the hub, for example worker-1"};
    int rc;

    return startup_read(&s, argc, argv, &rc) ? run(s.config_path, s.given_name) : rc;
}
