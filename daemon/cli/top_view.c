/* Each line is written with a pen that knows how many columns are left, so that nothing
   wraps, whatever strangers put into titles and reasons. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "feed_print.h"
#include "term.h"
#include "top_view.h"

struct pen {
    FILE *to;
    bool colour;
    size_t left; /* columns of this line */
    const struct top_view *view;
    unsigned n_lines; /* written so far */
};

static void say(struct pen *p, enum colour c, struct str text)
{
    if (p->left == 0 || text.n == 0)
        return;
    term_colour(p->to, p->colour, c);
    p->left -= term_text(p->to, text, p->left, false);
    term_colour(p->to, p->colour, COLOUR_PLAIN);
}

static void sayf(struct pen *p, enum colour c, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void sayf(struct pen *p, enum colour c, const char *fmt, ...)
{
    char text[512];
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap); /* cut is fine */
    va_end(ap);
    say(p, c, str_of(text));
}

/* Exactly width columns, as long as there are so many. */
static void cell(struct pen *p, enum colour c, struct str text, size_t width, bool right)
{
    size_t n = 0;
    char *copy = NULL;
    FILE *memory;

    if (width > p->left)
        width = p->left;
    if (width == 0)
        return;
    memory = open_memstream(&copy, &n);
    if (memory == NULL)
        return;
    n = term_text(memory, text, width, false);
    (void)fclose(memory); /* to memory */
    term_colour(p->to, p->colour, c);
    fprintf(p->to, "%*s%s%*s", right ? (int)(width - n) : 0, "", copy,
            right ? 0 : (int)(width - n), "");
    term_colour(p->to, p->colour, COLOUR_PLAIN);
    p->left -= width;
    free(copy);
}

static void end_line(struct pen *p)
{
    fputc('\n', p->to);
    p->left = p->view->columns;
    p->n_lines++;
}

/* How many lines may still come. */
static size_t room(const struct pen *p)
{
    const struct top_view *v = p->view;

    if (v->lines == 0)
        return SIZE_MAX;
    return v->lines > p->n_lines + v->has_footer ? v->lines - p->n_lines - v->has_footer
                                                 : 0;
}

/* ---- the head ---- */

static void write_title(struct pen *p, const struct top_data *d)
{
    bool well = top_data_is_well(d);
    char moment[WORDS_MAX], up[WORDS_MAX];
    int64_t started = ask_time(d->hub, "started");

    say(p, COLOUR_BOLD, STR("newsmq "));
    say(p, well ? COLOUR_GREEN : COLOUR_RED, well ? STR("well") : STR("trouble"));
    if (started > 0)
        sayf(p, COLOUR_PLAIN, "  up %s", words_length(d->now_ms - started, up));
    sayf(p, COLOUR_DIM, "  %s UTC  ", words_moment(d->now_ms, d->now_ms, moment));
    say(p, COLOUR_DIM, str_of(d->config->path));
    end_line(p);
}

static void say_rate(struct pen *p, double rate)
{
    if (rate >= 0)
        sayf(p, COLOUR_CYAN, " %.1f/s", rate);
}

static void write_numbers(struct pen *p, const struct top_data *d)
{
    const json_t *h = d->hub, *oldest = json_object_get(d->metrics, "oldest_pending_ms");
    char buf[WORDS_MAX];

    if (h == NULL)
        return;
    sayf(p, COLOUR_PLAIN, "items %lld", (long long)ask_number(h, "items"));
    say_rate(p, d->items_s);
    sayf(p, COLOUR_PLAIN, "  records %lld", (long long)ask_number(h, "records"));
    say_rate(p, d->records_s);
    sayf(p, COLOUR_PLAIN, "  pending %lld", (long long)ask_number(h, "pending"));
    if (json_is_integer(oldest))
        sayf(p, COLOUR_PLAIN, " (oldest %s)",
             words_length(json_integer_value(oldest), buf));
    sayf(p, COLOUR_PLAIN, "  in hand %lld  dead %lld  duplicates %lld",
         (long long)ask_number(h, "in_flight"), (long long)ask_number(h, "dead"),
         (long long)ask_number(h, "duplicates"));
    end_line(p);
}

static void write_alarms(struct pen *p, const struct top_data *d, size_t max)
{
    for (size_t i = 0; i < d->n_alarms && i < max; i++) {
        say(p, d->alarms[i].is_bad ? COLOUR_RED : COLOUR_YELLOW,
            d->alarms[i].is_bad ? STR("✗ ") : STR("! "));
        say(p, COLOUR_PLAIN, str_of(d->alarms[i].text));
        end_line(p);
    }
}

static enum colour state_colour(struct str state)
{
    if (str_eq(state, STR("running")))
        return COLOUR_GREEN;
    return str_eq(state, STR("resting")) ? COLOUR_RED : COLOUR_YELLOW;
}

/* Those that newsmqd runs; without it, those that the hub has heard. */
static void write_programs(struct pen *p, const struct top_data *d)
{
    const json_t *x;
    size_t i;

    say(p, COLOUR_DIM, STR("programs"));
    json_array_foreach(json_object_get(d->newsmqd, "programs"), i, x)
    {
        say(p, COLOUR_PLAIN, STR("  "));
        say(p, state_colour(ask_text(x, "state")), ask_text(x, "name"));
        if (!str_eq(ask_text(x, "state"), STR("running")))
            sayf(p, COLOUR_PLAIN, " " STR_FMT, STR_ARG(ask_text(x, "state")));
    }
    if (d->newsmqd == NULL)
        say(p, COLOUR_PLAIN, d->hub != NULL ? STR("  hub") : STR("  none"));
    json_array_foreach(json_object_get(d->newsmqd == NULL ? d->hub : NULL, "workers"), i,
                       x)
    {
        say(p, COLOUR_PLAIN, STR("  "));
        say(p, COLOUR_GREEN, ask_text(x, "name"));
    }
    end_line(p);
}

static void write_consumers(struct pen *p, const struct top_data *d)
{
    const json_t *x;
    size_t i;

    say(p, COLOUR_DIM, STR("lag     "));
    json_array_foreach(json_object_get(d->hub, "consumers"), i, x)
    {
        say(p, COLOUR_PLAIN, STR("  "));
        say(p,
            json_is_true(json_object_get(x, "connected")) ? COLOUR_GREEN : COLOUR_YELLOW,
            ask_text(x, "name"));
        sayf(p, COLOUR_PLAIN, " %lld", (long long)ask_number(x, "lag"));
    }
    if (i == 0)
        say(p, COLOUR_PLAIN, STR("  no durable consumers"));
    end_line(p);
}

static void write_rules(struct pen *p, const struct top_data *d)
{
    const json_t *x;
    size_t i;

    if (json_array_size(json_object_get(d->hub, "watch")) == 0)
        return;
    say(p, COLOUR_DIM, STR("watch   "));
    json_array_foreach(json_object_get(d->hub, "watch"), i, x)
    {
        say(p, COLOUR_PLAIN, STR("  "));
        say(p, COLOUR_BOLD, ask_text(x, "rule"));
        sayf(p, COLOUR_PLAIN, " %lld", (long long)ask_number(x, "hits"));
    }
    end_line(p);
}

/* What there is room for, with three rows of feeds below it. */
static void write_head(struct pen *p, const struct top_data *d)
{
    const size_t rows = 4;

    write_title(p, d);
    if (room(p) > 0)
        write_numbers(p, d);
    if (room(p) > rows)
        write_alarms(p, d, room(p) - rows);
    if (room(p) > rows)
        write_programs(p, d);
    if (room(p) > rows && d->hub != NULL)
        write_consumers(p, d);
    if (room(p) > rows)
        write_rules(p, d);
}

/* ---- feeds ---- */

static bool contains(struct str text, const char *part)
{
    size_t n = strlen(part);

    for (size_t i = 0; i + n <= text.n; i++)
        if (str_eq_nocase(str_slice(text, i, i + n), (struct str){part, n}))
            return true;
    return false;
}

static bool passes(const struct top_view *v, const struct feed_row *r)
{
    if (r->health == HEALTH_FORMER || (v->problems_only && !feed_row_has_problem(r)))
        return false;
    return v->filter[0] == '\0' || contains(str_of(r->id), v->filter) ||
           contains(str_of(r->why), v->filter) ||
           contains(str_of(health_name(r->health)), v->filter) ||
           (r->feed != NULL && r->feed->group != NULL &&
            contains(str_of(r->feed->group), v->filter));
}

static int by_number(const struct feed_row *a, const struct feed_row *b, const char *name,
                     bool largest_first)
{
    int64_t x = ask_number(a->state, name), y = ask_number(b->state, name);

    if (x == y)
        return strcmp(a->id, b->id);
    return (x < y) == largest_first ? 1 : -1;
}

static int by_state(const void *a, const void *b)
{
    const struct feed_row *x = a, *y = b;

    return x->health != y->health ? (int)x->health - (int)y->health
                                  : strcmp(x->id, y->id);
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct feed_row *)a)->id, ((const struct feed_row *)b)->id);
}

static int by_last_new(const void *a, const void *b)
{
    return by_number(a, b, "last_new_ms", true);
}

static int by_next(const void *a, const void *b)
{
    return by_number(a, b, "next_due_ms", false);
}

static int by_items(const void *a, const void *b)
{
    return by_number(a, b, "items", true);
}

static int (*const orders[SORTS])(const void *, const void *) = {
    by_state, by_id, by_last_new, by_next, by_items};

#define WIDE   76 /* columns for all cells and a part of the reason */
#define MEDIUM 48

/* The mark is at the column that the rows are sorted by. */
static void head_cell(struct pen *p, const struct top_view *v, const char *name,
                      enum top_sort sort, size_t width, bool right)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%s%s", name, v->sort == sort ? "▾" : "");
    cell(p, COLOUR_DIM, str_of(text), width, right);
}

static size_t id_width(const struct top_view *v)
{
    return v->columns >= WIDE ? 22 : v->columns >= MEDIUM ? 16 : 12;
}

static void write_heads(struct pen *p, const struct top_view *v)
{
    head_cell(p, v, "FEED", SORT_ID, id_width(v), false);
    head_cell(p, v, " STATE", SORT_STATE, 9, false);
    head_cell(p, v, " LAST NEW", SORT_LAST_NEW, 13, false);
    if (v->columns >= MEDIUM)
        head_cell(p, v, "NEXT", SORT_NEXT, 11, false);
    if (v->columns >= WIDE) {
        head_cell(p, v, "ITEMS", SORT_ITEMS, 7, true);
        say(p, COLOUR_DIM, STR("  WHY"));
    }
    end_line(p);
}

static void write_row(struct pen *p, const struct top_view *v, const struct top_data *d,
                      const struct feed_row *r)
{
    int64_t due_ms = ask_number(r->state, "next_due_ms");
    bool is_bad = r->health == HEALTH_FAILING || r->health == HEALTH_GONE;
    char buf[WORDS_MAX];

    cell(p, COLOUR_BOLD, str_of(r->id), id_width(v), false);
    say(p, COLOUR_PLAIN, STR(" "));
    cell(p, health_colour(r->health), str_of(health_name(r->health)), 8, false);
    say(p, COLOUR_PLAIN, STR(" "));
    cell(p, COLOUR_PLAIN,
         str_of(words_ago(ask_number(r->state, "last_new_ms"), d->now_ms, buf)), 12,
         false);
    if (v->columns >= MEDIUM)
        cell(p, COLOUR_PLAIN,
             r->health == HEALTH_GONE ? STR("-")
             : due_ms > d->now_ms     ? str_of(words_ago(due_ms, d->now_ms, buf))
                                      : STR("now"),
             11, false);
    if (v->columns >= WIDE) {
        (void)snprintf(buf, sizeof buf, "%lld", (long long)ask_number(r->state, "items"));
        cell(p, COLOUR_PLAIN, str_of(buf), 7, true);
        say(p, COLOUR_PLAIN, STR("  "));
        say(p, is_bad ? COLOUR_RED : COLOUR_PLAIN, str_of(r->why));
    }
    end_line(p);
}

static void keep_in_range(struct top_view *v)
{
    size_t last = v->n_shown > v->page ? v->n_shown - v->page : 0;

    if (v->scroll > last)
        v->scroll = last;
}

static void write_feeds(struct pen *p, struct top_view *v, struct top_data *d)
{
    size_t at = 0;

    if (d->rows.n > 1)
        qsort(d->rows.list, d->rows.n, sizeof *d->rows.list, orders[v->sort]);
    for (size_t i = 0; i < d->rows.n; i++)
        v->n_shown += passes(v, &d->rows.list[i]);
    if (room(p) > 1)
        write_heads(p, v);
    v->page = room(p);
    keep_in_range(v);
    for (size_t i = 0; i < d->rows.n && room(p) > 0; i++)
        if (passes(v, &d->rows.list[i]) && at++ >= v->scroll)
            write_row(p, v, d, &d->rows.list[i]);
}

/* ---- the foot ---- */

static void write_footer(struct pen *p, const struct top_view *v)
{
    static const char *const sorts[SORTS] = {"state", "id", "last new", "next", "items"};
    size_t to = v->scroll + v->page < v->n_shown ? v->scroll + v->page : v->n_shown;

    if (v->is_typing) {
        sayf(p, COLOUR_BOLD, "filter: %s_", v->filter);
        say(p, COLOUR_DIM, STR("  Enter keeps it, Esc drops it"));
    } else {
        sayf(p, COLOUR_BOLD, "%zu-%zu of %zu", v->n_shown > 0 ? v->scroll + 1 : 0, to,
             v->n_shown);
        if (v->filter[0] != '\0')
            sayf(p, COLOUR_YELLOW, "  /%s", v->filter);
        if (v->problems_only)
            say(p, COLOUR_YELLOW, STR("  problems"));
        sayf(p, COLOUR_DIM, "  q quit  ↑↓ PgUp PgDn  / filter  p problems  s sort: %s",
             sorts[v->sort]);
    }
    fputc('\n', p->to);
}

void top_view_write(struct top_view *v, struct top_data *d, FILE *to)
{
    struct pen p = {to, v->colour, v->columns, v, 0};

    v->n_shown = v->page = 0;
    write_head(&p, d);
    write_feeds(&p, v, d);
    if (v->has_footer && p.n_lines < v->lines) {
        while (p.n_lines + 1 < v->lines)
            end_line(&p);
        write_footer(&p, v);
    }
}
