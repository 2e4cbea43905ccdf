/* newsmq forget: a durable consumer that will not come back is waited for no longer. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/json.h"

#include "ask.h"
#include "command.h"
#include "load.h"

#define WHO "newsmq forget"

static void tell_known(const struct config *c)
{
    json_t *status = NULL, *consumer;
    struct err e = {0};
    size_t i;

    if (ask_hub(c, "status", "{}", &status, &e) < 0)
        return; /* the main thing was said */
    json_array_foreach(json_object_get(status, "consumers"), i, consumer)
    {
        struct str name = ask_text(consumer, "name");

        fprintf(stderr, "%s" STR_FMT, i == 0 ? "There are: " : ", ", STR_ARG(name));
    }
    fprintf(stderr, i == 0 ? "There are none.\n" : "\n");
    json_decref(status);
}

static int forget(const struct config *c, const char *name)
{
    struct strbuf question = {.max = 4096};
    struct jsonw j = jsonw_to(&question);
    json_t *answer = NULL;
    int rc;

    jsonw_object(&j);
    jsonw_member_cstr(&j, "consumer", name);
    jsonw_object_end(&j);
    rc = ask_or_tell(WHO, c, "forget", strbuf_cstr(&question), &answer);
    if (rc == 0 && json_is_true(json_object_get(answer, "forgotten"))) {
        printf("%s is forgotten: nothing is kept for it any more.\n", name);
    } else if (rc == 0) {
        fprintf(stderr, WHO ": there is no durable consumer '%s'\n", name);
        tell_known(c);
        rc = 1;
    }
    json_decref(answer);
    strbuf_fini(&question);
    return rc;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct config *c;
    int rc;

    if (argc != 2 || argv[1][0] == '-') {
        fprintf(stderr, WHO ": one NAME; see `newsmq forget --help`\n");
        return EX_USAGE;
    }
    c = load_config(env->config_path, WHO);
    if (c == NULL)
        return EX_CONFIG;
    rc = forget(c, argv[1]);
    config_free(c);
    return rc;
}

const struct command command_forget = {
    .name = "forget",
    .group = "Run it",
    .summary = "wait no longer for a durable consumer",
    .help =
        "newsmq forget - wait no longer for a durable consumer\n\n"
        "Usage: newsmq [-c CONFIG] forget NAME\n\n"
        "Nothing is trimmed before every durable consumer has acknowledged it, and one "
        "that\n"
        "lags too far (bus.max_unacked) holds up all work. A consumer that will not "
        "come\n"
        "back, as a sink that was taken out of the configuration, must be forgotten. "
        "`newsmq\n"
        "status` lists them. One that comes back under the name starts anew.\n\n"
        "Exit status: 0, 1 there is none of that name, 69 nobody answers, 78 the\n"
        "configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq status\n"
        "  newsmq forget jsonl-2\n",
    .run = run,
};
