#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "ask.h"
#include "term.h"

int ask_tell(const char *who, const char *path, const struct err *e)
{
    fprintf(stderr, "%s: ", who);
    (void)term_text(stderr, str_of(e->text), 0, false); /* the columns do not matter */
    fputc('\n', stderr);
    if (e->code == ERR_CLOSED)
        fprintf(stderr,
                "newsmq does not run with %s. Start it: newsmq -c %s run\n"
                "or, as a service: systemctl start newsmqd\n",
                path, path);
    return e->code == ERR_FORMAT ? EX_DATAERR : EX_UNAVAILABLE;
}

int ask_or_tell(const char *who, const struct config *c, const char *method,
                const char *json, json_t **ret)
{
    struct err e = {0};

    return ask_hub(c, method, json, ret, &e) == 0 ? 0 : ask_tell(who, c->path, &e);
}

int ask_print(const char *who, const json_t *json)
{
    int rc = json_dumpf(json, stdout, JSON_INDENT(2));

    if (rc == 0 && fputc('\n', stdout) != EOF && fflush(stdout) == 0)
        return EX_OK;
    fprintf(stderr, "%s: cannot write: %s\n", who, strerror(errno));
    return EX_IOERR;
}
