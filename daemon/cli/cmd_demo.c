/* newsmq demo: the real programs on feeds of our own, over loopback, in front of one's
   eyes. A server thread serves the feeds, newsmqd runs as a child, and this process is
   one more reader of the hub: a tap for the records, control calls for the table. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/ask.h"
#include "newsmq/bus.h"
#include "newsmq/clock.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#include "command.h"
#include "demo_daemon.h"
#include "demo_place.h"
#include "demo_screen.h"
#include "demo_server.h"

#define PACE_MS     1000 /* of the feed that grows */
#define LOOK_MS     250  /* between two looks at the hub's counts */
#define CALL_MS     2000
#define STOP_MS     20000 /* for newsmqd to drain */
#define STANDING_MS 60000 /* --once gives up when nothing moves for so long */
#define TAP_CREDIT  100

struct demo {
    bool once, keep, json;
    const char *out;
    struct demo_place place;
    struct demo_server *server;
    struct demo_daemon daemon;
    struct config *config;
    struct bus *tap;
    struct demo_screen screen;
    json_t *feeds, *status; /* as last seen; NULL: not yet */
    unsigned page_port;     /* of the status page; 0: it has none */
    uint64_t seen_seq;      /* of the last record shown */
    struct mono last_look, last_move;
};

/* ---- starting ---- */

static int read_config(struct demo *d, struct err *e)
{
    struct config_faults faults = {0};
    int rc = config_load(d->place.config, NULL, &d->config, &faults);

    if (rc < 0 && faults.n > 0)
        (void)err_set(e, rc, "%s:%u: %s", faults.list[0].place.file,
                      faults.list[0].place.line, faults.list[0].text);
    else if (rc < 0)
        (void)err_set(e, rc, "%s: cannot be read", d->place.config);
    config_faults_fini(&faults);
    return rc;
}

static int start_tap(struct demo *d, struct err *e)
{
    const struct bus_options o = {.role = BUS_TAP};
    int rc = bus_open(&d->config->bus, &o, &d->tap, e);

    return rc < 0 ? rc : bus_tap(d->tap, "record", 1, TAP_CREDIT, NULL, e);
}

static int start_server(struct demo *d, struct err *e)
{
    char *folder = os_data_path("demo");
    int rc;

    if (folder == NULL)
        return err_set(e, -ENOENT,
                       "the feeds of the demo are not installed; "
                       "$NEWSMQ_DATA names the folder above demo/");
    rc = demo_server_open(folder, PACE_MS, &d->server, e);
    free(folder);
    return rc;
}

static int start(struct demo *d, struct err *e)
{
    int rc = start_server(d, e);

    if (rc == 0)
        rc = demo_place_make(d->out, &d->place, e);
    if (rc == 0 && !d->once && !d->json) /* else nobody would look at it */
        d->page_port = demo_place_free_port();
    if (rc == 0)
        rc = demo_place_write_config(&d->place, demo_server_port(d->server), d->page_port,
                                     e);
    if (rc == 0)
        rc = read_config(d, e);
    if (rc == 0)
        rc = demo_daemon_start(d->place.config, d->place.log, &d->daemon, e);
    return rc < 0 ? rc : start_tap(d, e);
}

/* ---- looking ---- */

static json_t *call(const struct demo *d, const char *method)
{
    char *json = NULL;
    json_t *answer = NULL;

    if (bus_call(&d->config->bus, method, "{}", CALL_MS, &json, NULL) < 0)
        return NULL; /* not up yet; newsmqd's end is noticed elsewhere */
    answer = json_loads(json, 0, NULL);
    free(json);
    return answer;
}

static void keep_newer(json_t **at, json_t *newer)
{
    if (newer == NULL)
        return;
    json_decref(*at);
    *at = newer;
}

/* Whether newsmqd's program of the page has said that it listens. */
static bool is_page_up(const struct demo *d)
{
    json_t *status = NULL;
    const json_t *program;
    struct err e = {0};
    bool up = false;
    size_t i;

    if (ask_supervisor_within(d->config->bus.dir, "status", CALL_MS, &status, &e) < 0)
        return false; /* not yet */
    json_array_foreach(json_object_get(status, "programs"), i, program)
    {
        up = up || (str_eq(ask_text(program, "name"), STR("http")) &&
                    str_eq(ask_text(program, "state"), STR("running")));
    }
    json_decref(status);
    return up;
}

static void look(struct demo *d)
{
    keep_newer(&d->feeds, call(d, "feeds"));
    keep_newer(&d->status, call(d, "status"));
    if (d->page_port > 0 && d->screen.page_port == 0 && is_page_up(d))
        demo_screen_page(&d->screen, d->page_port);
    d->last_look = clock_mono();
}

static uint64_t number(const json_t *object, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(object, key));

    return n > 0 ? (uint64_t)n : 0;
}

/* Whether the hub has every entry of every feed. */
static bool has_all_items(const struct demo *d)
{
    const json_t *feed;
    size_t i, n = 0;

    json_array_foreach(json_object_get(d->feeds, "feeds"), i, feed)
    {
        const char *id = json_string_value(json_object_get(feed, "feed"));
        size_t expected = demo_server_entries(d->server, str_of(id));

        if (expected > 0 && number(feed, "items") >= expected)
            n++;
    }
    return n == d->config->n_feeds;
}

/* All items of all feeds are records, written and shown. */
static bool is_complete(const struct demo *d)
{
    const json_t *streams = json_object_get(d->status, "streams");
    uint64_t head = number(json_object_get(streams, "record"), "head");
    const json_t *consumers = json_object_get(d->status, "consumers"), *consumer;
    size_t i;

    if (!has_all_items(d) || d->status == NULL || json_array_size(consumers) == 0 ||
        number(d->status, "pending") > 0 || number(d->status, "in_flight") > 0)
        return false;
    json_array_foreach(consumers, i,
                       consumer) if (number(consumer, "acked") < head) return false;
    return d->seen_seq >= head;
}

/* One turn of the loop: an event of the tap, and the table when it is time. */
static int turn(struct demo *d, struct err *e)
{
    struct bus_event ev;
    int rc = bus_next(d->tap, LOOK_MS / 5, &ev, e);

    if (rc > 0 && ev.kind == BUS_MSG) {
        demo_screen_record(&d->screen, ev.json);
        d->seen_seq = ev.seq;
        d->last_move = clock_mono();
        rc = bus_ack(d->tap, ev.seq, 1, e);
    } else if (rc > 0 && ev.kind == BUS_REFUSED) {
        rc = err_set(e, -EPROTO, "the hub refuses: %d " STR_FMT, ev.code,
                     STR_ARG(ev.json));
    }
    if (rc < 0)
        return rc;
    if (mono_ms_between(d->last_look, clock_mono()) >= LOOK_MS) {
        look(d);
        demo_screen_table(&d->screen, d->feeds, d->status);
        if (fflush(stdout) != 0 && errno != EINTR)
            return err_set(e, -errno, "cannot write: %s", strerror(errno));
    }
    return 0;
}

/* 1 complete, 0 asked to stop, negative: it failed. */
static int watch(struct demo *d, struct err *e)
{
    d->last_move = clock_mono();
    while (!os_should_stop()) {
        int rc = turn(d, e);

        if (rc < 0 && rc != -EINTR)
            return rc;
        if (!demo_daemon_is_running(&d->daemon))
            return err_set(e, -ECHILD, "newsmqd has ended");
        if (d->once && is_complete(d))
            return 1;
        if (d->once && mono_ms_between(d->last_move, clock_mono()) > STANDING_MS)
            return err_set(e, -ETIMEDOUT, "no new record for %d s", STANDING_MS / 1000);
    }
    return 0;
}

/* ---- the end ---- */

/* The path as a person would write it here; the caller frees. */
static char *from_here(const char *path)
{
    char *here = getcwd(NULL, 0);
    size_t n = here != NULL ? strlen(here) : 0;
    bool is_below = n > 1 && strncmp(path, here, n) == 0 && path[n] == '/';

    free(here);
    return mem_strdup(is_below ? path + n + 1 : path);
}

/* "newsmq" when it is installed. */
static char *program_name(void)
{
    char *dir = os_program_dir(), *path = mem_printf("%s/newsmq", dir);
    char *name = from_here(path);

    if (strncmp(dir, "/usr/", 5) == 0) {
        free(name);
        name = mem_strdup("newsmq");
    }
    free(path);
    free(dir);
    return name;
}

static void print_summary(struct demo *d)
{
    FILE *to = d->json ? stderr : stdout;
    char *newsmq = program_name(), *out = from_here(d->place.out);
    size_t expected = 0;

    for (size_t i = 0; demo_feeds[i].id != NULL; i++)
        expected += demo_server_entries(d->server, str_of(demo_feeds[i].id));
    demo_screen_end(&d->screen, d->feeds, d->status);
    fprintf(to, "\n%zu records of the %zu items of %zu feeds", d->screen.n_records,
            expected, d->config->n_feeds);
    if (d->screen.first_ms >= 0)
        fprintf(to, ", the first after %.1f s", (double)d->screen.first_ms / 1000);
    fprintf(to,
            "\nwritten to %s\n\nLook at them:\n"
            "  %s verify %s\n"
            "  jq -r '.nlp.entities[] | [.type, .name] | @tsv' %s/*.jsonl | "
            "sort | uniq -c | sort -rn | head\n",
            out, newsmq, out, out);
    if (d->keep)
        fprintf(to, "Kept: %s (configuration, state, log)\n", d->place.run);
    free(out);
    free(newsmq);
}

static int finish(struct demo *d, int rc, struct err *e)
{
    bool in_order;

    bus_close(d->tap);
    d->tap = NULL;
    in_order = demo_daemon_stop(&d->daemon, STOP_MS);
    if (rc >= 0 && d->screen.n_records > 0)
        print_summary(d);
    if (rc < 0)
        fprintf(stderr, "newsmq demo: %s\n", e->text);
    else if (!in_order)
        fprintf(stderr, "newsmq demo: newsmqd did not end in order\n");
    if (d->daemon.pid > 0 && (rc < 0 || !in_order))
        demo_daemon_print_end(&d->daemon, d->place.log, stderr);
    if (fflush(stdout) != 0 && rc >= 0) {
        perror("newsmq demo: cannot write");
        rc = -EIO;
    }
    if (rc == -ENOTEMPTY || rc == -EACCES)
        return EX_CANTCREAT;
    if (rc < 0 || !in_order)
        return EX_SOFTWARE;
    return EX_OK;
}

static int demo(struct demo *d)
{
    struct err e = {0};
    int rc;

    os_catch_signals();
    demo_screen_init(&d->screen, d->json);
    rc = start(d, &e);
    if (rc == 0)
        rc = watch(d, &e);
    rc = finish(d, rc, &e);
    json_decref(d->feeds);
    json_decref(d->status);
    config_free(d->config);
    demo_server_close(d->server);
    demo_place_fini(&d->place, d->keep);
    return rc;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct demo d = {0};

    (void)env;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--once") == 0) {
            d.once = true;
        } else if (strcmp(argv[i], "--keep") == 0) {
            d.keep = true;
        } else if (strcmp(argv[i], "--json") == 0) {
            d.json = true;
        } else if (strcmp(argv[i], "--out") == 0 && i + 1 < argc) {
            d.out = argv[++i];
        } else {
            fprintf(stderr, "newsmq demo: unexpected '%s'; see `newsmq demo --help`\n",
                    argv[i]);
            return EX_USAGE;
        }
    }
    return demo(&d);
}

const struct command command_demo = {
    .name = "demo",
    .group = "Try it",
    .summary = "the whole pipeline on bundled feeds, without a network",
    .help =
        "newsmq demo - the whole pipeline on bundled feeds, without a network\n\n"
        "Usage: newsmq demo [--once] [--out DIR] [--keep] [--json]\n\n"
        "Serves six feeds on 127.0.0.1 (RSS 2.0, Atom, RSS 1.0, JSON Feed, one that is\n"
        "cut off, one that grows while you watch), starts newsmqd on them with a\n"
        "configuration of its own, shows the records as they come, and writes them as\n"
        "JSON Lines. Without --once and --json there is the status page too, at an\n"
        "address that is said. Ctrl-C ends it: what is in hand is finished first.\n\n"
        "Options:\n"
        "  --once     end when every item has become a record and is written\n"
        "  --out DIR  the folder of the records; new or empty (default: demo-out,\n"
        "             or demo-out-2, … when there is something in it)\n"
        "  --keep     keep the temporary folder: configuration, state, log\n"
        "  --json     print the records as they are, one a line, and nothing else\n\n"
        "Exit status: 0, 64 usage, 70 the pipeline failed (the log tells), 73 the "
        "folder\n"
        "cannot be made or is not empty.\n\n"
        "Examples:\n"
        "  newsmq demo\n"
        "  newsmq demo --once --json | jq -r '.title'\n",
    .run = run,
};
