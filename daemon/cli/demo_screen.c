/* On a terminal the table stands below the last record: it is erased, what is new is
   printed, and the table is drawn again. So records stay in the scrollback. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show.h"
#include "term.h"

#include "demo_screen.h"

#define TEXT_BYTES    240 /* of a record's text */
#define NAMES_MAX     4   /* of a type */
#define TABLE_COLUMNS 76

/* NO_COLOR is no reason not to. */
static bool can_move(void)
{
    const char *kind = getenv("TERM");

    return kind != NULL && strcmp(kind, "dumb") != 0;
}

void demo_screen_init(struct demo_screen *s, bool json)
{
    *s = (struct demo_screen){
        .is_live = !json && isatty(STDOUT_FILENO) != 0,
        .colour = !json && term_has_colour(stdout),
        .json = json,
        .began = clock_mono(),
        .first_ms = -1,
    };
    /* TERM=dumb cannot move the cursor, and lines that wrap are more than one. */
    s->is_live = s->is_live && can_move() && term_width(stdout) >= TABLE_COLUMNS;
}

/* ---- rate ---- */

/* Forgets the seconds that have passed. */
static void roll(struct demo_screen *s)
{
    int64_t now_s = mono_ms_between(s->began, clock_mono()) / SECOND_MS;

    for (; s->at_s < now_s; s->at_s++) {
        memmove(s->counts, s->counts + 1, sizeof s->counts - sizeof s->counts[0]);
        s->counts[RATE_SECONDS - 1] = 0;
    }
}

static double rate(struct demo_screen *s)
{
    int64_t seconds = 1 + mono_ms_between(s->began, clock_mono()) / SECOND_MS;
    unsigned sum = 0;

    roll(s);
    for (size_t i = 0; i < RATE_SECONDS; i++)
        sum += s->counts[i];
    return (double)sum / (double)(seconds < RATE_SECONDS ? seconds : RATE_SECONDS);
}

static void count_record(struct demo_screen *s)
{
    roll(s);
    s->counts[RATE_SECONDS - 1]++;
    s->n_records++;
    if (s->first_ms < 0)
        s->first_ms = mono_ms_between(s->began, clock_mono());
}

/* ---- records ---- */

static void erase_table(struct demo_screen *s)
{
    if (s->lines > 0)
        printf("\033[%uA\r\033[J", s->lines);
    s->lines = 0;
}

static struct str text_of(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);

    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)}
                             : (struct str){0};
}

static struct str one_of(struct str s, struct str otherwise)
{
    return s.n > 0 ? s : otherwise;
}

/* "PER Ines Calder, …  ORG …" */
static void print_names(const struct demo_screen *s, const json_t *nlp)
{
    static const struct {
        const char *type;
        enum colour colour;
    } types[] = {{"PER", COLOUR_GREEN},
                 {"ORG", COLOUR_BLUE},
                 {"LOC", COLOUR_MAGENTA},
                 {"EVENT", COLOUR_CYAN},
                 {"MISC", COLOUR_YELLOW}};
    const json_t *entity;
    size_t k;

    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        unsigned n = 0;

        json_array_foreach(json_object_get(nlp, "entities"), k, entity)
        {
            if (!str_eq(text_of(entity, "type"), str_of(types[i].type)) ||
                n++ >= NAMES_MAX)
                continue;
            if (n == 1) {
                term_colour(stdout, s->colour, types[i].colour);
                printf("  %s ", types[i].type);
            } else {
                printf(", ");
            }
            (void)term_text(stdout, text_of(entity, "name"), 0, false); /* any length */
        }
        if (n > NAMES_MAX)
            printf(" +%u", n - NAMES_MAX);
        if (n > 0)
            term_colour(stdout, s->colour, COLOUR_PLAIN);
    }
}

static struct str first_paragraph(struct str text)
{
    return str_cut(&text, '\n');
}

/* Number, feed, title; on a terminal the beginning of the text with its names coloured;
   the names. */
static void print_record(const struct demo_screen *s, const json_t *r)
{
    const json_t *nlp = json_object_get(r, "nlp");

    term_colour(stdout, s->colour, COLOUR_DIM);
    printf("%4zu  ", s->n_records);
    term_cell(stdout, text_of(json_object_get(r, "feed"), "id"), 10);
    term_colour(stdout, s->colour, COLOUR_PLAIN);
    term_colour(stdout, s->colour, COLOUR_BOLD);
    (void)term_text(stdout, one_of(text_of(r, "title"), STR("(no title)")), 0, false);
    term_colour(stdout, s->colour, COLOUR_PLAIN);
    if (s->is_live) {
        printf("\n      ");
        show_text(stdout, first_paragraph(text_of(r, "content_text")), "content_text",
                  nlp, TEXT_BYTES, s->colour);
        printf("\n    ");
    }
    print_names(s, nlp);
    printf("\n");
}

void demo_screen_record(struct demo_screen *s, struct str json)
{
    json_t *r;

    count_record(s);
    if (s->json) {
        (void)fwrite(json.p, 1, json.n, stdout); /* fflush tells */
        putchar('\n');
        return;
    }
    r = json_loadb(json.p, json.n, 0, NULL);
    erase_table(s);
    print_record(s, r);
    json_decref(r);
}

/* ---- the table ---- */

static json_int_t number_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

static void print_feed(const struct demo_screen *s, const json_t *f, FILE *to)
{
    struct str state = one_of(text_of(f, "state"), STR("new"));
    char ago[WORDS_MAX];

    fprintf(to, "  ");
    term_cell(to, text_of(f, "feed"), 11);
    term_cell(to, text_of(f, "format"), 13);
    term_colour(to, s->colour, str_eq(state, STR("ok")) ? COLOUR_GREEN : COLOUR_YELLOW);
    term_cell(to, state, 9);
    term_colour(to, s->colour, COLOUR_PLAIN);
    fprintf(to, "%5lld   %-10s %lld\n", (long long)number_of(f, "items"),
            words_ago(number_of(f, "last_new_ms"), clock_wall_ms(), ago),
            (long long)number_of(f, "http_status"));
}

/* The demo has one sink; its cursor is what is written for good. */
static void print_totals(struct demo_screen *s, const json_t *status, FILE *to)
{
    const json_t *sink = json_array_get(json_object_get(status, "consumers"), 0);

    fprintf(to, "  records ");
    term_colour(to, s->colour, COLOUR_BOLD);
    fprintf(to, "%zu", s->n_records);
    term_colour(to, s->colour, COLOUR_PLAIN);
    fprintf(to, " of %lld items  %.1f/s  pending %lld  written %lld  workers %zu\n",
            (long long)number_of(status, "items"), rate(s),
            (long long)number_of(status, "pending"), (long long)number_of(sink, "acked"),
            json_array_size(json_object_get(status, "workers")));
}

static unsigned print_table(struct demo_screen *s, const json_t *feeds,
                            const json_t *status, FILE *to)
{
    const json_t *list = json_object_get(feeds, "feeds"), *f;
    unsigned lines = 3;
    size_t i;

    term_colour(to, s->colour, COLOUR_DIM);
    fprintf(to, "\n  %-11s%-13s%-9s%5s   %-10s %s\n", "feed", "format", "state", "items",
            "last new", "http");
    term_colour(to, s->colour, COLOUR_PLAIN);
    json_array_foreach(list, i, f)
    {
        print_feed(s, f, to);
        lines++;
    }
    print_totals(s, status, to);
    return lines;
}

static void print_page(const struct demo_screen *s)
{
    printf("  Look: ");
    term_colour(stdout, s->colour, COLOUR_BOLD);
    printf("http://127.0.0.1:%u/", s->page_port);
    term_colour(stdout, s->colour, COLOUR_PLAIN);
    printf("\n");
}

void demo_screen_page(struct demo_screen *s, unsigned port)
{
    s->page_port = port;
    if (!s->is_live && !s->json)
        print_page(s);
}

void demo_screen_table(struct demo_screen *s, const json_t *feeds, const json_t *status)
{
    if (!s->is_live)
        return;
    erase_table(s);
    s->lines = print_table(s, feeds, status, stdout) + 1;
    if (s->page_port > 0) {
        print_page(s);
        s->lines++;
    }
    term_colour(stdout, s->colour, COLOUR_DIM);
    printf("  Ctrl-C ends the demo; what is in hand is finished first\n");
    term_colour(stdout, s->colour, COLOUR_PLAIN);
    (void)fflush(stdout); /* the end of the demo tells when nobody reads */
}

void demo_screen_end(struct demo_screen *s, const json_t *feeds, const json_t *status)
{
    erase_table(s);
    (void)print_table(s, feeds, status, s->json ? stderr : stdout); /* no more redraws */
}
