#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "load.h"
#include "term.h"

#define FAULTS_SHOWN 5

static void tell_missing(const char *path, const char *who)
{
    fprintf(stderr,
            "%s: no configuration: there is no %s\n"
            "Name it with -c CONFIG or in $NEWSMQ_CONFIG; ./newsmq.yaml and "
            "/etc/newsmq/newsmq.yaml are found by themselves.\n",
            who, path);
}

static void tell_faults(const char *path, const char *who,
                        const struct config_faults *faults)
{
    size_t n = 0;

    fprintf(stderr, "%s: the configuration is bad:\n", who);
    for (size_t i = 0; i < faults->n; i++) {
        struct strbuf line = {.max = 4096};

        if (faults->list[i].is_warning || n++ >= FAULTS_SHOWN)
            continue;
        if (config_fault_write(&faults->list[i], &line) == 0) {
            (void)term_text(stderr, strbuf_str(&line), 0, false); /* not needed */
            fputc('\n', stderr);
        }
        strbuf_fini(&line);
    }
    if (n > FAULTS_SHOWN)
        fprintf(stderr, "… and %zu more: newsmq check %s\n", n - FAULTS_SHOWN, path);
}

struct config *load_config(const char *path, const char *who)
{
    struct config_names any = {.without_secrets = true};
    struct config_faults faults = {0};
    struct config *c = NULL;

    if (access(path, F_OK) < 0 && errno == ENOENT)
        tell_missing(path, who);
    else if (config_load(path, &any, &c, &faults) < 0)
        tell_faults(path, who, &faults);
    config_faults_fini(&faults);
    return c;
}
