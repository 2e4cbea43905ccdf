/* newsmq run: newsmqd in the foreground. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "command.h"

/* newsmqd -c CONFIG and whatever else was said. */
static int run(const struct command_env *env, int argc, char **argv)
{
    char *dir = os_program_dir(), *file = mem_printf("%s/newsmqd", dir);
    char **args = mem_new_array((size_t)argc + 3, sizeof *args);
    char *path = mem_strdup(env->config_path);
    size_t n = 0;

    args[n++] = file;
    args[n++] = "-c";
    args[n++] = path;
    for (int i = 1; i < argc; i++)
        args[n++] = argv[i]; /* a second -c counts */
    (void)execv(file, args);
    fprintf(stderr, "newsmq run: %s: %s; is the installation complete?\n", file,
            strerror(errno));
    free(args);
    free(path);
    free(file);
    free(dir);
    return EX_UNAVAILABLE;
}

const struct command command_run = {
    .name = "run",
    .group = "Run it",
    .summary = "run everything in the foreground",
    .help =
        "newsmq run - run everything in the foreground\n\n"
        "Usage: newsmq run [-c CONFIG] [OPTIONS OF newsmqd]\n\n"
        "The same as newsmqd: starts the hub, the sink, the workers and the fetcher,\n"
        "starts again what ends, and writes the log to stderr. Ctrl-C stops them in\n"
        "order; what was fetched is worked on and written first. `newsmqd --help`\n"
        "tells the options.\n\n"
        "Exit status: 0 stopped as told, 69 another one is there, 78 the\n"
        "configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq run -c newsmq.yaml\n"
        "  newsmq run -c newsmq.yaml 2>> newsmq.log &\n",
    .run = run,
};
