/* newsmq why: what became of an item, or of a feed, in sentences. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/clock.h"
#include "newsmq/json.h"
#include "newsmq/url.h"

#include "ask.h"
#include "command.h"
#include "load.h"
#include "term.h"
#include "why_feed.h"

#define WHO      "newsmq why"
#define ID_CHARS 26

static bool is_id(const char *z)
{
    return strlen(z) == ID_CHARS &&
           strspn(z, "abcdefghijklmnopqrstuvwxyz234567") == ID_CHARS;
}

/* ---- sentences ---- */

static void put(struct str s)
{
    (void)term_text(stdout, s, 0, false); /* the columns do not matter */
}

static const char *basis_words(struct str basis)
{
    static const struct {
        struct str name;
        const char *words;
    } rows[] = {
        {STR_INIT("guid"), "its guid, which the feed gives it"},
        {STR_INIT("link"),
         "its link, since the feed gives it no guid, or one that several entries have"},
        {STR_INIT("title_date"),
         "its title and date, since the feed gives it neither guid nor link, or such as "
         "several entries have"},
        {STR_INIT("content"),
         "its text, since the feed gives it no guid, link or date that tell it"},
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_eq(basis, rows[i].name))
            return rows[i].words;
    return "something that was not written down";
}

static void say_revision(const json_t *f)
{
    int64_t revision = ask_number(f, "revision"), first = ask_number(f, "first_seq");
    int64_t last = ask_number(f, "last_seq"), seen_ms = ask_time(f, "date_seen");
    char when[CLOCK_TEXT_MAX], ago[WORDS_MAX];

    if (str_eq(ask_text(f, "state"), STR("dropped")))
        return;
    if (first == 0) {
        printf("  It was seen in the feed's past and is only remembered: no item was "
               "made.\n");
        return;
    }
    if (revision > 1)
        printf("  It came as item %lld and was changed since: revision %lld is item "
               "%lld.\n",
               (long long)first, (long long)revision, (long long)last);
    else
        printf("  It came as item %lld and has not changed since.\n", (long long)first);
    if (seen_ms > 0)
        printf("  Seen %s (%s).\n", clock_text(seen_ms, when),
               words_ago(seen_ms, clock_wall_ms(), ago));
}

static void say_state(const json_t *f)
{
    struct str state = ask_text(f, "state");
    int64_t record = ask_number(f, "record_seq");

    if (record > 0)
        printf("  It is done: record %lld (newsmq replay --from %lld --to %lld).\n",
               (long long)record, (long long)record, (long long)record);
    if (str_eq(state, STR("done")) && record == 0)
        printf("  It is done; its record is no longer kept at the hub.\n");
    if (str_eq(state, STR("pending")))
        printf("  It waits for a worker.\n");
    if (str_eq(state, STR("dropped")))
        printf("  No record was made (dedup.action: drop).\n");
    if (str_eq(state, STR("dead")))
        printf("  It was given up (newsmq dead).\n");
}

/* Asked for by an id under which the entry came later. */
static void say_other_id(const json_t *f, const char *asked)
{
    if (!is_id(asked) || str_eq(ask_text(f, "id"), str_of(asked)))
        return;
    printf("  It came as ");
    put(str_of(asked));
    printf(" too: another guid with the same link and title, in the same feed.\n");
}

static void say_copies(const json_t *f)
{
    struct str of = ask_text(f, "duplicate_of");
    const json_t *also = json_object_get(f, "also_in"), *id;
    size_t i;

    if (of.n > 0) {
        printf("  Its text came before as another item: ");
        put(of);
        printf(".\n");
    }
    json_array_foreach(also, i, id)
    {
        printf("%s", i == 0 ? "  The same text is also in " : ", ");
        put(str_of(json_string_value(id) != NULL ? json_string_value(id) : "?"));
    }
    if (i > 0)
        printf(".\n");
}

static void say_found(const json_t *f, const char *asked, bool colour)
{
    struct str title = ask_text(f, "title"), url = ask_text(f, "url");

    term_colour(stdout, colour, COLOUR_BOLD);
    put(ask_text(f, "id"));
    term_colour(stdout, colour, COLOUR_PLAIN);
    printf(" is an entry of the feed ");
    term_colour(stdout, colour, COLOUR_CYAN);
    put(ask_text(f, "feed"));
    term_colour(stdout, colour, COLOUR_PLAIN);
    printf(".\n");
    if (title.n > 0) {
        printf("  \"");
        put(title);
        printf("\"\n");
    }
    if (url.n > 0) {
        printf("  ");
        put(url);
        printf("\n");
    }
    printf("  It is known by %s.\n", basis_words(ask_text(f, "id_basis")));
    say_other_id(f, asked);
    say_revision(f);
    say_state(f);
    say_copies(f);
}

/* ---- asking ---- */

static int ask_why(const struct config *c, const char *key, struct str value,
                   json_t **ret)
{
    struct strbuf question = {.max = (size_t)64 * 1024};
    struct jsonw j = jsonw_to(&question);
    int rc;

    jsonw_object(&j);
    jsonw_member_str(&j, key, value);
    jsonw_object_end(&j);
    rc = ask_or_tell(WHO, c, "why", strbuf_cstr(&question), ret);
    strbuf_fini(&question);
    return rc;
}

static bool is_empty(const json_t *answer)
{
    return json_array_size(json_object_get(answer, "found")) == 0;
}

/* Links are kept in the form in which two writings of one are alike. */
static int ask_url(const struct config *c, const char *url, json_t **ret)
{
    struct strbuf canonical = {.max = URL_MAX_BYTES};
    int rc = 0;

    if (url_canonical(str_of(url), &canonical, NULL) == 0)
        rc = ask_why(c, "url", strbuf_str(&canonical), ret);
    if (rc == 0 && (*ret == NULL || is_empty(*ret))) {
        json_decref(*ret);
        *ret = NULL;
        rc = ask_why(c, "url", str_of(url), ret);
    }
    strbuf_fini(&canonical);
    return rc;
}

static int tell(const json_t *answer, const char *what, bool as_json)
{
    const json_t *found = json_object_get(answer, "found"), *f;
    bool colour = term_has_colour(stdout);
    size_t i;

    if (as_json) {
        int rc = ask_print(WHO, answer);

        return rc == EX_OK && is_empty(answer) ? 1 : rc;
    }
    json_array_foreach(found, i, f)
    {
        printf("%s", i > 0 ? "\n" : "");
        say_found(f, what, colour);
    }
    if (fflush(stdout) != 0) {
        perror(WHO ": cannot write");
        return EX_IOERR;
    }
    if (i > 0)
        return EX_OK;
    fprintf(stderr, WHO ": nothing is known of ");
    (void)term_text(stderr, str_of(what), 200, false); /* as above */
    fprintf(
        stderr,
        "\nIt was never in a feed that is polled, or not yet (newsmq feeds), or it is\n"
        "older than state.keep_seen.\n");
    return 1;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    const struct config_feed *feed;
    struct config *c;
    const char *what = NULL;
    json_t *answer = NULL;
    bool as_json = false;
    int rc;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            as_json = true;
        } else if (what == NULL && argv[i][0] != '-') {
            what = argv[i];
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq why --help`\n", argv[i]);
            return EX_USAGE;
        }
    }
    if (what == NULL) {
        fprintf(stderr, WHO ": which FEED, ID or URL? see `newsmq why --help`\n");
        return EX_USAGE;
    }
    c = load_config(env->config_path, WHO);
    if (c == NULL)
        return EX_CONFIG;
    feed = why_feed_find(c, what);
    if (feed != NULL) {
        rc = why_feed(WHO, c, feed, as_json);
        config_free(c);
        return rc;
    }
    rc =
        is_id(what) ? ask_why(c, "id", str_of(what), &answer) : ask_url(c, what, &answer);
    if (rc == 0)
        rc = tell(answer, what, as_json);
    json_decref(answer);
    config_free(c);
    return rc;
}

const struct command command_why = {
    .name = "why",
    .group = "Look",
    .summary = "what became of an item or a feed, and why",
    .help =
        "newsmq why - what became of an item or a feed, and why\n\n"
        "Usage: newsmq [-c CONFIG] why FEED|ID|URL [--json]\n\n"
        "Of a feed (its id in the configuration): how it does, what is wrong and what "
        "helps,\n"
        "and why it is polled next when it is, in one sentence: who wished for which "
        "pause\n"
        "(your every, the server's Cache-Control, the feed's ttl, …).\n\n"
        "Of an item: which feed it came from and what it is known by (its guid, its "
        "link,\n"
        "its title and date, or its text), whether it changed, what else has the same "
        "text,\n"
        "and whether it is done. An ID is the `id` of a record, 26 characters. A URL is "
        "that\n"
        "of the article; http or https, fragments and tracking parameters do not "
        "matter.\n\n"
        "Options:\n"
        "  --json   "
        "{\"found\":[{\"id\",\"id_basis\",\"feed\",\"revision\",\"state\",…}]}, of a "
        "feed\n"
        "           "
        "{\"feed\",\"state\",\"problem\",\"problems\",\"next_due\",\"next_why\",\"next\","
        "…}"
        "\n\n"
        "Exit status: 0, 1 nothing is known, 69 nobody answers, 78 the configuration is\n"
        "bad.\n\n"
        "Examples:\n"
        "  newsmq why un-news\n"
        "  newsmq why https://news.example.org/2026/flood\n"
        "  newsmq why mfrggzdfmztwq2lknnwg23tpoa\n",
    .run = run,
};
