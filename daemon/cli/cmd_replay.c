/* newsmq replay: a range of a stream as JSON Lines. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "newsmq/bus.h"
#include "newsmq/os.h"

#include "ask.h"
#include "command.h"
#include "lines.h"
#include "load.h"

#define WHO         "newsmq replay"
#define OUT_BYTES   ((size_t)64 << 20)
#define WRITE_BYTES ((size_t)256 << 10)

struct replay {
    const char *prefix, *stream;
    uint64_t from, to;
    struct bus *bus;
    struct strbuf out;
};

static int write_out(struct replay *r, struct err *e)
{
    int rc = os_write_all(STDOUT_FILENO, strbuf_str(&r->out), e);

    strbuf_reset(&r->out);
    return rc < 0 ? err_wrap(e, "cannot write") : 0;
}

static int take_message(struct replay *r, const struct bus_event *ev, struct err *e)
{
    int rc = r->out.n >= WRITE_BYTES ? write_out(r, e) : 0;

    if (rc < 0)
        return rc;
    rc = lines_add_json(ev, &r->out);
    if (rc < 0)
        return err_set(e, rc, "message %llu of %s cannot be written as a line",
                       (unsigned long long)ev->seq, r->stream);
    return 0;
}

/* 1 = that was all. */
static int take_event(struct replay *r, const struct bus_event *ev, struct err *e)
{
    char safe[LOG_SAFE_MAX];

    switch (ev->kind) {
    case BUS_MSG:
        return take_message(r, ev, e);
    case BUS_END:
        return 1;
    case BUS_GONE:
        return err_set(e, ERR_GONE,
                       "%ss before %llu are no longer kept; the oldest: newsmq replay "
                       "--stream %s --from %llu",
                       r->stream, (unsigned long long)ev->seq, r->stream,
                       (unsigned long long)ev->seq);
    case BUS_REFUSED:
        return err_set(e, ERR_FORMAT, "the hub refuses: %s", log_safe(ev->json, safe));
    default:
        return 0;
    }
}

static int read_all(struct replay *r, struct err *e)
{
    int rc = bus_get(r->bus, r->stream, r->from, r->to, r->prefix, e);
    bool is_over = false;

    while (rc >= 0 && !is_over && !os_should_stop()) {
        struct bus_event ev;

        rc = bus_next(r->bus, 1000, &ev, e);
        if (rc == 1) {
            rc = take_event(r, &ev, e);
            is_over = rc == 1;
        } else if (rc == 0) {
            rc = write_out(r, e);
        } else if (rc == -EINTR) {
            rc = 0;
        }
    }
    return rc < 0 ? rc : write_out(r, e);
}

static int run_replay(struct replay *r, const struct config *c)
{
    struct bus_options o = {BUS_REPLAY, NULL, NULL};
    json_t *heads = NULL;
    struct err e = {0};
    int rc = ask_or_tell(WHO, c, "heads", "{}", &heads); /* is anybody there? */

    json_decref(heads);
    if (rc != 0)
        return rc;
    os_catch_signals();
    rc = bus_open(&c->bus, &o, &r->bus, &e);
    if (rc == 0)
        rc = read_all(r, &e);
    bus_close(r->bus);
    if (rc < 0 && rc != -EPIPE)
        fprintf(stderr, WHO ": %s\n", e.text);
    return lines_exit_status(rc);
}

static bool read_number(const char *option, const char *text, uint64_t *ret)
{
    if (str_to_u64(str_of(text), ret) && *ret > 0)
        return true;
    fprintf(stderr, WHO ": %s wants a number from 1 on\n", option);
    return false;
}

static bool read_arguments(struct replay *r, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;

        if (strcmp(argv[i], "--from") == 0 && has_value) {
            if (!read_number(argv[i], argv[i + 1], &r->from))
                return false;
            i++;
        } else if (strcmp(argv[i], "--to") == 0 && has_value) {
            if (!read_number(argv[i], argv[i + 1], &r->to))
                return false;
            i++;
        } else if (strcmp(argv[i], "--stream") == 0 && has_value) {
            r->stream = argv[++i];
        } else if (argv[i][0] != '-' && r->prefix == NULL) {
            r->prefix = argv[i];
        } else {
            fprintf(stderr, WHO ": unexpected '%s'; see `newsmq replay --help`\n",
                    argv[i]);
            return false;
        }
    }
    r->stream = lines_stream(r->prefix, r->stream);
    if (r->from == 0)
        fputs(WHO ": from where? newsmq replay --from SEQ\n", stderr);
    else if (r->to > 0 && r->to < r->from)
        fputs(WHO ": --to is before --from\n", stderr);
    else if (r->stream == NULL)
        fputs(WHO ": a stream is record, item or event; topics begin with record/, "
                  "item/, feed/ or watch/\n",
              stderr);
    else
        return true;
    return false;
}

static int run(const struct command_env *env, int argc, char **argv)
{
    struct replay r = {.out = {.max = OUT_BYTES}};
    struct config *c;
    int rc;

    if (!read_arguments(&r, argc, argv))
        return EX_USAGE;
    c = load_config(env->config_path, WHO);
    if (c == NULL)
        return EX_CONFIG;
    rc = run_replay(&r, c);
    strbuf_fini(&r.out);
    config_free(c);
    return rc;
}

const struct command command_replay = {
    .name = "replay",
    .group = "Look",
    .summary = "print a range of a stream again",
    .help =
        "newsmq replay - print a range of a stream again\n\n"
        "Usage: newsmq [-c CONFIG] replay --from SEQ [--to SEQ]\n"
        "              [--stream item|record|event] [TOPIC]\n\n"
        "JSON Lines: each message with \"seq\" and \"topic\" in front. With TOPIC only\n"
        "what it is the beginning of, as `newsmq tail` has it. Without --to up to the\n"
        "newest; a --to that is not there yet is not waited for.\n\n"
        "Options:\n"
        "  --from SEQ  the first number\n"
        "  --to SEQ    the last number\n"
        "  --stream S  when TOPIC does not say it (default: record)\n\n"
        "Exit status: 0; 1 the beginning is no longer kept, and which is the oldest is\n"
        "said; 69 nobody answers, 74 cannot write, 78 the configuration is bad.\n\n"
        "Examples:\n"
        "  newsmq replay --from 1 > all.jsonl\n"
        "  newsmq replay --from 4711 --to 4720 | jq -r .title\n"
        "  newsmq replay --from 1 feed/un-news/\n",
    .run = run,
};
