#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <jansson.h>

#include "newsmq/json.h"
#include "newsmq/os.h"

#include "lines.h"
#include "show.h"
#include "term.h"

#define FEED_COLUMNS 18
#define NAMES_SHOWN  8

const char *lines_stream(const char *prefix, const char *chosen)
{
    static const struct {
        struct str topic;
        const char *stream;
    } known[] = {
        {STR_INIT("record/"), "record"},
        {STR_INIT("item/"), "item"},
        {STR_INIT("feed/"), "event"},
        {STR_INIT("watch/"), "event"},
    };
    struct str p = str_of(prefix);

    for (size_t i = 0; chosen != NULL && i < ARRAY_LEN(known); i++)
        if (strcmp(chosen, known[i].stream) == 0)
            return chosen;
    for (size_t i = 0; chosen == NULL && i < ARRAY_LEN(known); i++)
        if (str_has_prefix(p, known[i].topic) || str_has_prefix(known[i].topic, p))
            return known[i].stream;
    return NULL;
}

/* ---- JSON ---- */

/* Valid JSON has line ends only between its parts, where a space is as good. */
static void join_lines(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] == '\n' || p[i] == '\r')
            p[i] = ' ';
}

int lines_add_json(const struct bus_event *ev, struct strbuf *out)
{
    struct str body = str_trim(ev->json);
    struct jsonw j = jsonw_to(out);
    size_t from = out->n, at;
    int rc;

    if (body.n < 2 || body.p[0] != '{' || body.p[body.n - 1] != '}')
        return ERR_FORMAT;
    jsonw_object(&j);
    jsonw_member_u64(&j, "seq", ev->seq);
    jsonw_member_str(&j, "topic", ev->topic);
    rc = j.rc;
    body = str_trim(str_slice(body, 1, body.n)); /* with its end */
    at = out->n;
    if (rc == 0 && body.n > 1)
        rc = strbuf_add_char(out, ',');
    if (rc == 0)
        rc = strbuf_add(out, body);
    if (rc == 0)
        join_lines(out->p + at, out->n - at);
    if (rc == 0)
        rc = strbuf_add_char(out, '\n');
    if (rc < 0)
        out->n = from;
    return rc;
}

/* ---- for people ---- */

static struct str text_of(const json_t *object, const char *name)
{
    return str_of(json_string_value(json_object_get(object, name)));
}

static void show_time(FILE *to, const json_t *message, bool colour)
{
    struct str time = text_of(message, "date_seen");

    if (time.n < 19)
        time = text_of(message, "time");
    term_colour(to, colour, COLOUR_DIM);
    if (time.n >= 19)
        fprintf(to, STR_FMT "  ", STR_ARG(str_slice(time, 11, 19)));
    term_colour(to, colour, COLOUR_PLAIN);
}

/* feed/<feed>/down/ */
static void show_event(FILE *to, const struct bus_event *ev, const json_t *message,
                       bool colour)
{
    struct str reason = text_of(message, "reason");
    bool is_up = str_has_suffix(ev->topic, STR("/up/"));

    show_time(to, message, colour);
    term_colour(to, colour, COLOUR_BOLD);
    term_cell(to, text_of(message, "feed"), FEED_COLUMNS);
    term_colour(to, colour, is_up ? COLOUR_GREEN : COLOUR_RED);
    fputs(is_up ? "  works again" : "  fails", to);
    term_colour(to, colour, COLOUR_PLAIN);
    if (!is_up && reason.n > 0) {
        fputs(": ", to);
        (void)term_text(to, reason, 0, false); /* the columns do not matter */
    }
    fputc('\n', to);
}

/* watch/<rule>/ */
static void show_hit(FILE *to, const json_t *message, bool colour)
{
    struct str title = text_of(message, "title");

    show_time(to, message, colour);
    term_colour(to, colour, COLOUR_BOLD);
    term_cell(to, text_of(message, "feed"), FEED_COLUMNS);
    term_colour(to, colour, COLOUR_YELLOW);
    fputs("  ", to);
    (void)term_text(to, text_of(message, "rule"), 0,
                    false); /* the columns do not matter */
    term_colour(to, colour, COLOUR_PLAIN);
    fputs(": ", to);
    (void)term_text(to, title.n > 0 ? title : text_of(message, "url"), 0, false);
    fputc('\n', to);
}

static void show_item(FILE *to, const json_t *message, bool colour)
{
    const json_t *nlp = json_object_get(message, "nlp");
    struct str title = text_of(message, "title");

    show_time(to, message, colour);
    term_colour(to, colour, COLOUR_BOLD);
    term_cell(to, text_of(json_object_get(message, "feed"), "id"), FEED_COLUMNS);
    term_colour(to, colour, COLOUR_PLAIN);
    fputs("  ", to);
    (void)term_text(to, title.n > 0 ? title : text_of(message, "url"), 0,
                    false); /* the columns do not matter */
    fputc('\n', to);
    if (json_array_size(json_object_get(nlp, "entities")) > 0) {
        fprintf(to, "%*s", FEED_COLUMNS + 12, "");
        show_names(to, nlp, NAMES_SHOWN, colour);
        fputc('\n', to);
    }
}

void lines_show(FILE *to, const struct bus_event *ev, bool colour)
{
    json_t *message = json_loadb(ev->json.p, ev->json.n, 0, NULL);

    if (str_has_prefix(ev->topic, STR("watch/")))
        show_hit(to, message, colour);
    else if (str_eq(ev->stream, STR("event")))
        show_event(to, ev, message, colour);
    else
        show_item(to, message, colour);
    json_decref(message);
}

/* ---- torn lines ---- */

void lines_mend(int fd)
{
    char path[64], last = '\n';
    struct stat st;
    int again;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
        return;
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* fd only writes */
    again = open(path, O_RDONLY | O_CLOEXEC);
    if (again < 0)
        return;
    if (pread(again, &last, 1, st.st_size - 1) == 1 && last != '\n')
        (void)os_write_all(fd, STR("\n"), NULL); /* the next write tells */
    close(again);
}

int lines_exit_status(int rc)
{
    switch (rc) {
    case 0:
    case -EPIPE: /* whoever read it has enough */
        return EX_OK;
    case ERR_GONE:
    case ERR_FORMAT:
        return 1;
    case -EINVAL: /* a name or a topic that cannot be one */
    case ERR_LIMIT:
        return EX_USAGE;
    default:
        return EX_IOERR;
    }
}
