/* newsmq try: one feed, fetched and read as the daemon does it, without configuration,
   state, hub or trace. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "newsmq/extractor.h"
#include "newsmq/fetch.h"
#include "newsmq/mem.h"
#include "newsmq/record.h"

#include "command.h"
#include "remedy.h"
#include "show.h"
#include "show_item.h"
#include "term.h"

#define SHOWN_ITEMS    5 /* without -n and --all */
#define LINE_MAX_BYTES ((size_t)64 * 1024 * 1024)

struct
try {
    const char *what; /* URL or file */
    size_t max_items; /* 0: all */
    bool json, entities, full_text;
    struct show_item_options show;
};

/* ---- what to fetch ---- */

static bool has_scheme(const char *s)
{
    size_t n =
        strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");

    return n > 0 && strncmp(s + n, "://", 3) == 0;
}

/* The file as a file: URL; the caller frees. */
static char *file_url(const char *path)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789-._~/";
    struct strbuf url = {.max = 8 + 3 * PATH_MAX};

    (void)strbuf_add_text(&url, "file://"); /* max is enough for every path */
    for (; *path != '\0'; path++) {
        if (strchr(safe, *path) != NULL)
            (void)strbuf_add_char(&url, *path);
        else
            (void)strbuf_addf(&url, "%%%02X", (unsigned)(unsigned char)*path);
    }
    return strbuf_take(&url);
}

/* The URL to fetch, or NULL with an exit code: no such file. The caller frees. */
static char *url_of(const char *what, int *ret_exit)
{
    char path[PATH_MAX];
    struct stat st;

    if (has_scheme(what))
        return mem_strdup(what);
    if (realpath(what, path) != NULL && stat(path, &st) == 0) {
        if (S_ISREG(st.st_mode))
            return file_url(path);
        fprintf(stderr, "newsmq try: %s is not a regular file\n", what);
    } else {
        fprintf(stderr, "newsmq try: %s: %s\n", what, strerror(errno));
        if (errno == ENOENT && what[0] != '/' && strchr(what, '.') != NULL)
            fprintf(stderr, "  a URL? then with its scheme: newsmq try https://%s\n",
                    what);
    }
    *ret_exit = EX_NOINPUT;
    return NULL;
}

/* ---- output ---- */

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void print_word(struct str s, const char *otherwise)
{
    (void)term_text(stdout, s.n > 0 ? s : str_of(otherwise), 0, false); /* any length */
}

static void print_head(const struct try *t, const struct fetch_answer *a)
{
    bool colour = t->show.colour;

    term_colour(stdout, colour, COLOUR_BOLD);
    print_word(a->title, "(no title)");
    term_colour(stdout, colour, COLOUR_PLAIN);
    printf("  ");
    print_word(a->format, "unknown format");
    if (a->language.n > 0) {
        printf(", ");
        print_word(a->language, "");
    }
    printf(", %zu item%s", a->n_items, plural(a->n_items));
    if (a->n_left_out > 0)
        printf(" and %zu over a limit", a->n_left_out);
    printf("\n");
    term_colour(stdout, colour, COLOUR_DIM);
    print_word(a->url, "");
    if (a->http_status > 0)
        printf("  HTTP %d", a->http_status);
    printf("  %llu bytes in %.0f ms", (unsigned long long)a->bytes, a->duration_ms);
    term_colour(stdout, colour, COLOUR_PLAIN);
    printf("\n");
    for (size_t i = 0; i < a->n_warnings; i++) {
        term_colour(stdout, colour, COLOUR_YELLOW);
        printf("warning: ");
        print_word(a->warnings[i], "");
        term_colour(stdout, colour, COLOUR_PLAIN);
        printf("\n");
    }
    if (t->entities && t->show.colour) {
        printf("\n");
        show_legend(stdout, true);
    }
}

/* {"schema":"item/1","revision":1, …the item…, "nlp":{…}} */
static int print_json(const struct item *it, struct str nlp)
{
    struct strbuf line = {.max = LINE_MAX_BYTES}, core = {.max = LINE_MAX_BYTES};
    int rc = item_write_core(it, &core);

    if (rc == 0 && nlp.p != NULL) {
        core.p[--core.n] = '\0'; /* the nlp goes before the '}' */
        rc = strbuf_addf(&core, ",\"nlp\":" STR_FMT "}", STR_ARG(nlp));
    }
    if (rc == 0)
        rc = strbuf_addf(&line, "{\"schema\":\"item/1\",\"revision\":1,%s",
                         strbuf_cstr(&core) + 1);
    if (rc == 0)
        puts(strbuf_cstr(&line));
    strbuf_fini(&line);
    strbuf_fini(&core);
    return rc;
}

static int print_item(const struct try *t, const struct item *it, size_t number,
                      struct chain *chain, struct result *found, struct err *e)
{
    struct strbuf nlp = {.max = LINE_MAX_BYTES};
    json_t *tree = NULL;
    int rc = 0;

    if (chain != NULL) {
        chain_run(chain, it, found);
        rc = result_write_nlp(found, it, &nlp, e);
    }
    if (rc == 0 && t->json) {
        rc = print_json(it, nlp.n > 0 ? strbuf_str(&nlp) : (struct str){0});
        if (rc < 0)
            err_set(e, rc, "longer than %zu bytes as JSON", LINE_MAX_BYTES);
    } else if (rc == 0) {
        if (nlp.n > 0)
            tree = json_loadb(nlp.p, nlp.n, 0, NULL);
        show_item(stdout, it, number, tree, &t->show);
        json_decref(tree);
    }
    strbuf_fini(&nlp);
    return rc;
}

static int print_items(const struct try *t, const struct fetch_answer *a,
                       const struct config *c)
{
    size_t n = t->max_items > 0 && t->max_items < a->n_items ? t->max_items : a->n_items;
    struct chain *chain = NULL;
    struct result found = {0};
    struct err e = {0};
    int rc =
        t->entities && n > 0 ? chain_open(c->extractors, c->n_extractors, &chain, &e) : 0;

    if (rc < 0)
        fprintf(stderr, "newsmq try: %s\n  `--no-entities` goes without\n", e.text);
    for (size_t i = 0; rc == 0 && i < n; i++) {
        rc = print_item(t, &a->items[i], i + 1, chain, &found, &e);
        if (rc < 0)
            fprintf(stderr, "newsmq try: item %zu: %s\n", i + 1, e.text);
    }
    if (chain != NULL)
        chain_close(chain);
    result_fini(&found);
    if (rc == 0 && !t->json && n < a->n_items)
        printf("\n… and %zu more: -n %zu or --all\n", a->n_items - n, a->n_items);
    return rc < 0 ? EX_SOFTWARE : EX_OK;
}

/* ---- the run ---- */

static int try_url(const struct try *t, const char *typed)
{
    struct config *c = config_default();
    struct config_feed feed = c->defaults; /* borrows all but the four below */
    struct fetch_answer a = {0};
    struct err e = {0};
    char id[] = "try";
    int rc, out = EX_OK;

    feed.id = id;
    fetch_split_user(typed, &feed.url, &feed.user, &feed.password);
    feed.allow_private = true; /* who types a host means it */
    rc = fetch_once(&feed, &c->politeness, false, &a, &e);
    if (t->full_text) {
        feed.full_text = FULL_TEXT_ALWAYS;
        fetch_pages(&feed, &c->politeness, false, &a,
                    t->max_items > 0 ? t->max_items : a.n_items);
    }
    if (rc == 0 || a.n_items > 0) {
        if (!t->json)
            print_head(t, &a);
        out = print_items(t, &a, c);
    }
    if (fflush(stdout) != 0) {
        perror("newsmq try: cannot write");
        out = EX_IOERR;
    }
    if (rc < 0) {
        remedy_print(stderr, "newsmq try", feed.url, &e, a.http_status);
        out = remedy_exit(&e, a.http_status);
    }
    fetch_answer_fini(&a);
    free(feed.url);
    free(feed.user);
    free(feed.password);
    config_free(c);
    return out;
}

static int usage(const char *text, const char *arg)
{
    fprintf(stderr, "newsmq try: %s%s; see `newsmq try --help`\n", text, arg);
    return EX_USAGE;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct try t = {.max_items = SHOWN_ITEMS, .entities = true};
    bool counted = false;
    uint64_t n = 0;
    char *url;
    int rc = EX_OK;

    (void)env;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            t.json = true;
        } else if (strcmp(argv[i], "--all") == 0) {
            t.max_items = 0;
            counted = true;
        } else if (strcmp(argv[i], "--text") == 0) {
            t.show.whole_text = true;
        } else if (strcmp(argv[i], "--full-text") == 0) {
            t.full_text = true;
        } else if (strcmp(argv[i], "--no-entities") == 0) {
            t.entities = false;
        } else if (strcmp(argv[i], "-n") == 0 && i + 1 < argc) {
            if (!str_to_u64(str_of(argv[++i]), &n) || n == 0)
                return usage("-n wants a number from 1, not ", argv[i]);
            t.max_items = (size_t)n;
            counted = true;
        } else if (argv[i][0] != '-' && t.what == NULL) {
            t.what = argv[i];
        } else {
            return usage("unexpected ", argv[i]);
        }
    }
    if (t.what == NULL)
        return usage("which feed?", "");
    if (t.json && !counted)
        t.max_items = 0;
    t.show.colour = term_has_colour(stdout);
    url = url_of(t.what, &rc);
    if (url != NULL)
        rc = try_url(&t, url);
    free(url);
    return rc;
}

const struct command command_try = {
    .name = "try",
    .group = "Try it",
    .summary = "fetch one feed and show its items with their entities",
    .help =
        "newsmq try - fetch one feed and show its items with their entities\n\n"
        "Usage: newsmq try URL|FILE [-n N | --all] [--text] [--full-text] "
        "[--no-entities]\n"
        "                  [--json]\n\n"
        "Fetches, reads and extracts as the daemon does, with the defaults of every "
        "key,\n"
        "but without configuration, state or hub: nothing is remembered or written.\n"
        "The host of URL may be in a private network; what it redirects to may not.\n\n"
        "Options:\n"
        "  -n N           so many items (default 5; all with --json)\n"
        "  --all          all items\n"
        "  --text         the whole text of each item, not its beginning\n"
        "  --full-text    the text of the page of each item shown, as `full_text: always`"
        "\n"
        "                 has it; robots.txt and a second between two requests are kept\n"
        "  --no-entities  what the feed says, without the extractors\n"
        "  --json         one JSON object a line: an item/1 as docs/record.md has it, "
        "and\n"
        "                 its nlp (dedup and sink come with the daemon)\n\n"
        "Exit status: 0, 64 usage, 65 not a feed, 66 no such file, 69 it cannot be got;\n"
        "the message says why and what helps. Items before a fault are shown.\n\n"
        "Examples:\n"
        "  newsmq try https://news.un.org/feed/subscribe/en/news/all/rss.xml\n"
        "  newsmq try --text -n 1 feed.xml\n"
        "  newsmq try --json feed.xml | jq -r '.nlp.entities[].name' | sort | uniq -c\n",
    .run = run,
};
