#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/startup.h"

#define LINE_MAX_BYTES 4096

const char *startup_default_config(void)
{
    const char *env = getenv("NEWSMQ_CONFIG");

    if (env != NULL)
        return env;
    return access("newsmq.yaml", F_OK) == 0 ? "newsmq.yaml" : "/etc/newsmq/newsmq.yaml";
}

const char **startup_names(const char *(*name)(size_t i))
{
    size_t n = 0;
    const char **names;

    while (name(n) != NULL)
        n++;
    names = mem_new_array(n + 1, sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = name(i);
    return names;
}

void startup_tell_faults(const struct config_faults *faults)
{
    for (size_t i = 0; i < faults->n; i++) {
        struct strbuf line = {.max = LINE_MAX_BYTES};

        if (config_fault_write(&faults->list[i], &line) == 0)
            fprintf(stderr, "%s\n", strbuf_cstr(&line));
        strbuf_fini(&line);
    }
    if (faults->left_out > 0)
        fprintf(stderr, "… and %zu more\n", faults->left_out);
}

static struct config *load(const char *path, bool without_secrets)
{
    struct config_names names = {.without_secrets = without_secrets};
    struct config_faults faults = {0};
    struct config *c = NULL;
    int rc = config_load(path, &names, &c, &faults);

    startup_tell_faults(&faults);
    config_faults_fini(&faults);
    return rc == 0 ? c : NULL;
}

struct config *startup_config(const char *path)
{
    return load(path, true);
}

struct config *startup_config_whole(const char *path)
{
    return load(path, false);
}

/* Whether to go on reading the arguments. */
static bool read_argument(struct startup *s, int argc, char **argv, int *at,
                          int *ret_exit)
{
    const char *word = argv[*at];
    bool has_value = *at + 1 < argc;

    if (strcmp(word, "-c") == 0 && has_value) {
        s->config_path = argv[++*at];
    } else if (s->takes_name != NULL && strcmp(word, "--name") == 0 && has_value) {
        s->given_name = argv[++*at];
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        fputs(s->help, stdout);
        *ret_exit = EX_OK;
        return false;
    } else if (strcmp(word, "--version") == 0) {
        printf("%s %s\n", s->name, NEWSMQ_VERSION);
        *ret_exit = EX_OK;
        return false;
    } else {
        fprintf(stderr, "%s: '%s' is unknown or wants a value; see --help\n", s->name,
                word);
        return false;
    }
    return true;
}

bool startup_read(struct startup *s, int argc, char **argv, int *ret_exit)
{
    log_open(s->name, LOG_LEVEL_INFO, LOG_AUTO);
    *ret_exit = EX_USAGE;
    for (int i = 1; i < argc; i++)
        if (!read_argument(s, argc, argv, &i, ret_exit))
            return false;
    if (s->config_path == NULL) {
        fprintf(stderr, "%s: which configuration? %s -c CONFIG\n", s->name, s->name);
        return false;
    }
    if (s->takes_name != NULL && s->takes_name[0] != '\0' &&
        (s->given_name == NULL || s->given_name[0] == '\0')) {
        fprintf(stderr, "%s: --name is missing: %s\n", s->name, s->takes_name);
        return false;
    }
    os_catch_signals();
    return true;
}
