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
#include "load.h"
#include "table.h"

#define WHO "newsmq feeds"

/* In the order in which an operator wants to see them. */
enum health { FAILING, STALE, NEW, WELL, GONE, HEALTHS };

static const struct {
    const char *name;
    enum colour colour;
} healths[HEALTHS] = {
    [FAILING] = {"failing", COLOUR_RED}, [STALE] = {"stale", COLOUR_YELLOW},
    [NEW] = {"new", COLOUR_CYAN},        [WELL] = {"ok", COLOUR_GREEN},
    [GONE] = {"gone", COLOUR_DIM},
};

struct row {
    const char *id;
    const struct config_feed *feed; /* NULL: no longer in the configuration */
    const json_t *state;            /* NULL: the hub does not know it */
    enum health health;
    char why[160];
};

struct rows {
    struct row *list;
    size_t n;
    int64_t now_ms;
    size_t counts[HEALTHS];
};

/* ---- judging ---- */

/* "7 d" of a duration. */
static const char *length(int64_t ms, char buf[32])
{
    char *ago;

    (void)term_ago(1, 1 + ms, buf);
    ago = strstr(buf, " ago");
    if (ago != NULL)
        *ago = '\0';
    return buf;
}

static void judge(struct row *r, int64_t now_ms)
{
    struct str reason = ask_text(r->state, "reason");
    int64_t last_ms = ask_number(r->state, "last_new_ms");
    char since[32], limit[32];

    r->health = WELL;
    (void)snprintf(r->why, sizeof r->why, STR_FMT, STR_ARG(str_head(reason, 150)));
    if (r->feed == NULL) {
        r->health = GONE;
        (void)snprintf(r->why, sizeof r->why, "no longer in the configuration");
    } else if (str_eq(ask_text(r->state, "state"), STR("failing"))) {
        r->health = FAILING;
    } else if (r->state == NULL || ask_number(r->state, "last_fetch_ms") == 0) {
        r->health = NEW;
        (void)snprintf(r->why, sizeof r->why, "not polled yet");
    } else if (last_ms > 0 && now_ms - last_ms > r->feed->stale_after_ms) {
        r->health = STALE;
        (void)snprintf(r->why, sizeof r->why, "nothing new for %s (stale_after is %s)",
                       length(now_ms - last_ms, since),
                       length(r->feed->stale_after_ms, limit));
    } else if (ask_number(r->state, "items") == 0) {
        (void)snprintf(r->why, sizeof r->why, "answers, but had no items so far");
    }
}

static int by_health(const void *pa, const void *pb)
{
    const struct row *a = pa, *b = pb;

    return a->health != b->health ? (int)a->health - (int)b->health
                                  : strcmp(a->id, b->id);
}

static void add_row(struct rows *rows, const char *id, const struct config_feed *feed,
                    const json_t *state)
{
    struct row *r = &rows->list[rows->n++];

    *r = (struct row){.id = id, .feed = feed, .state = state};
    judge(r, rows->now_ms);
    rows->counts[r->health]++;
}

/* Those of the configuration, then what else the hub remembers. */
static void collect(struct rows *rows, const struct config *c, const json_t *feeds)
{
    json_t *known = json_object(), *state;
    const char *id;
    size_t i;

    json_array_foreach(feeds, i, state)
    {
        id = json_string_value(json_object_get(state, "feed"));
        if (id != NULL)
            (void)json_object_set(known, id, state); /* or the feed counts as new */
    }
    rows->list = mem_new_array(c->n_feeds + json_object_size(known), sizeof *rows->list);
    for (i = 0; i < c->n_feeds; i++) {
        add_row(rows, c->feeds[i].id, &c->feeds[i],
                json_object_get(known, c->feeds[i].id));
        (void)json_object_del(known, c->feeds[i].id); /* may not be there */
    }
    json_object_foreach(known, id, state)
    {
        const char *own = json_string_value(json_object_get(state, "feed"));

        if (own != NULL)
            add_row(rows, own, NULL, state);
    }
    json_decref(known); /* the states live on in feeds */
    qsort(rows->list, rows->n, sizeof *rows->list, by_health);
}

/* ---- showing ---- */

struct options {
    bool as_json, problems, all;
};

static bool is_shown(const struct options *o, const struct row *r)
{
    if (o->problems)
        return r->health == FAILING || r->health == STALE;
    return o->all || r->health != GONE;
}

static void add_cells(struct table *t, const struct row *r, int64_t now_ms)
{
    int64_t due_ms = ask_number(r->state, "next_due_ms");
    char buf[32];

    table_add(t, COLOUR_BOLD, str_of(r->id));
    table_add(t, healths[r->health].colour, str_of(healths[r->health].name));
    table_addf(t, COLOUR_PLAIN, "%s",
               term_ago(ask_number(r->state, "last_new_ms"), now_ms, buf));
    if (r->health == GONE)
        table_add(t, COLOUR_PLAIN, STR("-"));
    else
        table_addf(t, COLOUR_PLAIN, "%s",
                   due_ms > now_ms ? term_ago(due_ms, now_ms, buf) : "now");
    table_addf(t, COLOUR_PLAIN, "%lld", (long long)ask_number(r->state, "items"));
    table_add(t, r->health == FAILING ? COLOUR_RED : COLOUR_PLAIN, str_of(r->why));
}

static void print_counts(const struct rows *rows)
{
    bool is_first = true;

    printf("%zu feed%s", rows->n - rows->counts[GONE],
           rows->n - rows->counts[GONE] == 1 ? "" : "s");
    for (int h = FAILING; h <= GONE; h++) {
        if (rows->counts[h] == 0)
            continue;
        printf("%s %zu %s", is_first ? ":" : ",", rows->counts[h], healths[h].name);
        is_first = false;
    }
    printf("\n");
}

static int print_table(const struct rows *rows, const struct options *o)
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
    if (fflush(stdout) == 0)
        return EX_OK;
    perror(WHO ": cannot write");
    return EX_IOERR;
}

static json_t *time_json(int64_t ms)
{
    char buf[CLOCK_TEXT_MAX];

    return ms > 0 ? json_string(clock_text(ms, buf)) : json_null();
}

static json_t *row_json(const struct row *r)
{
    static const char *const times[][2] = {{"last_new", "last_new_ms"},
                                           {"last_fetch", "last_fetch_ms"},
                                           {"last_ok", "last_ok_ms"},
                                           {"next_due", "next_due_ms"}};
    static const char *const same[] = {"title",    "site",  "format",    "http_status",
                                       "failures", "items", "duplicates"};
    json_t *o = json_object();

    (void)json_object_set_new(o, "feed", json_string(r->id));
    (void)json_object_set_new(o, "url",
                              r->feed != NULL
                                  ? json_string(r->feed->url)
                                  : json_deep_copy(json_object_get(r->state, "url")));
    (void)json_object_set_new(o, "group",
                              r->feed != NULL && r->feed->group != NULL
                                  ? json_string(r->feed->group)
                                  : json_null());
    (void)json_object_set_new(o, "state", json_string(healths[r->health].name));
    (void)json_object_set_new(o, "why",
                              r->why[0] != '\0' ? json_string(r->why) : json_null());
    for (size_t i = 0; i < ARRAY_LEN(times); i++)
        (void)json_object_set_new(o, times[i][0],
                                  time_json(ask_number(r->state, times[i][1])));
    for (size_t i = 0; i < ARRAY_LEN(same); i++) {
        json_t *v = json_object_get(r->state, same[i]);

        (void)json_object_set(o, same[i], v != NULL ? v : json_null());
    }
    return o;
}

static int print_json(const struct rows *rows, const struct options *o)
{
    json_t *all = json_object(), *list = json_array();
    int rc;

    for (size_t i = 0; i < rows->n; i++)
        if (is_shown(o, &rows->list[i]))
            (void)json_array_append_new(list, row_json(&rows->list[i]));
    (void)json_object_set_new(all, "feeds", list);
    rc = ask_print(WHO, all);
    json_decref(all);
    return rc;
}

/* ---- the run ---- */

static int show(const struct config *c, const json_t *feeds, const struct options *o)
{
    struct rows rows = {.now_ms = clock_wall_ms()};
    int rc;

    collect(&rows, c, feeds);
    rc = o->as_json ? print_json(&rows, o) : print_table(&rows, o);
    if (rc == EX_OK && o->problems && rows.counts[FAILING] + rows.counts[STALE] > 0)
        rc = 1;
    free(rows.list);
    return rc;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct options o = {0};
    struct config *c;
    json_t *answer = NULL;
    int rc;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            o.as_json = true;
        } else if (strcmp(argv[i], "--problems") == 0) {
            o.problems = true;
        } else if (strcmp(argv[i], "--all") == 0) {
            o.all = true;
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq feeds --help`\n",
                    argv[i]);
            return EX_USAGE;
        }
    }
    c = load_config(env->config_path, WHO);
    if (c == NULL)
        return EX_CONFIG;
    rc = ask_or_tell(WHO, c, "feeds", "{}", &answer);
    if (rc == 0)
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
        "Usage: newsmq [-c CONFIG] feeds [--problems] [--all] [--json]\n\n"
        "One row a feed: its state, when it last had something new, when it is polled "
        "next,\n"
        "how many items it gave, and the reason in words. What needs a look comes "
        "first:\n\n"
        "  failing  the last poll failed; it is tried again, ever more slowly\n"
        "  stale    it answers, but has had nothing new for longer than stale_after\n"
        "  new      not polled yet\n"
        "  ok\n\n"
        "Options:\n"
        "  --problems  only failing and stale ones\n"
        "  --all       also those that are no longer in the configuration (gone)\n"
        "  --json      "
        "{\"feeds\":[{\"feed\",\"url\",\"state\",\"why\",\"last_new\",\"next_"
        "due\",…}]}\n\n"
        "Exit status: 0; with --problems 1 when there are any; 69 nobody answers; 78 "
        "the\n"
        "configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq feeds\n"
        "  newsmq feeds --problems || mail -s 'feeds' ops@example.org\n"
        "  newsmq feeds --json | jq -r '.feeds[] | select(.state == \"failing\").url'\n",
    .run = run,
};
