/* newsmq tail: follows a stream. What was written is acknowledged, never what is still
   to be written, so that a reader with a name goes on where its output ends. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/bus.h"
#include "newsmq/os.h"

#include "ask.h"
#include "command.h"
#include "lines.h"
#include "load.h"
#include "term.h"

#define WHO       "newsmq tail"
#define CREDIT    256
#define BATCH     64 /* lines between two acknowledgements */
#define OUT_BYTES ((size_t)64 << 20)

struct tail {
    const char *prefix, *stream, *resume;
    uint64_t since, count; /* 0: not said */
    bool has_since, as_json, colour;
    struct bus *bus;
    struct strbuf out;  /* JSON lines that are not written yet */
    unsigned n_unacked; /* messages since the last acknowledgement */
    uint64_t last;
    uint64_t n_done;
};

/* ---- where to begin ---- */

static bool is_known_consumer(const json_t *heads, const char *name)
{
    const json_t *consumer;
    size_t i;

    json_array_foreach(json_object_get(heads, "consumers"), i, consumer)
    {
        const char *known = json_string_value(consumer);

        if (known != NULL && strcmp(known, name) == 0)
            return true;
    }
    return false;
}

/* --since, else where the name stood, else behind what is there. 0 or the exit status. */
static int find_beginning(const struct config *c, const struct tail *t, uint64_t *ret)
{
    json_t *heads = NULL;
    uint64_t head;
    int rc = ask_or_tell(WHO, c, "heads", "{}", &heads);

    if (rc != 0)
        return rc;
    head = (uint64_t)ask_number(json_object_get(heads, "heads"), t->stream);
    if (t->has_since)
        *ret = t->since;
    else if (t->resume != NULL && is_known_consumer(heads, t->resume))
        *ret = 0;
    else
        *ret = head + 1;
    json_decref(heads);
    if (*ret <= head + 1)
        return 0;
    fprintf(stderr,
            WHO ": there is no %s %llu yet, the newest is %llu; leave out --since to "
                "wait for what comes\n",
            t->stream, (unsigned long long)*ret, (unsigned long long)head);
    return 1;
}

/* ---- the stream ---- */

/* What was taken is written, then acknowledged. */
static int settle(struct tail *t, struct err *e)
{
    int rc = 0;

    if (t->n_unacked == 0)
        return 0;
    if (t->as_json)
        rc = os_write_all(STDOUT_FILENO, strbuf_str(&t->out), e);
    else if (fflush(stdout) != 0)
        rc = err_set(e, -errno, "%s", strerror(errno));
    if (rc < 0)
        return err_wrap(e, "cannot write");
    strbuf_reset(&t->out);
    rc = bus_ack(t->bus, t->last, t->n_unacked, e);
    t->n_unacked = 0;
    return rc;
}

static int take_message(struct tail *t, const struct bus_event *ev, struct err *e)
{
    int rc = 0;

    if (!t->as_json) {
        lines_show(stdout, ev, t->colour);
    } else {
        rc = lines_add_json(ev, &t->out);
        if (rc == -E2BIG && t->n_unacked > 0) { /* the lines before it first */
            rc = settle(t, e);
            if (rc == 0)
                rc = lines_add_json(ev, &t->out);
        }
    }
    if (rc < 0)
        return err_set(e, rc, "message %llu of %s cannot be written as a line",
                       (unsigned long long)ev->seq, t->stream);
    t->last = ev->seq;
    t->n_unacked++;
    t->n_done++;
    return t->n_unacked >= BATCH || t->n_done == t->count ? settle(t, e) : 0;
}

static int begin(struct tail *t, uint64_t from, struct err *e)
{
    return bus_tap(t->bus, t->stream, from, CREDIT, t->prefix, e);
}

static int take_event(struct tail *t, const struct bus_event *ev, struct err *e)
{
    char safe[LOG_SAFE_MAX];
    int rc;

    if (ev->kind == BUS_MSG)
        return take_message(t, ev, e);
    if (ev->kind == BUS_GONE) {
        fprintf(stderr,
                WHO ": messages before %llu are no longer kept; going on from there\n",
                (unsigned long long)ev->seq);
        rc = settle(t, e);
        return rc < 0 ? rc : begin(t, ev->seq, e);
    }
    if (ev->kind == BUS_REFUSED)
        return err_set(e, ERR_FORMAT, "the hub refuses: %s", log_safe(ev->json, safe));
    return 0;
}

/* Until it is told to stop or --count are there. */
static int follow(struct tail *t, struct err *e)
{
    int rc = 0;

    while (rc >= 0 && !os_should_stop() && (t->count == 0 || t->n_done < t->count)) {
        struct bus_event ev;

        rc = bus_next(t->bus, t->n_unacked > 0 ? 0 : 1000, &ev, e);
        if (rc == 1)
            rc = take_event(t, &ev, e);
        else if (rc == 0)
            rc = settle(t, e);
        else if (rc == -EINTR)
            rc = 0;
    }
    return rc < 0 ? rc : settle(t, e);
}

static int run_tail(struct tail *t, const struct config *c)
{
    struct bus_options o = {BUS_TAP, t->resume, NULL};
    struct err e = {0};
    uint64_t from = 0;
    int rc = find_beginning(c, t, &from);

    if (rc != 0)
        return rc;
    os_catch_signals();
    if (t->as_json)
        lines_mend(STDOUT_FILENO);
    rc = bus_open(&c->bus, &o, &t->bus, &e);
    if (rc == 0)
        rc = begin(t, from, &e);
    if (rc == 0)
        rc = follow(t, &e);
    bus_close(t->bus);
    if (rc < 0 && rc != -EPIPE)
        fprintf(stderr, WHO ": %s\n", e.text);
    return lines_exit_status(rc);
}

/* ---- arguments ---- */

static bool read_number(const char *option, const char *text, uint64_t least,
                        uint64_t *ret)
{
    if (str_to_u64(str_of(text), ret) && *ret >= least)
        return true;
    fprintf(stderr, WHO ": %s wants a number from %llu on\n", option,
            (unsigned long long)least);
    return false;
}

static bool read_option(struct tail *t, const char *option, const char *value)
{
    if (strcmp(option, "--since") == 0) {
        t->has_since = true;
        return read_number(option, value, 1, &t->since);
    }
    if (strcmp(option, "--count") == 0)
        return read_number(option, value, 1, &t->count);
    if (strcmp(option, "--resume") == 0)
        t->resume = value;
    else
        t->stream = value;
    return true;
}

static bool read_arguments(struct tail *t, int argc, char **argv)
{
    static const char *const with_value[] = {"--since", "--resume", "--stream",
                                             "--count"};

    for (int i = 1; i < argc; i++) {
        size_t k = 0;

        while (k < ARRAY_LEN(with_value) && strcmp(argv[i], with_value[k]) != 0)
            k++;
        if (k < ARRAY_LEN(with_value) && i + 1 < argc) {
            i++;
            if (!read_option(t, argv[i - 1], argv[i]))
                return false;
        } else if (strcmp(argv[i], "--json") == 0) {
            t->as_json = true;
        } else if (argv[i][0] != '-' && t->prefix == NULL) {
            t->prefix = argv[i];
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq tail --help`\n", argv[i]);
            return false;
        }
    }
    t->stream = lines_stream(t->prefix, t->stream);
    if (t->stream == NULL)
        fputs(WHO ": a stream is record, item or event; topics begin with record/, "
                  "item/, feed/ or watch/\n",
              stderr);
    return t->stream != NULL;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct tail t = {.out = {.max = OUT_BYTES}};
    struct config *c;
    int rc;

    if (!read_arguments(&t, argc, argv))
        return EX_USAGE;
    t.as_json |= isatty(STDOUT_FILENO) == 0;
    t.colour = term_has_colour(stdout);
    c = load_config(env->config_path, WHO);
    if (c == NULL)
        return EX_CONFIG;
    rc = run_tail(&t, c);
    strbuf_fini(&t.out);
    config_free(c);
    return rc;
}

const struct command command_tail = {
    .name = "tail",
    .group = "Look",
    .summary = "follow a stream without loss",
    .help =
        "newsmq tail - follow a stream without loss\n\n"
        "Usage: newsmq [-c CONFIG] tail [TOPIC] [--since SEQ] [--resume NAME]\n"
        "              [--stream item|record|event] [--count N] [--json]\n\n"
        "Prints what comes from now on: records, or what TOPIC is the beginning of:\n"
        "record/GROUP/FEED/LANGUAGE/, item/GROUP/FEED/LANGUAGE/, feed/FEED/up/ or\n"
        "down/, watch/RULE/. It goes on by itself when the hub was restarted. On a "
        "terminal a line\n"
        "or two a message for people; else JSON Lines: the message with \"seq\" and\n"
        "\"topic\" in front.\n\n"
        "Options:\n"
        "  --since SEQ    from this number on (1: all that is kept)\n"
        "  --resume NAME  the hub remembers how far NAME has come, and keeps what it "
        "has\n"
        "                 not got. A NAME that is new begins with what comes from now "
        "on.\n"
        "                 Ended by a signal (Ctrl-C, SIGTERM) nothing comes twice; "
        "after\n"
        "                 kill -9 or a power cut the last lines (64 and what was under\n"
        "                 way) may come again, with the same seq. Nothing is lost.\n"
        "                 A NAME that is not read any more holds up everything after\n"
        "                 bus.max_unacked records: newsmq forget NAME\n"
        "  --stream S     when TOPIC does not say it\n"
        "  --count N      end after N messages\n"
        "  --json         JSON Lines on a terminal too\n\n"
        "When what was asked for is no longer kept, a line on stderr says so, and the\n"
        "oldest that is kept comes first.\n\n"
        "Exit status: 0 ended by a signal, by --count or by its reader; 1 the hub "
        "refuses;\n"
        "69 nobody answers, 74 cannot write, 78 the configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq tail\n"
        "  newsmq tail record/un/ | jq -r .title\n"
        "  newsmq tail --since 1 --count 100 > first.jsonl\n"
        "  newsmq tail --resume archive >> archive.jsonl\n"
        "  newsmq tail feed/\n"
        "  newsmq tail watch/fires/\n",
    .run = run,
};
