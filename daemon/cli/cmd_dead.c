/* newsmq dead: the items that were given up, and why. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/clock.h"

#include "ask.h"
#include "command.h"
#include "load.h"
#include "table.h"

#define WHO       "newsmq dead"
#define LIMIT_MAX 9999

static int print_table(const json_t *dead, uint64_t limit)
{
    static const char *const heads[] = {">SEQ",      "WHEN",   "FEED", "ID",
                                        ">ATTEMPTS", "REASON", "TITLE"};
    struct table *t = table_new(heads, ARRAY_LEN(heads));
    int64_t now_ms = clock_wall_ms();
    const json_t *d;
    char buf[WORDS_MAX];
    size_t i;

    json_array_foreach(dead, i, d)
    {
        table_addf(t, COLOUR_BOLD, "%lld", (long long)ask_number(d, "seq"));
        table_addf(t, COLOUR_PLAIN, "%s", words_ago(ask_time(d, "time"), now_ms, buf));
        table_add(t, COLOUR_PLAIN, ask_text(d, "feed"));
        table_add(t, COLOUR_PLAIN, ask_text(d, "id"));
        table_addf(t, COLOUR_PLAIN, "%lld", (long long)ask_number(d, "attempts"));
        table_add(t, COLOUR_RED, ask_text(d, "reason"));
        table_add(t, COLOUR_PLAIN, ask_text(d, "title"));
    }
    if (table_rows(t) > 0)
        table_print(t, stdout, term_has_colour(stdout));
    else
        printf("No dead letters: every item was worked on.\n");
    if (table_rows(t) >= limit)
        printf("… there may be more: newsmq dead --limit %d\n", LIMIT_MAX);
    table_free(t);
    if (fflush(stdout) == 0)
        return EX_OK;
    perror(WHO ": cannot write");
    return EX_IOERR;
}

static int ask_dead(const char *path, uint64_t limit, bool as_json)
{
    struct config *c = load_config(path, WHO);
    json_t *answer = NULL;
    char question[48];
    int rc;

    if (c == NULL)
        return EX_CONFIG;
    (void)snprintf(question, sizeof question, "{\"limit\":%llu}",
                   (unsigned long long)limit);
    rc = ask_or_tell(WHO, c, "dead", question, &answer);
    if (rc == 0)
        rc = as_json ? ask_print(WHO, answer)
                     : print_table(json_object_get(answer, "dead"), limit);
    json_decref(answer);
    config_free(c);
    return rc;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    uint64_t limit = 100;
    bool as_json = false;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            as_json = true;
        } else if (strcmp(argv[i], "--limit") == 0 && i + 1 < argc) {
            if (!str_to_u64(str_of(argv[++i]), &limit) || limit == 0 ||
                limit > LIMIT_MAX) {
                fprintf(stderr, WHO ": --limit wants a number from 1 to %d\n", LIMIT_MAX);
                return EX_USAGE;
            }
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq dead --help`\n", argv[i]);
            return EX_USAGE;
        }
    }
    return ask_dead(env->config_path, limit, as_json);
}

const struct command command_dead = {
    .name = "dead",
    .group = "Look",
    .summary = "the items that were given up, and why",
    .help = "newsmq dead - the items that were given up, and why\n\n"
            "Usage: newsmq [-c CONFIG] dead [--limit N] [--json]\n\n"
            "An item whose worker ends or fails again and again is tried alone, and "
            "given up\n"
            "after bus.max_attempts: it becomes a dead letter and holds up nothing. The "
            "newest\n"
            "come first.\n\n"
            "Options:\n"
            "  --limit N  at most so many (default: 100)\n"
            "  --json     "
            "{\"dead\":[{\"seq\",\"id\",\"feed\",\"title\",\"attempts\",\"reason\","
            "\"time\"}]}\n\n"
            "Exit status: 0, 69 nobody answers, 78 the configuration is bad.\n\n"
            "Examples:\n"
            "  newsmq dead\n"
            "  newsmq dead --json | jq -r '.dead[].id' | xargs -n 1 newsmq why\n",
    .run = run,
};
