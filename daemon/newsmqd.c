/* newsmqd - runs newsmq: starts the programs, watches them, stops them in order. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/bus.h"
#include "newsmq/config.h"
#include "newsmq/extractor.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/output.h"
#include "newsmq/startup.h"

#include "supervise/supervisor.h"

static const char help[] =
    "newsmqd - runs newsmq: starts the programs, watches them, stops them in order\n"
    "\n"
    "Usage: newsmqd [-c CONFIG] [--check] [--stop-within SECONDS]\n"
    "               [--longest-pause MS] [--programs DIR]\n"
    "\n"
    "Starts newsmq-hub, then newsmq-sink, the newsmq-workers and newsmq-fetch, each "
    "when\n"
    "those before it are ready, and newsmq-http beside them. What ends is started again, "
    "after a pause that grows "
    "from\n"
    "0.2 s to 30 s; five ends within a minute make the status red.\n"
    "\n"
    "  -c CONFIG             the configuration (default: $NEWSMQ_CONFIG, ./newsmq.yaml,\n"
    "                        /etc/newsmq/newsmq.yaml)\n"
    "  --check               tell every fault of the configuration and start nothing\n"
    "  --stop-within SECONDS how long stopping may take before what is left is killed\n"
    "                        (default: 20)\n"
    "  --longest-pause MS    before a program is started again (default: 30000)\n"
    "  --programs DIR        where the other programs are (default: beside newsmqd)\n"
    "  --help                this text\n"
    "  --version             the version\n"
    "\n"
    "SIGTERM, SIGINT  stop: fetching first, then the workers, the sink when it has "
    "written\n"
    "                 everything, the hub last; a second one is quicker, a third kills\n"
    "SIGHUP           read the configuration again, as `newsmq reload`; a bad one is\n"
    "                 refused and changes nothing\n"
    "\n"
    "Exit status: 0 stopped as told, 64 usage, 69 another newsmqd is there or a program\n"
    "is missing, 78 the configuration is bad.\n"
    "\n"
    "Examples:\n"
    "  newsmqd -c newsmq.yaml             in the foreground; Ctrl-C stops it\n"
    "  newsmqd -c newsmq.yaml --check && systemctl reload newsmqd\n"
    "  newsmq status                      what it does\n";

/* ---- the run ---- */

static bool has_programs(const char *dir, bool has_http)
{
    static const char *const names[] = {"newsmq-hub", "newsmq-sink", "newsmq-worker",
                                        "newsmq-fetch", "newsmq-http"};
    bool has_all = true;

    for (size_t i = 0; i < ARRAY_LEN(names) - !has_http; i++) {
        char *path = mem_printf("%s/%s", dir, names[i]);

        if (access(path, X_OK) < 0) {
            log_error("a program is missing; is the installation complete?",
                      "path=%s cause='%s'", path, strerror(errno));
            has_all = false;
        }
        free(path);
    }
    return has_all;
}

static int supervise(const struct supervisor_options *o, struct config *c)
{
    struct supervisor *s = NULL;
    struct startup_wall wall = {0};
    struct err e = {0};

    log_open("newsmqd", c->log.level, c->log.format);
    if (!has_programs(o->programs, config_has_http(c))) {
        config_free(c);
        return EX_UNAVAILABLE;
    }
    if (startup_wall_enter(&wall, c, SANDBOX_SUPERVISE, &e) < 0)
        config_free(c);
    else
        (void)supervisor_open(o, c, &s, &e); /* e.code tells */
    startup_wall_fini(&wall);
    if (e.code < 0) {
        log_error("cannot start", "cause='%s'", e.text);
        return e.code == ERR_CONFIG ? EX_CONFIG : EX_UNAVAILABLE;
    }
    if (supervisor_run(s, &e) < 0)
        log_error("cannot go on", "cause='%s'", e.text);
    supervisor_close(s);
    return e.code < 0 ? EX_SOFTWARE : EX_OK;
}

static int load_and_run(struct supervisor_options *o, bool check_only)
{
    struct config_faults faults = {0};
    struct config *c = NULL;
    int rc = config_load(o->config_path, &o->names, &c, &faults);

    startup_tell_faults(&faults);
    config_faults_fini(&faults);
    if (rc < 0)
        return EX_CONFIG;
    if (!check_only)
        return supervise(o, c);
    config_free(c);
    return EX_OK;
}

/* ---- arguments ---- */

static bool read_number(const char *name, const char *text, uint64_t max, int64_t unit,
                        int64_t *ret)
{
    uint64_t v;

    if (str_to_u64(str_of(text), &v) && v > 0 && v <= max) {
        *ret = (int64_t)v * unit;
        return true;
    }
    fprintf(stderr, "newsmqd: %s wants a number from 1 to %llu\n", name,
            (unsigned long long)max);
    return false;
}

/* Whether to go on; *ret_exit is the exit status when not. */
static bool read_arguments(int argc, char **argv, struct supervisor_options *o,
                           bool *ret_check, int *ret_exit)
{
    *ret_exit = EX_USAGE;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;

        if (strcmp(argv[i], "-c") == 0 && has_value) {
            o->config_path = argv[++i];
        } else if (strcmp(argv[i], "--programs") == 0 && has_value) {
            o->programs = argv[++i];
        } else if (strcmp(argv[i], "--check") == 0) {
            *ret_check = true;
        } else if (strcmp(argv[i], "--stop-within") == 0 && has_value) {
            if (!read_number(argv[i], argv[i + 1], 3600, 1000, &o->stop_within_ms))
                return false;
            i++;
        } else if (strcmp(argv[i], "--longest-pause") == 0 && has_value) {
            if (!read_number(argv[i], argv[i + 1], 3600000, 1, &o->longest_pause_ms))
                return false;
            i++;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            *ret_exit = EX_OK;
            return false;
        } else if (strcmp(argv[i], "--version") == 0) {
            puts("newsmqd " NEWSMQ_VERSION);
            *ret_exit = EX_OK;
            return false;
        } else {
            fprintf(stderr, "newsmqd: '%s' is unknown or wants a value; see --help\n",
                    argv[i]);
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    char *beside = os_program_dir();
    struct supervisor_options o = {
        .config_path = startup_default_config(),
        .programs = beside,
        .longest_pause_ms = 30000,
        .stop_within_ms = 20000,
    };
    bool check_only = false;
    int rc;

    log_open("newsmqd", LOG_LEVEL_INFO, LOG_AUTO);
    if (read_arguments(argc, argv, &o, &check_only, &rc)) {
        o.names = (struct config_names){.extractors = startup_names(extractor_name),
                                        .outputs = startup_names(output_name),
                                        .buses = startup_names(bus_kind_name)};
        rc = load_and_run(&o, check_only);
        free((void *)o.names.extractors);
        free((void *)o.names.outputs);
        free((void *)o.names.buses);
    }
    free(beside);
    return rc;
}
