/* newsmq reload: the configuration anew, with what it changes. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "ask.h"
#include "command.h"
#include "load.h"
#include "term.h"

#define WHO "newsmq reload"

static enum colour colour_of(struct str line)
{
    switch (line.n > 0 ? line.p[0] : ' ') {
    case '+':
        return COLOUR_GREEN;
    case '-':
        return COLOUR_RED;
    case '~':
        return COLOUR_YELLOW;
    case '!':
        return COLOUR_CYAN;
    default:
        return COLOUR_PLAIN;
    }
}

static void print_diff(struct str diff)
{
    bool colour = term_has_colour(stdout);

    if (diff.n == 0)
        printf("Nothing changed.\n");
    while (diff.n > 0) {
        struct str line = str_cut(&diff, '\n');

        term_colour(stdout, colour, colour_of(line));
        (void)term_text(stdout, line, 0, false); /* the columns do not matter */
        term_colour(stdout, colour, COLOUR_PLAIN);
        printf("\n");
    }
}

static void print_faults(const json_t *faults)
{
    const json_t *fault;
    size_t i;

    json_array_foreach(faults, i, fault)
    {
        const char *text = json_string_value(fault);

        (void)term_text(stderr, str_of(text != NULL ? text : "?"), 0,
                        false); /* as above */
        fputc('\n', stderr);
    }
    fprintf(stderr, WHO ": refused; the configuration of before goes on\n");
}

static int tell(const json_t *answer, bool as_json)
{
    bool ok = json_is_true(json_object_get(answer, "ok"));
    int rc = EX_OK;

    if (as_json)
        rc = ask_print(WHO, answer);
    else if (ok)
        print_diff(ask_text(answer, "diff"));
    else
        print_faults(json_object_get(answer, "faults"));
    return rc != EX_OK ? rc : ok ? EX_OK : EX_CONFIG;
}

/* Where newsmqd listens stands in the file, which may be bad by now or say another place:
   then --dir helps. */
static int reload(const char *path, const char *dir, bool as_json)
{
    struct config *c = dir == NULL ? load_config(path, WHO) : NULL;
    json_t *answer = NULL;
    struct err e = {0};
    int rc;

    if (dir == NULL && c == NULL) {
        fprintf(stderr, WHO ": not asked; what runs goes on as before\n");
        return EX_CONFIG;
    }
    if (ask_supervisor(c != NULL ? c->bus.dir : dir, "reload", &answer, &e) == 0) {
        rc = tell(answer, as_json);
    } else {
        rc = ask_tell(WHO, path, &e);
        if (e.code == ERR_CLOSED && c != NULL)
            fprintf(stderr, "If bus.dir has changed, name the old one: newsmq reload "
                            "--dir DIR\n");
    }
    json_decref(answer);
    config_free(c);
    return rc;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    const char *dir = NULL;
    bool as_json = false;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            as_json = true;
        } else if (strcmp(argv[i], "--dir") == 0 && i + 1 < argc) {
            dir = argv[++i];
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq reload --help`\n",
                    argv[i]);
            return EX_USAGE;
        }
    }
    return reload(env->config_path, dir, as_json);
}

const struct command command_reload = {
    .name = "reload",
    .group = "Run it",
    .summary = "read the configuration again, and see what changes",
    .help =
        "newsmq reload - read the configuration again, and see what changes\n\n"
        "Usage: newsmq [-c CONFIG] reload [--dir DIR] [--json]\n\n"
        "newsmqd reads its file anew. A good one is taken: what changes is printed, a\n"
        "line each (+ added, - removed, ~ changed, ! what is started again for it). A\n"
        "bad one is refused with every fault, and the old one goes on. Feeds come and\n"
        "go without a pause; another bus or state folder starts all programs again,\n"
        "in order and without loss. The same as SIGHUP to newsmqd.\n\n"
        "Options:\n"
        "  --dir DIR  the bus.dir of the newsmqd to ask, when the file says another by\n"
        "             now\n"
        "  --json     {\"ok\":true,\"diff\":\"…\"} or {\"ok\":false,\"faults\":[…]}\n\n"
        "Exit status: 0 taken, 69 nobody answers, 78 refused.\n\n"
        "Examples:\n"
        "  newsmq reload\n"
        "  newsmq check && newsmq reload\n",
    .run = run,
};
