/* newsmq status: is all well, and if not, where. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/clock.h"

#include "ask.h"
#include "command.h"
#include "load.h"
#include "table.h"

#define WHO "newsmq status"

struct status {
    const struct config *config;
    json_t *newsmqd, *hub; /* NULL: nobody there */
    struct err no_newsmqd, no_hub;
    int64_t now_ms;
    bool colour;
};

static void put(const struct status *s, enum colour c, struct str text)
{
    term_colour(stdout, s->colour, c);
    (void)term_text(stdout, text, 0, false); /* the columns do not matter */
    term_colour(stdout, s->colour, COLOUR_PLAIN);
}

/* "12 min" of "12 min ago". */
static const char *since(int64_t then_ms, int64_t now_ms, char buf[WORDS_MAX])
{
    char *ago;

    (void)words_ago(then_ms, now_ms, buf);
    ago = strstr(buf, " ago");
    if (ago != NULL)
        *ago = '\0';
    return then_ms == 0 ? "" : buf;
}

/* ---- newsmqd ---- */

static enum colour state_colour(struct str state)
{
    static const struct {
        struct str name;
        enum colour colour;
    } rows[] = {
        {STR_INIT("green"), COLOUR_GREEN},
        {STR_INIT("red"), COLOUR_RED},
        {STR_INIT("running"), COLOUR_GREEN},
        {STR_INIT("resting"), COLOUR_RED},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_eq(state, rows[i].name))
            return rows[i].colour;
    return COLOUR_YELLOW;
}

static void add_program(const struct status *s, struct table *t, const json_t *p)
{
    int64_t pid = ask_number(p, "pid"), next_ms = ask_number(p, "next_start_ms");
    struct str state = ask_text(p, "state");
    bool red = json_is_true(json_object_get(p, "red"));
    char buf[WORDS_MAX];

    table_add(t, COLOUR_BOLD, ask_text(p, "name"));
    if (next_ms > 0)
        table_addf(t, COLOUR_RED, "tried again %s", words_ago(next_ms, s->now_ms, buf));
    else
        table_addf(t, red ? COLOUR_RED : state_colour(state), STR_FMT "%s",
                   STR_ARG(state), red ? ", unsteady" : "");
    if (pid > 0)
        table_addf(t, COLOUR_PLAIN, "%lld", (long long)pid);
    else
        table_add(t, COLOUR_PLAIN, STR("-"));
    table_addf(t, COLOUR_PLAIN, "%s", since(ask_time(p, "started"), s->now_ms, buf));
    table_addf(t, COLOUR_PLAIN, "%lld", (long long)ask_number(p, "restarts"));
    table_add(t, COLOUR_PLAIN,
              ask_text(p, "says").n > 0 && pid == 0 ? ask_text(p, "says")
                                                    : ask_text(p, "last_exit"));
}

static void print_newsmqd(const struct status *s)
{
    static const char *const heads[] = {"PROGRAM", "STATE",     ">PID",
                                        "UP",      ">RESTARTS", "LAST EXIT"};
    struct table *t;
    json_t *program;
    char buf[WORDS_MAX];
    size_t i;

    if (s->newsmqd == NULL) {
        put(s, COLOUR_YELLOW, STR("newsmqd does not run"));
        printf("; the hub was started by hand, or by systemd as newsmq-hub.service\n"
               "(then `systemctl status 'newsmq-*'` tells of each program)\n");
        return;
    }
    printf("newsmqd is ");
    put(s, state_colour(ask_text(s->newsmqd, "state")), ask_text(s->newsmqd, "state"));
    printf(": process %lld, up %s, configuration ",
           (long long)ask_number(s->newsmqd, "pid"),
           since(ask_time(s->newsmqd, "started"), s->now_ms, buf));
    put(s, COLOUR_PLAIN, ask_text(s->newsmqd, "config"));
    printf("\n\n");
    t = table_new(heads, ARRAY_LEN(heads));
    json_array_foreach(json_object_get(s->newsmqd, "programs"), i, program)
        add_program(s, t, program);
    table_print(t, stdout, s->colour);
    table_free(t);
}

/* ---- the hub ---- */

static void print_accounts(const struct status *s)
{
    const json_t *h = s->hub;
    bool ok = json_is_true(json_object_get(h, "accounts_ok"));

    printf("\n%lld items = %lld done + %lld dead + %lld pending  ",
           (long long)ask_number(h, "items"), (long long)ask_number(h, "records"),
           (long long)ask_number(h, "dead"), (long long)ask_number(h, "pending"));
    put(s, ok ? COLOUR_GREEN : COLOUR_RED, ok ? STR("✓") : STR("✗ does not add up"));
    printf("\n%lld in the workers' hands, %lld given twice, %lld duplicates, %lld "
           "updates",
           (long long)ask_number(h, "in_flight"), (long long)ask_number(h, "redelivered"),
           (long long)ask_number(h, "duplicates"), (long long)ask_number(h, "updates"));
    if (ask_number(h, "dropped") > 0)
        printf(", %lld copies dropped", (long long)ask_number(h, "dropped"));
    printf("\n");
}

static void print_reason(const struct status *s, enum colour c, const char *what,
                         struct str why)
{
    if (why.n == 0)
        return;
    put(s, c, str_of(what));
    printf(": ");
    put(s, COLOUR_PLAIN, why);
    printf("\n");
}

static void print_reasons(const struct status *s)
{
    print_reason(s, COLOUR_RED, "The hub holds, nothing is lost",
                 ask_text(s->hub, "holding"));
    print_reason(s, COLOUR_YELLOW, "Fetching pauses", ask_text(s->hub, "full"));
    if (json_is_true(json_object_get(s->hub, "draining")))
        print_reason(s, COLOUR_YELLOW, "Draining", STR("no new items, no new jobs"));
}

static void print_streams(const struct status *s)
{
    static const char *const heads[] = {"STREAM", ">FIRST KEPT", ">HEAD"};
    struct table *t = table_new(heads, ARRAY_LEN(heads));
    const char *name;
    json_t *stream;

    json_object_foreach(json_object_get(s->hub, "streams"), name, stream)
    {
        table_add(t, COLOUR_BOLD, str_of(name));
        table_addf(t, COLOUR_PLAIN, "%lld", (long long)ask_number(stream, "first"));
        table_addf(t, COLOUR_PLAIN, "%lld", (long long)ask_number(stream, "head"));
    }
    printf("\n");
    table_print(t, stdout, s->colour);
    table_free(t);
}

static void print_consumers(const struct status *s)
{
    static const char *const heads[] = {"CONSUMER", "STREAM",    ">ACKED",
                                        ">LAG",     "CONNECTED", "LAST HEARD"};
    struct table *t = table_new(heads, ARRAY_LEN(heads));
    json_t *consumer;
    char buf[WORDS_MAX];
    size_t i;

    json_array_foreach(json_object_get(s->hub, "consumers"), i, consumer)
    {
        bool here = json_is_true(json_object_get(consumer, "connected"));

        table_add(t, COLOUR_BOLD, ask_text(consumer, "name"));
        table_add(t, COLOUR_PLAIN, ask_text(consumer, "stream"));
        table_addf(t, COLOUR_PLAIN, "%lld", (long long)ask_number(consumer, "acked"));
        table_addf(t, COLOUR_PLAIN, "%lld", (long long)ask_number(consumer, "lag"));
        table_add(t, here ? COLOUR_GREEN : COLOUR_YELLOW, here ? STR("yes") : STR("no"));
        table_addf(t, COLOUR_PLAIN, "%s",
                   words_ago(ask_time(consumer, "last"), s->now_ms, buf));
    }
    printf("\n");
    if (table_rows(t) > 0)
        table_print(t, stdout, s->colour);
    else
        printf("No durable consumers.\n");
    table_free(t);
}

static void print_workers(const struct status *s)
{
    static const char *const heads[] = {"WORKER", ">PID",    ">IN HAND",
                                        ">DONE",  ">CREDIT", ">SILENT MS"};
    static const char *const members[] = {"pid", "in_flight", "done", "credit",
                                          "silent_ms"};
    struct table *t = table_new(heads, ARRAY_LEN(heads));
    json_t *worker;
    size_t i;

    json_array_foreach(json_object_get(s->hub, "workers"), i, worker)
    {
        table_add(t, COLOUR_BOLD, ask_text(worker, "name"));
        for (size_t k = 0; k < ARRAY_LEN(members); k++)
            table_addf(t, COLOUR_PLAIN, "%lld",
                       (long long)ask_number(worker, members[k]));
    }
    printf("\n");
    if (table_rows(t) > 0)
        table_print(t, stdout, s->colour);
    else
        put(s, COLOUR_YELLOW, STR("No workers are connected.\n"));
    table_free(t);
}

static void print_rules(const struct status *s)
{
    static const char *const heads[] = {"RULE", ">HITS", "LAST"};
    struct table *t = table_new(heads, ARRAY_LEN(heads));
    json_t *rule;
    char buf[WORDS_MAX];
    size_t i;

    json_array_foreach(json_object_get(s->hub, "watch"), i, rule)
    {
        table_add(t, COLOUR_BOLD, ask_text(rule, "rule"));
        table_addf(t, COLOUR_PLAIN, "%lld", (long long)ask_number(rule, "hits"));
        table_addf(t, COLOUR_PLAIN, "%s",
                   words_ago(ask_time(rule, "last"), s->now_ms, buf));
    }
    if (table_rows(t) > 0) {
        printf("\n");
        table_print(t, stdout, s->colour);
    }
    table_free(t);
}

/* Nothing when nobody was refused and there are no keys. */
static void print_door(const struct status *s)
{
    const json_t *door = json_object_get(s->hub, "door");
    json_t *count, *refused = json_object_get(door, "refused");
    const char *reason, *comma = ": ";
    json_int_t all = 0;

    json_object_foreach(refused, reason, count) all += json_integer_value(count);
    if (!json_is_true(json_object_get(door, "curve")) && all == 0)
        return;
    printf("\n%lld key%s may connect; ", (long long)ask_number(door, "keys"),
           ask_number(door, "keys") == 1 ? "" : "s");
    term_colour(stdout, s->colour, all > 0 ? COLOUR_YELLOW : COLOUR_GREEN);
    printf("%lld refused", (long long)all);
    term_colour(stdout, s->colour, COLOUR_PLAIN);
    json_object_foreach(refused, reason, count)
    {
        if (json_integer_value(count) == 0)
            continue;
        printf("%s", comma);
        (void)term_text(stdout, str_of(reason), 0, false); /* the columns do not matter */
        printf(" %lld", (long long)json_integer_value(count));
        comma = ", ";
    }
    printf("\n");
}

static void print_hub(const struct status *s)
{
    if (s->hub == NULL) {
        printf("\n");
        put(s, COLOUR_RED, STR("The hub does not answer"));
        printf(": ");
        put(s, COLOUR_PLAIN, str_of(s->no_hub.text));
        printf("\n");
        return;
    }
    print_accounts(s);
    print_reasons(s);
    print_door(s);
    print_consumers(s);
    print_workers(s);
    print_rules(s);
    print_streams(s);
}

/* ---- the run ---- */

static int print_json(const struct status *s)
{
    json_t *all = json_object();
    int rc;

    (void)json_object_set_new(all, "ok", json_boolean(ask_is_well(s->newsmqd, s->hub)));
    (void)json_object_set(all, "newsmqd", s->newsmqd != NULL ? s->newsmqd : json_null());
    (void)json_object_set(all, "hub", s->hub != NULL ? s->hub : json_null());
    rc = ask_print(WHO, all);
    json_decref(all);
    return rc;
}

static int tell(const struct status *s, bool as_json)
{
    int rc = EX_OK;

    if (as_json)
        rc = print_json(s);
    if (s->newsmqd == NULL && s->hub == NULL)
        return ask_tell(WHO, s->config->path,
                        s->no_newsmqd.code != ERR_CLOSED ? &s->no_newsmqd : &s->no_hub);
    if (!as_json) {
        print_newsmqd(s);
        print_hub(s);
    }
    if (rc == EX_OK && fflush(stdout) != 0) {
        perror(WHO ": cannot write");
        rc = EX_IOERR;
    }
    return rc != EX_OK ? rc : ask_is_well(s->newsmqd, s->hub) ? 0 : 1;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct status s = {.now_ms = clock_wall_ms(), .colour = term_has_colour(stdout)};
    struct config *c;
    bool as_json = false;
    int rc;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") != 0) {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq status --help`\n",
                    argv[i]);
            return EX_USAGE;
        }
        as_json = true;
    }
    c = load_config(env->config_path, WHO);
    if (c == NULL)
        return EX_CONFIG;
    s.config = c;
    (void)ask_supervisor(c->bus.dir, "status", &s.newsmqd,
                         &s.no_newsmqd); /* told by tell */
    (void)ask_hub(c, "status", "{}", &s.hub, &s.no_hub);
    rc = tell(&s, as_json);
    json_decref(s.newsmqd);
    json_decref(s.hub);
    config_free(c);
    return rc;
}

const struct command command_status = {
    .name = "status",
    .group = "Run it",
    .summary = "is all well, and if not, where",
    .help =
        "newsmq status - is all well, and if not, where\n\n"
        "Usage: newsmq [-c CONFIG] status [--json]\n\n"
        "Asks newsmqd and the hub. Shows each program with its restarts and last end; "
        "the\n"
        "account of items (done + dead + pending, which always adds up); why the hub "
        "holds\n"
        "or fetching pauses, if so; how far each durable consumer is, and the "
        "workers.\n\n"
        "newsmqd is green when all programs run, starting while one does not, red when "
        "one\n"
        "ended five times within a minute (it is tried on), draining while it stops.\n\n"
        "Options:\n"
        "  --json   {\"ok\", \"newsmqd\": {…} or null, \"hub\": {…} or null}\n\n"
        "Exit status: 0 all is well; 1 not green, holding, pausing or draining; 69 "
        "nobody\n"
        "answers; 78 the configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq status\n"
        "  until newsmq status >/dev/null; do sleep 1; done\n"
        "  newsmq status --json | jq '.hub.consumers[] | {name, lag}'\n",
    .run = run,
};
