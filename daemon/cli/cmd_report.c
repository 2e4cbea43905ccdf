/* newsmq report: what a day of records says, as one page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/date.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "command.h"
#include "report.h"

#define WHO          "newsmq report"
#define OUT_MAX      ((size_t)256 << 20)
#define RECORDS_MAX  ((size_t)1 << 20)
#define BYTES_MAX    ((size_t)1 << 30)
#define ENTITIES_MAX ((size_t)1 << 20)
#define ARTICLES     20
#define ARTICLES_MAX 500

struct arguments {
    bool as_json;
    struct report report;
};

static bool read_time(const char *what, const char *word, int64_t *ret_ms)
{
    struct date date = date_read(str_of(word));

    if (!date.known) {
        fprintf(stderr,
                WHO ": %s: '%s' is no time; write 2026-11-25 or "
                    "2026-11-25T06:00:00Z\n",
                what, word);
        return false;
    }
    *ret_ms = date.ms;
    return true;
}

static bool read_articles(const char *word, size_t *ret)
{
    uint64_t n;

    if (!str_to_u64(str_of(word), &n) || n > ARTICLES_MAX) {
        fprintf(stderr, WHO ": --articles is a number up to %d\n", ARTICLES_MAX);
        return false;
    }
    *ret = (size_t)n;
    return true;
}

/* An option and what follows it. False: told. */
static bool read_option(struct arguments *a, const char *name, const char *value)
{
    struct report *r = &a->report;

    if (value == NULL) {
        fprintf(stderr, WHO ": unexpected '%s'; see `newsmq report --help`\n", name);
        return false;
    }
    if (strcmp(name, "--title") == 0) {
        r->title = value;
        return true;
    }
    if (strcmp(name, "--since") == 0)
        return read_time(name, value, &r->since_ms);
    if (strcmp(name, "--until") == 0)
        return read_time(name, value, &r->until_ms);
    if (strcmp(name, "--articles") == 0)
        return read_articles(value, &r->articles);
    fprintf(stderr, WHO ": unexpected '%s'; see `newsmq report --help`\n", name);
    return false;
}

/* The names of files are moved to the front of argv. */
static bool read_arguments(struct arguments *a, int argc, char **argv)
{
    struct report *r = &a->report;

    r->files = argv;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            a->as_json = true;
        } else if (argv[i][0] != '-' || strcmp(argv[i], "-") == 0) {
            r->files[r->n_files++] = argv[i];
        } else {
            if (!read_option(a, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
                return false;
            i++;
        }
    }
    if (r->n_files == 0)
        fputs(WHO ": which files? records as newsmq writes them; \"-\" is standard "
                  "input\n",
              stderr);
    return r->n_files > 0;
}

static int make(const struct arguments *a)
{
    struct strbuf out = {.max = OUT_MAX};
    struct err e = {0};
    int rc = a->as_json ? report_json(&a->report, &out) : report_page(&a->report, &out);

    if (rc == 0 && a->as_json)
        rc = strbuf_add_char(&out, '\n');
    if (rc < 0)
        fprintf(stderr, WHO ": the report is larger than %zu MB\n", OUT_MAX >> 20);
    else if (os_write_all(STDOUT_FILENO, strbuf_str(&out), &e) < 0)
        fprintf(stderr, WHO ": cannot write: %s\n", e.text);
    strbuf_fini(&out);
    return rc < 0 ? EX_DATAERR : e.code != 0 ? EX_IOERR : EX_OK;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct arguments a = {.report = {.title = "News report", .articles = ARTICLES}};
    struct digest_limits limits = {
        .max_records = RECORDS_MAX, .max_bytes = BYTES_MAX, .max_entities = ENTITIES_MAX};
    struct digest_totals all;
    int rc;

    (void)env;
    if (!read_arguments(&a, argc, argv))
        return EX_USAGE;
    limits.keep_json = a.as_json ? 0 : a.report.articles;
    a.report.digest = digest_new(&limits);
    rc = report_read(&a.report) < 0 ? EX_NOINPUT : EX_OK;
    digest_totals(a.report.digest, &all);
    if (rc == EX_OK && all.records == 0) {
        fprintf(stderr, WHO ": no records%s\n",
                a.report.outside > 0 ? " of that time" : " in there");
        rc = EX_DATAERR;
    }
    if (rc == EX_OK)
        rc = make(&a);
    if (rc == EX_OK && a.report.bad > 0) {
        fprintf(stderr, WHO ": %llu of %llu lines are no records\n",
                (unsigned long long)a.report.bad, (unsigned long long)a.report.lines);
        rc = 1;
    }
    digest_free(a.report.digest);
    return rc;
}

const struct command command_report = {
    .name = "report",
    .group = "Look",
    .summary = "what a day of records says, as one page",
    .help =
        "newsmq report - what a day of records says, as one page\n\n"
        "Usage: newsmq report [--title TEXT] [--since TIME] [--until TIME]\n"
        "                     [--articles N] [--json] FILE… > report.html\n\n"
        "Reads .jsonl and .jsonl.zst as newsmq writes them (\"-\" is standard input) "
        "and\n"
        "writes one HTML page that needs nothing else: figures, articles over time and "
        "by\n"
        "feed, rising and most named people, organisations and places, who appears "
        "with\n"
        "whom, places on a map, what was said by whom, and the newest articles with "
        "their\n"
        "names marked. It has no scripts, loads nothing, and can be printed.\n\n"
        "Options:\n"
        "  --title TEXT   (News report)\n"
        "  --since TIME   only what newsmq saw from then on: 2026-11-25 or\n"
        "                 2026-11-25T06:00:00Z (UTC)\n"
        "  --until TIME   only what it saw before\n"
        "  --articles N   so many in full (20)\n"
        "  --json         the data in place of the page\n\n"
        "A name rises when clearly more of the articles of the last day have it than of\n"
        "the 13 days before. Of more than a million records the newest count.\n\n"
        "Exit status: 0; 1 some lines were no records, each told with file and line; 64\n"
        "usage; 65 no records; 66 a file cannot be read; 74 cannot write.\n\n"
        "Examples:\n"
        "  newsmq report 2026-11-25.jsonl > report.html\n"
        "  newsmq report --title 'This week' --since 2026-11-19 records/*.jsonl* > "
        "w.html\n"
        "  newsmq report --json today.jsonl | jq -r '.rising[] | [.name, .records] | "
        "@tsv'\n",
    .run = run,
};
