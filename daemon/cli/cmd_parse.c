/* newsmq parse: what the parser makes of files, without the network. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/feed.h"
#include "newsmq/json.h"

#include "command.h"
#include "show_feed.h"

#define OUTPUT_MAX ((size_t)1 << 30)
#define READ_BYTES ((size_t)32 * 1024)
/* Items that are settled together; longer documents in parts. */
#define GATHERED_MAX   2000
#define GATHERED_BYTES ((size_t)16 * 1024 * 1024)

struct parse {
    struct feed_options o;
    bool items;
};

/* One file: its entries gather as JSON while it is read. */
struct reading {
    const struct parse *p;
    struct feed_parser *parser;
    struct strbuf entries, warnings;
    struct jsonw j, w;
    size_t n_entries, n_refused, n_repeated;
    struct arena arena, scratch; /* of the gathered items, of one entry */
    struct item items[GATHERED_MAX];
    struct item_open open[GATHERED_MAX];
    size_t n_gathered;
    struct feed_habits habits;
};

static void write_gathered(struct reading *r)
{
    const struct feed_meta *m = feed_parser_meta(r->parser);
    struct settle_options o = {.dates = {m->published.date, m->updated.date},
                               .habits = &r->habits};
    struct strbuf line = {.max = OUTPUT_MAX};

    r->n_repeated +=
        items_settle(r->items, r->open, &r->n_gathered, &o, &r->arena).n_repeated;
    for (size_t i = 0; i < r->n_gathered; i++) {
        strbuf_reset(&line);
        if (item_write_core(&r->items[i], &line) == 0)
            jsonw_raw(&r->j, strbuf_str(&line));
    }
    strbuf_fini(&line);
    r->n_gathered = 0;
    arena_reset(&r->arena);
}

static void gather_item(struct reading *r, const struct feed_entry *e)
{
    static const struct normalise_options o = {.max_text_bytes = 200000};
    struct item it = {.feed = {.id = STR_INIT("file")}, .date_seen_ms = clock_wall_ms()};
    struct item_open open;
    struct err err = {0};

    arena_reset(&r->scratch);
    it.feed.url = r->p->o.url;
    it.fetch.time_ms = it.date_seen_ms;
    if (item_from_entry(e, feed_parser_meta(r->parser), &o, &r->scratch, &it, &open,
                        &err) < 0) {
        r->n_refused++;
        return;
    }
    it.feed.title = arena_dup(&r->arena, it.feed.title);
    it.feed.site = arena_dup(&r->arena, it.feed.site);
    (void)item_keep(&it, &r->arena, &r->items[r->n_gathered]); /* has no bound */
    (void)item_open_keep(&open, &r->arena, &r->open[r->n_gathered]);
    if (++r->n_gathered == GATHERED_MAX || r->arena.used > GATHERED_BYTES)
        write_gathered(r);
}

static int on_entry(void *ctx, const struct feed_entry *e)
{
    struct reading *r = ctx;

    r->n_entries++;
    if (r->p->items) {
        gather_item(r, e);
        return 0;
    }
    jsonw_object(&r->j);
    show_entry(&r->j, e);
    jsonw_object_end(&r->j);
    return 0;
}

static void on_warning(void *ctx, struct str text)
{
    struct reading *r = ctx;

    jsonw_str(&r->w, text);
}

static int push_file(struct feed_parser *parser, const char *path, struct err *e)
{
    char *bytes = mem_new(READ_BYTES);
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = 0;
    int rc = 0;

    while (rc == 0 && fd >= 0 && (n = read(fd, bytes, READ_BYTES)) > 0)
        rc = feed_parser_push(parser, (struct str){bytes, (size_t)n}, e);
    if (fd < 0 || n < 0)
        rc = err_set(e, -errno, "%s", strerror(errno));
    if (fd > STDIN_FILENO)
        (void)close(fd); /* only read from */
    free(bytes);
    if (rc == 0 || rc == ERR_FORMAT || rc == ERR_LIMIT)
        rc = feed_parser_finish(parser, e);
    return rc;
}

static void print_reading(struct reading *r, const char *path, int rc,
                          const struct err *e)
{
    const struct feed_meta *m = feed_parser_meta(r->parser);
    struct strbuf out = {.max = OUTPUT_MAX};
    struct jsonw j = jsonw_to(&out);
    char format[16];

    jsonw_object(&j);
    jsonw_member_cstr(&j, "file", path);
    if (rc < 0)
        jsonw_member_cstr(&j, "error", e->text);
    jsonw_member_bool(&j, "well_formed", rc == 0 && m->well_formed);
    jsonw_member_str(&j, "encoding", m->encoding);
    jsonw_member_cstr(&j, "format", m->format.n > 0 ? show_format(m, format) : NULL);
    jsonw_key(&j, "feed");
    jsonw_object(&j);
    if (r->p->items)
        jsonw_member_str(&j, "title", m->title);
    else
        show_feed(&j, m);
    jsonw_object_end(&j);
    jsonw_key(&j, r->p->items ? "items" : "entries");
    jsonw_raw(&j, strbuf_str(&r->entries));
    jsonw_key(&j, "warnings");
    jsonw_raw(&j, strbuf_str(&r->warnings));
    if (feed_parser_dropped(r->parser) + r->n_refused > 0)
        jsonw_member_u64(&j, "dropped", feed_parser_dropped(r->parser) + r->n_refused);
    if (r->n_repeated > 0)
        jsonw_member_u64(&j, "repeated", r->n_repeated);
    jsonw_object_end(&j);
    puts(strbuf_cstr(&out));
    strbuf_fini(&out);
}

static int parse_file(const struct parse *p, const char *path)
{
    struct reading *r = mem_new(sizeof *r);
    struct feed_receiver receiver = {r, on_entry, on_warning};
    struct err e = {0};
    int rc;

    r->p = p;
    r->entries.max = OUTPUT_MAX;
    r->warnings.max = 1 << 20;
    r->parser = feed_parser_new(&p->o, &receiver);
    r->j = jsonw_to(&r->entries);
    r->w = jsonw_to(&r->warnings);
    jsonw_array(&r->j);
    jsonw_array(&r->w);
    rc = push_file(r->parser, path, &e);
    if (p->items)
        write_gathered(r);
    jsonw_array_end(&r->j);
    jsonw_array_end(&r->w);
    print_reading(r, path, rc, &e);
    if (rc < 0)
        fprintf(stderr, "newsmq parse: %s: %s\n", path, e.text);
    feed_parser_free(r->parser);
    strbuf_fini(&r->entries);
    strbuf_fini(&r->warnings);
    arena_fini(&r->scratch);
    arena_fini(&r->arena);
    free(r);
    return rc;
}

/* ---- the command line ---- */

/* "Content-Type: text/xml": those that a parser looks at; others are ignored. */
static bool take_header(struct feed_options *o, const char *header)
{
    struct str value = str_of(header), name = str_trim(str_cut(&value, ':'));

    if (value.p == NULL)
        return false;
    value = str_trim(value);
    if (str_eq_nocase(name, STR("content-type")))
        o->content_type = value;
    else if (str_eq_nocase(name, STR("content-location")))
        o->content_location = value;
    else if (str_eq_nocase(name, STR("content-language")))
        o->content_language = value;
    return true;
}

/* Takes the options out of argv; what is left are files. Answers how many, or -1. */
static int take_options(struct parse *p, int argc, char **argv)
{
    int n = 0;
    bool only_files = false;

    for (int i = 1; i < argc; i++) {
        if (only_files || argv[i][0] != '-' || strcmp(argv[i], "-") == 0) {
            argv[n++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            only_files = true;
        } else if (strcmp(argv[i], "--items") == 0) {
            p->items = true;
        } else if (strcmp(argv[i], "--url") == 0 && i + 1 < argc) {
            p->o.url = str_of(argv[++i]);
        } else if (strcmp(argv[i], "--header") == 0 && i + 1 < argc) {
            if (!take_header(&p->o, argv[++i])) {
                fprintf(stderr, "newsmq parse: a header is 'Name: value', not '%s'\n",
                        argv[i]);
                return -1;
            }
        } else {
            fprintf(stderr, "newsmq parse: unexpected '%s'; see `newsmq parse --help`\n",
                    argv[i]);
            return -1;
        }
    }
    if (n == 0)
        fprintf(stderr, "newsmq parse: which file? see `newsmq parse --help`\n");
    return n > 0 ? n : -1;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct parse p = {0};
    int n = take_options(&p, argc, argv), rc = EX_OK;

    (void)env;
    if (n < 0)
        return EX_USAGE;
    for (int i = 0; i < n; i++) {
        int one = parse_file(&p, argv[i]);

        if (one == -ENOENT || one == -EACCES || one == -EISDIR)
            rc = EX_NOINPUT;
        else if (one < 0 && rc == EX_OK)
            rc = EX_DATAERR;
    }
    return rc;
}

const struct command command_parse = {
    .name = "parse",
    .group = "Try it",
    .summary = "what the parser makes of feeds in files",
    .help =
        "newsmq parse - what the parser makes of feeds in files\n\n"
        "Usage: newsmq parse [--items] [--url URL] [--header 'Name: value']… FILE…\n\n"
        "Prints one JSON object a file: {file, well_formed, encoding, format, feed,\n"
        "entries, warnings}, and \"error\" when it is no feed. \"-\" is standard input.\n"
        "What modules say (podcasts, media, places, chapters, …) is there under the "
        "names\n"
        "that they have elsewhere: itunes_episode, media_content, where, psc_chapters.\n"
        "Needs no configuration and no network.\n\n"
        "Options:\n"
        "  --items            the items as they would go to the workers: plain text,\n"
        "                     ids, dates, what was made up\n"
        "  --url URL          where the document is from: base of relative links\n"
        "  --header 'N: v'    as if served with it; Content-Type, Content-Location and\n"
        "                     Content-Language count\n\n"
        "Examples:\n"
        "  newsmq parse feed.xml | jq '.entries[].title'\n"
        "  curl -s https://example.org/feed | newsmq parse --items -\n\n"
        "Exit: 0 all were feeds, 65 one was not, 66 a file cannot be read.\n",
    .run = run,
};
