/* newsmq check: every fault of the configuration in one run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "newsmq/bus.h"
#include "newsmq/config.h"
#include "newsmq/extractor.h"
#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"
#include "newsmq/output.h"
#include "newsmq/startup.h"

#include "command.h"
#include "term.h"

#define OUTPUT_MAX ((size_t)1 << 30)
#define FILE_MAX   ((size_t)16 * 1000 * 1000)

struct check {
    const char *path;
    bool print, json, reference, lines;
    bool colour;
};

/* ---- faults for people ---- */

/* The file of the last fault, to show lines of. */
struct listing {
    const char *file; /* NULL: none yet */
    struct strbuf bytes;
};

static struct str line_of(struct listing *l, const struct config_place *at)
{
    struct str rest, line = {NULL, 0};

    if (l->file == NULL || strcmp(l->file, at->file) != 0) {
        strbuf_fini(&l->bytes);
        l->bytes = (struct strbuf){.max = FILE_MAX};
        l->file = at->file;
        (void)os_read_file(at->file, FILE_MAX, &l->bytes, NULL); /* then no line */
    }
    rest = strbuf_str(&l->bytes);
    for (unsigned i = 0; i < at->line && rest.p != NULL; i++)
        line = str_cut(&rest, '\n');
    if (at->line == 1 && str_has_prefix(line, STR("\xEF\xBB\xBF")))
        line = str_slice(line, 3, line.n);
    if (str_has_suffix(line, STR("\r")))
        line.n--;
    return rest.p == NULL && line.n == 0 ? (struct str){NULL, 0} : line;
}

/* Bytes of the first n characters; a tab counts as one, as the column does. */
static size_t bytes_of(struct str line, size_t n)
{
    size_t at = 0;

    while (at < line.n && n > 0) {
        at++;
        while (at < line.n && ((unsigned char)line.p[at] & 0xC0) == 0x80)
            at++;
        n--;
    }
    return at;
}

/* The line and a caret below it; of a long line the part around the column. */
static void print_line(const struct check *c, struct listing *l,
                       const struct config_place *at)
{
    size_t width = term_width(stdout) > 40 ? term_width(stdout) - 10 : 30;
    size_t column = at->column > 0 ? at->column - 1 : 0;
    size_t skip = column > width - 8 ? column - width / 2 : 0;
    struct str line = at->line > 0 ? line_of(l, at) : (struct str){NULL, 0};

    if (line.p == NULL)
        return;
    line = str_slice(line, bytes_of(line, skip), line.n);
    term_colour(stdout, c->colour, COLOUR_DIM);
    printf("%7u | ", at->line);
    term_colour(stdout, c->colour, COLOUR_PLAIN);
    (void)term_text(stdout, line, width, false); /* the columns do not matter */
    term_colour(stdout, c->colour, COLOUR_DIM);
    printf("\n        | ");
    term_colour(stdout, c->colour, COLOUR_RED);
    printf("%*s^\n", (int)(column - skip), "");
    term_colour(stdout, c->colour, COLOUR_PLAIN);
}

static void print_fault(const struct check *c, struct listing *l,
                        const struct config_fault *f)
{
    term_colour(stdout, c->colour, COLOUR_BOLD);
    (void)term_text(stdout, str_of(f->place.file), 0, false);
    if (f->place.line > 0)
        printf(":%u:%u", f->place.line, f->place.column);
    printf(": ");
    term_colour(stdout, c->colour, f->is_warning ? COLOUR_YELLOW : COLOUR_RED);
    if (f->is_warning)
        printf("warning: ");
    (void)term_text(stdout, str_of(f->text), 0, false);
    term_colour(stdout, c->colour, COLOUR_PLAIN);
    if (f->hint[0] != '\0') {
        term_colour(stdout, c->colour, COLOUR_CYAN);
        printf(" (");
        (void)term_text(stdout, str_of(f->hint), 0, false);
        printf(")");
        term_colour(stdout, c->colour, COLOUR_PLAIN);
    }
    printf("\n");
    if (c->lines)
        print_line(c, l, &f->place);
}

static void print_count(const struct check *c, const struct config_faults *f)
{
    size_t faults = f->n - f->n_warnings;

    if (f->left_out > 0)
        printf("… and %zu more\n", f->left_out);
    if (faults == 0)
        return;
    term_colour(stdout, c->colour, COLOUR_BOLD);
    printf("%zu fault%s", faults + f->left_out, faults + f->left_out == 1 ? "" : "s");
    term_colour(stdout, c->colour, COLOUR_PLAIN);
    if (f->n_warnings > 0)
        printf(", %zu warning%s", f->n_warnings, f->n_warnings == 1 ? "" : "s");
    printf("\n");
}

static void print_faults(const struct check *c, const struct config_faults *f)
{
    struct listing l = {0};

    for (size_t i = 0; i < f->n; i++)
        print_fault(c, &l, &f->list[i]);
    print_count(c, f);
    strbuf_fini(&l.bytes);
}

/* ---- the summary ---- */

static int by_text(const void *pa, const void *pb)
{
    return strcmp(*(const char *const *)pa, *(const char *const *)pb);
}

static size_t count_groups(const struct config *c)
{
    const char **names = mem_new_array(c->n_feeds, sizeof *names);
    size_t n = 0, groups = 0;

    for (size_t i = 0; i < c->n_feeds; i++)
        if (c->feeds[i].group != NULL)
            names[n++] = c->feeds[i].group;
    qsort(names, n, sizeof *names, by_text);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(names[i - 1], names[i]) != 0)
            groups++;
    free(names);
    return groups;
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void print_ok(const struct check *c, const struct config *k)
{
    size_t groups = count_groups(k);

    term_colour(stdout, c->colour, COLOUR_GREEN);
    printf("OK");
    term_colour(stdout, c->colour, COLOUR_PLAIN);
    printf(": ");
    (void)term_text(stdout, str_of(k->path), 0, false);
    printf(": %zu feed%s in %zu group%s, %zu extractor%s, %zu sink%s\n", k->n_feeds,
           plural(k->n_feeds), groups, plural(groups), k->n_extractors,
           plural(k->n_extractors), k->n_sinks, plural(k->n_sinks));
}

static void write_json(const struct config *k, const struct config_faults *f)
{
    struct strbuf out = {.max = OUTPUT_MAX};
    struct jsonw j = jsonw_to(&out);

    jsonw_object(&j);
    jsonw_member_bool(&j, "ok", k != NULL);
    jsonw_key(&j, "faults");
    jsonw_array(&j);
    for (size_t i = 0; i < f->n; i++) {
        jsonw_object(&j);
        jsonw_member_cstr(&j, "file", f->list[i].place.file);
        jsonw_member_u64(&j, "line", f->list[i].place.line);
        jsonw_member_u64(&j, "column", f->list[i].place.column);
        jsonw_member_bool(&j, "warning", f->list[i].is_warning);
        jsonw_member_cstr(&j, "text", f->list[i].text);
        jsonw_member_cstr(&j, "hint", f->list[i].hint);
        jsonw_object_end(&j);
    }
    jsonw_array_end(&j);
    jsonw_member_u64(&j, "left_out", f->left_out);
    if (k != NULL) {
        jsonw_member_u64(&j, "feeds", k->n_feeds);
        jsonw_member_u64(&j, "groups", count_groups(k));
        jsonw_member_u64(&j, "extractors", k->n_extractors);
        jsonw_member_u64(&j, "sinks", k->n_sinks);
    }
    jsonw_object_end(&j);
    puts(strbuf_cstr(&out));
    strbuf_fini(&out);
}

/* ---- the run ---- */

/* Names of the kinds this program was built with. */
static struct config_names known_names(void)
{
    return (struct config_names){.extractors = startup_names(extractor_name),
                                 .outputs = startup_names(output_name),
                                 .buses = startup_names(bus_kind_name)};
}

/* What opening an extractor says stands behind the place. */
static const char *without_place(const char *text)
{
    const char *at = strstr(text, "extractor '");

    return at != NULL ? at : text;
}

/* Opens each extractor, as the workers will: a model that is not there, or is none. */
static void check_extractors(const struct config *k, struct config_faults *faults)
{
    for (size_t i = 0; i < k->n_extractors; i++) {
        struct chain *chain = NULL;
        struct err e = {0};

        if (chain_open(&k->extractors[i], 1, &chain, &e) == 0) {
            chain_close(chain);
            continue;
        }
        faults->list =
            mem_grow(faults->list, &faults->cap, faults->n + 1, sizeof *faults->list);
        faults->list[faults->n++] =
            (struct config_fault){.place = k->extractors[i].place,
                                  .text = mem_strdup(without_place(e.text)),
                                  .hint = mem_strdup("")};
    }
}

static int write_out(int (*write)(const struct config *, struct strbuf *),
                     const struct config *k)
{
    struct strbuf out = {.max = OUTPUT_MAX};
    int rc = write(k, &out);

    if (rc < 0)
        fprintf(stderr, "newsmq check: the output would be over %zu bytes\n", out.max);
    else if (fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0)
        perror("newsmq check: cannot write");
    else
        rc = 1;
    strbuf_fini(&out);
    return rc == 1 ? EX_OK : EX_IOERR;
}

static int write_reference(const struct config *k, struct strbuf *out)
{
    (void)k;
    return config_reference(out);
}

static int check_config(const struct check *c)
{
    struct config_names names = known_names();
    struct config_faults faults = {0};
    struct config *k = NULL;
    size_t n_warnings;
    int rc = EX_OK;

    if (config_load(c->path, &names, &k, &faults) < 0)
        rc = EX_CONFIG;
    n_warnings = faults.n;
    if (rc == EX_OK)
        check_extractors(k, &faults);
    if (faults.n > n_warnings)
        rc = EX_CONFIG;
    if (c->json)
        write_json(rc == EX_OK ? k : NULL, &faults);
    else if (!c->print || rc != EX_OK)
        print_faults(c, &faults);
    if (rc == EX_OK && c->print && !c->json)
        rc = write_out(config_print, k);
    else if (rc == EX_OK && !c->json)
        print_ok(c, k);
    config_free(k);
    config_faults_fini(&faults);
    free((void *)names.extractors);
    free((void *)names.outputs);
    free((void *)names.buses);
    if (fflush(stdout) != 0) {
        perror("newsmq check: cannot write");
        rc = EX_IOERR;
    }
    return rc;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct check c = {.path = env->config_path, .colour = term_has_colour(stdout)};
    bool named = false;

    c.lines = c.colour;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--print") == 0) {
            c.print = true;
        } else if (strcmp(argv[i], "--json") == 0) {
            c.json = true;
        } else if (strcmp(argv[i], "--lines") == 0) {
            c.lines = true;
        } else if (strcmp(argv[i], "--reference") == 0) {
            c.reference = true;
        } else if (strcmp(argv[i], "-c") == 0 && i + 1 < argc) {
            c.path = argv[++i];
        } else if (argv[i][0] != '-' && !named) {
            c.path = argv[i];
            named = true;
        } else {
            fprintf(stderr, "newsmq check: unexpected '%s'; see `newsmq check --help`\n",
                    argv[i]);
            return EX_USAGE;
        }
    }
    return c.reference ? write_out(write_reference, NULL) : check_config(&c);
}

const struct command command_check = {
    .name = "check",
    .group = "Files",
    .summary = "find every fault of a configuration",
    .help =
        "newsmq check - find every fault of a configuration\n\n"
        "Usage: newsmq check [CONFIG] [--print | --json | --reference] [--lines]\n\n"
        "Reads CONFIG and all it includes, starts nothing, and tells every fault with "
        "its\n"
        "place and what was probably meant. Without CONFIG: -c before the command, then\n"
        "$NEWSMQ_CONFIG, ./newsmq.yaml, /etc/newsmq/newsmq.yaml.\n\n"
        "Options:\n"
        "  --print      the configuration as understood, every default shown, secrets "
        "***\n"
        "  --json       the faults as one JSON object\n"
        "  --lines      show the line of each fault (usual on a terminal)\n"
        "  --reference  print the reference of all keys (docs/configuration.md)\n\n"
        "Exit status: 0 the configuration is good (there may be warnings), 78 it is "
        "not.\n\n"
        "Examples:\n"
        "  newsmq check newsmq.yaml\n"
        "  newsmq check --print | less\n"
        "  newsmq check --json | jq '.faults[].text'\n",
    .run = run,
};
