/* newsmq feeds: one row a feed. The hub knows how each went, the configuration knows
   which there are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"

#include "ask.h"
#include "command.h"
#include "feed_ask.h"
#include "feed_print.h"
#include "feed_rows.h"
#include "load.h"
#include "table.h"

#define WHO "newsmq feeds"

/* ---- showing ---- */

struct options {
    bool as_json, problems, all;
    const char *ask, *feed;
};

static bool is_shown(const struct options *o, const struct feed_row *r)
{
    if (o->problems)
        return feed_row_has_problem(r);
    return o->all || r->health != HEALTH_FORMER;
}

static void add_cells(struct table *t, const struct feed_row *r, int64_t now_ms)
{
    int64_t due_ms = ask_number(r->state, "next_due_ms");
    bool is_bad = r->health == HEALTH_FAILING || r->health == HEALTH_GONE;
    char buf[WORDS_MAX];

    table_add(t, COLOUR_BOLD, str_of(r->id));
    table_add(t, health_colour(r->health), str_of(health_name(r->health)));
    table_addf(t, COLOUR_PLAIN, "%s",
               words_ago(ask_number(r->state, "last_new_ms"), now_ms, buf));
    if (r->health == HEALTH_FORMER || r->health == HEALTH_GONE)
        table_add(t, COLOUR_PLAIN, STR("-"));
    else
        table_addf(t, COLOUR_PLAIN, "%s",
                   due_ms > now_ms ? words_ago(due_ms, now_ms, buf) : "now");
    table_addf(t, COLOUR_PLAIN, "%lld", (long long)ask_number(r->state, "items"));
    table_add(t, is_bad ? COLOUR_RED : COLOUR_PLAIN, str_of(r->why));
}

static void print_counts(const struct feed_rows *rows)
{
    bool is_first = true;

    printf("%zu feed%s", rows->n - rows->counts[HEALTH_FORMER],
           rows->n - rows->counts[HEALTH_FORMER] == 1 ? "" : "s");
    for (int h = 0; h < HEALTHS; h++) {
        if (rows->counts[h] == 0)
            continue;
        printf("%s %zu %s", is_first ? ":" : ",", rows->counts[h],
               health_name((enum health)h));
        is_first = false;
    }
    printf("\n");
}

static int flushed(void)
{
    if (fflush(stdout) == 0)
        return EX_OK;
    perror(WHO ": cannot write");
    return EX_IOERR;
}

static int print_problems(const struct feed_rows *rows)
{
    bool colour = term_has_colour(stdout);

    for (size_t i = 0; i < rows->n; i++) {
        if (!feed_row_has_problem(&rows->list[i]))
            continue;
        feed_row_print(&rows->list[i], rows->now_ms, colour);
        printf("\n");
    }
    print_counts(rows);
    return flushed();
}

static int print_table(const struct feed_rows *rows, const struct options *o)
{
    static const char *const heads[] = {"FEED", "STATE",  "LAST NEW",
                                        "NEXT", ">ITEMS", "WHY"};
    struct table *t = table_new(heads, ARRAY_LEN(heads));

    for (size_t i = 0; i < rows->n; i++)
        if (is_shown(o, &rows->list[i]))
            add_cells(t, &rows->list[i], rows->now_ms);
    if (table_rows(t) > 0) {
        table_print(t, stdout, term_has_colour(stdout));
        printf("\n");
    }
    table_free(t);
    print_counts(rows);
    return flushed();
}

static int print_json(const struct feed_rows *rows, const struct options *o)
{
    json_t *all = json_object(), *list = json_array();
    int rc;

    for (size_t i = 0; i < rows->n; i++)
        if (is_shown(o, &rows->list[i]))
            (void)json_array_append_new(list, feed_row_json(&rows->list[i]));
    (void)json_object_set_new(all, "feeds", list);
    rc = ask_print(WHO, all);
    json_decref(all);
    return rc;
}

/* ---- the run ---- */

static int show(const struct config *c, const json_t *feeds, const struct options *o)
{
    struct feed_rows rows;
    int rc;

    feed_rows_init(&rows, c, feeds, clock_wall_ms());
    rc = o->as_json    ? print_json(&rows, o)
         : o->problems ? print_problems(&rows)
                       : print_table(&rows, o);
    if (rc == EX_OK && o->problems &&
        rows.counts[HEALTH_FAILING] + rows.counts[HEALTH_GONE] +
                rows.counts[HEALTH_STALE] >
            0)
        rc = 1;
    feed_rows_fini(&rows);
    return rc;
}

static int read_options(int argc, char **argv, struct options *o)
{
    for (int i = 1; i < argc; i++) {
        bool is_ask =
            strcmp(argv[i], "--enable") == 0 || strcmp(argv[i], "--unmove") == 0;

        if (strcmp(argv[i], "--json") == 0) {
            o->as_json = true;
        } else if (strcmp(argv[i], "--problems") == 0) {
            o->problems = true;
        } else if (strcmp(argv[i], "--all") == 0) {
            o->all = true;
        } else if (is_ask && o->ask == NULL && i + 1 < argc) {
            o->ask = argv[i] + 2;
            o->feed = argv[++i];
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq feeds --help`\n",
                    argv[i]);
            return EX_USAGE;
        }
    }
    return 0;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct options o = {0};
    struct config *c;
    json_t *answer = NULL;
    int rc;

    rc = read_options(argc, argv, &o);
    if (rc != 0)
        return rc;
    c = load_config(env->config_path, WHO);
    if (c == NULL)
        return EX_CONFIG;
    rc = o.ask != NULL ? feed_ask(WHO, c, o.ask, o.feed)
                       : ask_or_tell(WHO, c, "feeds", "{}", &answer);
    if (rc == 0 && o.ask == NULL)
        rc = show(c, json_object_get(answer, "feeds"), &o);
    json_decref(answer);
    config_free(c);
    return rc;
}

const struct command command_feeds = {
    .name = "feeds",
    .group = "Run it",
    .summary = "how each feed does, and why",
    .help =
        "newsmq feeds - how each feed does, and why\n\n"
        "Usage: newsmq [-c CONFIG] feeds [--problems] [--all] [--json]\n"
        "       newsmq [-c CONFIG] feeds --enable ID | --unmove ID\n\n"
        "One row a feed: its state, when it last had something new, when it is polled "
        "next,\n"
        "how many items it gave, and the reason in words. What needs a look comes "
        "first:\n\n"
        "  failing  the last poll failed; it is tried again, ever more slowly\n"
        "  gone     its publisher has ended it (HTTP 410, twice): not polled any more\n"
        "  stale    it answers, but has had nothing new for longer than stale_after\n"
        "  new      not polled yet\n"
        "  ok\n\n"
        "Options:\n"
        "  --problems  only those with a problem, each with its cause and a remedy; "
        "also\n"
        "              what is odd about feeds that work (no dates, moved, slow, …)\n"
        "  --all       also those that are no longer in the configuration (former)\n"
        "  --enable    polls the feed ID at once, also one that is gone\n"
        "  --unmove    goes back to the URL of the configuration, where ID has moved "
        "for\n"
        "              good, and does not learn that move again\n"
        "  --json      "
        "{\"feeds\":[{\"feed\",\"url\",\"state\",\"why\",\"problem\",\"problems\":[{"
        "\"problem\",\n"
        "              \"cause\",\"remedy\"}],\"last_new\",\"next_due\","
        "\n              "
        "\"push\":{\"state\",\"hub\",\"topic\",\"lease_until\",\"reason\"},…}]}\n\n"
        "Exit status: 0; with --problems 1 when any is failing, gone or stale; 64 no "
        "such\n"
        "feed; 69 nobody answers; 75 kept, but newsmqd could not be told; 78 the\n"
        "configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq feeds\n"
        "  newsmq feeds --problems || mail -s 'feeds' ops@example.org\n"
        "  newsmq feeds --json | jq -r '.feeds[] | select(.problem == "
        "\"not_found\").url'\n",
    .run = run,
};
