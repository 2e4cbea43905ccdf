/* newsmq export: the feeds of a configuration as OPML. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/config.h"
#include "newsmq/opml.h"

#include "command.h"
#include "term.h"

#define OUTPUT_MAX ((size_t)1 << 30)

static int export(const char *path)
{
    struct strbuf out = {.max = OUTPUT_MAX};
    struct config_faults faults = {0};
    struct config *c = NULL;
    int rc = config_load(path, NULL, &c, &faults);

    for (size_t i = 0; rc < 0 && i < faults.n; i++) {
        struct strbuf line = {.max = 8192};

        (void)config_fault_write(&faults.list[i], &line); /* cut lines still help */
        (void)term_text(stderr, strbuf_str(&line), 0, false);
        fputc('\n', stderr);
        strbuf_fini(&line);
    }
    config_faults_fini(&faults);
    if (rc < 0)
        return EX_CONFIG;
    rc = opml_write(c, &out);
    if (rc == 0 && (fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0)) {
        perror("newsmq export: cannot write");
        rc = -EIO;
    }
    strbuf_fini(&out);
    config_free(c);
    return rc < 0 ? EX_IOERR : EX_OK;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    const char *path = env->config_path;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--opml") == 0)
            continue; /* the one form there is */
        if (strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
            path = argv[++i];
            continue;
        }
        fprintf(stderr, "newsmq export: unexpected '%s'; see `newsmq export --help`\n",
                argv[i]);
        return EX_USAGE;
    }
    return export(path);
}

const struct command command_export = {
    .name = "export",
    .group = "Files",
    .summary = "the feeds of a configuration as OPML",
    .help =
        "newsmq export - the feeds of a configuration as OPML\n\n"
        "Usage: newsmq export [--opml] [-c CONFIG] > feeds.opml\n\n"
        "Prints OPML 2.0, which feed readers and `newsmq import` take: a folder for\n"
        "each group, ids as titles. Passwords, headers and intervals are not in it.\n\n"
        "Exit status: 0, 78 the configuration has faults.\n\n"
        "Example:\n"
        "  newsmq export -c newsmq.yaml > feeds.opml\n",
    .run = run,
};
