/* newsmq verify: is the output whole, and are its bytes those that were written? */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/config.h"
#include "newsmq/json.h"
#include "newsmq/mem.h"
#include "newsmq/verify.h"

#include "command.h"
#include "term.h"

#define TOLD_MAX      100 /* faults on a terminal; the rest is counted */
#define JSON_MAX      ((size_t)64 << 20)
#define PROGRESS_MS   200
#define PROGRESS_FROM 500 /* ms: what is quicker needs none */

struct verify {
    bool json, colour, has_progress, is_on_line;
    struct strbuf out; /* --json */
    struct jsonw j;
    uint64_t told;
    struct mono begun, shown;
};

/* ---- what is said meanwhile ---- */

static void clear_line(struct verify *v)
{
    if (v->is_on_line)
        fputs("\r\033[K", stderr);
    v->is_on_line = false;
}

static void progress(void *ctx, const char *file, uint64_t done, uint64_t total)
{
    struct verify *v = ctx;
    struct mono now = clock_mono();
    int64_t ms = mono_ms_between(v->begun, now);

    if (ms < PROGRESS_FROM || mono_ms_between(v->shown, now) < PROGRESS_MS)
        return;
    v->shown = now;
    v->is_on_line = true;
    fprintf(stderr, "\r%3.0f %%  %.0f MB/s  ",
            total > 0 ? 100.0 * (double)done / (double)total : 100.0,
            (double)done / 1000.0 / (double)ms);
    (void)term_text(stderr, str_of(file), term_width(stderr) - 24, false);
    fputs("\033[K", stderr);
}

static const char *const kinds[] = {
    [VERIFY_FAULT] = "fault", [VERIFY_GAP] = "gap", [VERIFY_NOTE] = "note"};

static void say_json(struct verify *v, const struct verify_event *ev)
{
    jsonw_object(&v->j);
    jsonw_member_cstr(&v->j, "kind", kinds[ev->kind]);
    jsonw_member_cstr(&v->j, "file", ev->file);
    jsonw_member_u64(&v->j, "line", ev->line);
    jsonw_member_cstr(&v->j, "text", ev->text);
    jsonw_object_end(&v->j);
}

static void say(void *ctx, const struct verify_event *ev)
{
    static const enum colour colours[] = {COLOUR_RED, COLOUR_YELLOW, COLOUR_DIM};
    struct verify *v = ctx;

    if (v->json) {
        say_json(v, ev);
        return;
    }
    if (v->told++ >= TOLD_MAX)
        return;
    clear_line(v);
    (void)term_text(stdout, str_of(ev->file), 0, false);
    if (ev->line > 0)
        printf(":%" PRIu64, ev->line);
    printf(": ");
    term_colour(stdout, v->colour, colours[ev->kind]);
    if (ev->kind != VERIFY_FAULT)
        printf("%s: ", kinds[ev->kind]);
    (void)term_text(stdout, str_of(ev->text), 0, false);
    term_colour(stdout, v->colour, COLOUR_PLAIN);
    printf("\n");
}

/* ---- the sum ---- */

static const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static void print_sum(const struct verify *v, const struct verify_total *t)
{
    if (v->told > TOLD_MAX)
        printf("… and %" PRIu64 " more\n", v->told - TOLD_MAX);
    term_colour(stdout, v->colour, t->faults > 0 ? COLOUR_RED : COLOUR_GREEN);
    if (t->faults > 0)
        printf("%" PRIu64 " fault%s", t->faults, plural(t->faults));
    else
        printf("OK");
    term_colour(stdout, v->colour, COLOUR_PLAIN);
    printf(": %zu file%s", t->files, plural(t->files));
    if (t->packed > 0)
        printf(" (%zu compressed)", t->packed);
    printf(", %" PRIu64 " record%s", t->records, plural(t->records));
    if (t->records > 0 && t->archives == 1)
        printf(", %" PRIu64 "–%" PRIu64, t->first, t->last);
    printf(", %.1f MB", (double)t->bytes / 1e6);
    if (t->archives > 1)
        printf(" in %zu folders", t->archives);
    if (t->gaps > 0)
        printf("; %" PRIu64 " marked gap%s of %" PRIu64 " records", t->gaps,
               plural(t->gaps), t->lost);
    if (t->unchecked > 0)
        printf("; %zu without checksums", t->unchecked);
    if (t->unfinished > 0)
        printf("; %" PRIu64 " bytes of a batch that is not finished", t->unfinished);
    printf("\n");
}

static void json_sum(struct verify *v, const struct verify_total *t, int rc,
                     const struct err *e)
{
    struct jsonw *j = &v->j;

    jsonw_array_end(j);
    jsonw_member_bool(j, "ok", rc == 0 && t->faults == 0);
    jsonw_key(j, "error");
    jsonw_cstr(j, rc < 0 ? e->text : NULL);
    jsonw_member_u64(j, "folders", t->archives);
    jsonw_member_u64(j, "files", t->files);
    jsonw_member_u64(j, "compressed", t->packed);
    jsonw_member_u64(j, "without_checksums", t->unchecked);
    jsonw_member_u64(j, "records", t->records);
    jsonw_member_u64(j, "first", t->first);
    jsonw_member_u64(j, "last", t->last);
    jsonw_member_u64(j, "bytes", t->bytes);
    jsonw_member_u64(j, "faults", t->faults);
    jsonw_member_u64(j, "gaps", t->gaps);
    jsonw_member_u64(j, "lost", t->lost);
    jsonw_member_u64(j, "unfinished_bytes", t->unfinished);
    jsonw_object_end(j);
    puts(strbuf_cstr(&v->out));
}

/* ---- the run ---- */

static int verify(struct verify *v, const char *const *paths, size_t n)
{
    struct verify_hooks hooks = {say, v->has_progress ? progress : NULL, v};
    struct verify_total t = {0};
    struct err e = {0};
    int rc;

    v->out.max = JSON_MAX;
    v->j = jsonw_to(&v->out);
    v->begun = clock_mono();
    jsonw_object(&v->j);
    jsonw_key(&v->j, "found");
    jsonw_array(&v->j);
    rc = verify_paths(paths, n, &hooks, &t, &e);
    clear_line(v);
    if (v->json)
        json_sum(v, &t, rc, &e);
    else if (rc == 0)
        print_sum(v, &t);
    if (rc < 0)
        fprintf(stderr, "newsmq verify: %s\n", e.text);
    strbuf_fini(&v->out);
    if (fflush(stdout) != 0) {
        perror("newsmq verify: cannot write");
        return EX_IOERR;
    }
    if (rc < 0)
        return rc == -ENOENT ? EX_NOINPUT : EX_IOERR;
    return t.faults > 0 ? 1 : EX_OK;
}

/* Without paths: the folders of the configuration's sinks. */
static int verify_config(struct verify *v, const struct command_env *env)
{
    struct config_names names = {.without_secrets = true};
    struct config_faults faults = {0};
    struct config *c = NULL;
    char **folders;
    size_t n = 0;
    int rc = EX_CONFIG;

    if (config_load(env->config_path, &names, &c, &faults) < 0) {
        fprintf(
            stderr,
            "newsmq verify: which folder? %s is no good configuration; `newsmq check` "
            "says why, `newsmq verify DIR` needs none\n",
            env->config_path);
        config_faults_fini(&faults);
        return rc;
    }
    folders = mem_new_array(c->n_sinks + 1, sizeof *folders);
    for (size_t i = 0; i < c->n_sinks; i++)
        if (c->sinks[i].path != NULL)
            folders[n++] = verify_folder_of(c->sinks[i].path);
    if (n > 0)
        rc = verify(v, (const char *const *)folders, n);
    else
        fprintf(stderr, "newsmq verify: %s has no sink that writes files\n",
                env->config_path);
    for (size_t i = 0; i < n; i++)
        free(folders[i]);
    free(folders);
    config_free(c);
    config_faults_fini(&faults);
    return rc;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct verify v = {.colour = term_has_colour(stdout),
                       .has_progress = isatty(STDERR_FILENO) != 0};
    const char **paths = mem_new_array((size_t)argc, sizeof *paths);
    bool only_paths = false;
    size_t n = 0;
    int rc = EX_OK;

    for (int i = 1; rc == EX_OK && i < argc; i++) {
        if (only_paths || argv[i][0] != '-') {
            paths[n++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            only_paths = true;
        } else if (strcmp(argv[i], "--json") == 0) {
            v.json = true;
        } else {
            fprintf(stderr,
                    "newsmq verify: unexpected '%s'; see `newsmq verify --help`\n",
                    argv[i]);
            rc = EX_USAGE;
        }
    }
    if (rc == EX_OK)
        rc = n > 0 ? verify(&v, paths, n) : verify_config(&v, env);
    free(paths);
    return rc;
}

const struct command command_verify = {
    .name = "verify",
    .group = "Look",
    .summary = "prove that the output is whole",
    .help =
        "newsmq verify - prove that the output is whole\n\n"
        "Usage: newsmq verify [--json] [DIR | FILE]…\n\n"
        "Reads .jsonl and .jsonl.zst: every line is JSON, every record is there once "
        "and\n"
        "in order over all files, and every batch has the checksum that FILE.sums says.\n"
        "It may run while the sink writes. Without DIR or FILE it looks at the folders "
        "of\n"
        "the configuration's sinks.\n\n"
        "  file:line: text        a fault: changed, missing, twice\n"
        "  file:line: gap: text   lost and marked when it happened: not a fault\n"
        "  file: note: text       could not be checked as far as usual\n\n"
        "Options:\n"
        "  --json    all that is found and the sum as one JSON object\n\n"
        "Exit status: 0 whole, 1 it is not, 66 no such folder or file, 74 it cannot be\n"
        "read.\n\n"
        "Examples:\n"
        "  newsmq verify /var/lib/newsmq/records\n"
        "  newsmq verify 2026-11-23.jsonl.zst\n"
        "  newsmq verify --json | jq '.records'\n",
    .run = run,
};
