/* newsmq import: OPML to the YAML of feeds. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/opml.h"
#include "newsmq/os.h"

#include "command.h"
#include "term.h"

#define OPML_MAX   ((size_t)64 * 1000 * 1000)
#define OUTPUT_MAX ((size_t)512 * 1000 * 1000)

static void tell_notes(const char *file, const struct opml *o)
{
    for (size_t i = 0; i < o->n_notes; i++) {
        fprintf(stderr, "%s:%u: ", file, o->notes[i].line);
        (void)term_text(stderr, str_of(o->notes[i].text), 0, false); /* not needed */
        fputc('\n', stderr);
    }
    fprintf(stderr, "%zu feed%s\n", o->n_feeds, o->n_feeds == 1 ? "" : "s");
}

static int import(const char *path)
{
    bool from_stdin = strcmp(path, "-") == 0;
    const char *file = from_stdin ? "(stdin)" : path;
    struct strbuf bytes = {.max = OPML_MAX}, out = {.max = OUTPUT_MAX};
    struct opml opml = {0};
    struct err e = {0};
    int rc = os_read_file(from_stdin ? "/dev/stdin" : path, OPML_MAX, &bytes, &e);

    if (rc < 0) {
        fprintf(stderr, "newsmq import: %s\n", e.text);
        strbuf_fini(&bytes);
        return rc == ERR_LIMIT ? EX_DATAERR : EX_NOINPUT;
    }
    rc = opml_read(strbuf_str(&bytes), &opml, &e);
    strbuf_fini(&bytes);
    if (rc < 0) {
        fprintf(stderr, "newsmq import: %s: %s\n", file, e.text);
        return EX_DATAERR;
    }
    tell_notes(file, &opml);
    rc = opml_write_yaml(&opml, &out);
    if (rc == 0 && (fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0)) {
        perror("newsmq import: cannot write");
        rc = -EIO;
    }
    opml_fini(&opml);
    strbuf_fini(&out);
    return rc < 0 ? EX_IOERR : EX_OK;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    (void)env;
    if (argc > 2 || (argc == 2 && argv[1][0] == '-' && argv[1][1] != '\0')) {
        fprintf(stderr, "newsmq import: one FILE, or nothing for stdin; see "
                        "`newsmq import --help`\n");
        return EX_USAGE;
    }
    return import(argc == 2 ? argv[1] : "-");
}

const struct command command_import = {
    .name = "import",
    .group = "Files",
    .summary = "make feeds of an OPML file",
    .help =
        "newsmq import - make feeds of an OPML file\n\n"
        "Usage: newsmq import [FILE|-] > feeds.yaml\n\n"
        "Prints `groups:` and `feeds:` as YAML. Nested folders become groups joined "
        "with\n"
        "'-', ids come from the titles, else from the host, and are made unique. What "
        "is\n"
        "left out (no xmlUrl, the same URL again, no http) is told on stderr.\n\n"
        "The file can be named under `include:`; or leave the OPML as it is and write\n"
        "`- opml: FILE` under `feeds:`.\n\n"
        "Exit status: 0, 65 it is not OPML, 66 it cannot be read.\n\n"
        "Examples:\n"
        "  newsmq import subscriptions.opml > conf.d/feeds.yaml\n"
        "  curl -s https://example.org/list.opml | newsmq import -\n",
    .run = run,
};
