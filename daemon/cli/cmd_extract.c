/* newsmq extract: the extractors on files, without feeds, hub or workers. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/extractor.h"
#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "command.h"
#include "conll.h"
#include "load.h"
#include "markdown.h"
#include "show.h"
#include "term.h"

#define FILE_MAX   ((size_t)16 << 20)
#define CONLL_MAX  ((size_t)256 << 20)
#define RESULT_MAX ((size_t)64 << 20)
#define CHOSEN_MAX 16

struct extract {
    bool json, list, conll, no_rules;
    const char *scheme; /* --scheme, NULL: coarse */
    char *chosen;       /* --extractors, NULL: as configured */
    struct config *config;
    struct config_extractor some[CHOSEN_MAX]; /* of config, or with defaults */
    const struct config_extractor *extractors;
    size_t n;
    struct chain *chain;
    bool several; /* files */
    bool colour;
};

/* ---- one file ---- */

static int read_file(const char *path, struct strbuf *out, struct err *e)
{
    bool is_stdin = strcmp(path, "-") == 0;

    return os_read_file(is_stdin ? "/dev/stdin" : path, FILE_MAX, out, e);
}

static void print_json(const struct extract *x, const char *path, const struct item *it,
                       struct str nlp)
{
    struct strbuf out = {.max = RESULT_MAX + 4 * FILE_MAX};
    struct jsonw j = jsonw_to(&out);

    jsonw_object(&j);
    if (x->several)
        jsonw_member_cstr(&j, "file", path);
    jsonw_member_str(&j, "title", it->title);
    jsonw_member_str(&j, "content_text", it->content_text);
    jsonw_key(&j, "nlp");
    jsonw_raw(&j, nlp);
    jsonw_object_end(&j);
    puts(strbuf_cstr(&out));
    strbuf_fini(&out);
}

static const char *name_of_speaker(const json_t *nlp, const json_t *quote)
{
    const char *id = json_string_value(json_object_get(quote, "speaker"));
    const json_t *entity;
    size_t i;

    json_array_foreach(json_object_get(nlp, "entities"), i, entity)
    {
        const char *its = json_string_value(json_object_get(entity, "id"));

        if (id != NULL && its != NULL && strcmp(id, its) == 0)
            return json_string_value(json_object_get(entity, "name"));
    }
    return NULL;
}

static void print_quotes(const struct extract *x, const json_t *nlp)
{
    const json_t *quote;
    size_t i;

    json_array_foreach(json_object_get(nlp, "quotes"), i, quote)
    {
        const char *who = name_of_speaker(nlp, quote);

        fputs(i == 0 ? "\n  " : "  ", stdout);
        term_colour(stdout, x->colour, COLOUR_BOLD);
        (void)term_text(stdout, str_of(who != NULL ? who : "?"), 0, false);
        term_colour(stdout, x->colour, COLOUR_PLAIN);
        fputs(": ", stdout);
        (void)term_text(stdout, str_of(json_string_value(json_object_get(quote, "text"))),
                        100, false);
        fputc('\n', stdout);
    }
}

static void print_hits(const struct extract *x, const json_t *nlp)
{
    const json_t *hit, *span;
    size_t i, k;

    json_array_foreach(json_object_get(nlp, "watch"), i, hit)
    {
        fputs(i == 0 ? "\n  " : "  ", stdout);
        term_colour(stdout, x->colour, COLOUR_YELLOW);
        (void)term_text(stdout, str_of(json_string_value(json_object_get(hit, "rule"))),
                        0, false);
        term_colour(stdout, x->colour, COLOUR_PLAIN);
        json_array_foreach(json_object_get(hit, "spans"), k, span)
        {
            fputs(k == 0 ? " hits: " : ", ", stdout);
            (void)term_text(stdout,
                            str_of(json_string_value(json_object_get(span, "text"))), 60,
                            false);
        }
        fputc('\n', stdout);
    }
}

static void print_people(const struct extract *x, const char *path, const struct item *it,
                         struct str text)
{
    json_t *nlp = json_loadb(text.p, text.n, 0, NULL);
    const json_t *language = json_object_get(nlp, "language");
    const char *code = json_string_value(json_object_get(language, "code"));
    const char *error = json_string_value(json_object_get(nlp, "error"));
    const char *status = json_string_value(json_object_get(nlp, "status"));

    if (x->several)
        printf("== %s\n", path);
    if (it->title.n > 0) {
        term_colour(stdout, x->colour, COLOUR_BOLD);
        show_text(stdout, it->title, "title", nlp, 0, x->colour);
        term_colour(stdout, x->colour, COLOUR_PLAIN);
        fputs("\n\n", stdout);
    }
    show_text(stdout, it->content_text, "content_text", nlp, 0, x->colour);
    printf("\n\nlanguage %s\n", code != NULL ? code : "not told");
    show_entities(stdout, nlp, 0, x->colour);
    print_quotes(x, nlp);
    print_hits(x, nlp);
    if (error != NULL && status != NULL) {
        printf("%s: ", status);
        (void)term_text(stdout, str_of(error), 0, false);
        fputc('\n', stdout);
    }
    if (x->several)
        fputc('\n', stdout);
    json_decref(nlp);
}

static int extract_file(struct extract *x, const char *path)
{
    struct strbuf file = {.max = FILE_MAX}, title = {.max = FILE_MAX};
    struct strbuf text = {.max = 4 * FILE_MAX}, nlp = {.max = RESULT_MAX};
    struct result result = {0};
    struct item it = {0};
    struct err e = {0};
    int rc = read_file(path, &file, &e);

    if (rc == 0) {
        rc = markdown_read(strbuf_str(&file), &title, &text);
        if (rc < 0)
            (void)err_set(&e, rc, "%s: too large", path);
    }
    if (rc == 0) {
        it.title = title.n > 0 ? strbuf_str(&title) : (struct str){NULL, 0};
        it.content_text = strbuf_str(&text);
        chain_run(x->chain, &it, &result);
        rc = result_write_nlp(&result, &it, &nlp, &e);
    }
    if (rc < 0)
        fprintf(stderr, "newsmq extract: %s\n", e.text);
    else if (x->json)
        print_json(x, path, &it, strbuf_str(&nlp));
    else
        print_people(x, path, &it, strbuf_str(&nlp));
    result_fini(&result);
    strbuf_fini(&file);
    strbuf_fini(&title);
    strbuf_fini(&text);
    strbuf_fini(&nlp);
    return rc;
}

/* ---- a token a line ---- */

static int score_file(struct extract *x, const char *path)
{
    struct strbuf file = {.max = CONLL_MAX};
    struct err e = {0};
    bool is_stdin = strcmp(path, "-") == 0;
    bool is_fine = x->scheme != NULL && strcmp(x->scheme, "fine") == 0;
    int rc = os_read_file(is_stdin ? "/dev/stdin" : path, file.max, &file, &e);

    if (rc == 0)
        rc = conll_run(x->chain, path, strbuf_str(&file),
                       is_fine ? CONLL_FINE : CONLL_COARSE, stdout, &e);
    if (rc < 0)
        fprintf(stderr, "newsmq extract: %s\n", e.text);
    strbuf_fini(&file);
    return rc;
}

/* ---- which extractors ---- */

static void list_extractors(void)
{
    for (size_t i = 0; extractors[i] != NULL; i++)
        printf("%-10s %-8s %s\n", extractors[i]->name, extractors[i]->version,
               extractors[i]->help);
}

/* Its entry of the configuration, or one with the defaults of any extractor. */
static bool choose(struct extract *x, char *name)
{
    const struct config *c = x->config;

    if (x->n == CHOSEN_MAX) {
        fprintf(stderr, "newsmq extract: more than %d extractors\n", CHOSEN_MAX);
        return false;
    }
    x->some[x->n] = (struct config_extractor){.name = name,
                                              .timeout_ms = c->extractors[0].timeout_ms};
    for (size_t i = 0; i < c->n_extractors; i++)
        if (strcmp(c->extractors[i].name, name) == 0)
            x->some[x->n] = c->extractors[i]; /* borrowed from the configuration */
    x->n++;
    return true;
}

/* Tags have a language already; without rules, only what finds names is left. */
static void keep_for_tags(struct extract *x)
{
    size_t n = 0;

    for (size_t i = 0; i < x->n && n < CHOSEN_MAX; i++) {
        const char *name = x->extractors[i].name;

        if (x->no_rules ? strcmp(name, "entities") == 0 : strcmp(name, "language") != 0)
            x->some[n++] = x->extractors[i];
    }
    x->extractors = x->some;
    x->n = n;
}

static bool open_chain(struct extract *x, const struct command_env *env)
{
    struct err e = {0};
    char *rest = x->chosen, *name;

    x->config = env->config_named || access(env->config_path, R_OK) == 0
                    ? load_config(env->config_path, "newsmq extract")
                    : config_default();
    if (x->config == NULL)
        return false;
    x->extractors = x->config->extractors;
    x->n = x->config->n_extractors;
    if (x->chosen != NULL) {
        x->extractors = x->some;
        x->n = 0;
        while ((name = strsep(&rest, ",")) != NULL)
            if (name[0] != '\0' && !choose(x, name))
                return false;
    }
    if (x->conll)
        keep_for_tags(x);
    if (chain_open(x->extractors, x->n, &x->chain, &e) < 0) {
        fprintf(stderr, "newsmq extract: %s\n", e.text);
        return false;
    }
    return true;
}

/* ---- the command line ---- */

static bool *flag_of(struct extract *x, const char *word)
{
    if (strcmp(word, "--json") == 0)
        return &x->json;
    if (strcmp(word, "--list") == 0)
        return &x->list;
    if (strcmp(word, "--conll") == 0)
        return &x->conll;
    return strcmp(word, "--no-rules") == 0 ? &x->no_rules : NULL;
}

static bool make_sense(const struct extract *x, int n_files)
{
    const char *fault = NULL;

    if (n_files == 0 && !x->list)
        fault = "which file? \"-\" is standard input";
    else if (x->scheme != NULL && strcmp(x->scheme, "coarse") != 0 &&
             strcmp(x->scheme, "fine") != 0)
        fault = "--scheme is coarse or fine";
    else if ((x->scheme != NULL || x->no_rules) && !x->conll)
        fault = "--scheme and --no-rules go with --conll";
    else if (x->conll && x->json)
        fault = "--conll or --json, not both";
    if (fault != NULL)
        fprintf(stderr, "newsmq extract: %s; see `newsmq extract --help`\n", fault);
    return fault == NULL;
}

/* Takes the options out of argv; what is left are files. Answers how many, or -1. */
static int take_options(struct extract *x, int argc, char **argv)
{
    int n = 0;

    for (int i = 1; i < argc; i++) {
        bool *flag = flag_of(x, argv[i]);

        if (argv[i][0] != '-' || strcmp(argv[i], "-") == 0) {
            argv[n++] = argv[i];
        } else if (flag != NULL) {
            *flag = true;
        } else if (strcmp(argv[i], "--extractors") == 0 && i + 1 < argc) {
            x->chosen = argv[++i];
        } else if (strcmp(argv[i], "--scheme") == 0 && i + 1 < argc) {
            x->scheme = argv[++i];
        } else {
            fprintf(stderr,
                    "newsmq extract: unexpected '%s'; see `newsmq extract --help`\n",
                    argv[i]);
            return -1;
        }
    }
    return make_sense(x, n) ? n : -1;
}

static int exit_of(int rc)
{
    if (rc == 0)
        return EX_OK;
    return rc == -ENOENT || rc == -EACCES || rc == -EISDIR ? EX_NOINPUT : EX_DATAERR;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct extract x = {.colour = term_has_colour(stdout)};
    int n = take_options(&x, argc, argv), rc = EX_OK;

    if (n < 0)
        return EX_USAGE;
    if (x.list) {
        list_extractors();
        return EX_OK;
    }
    x.several = n > 1;
    if (!open_chain(&x, env)) {
        config_free(x.config);
        return EX_CONFIG;
    }
    for (int i = 0; i < n; i++) {
        int one = exit_of(x.conll ? score_file(&x, argv[i]) : extract_file(&x, argv[i]));

        if (one != EX_OK)
            rc = one;
    }
    chain_close(x.chain);
    config_free(x.config);
    return rc;
}

const struct command command_extract = {
    .name = "extract",
    .group = "Try it",
    .summary = "the names and quotations in text files",
    .help =
        "newsmq extract - the names and quotations in text files\n\n"
        "Usage: newsmq extract [--json] [--extractors A,B] FILE…\n"
        "       newsmq extract --conll [--no-rules] [--scheme coarse|fine] FILE…\n"
        "       newsmq extract --list\n\n"
        "Runs the extractors of the configuration, or all without one, on plain text or\n"
        "Markdown and shows what they find. A first line \"# Title\" is the title; "
        "links\n"
        "become their text. \"-\" is standard input. No feed, hub or worker is "
        "needed.\n"
        "Rules of `watch:` that hit are shown with what they found; those that are for\n"
        "certain feeds or groups never hit here.\n\n"
        "Options:\n"
        "  --json              one JSON object a file: {title, content_text, nlp}, with\n"
        "                      file in front when there are several; offsets count in\n"
        "                      content_text\n"
        "  --extractors A,B    these, in this order\n"
        "  --conll             the files have a token a line and its tags behind it\n"
        "                      (-DOCSTART-, columns divided by tabs or spaces, an empty\n"
        "                      line between sentences): writes token, gold and "
        "predicted\n"
        "                      tag (IOB2), for tools/score. Tokens stay as they are\n"
        "  --no-rules          only what finds names, without what reads the document "
        "as\n"
        "                      a whole\n"
        "  --scheme coarse     PER ORG LOC EVENT MISC; gold is the second column\n"
        "  --scheme fine       PER ORG GPE LOC FAC NORP LAW EVENT PROD WORK MISC; gold\n"
        "                      is the third column\n"
        "  --list              the extractors that there are, their versions\n\n"
        "Examples:\n"
        "  newsmq extract article.md\n"
        "  pdftotext report.pdf - | newsmq extract --json - | jq '.nlp.entities[].name'\n"
        "  newsmq extract --extractors language *.txt\n"
        "  newsmq extract --conll dev.tsv | tools/score -\n\n"
        "Exit status: 0 done, 65 a file is no text or too large, 66 a file cannot be "
        "read,\n"
        "78 configuration.\n",
    .run = run,
};
