#include "newsmq/clock.h"

#include "show.h"
#include "show_item.h"
#include "term.h"

#define HEAD_BYTES     400
#define ENTITIES_SHOWN 8

static void print_date(FILE *to, const struct item *it)
{
    char text[CLOCK_TEXT_MAX];

    if (it->date_published_ms != 0)
        fprintf(to, "%.10s %.5s UTC", clock_text(it->date_published_ms, text), text + 11);
    else
        fputs("no date", to);
    if (it->date_note != DATE_OK)
        fprintf(to, " (%s)", date_note_name(it->date_note));
}

/* The language found, else the one declared. */
static void print_language(FILE *to, const struct item *it, const json_t *nlp)
{
    const json_t *found = json_object_get(nlp, "language");
    const char *code = json_string_value(json_object_get(found, "code"));

    fputs("  ", to);
    if (code != NULL)
        fprintf(to, "%s (%.2f)", code,
                json_number_value(json_object_get(found, "score")));
    else if (it->language.n > 0)
        (void)term_text(to, it->language, 35, false); /* columns do not matter */
    else
        fputs("language unknown", to);
}

static void print_status(FILE *to, const json_t *nlp)
{
    const char *status = json_string_value(json_object_get(nlp, "status"));
    const char *error = json_string_value(json_object_get(nlp, "error"));

    if (status == NULL || str_eq(str_of(status), STR("ok")))
        return;
    fprintf(to, "nlp %s: ", status);
    (void)term_text(to, str_of(error != NULL ? error : "no reason given"), 0, false);
    fputc('\n', to);
}

static void print_page(FILE *to, const struct item_page *p)
{
    if (p->outcome == PAGE_NOT_ASKED)
        return;
    fprintf(to, "    page: %s", page_outcome_name(p->outcome));
    if (p->http_status > 0)
        fprintf(to, ", HTTP %d, %llu bytes", p->http_status,
                (unsigned long long)p->bytes);
    if (p->reason.n > 0) {
        fputs(", ", to);
        (void)term_text(to, p->reason, 0, false); /* any length */
    }
    fputc('\n', to);
}

void show_item(FILE *to, const struct item *it, size_t number, const json_t *nlp,
               const struct show_item_options *o)
{
    fprintf(to, "\n%2zu  ", number);
    term_colour(to, o->colour, COLOUR_BOLD);
    (void)term_text(to, it->title.n > 0 ? it->title : STR("(no title)"), 0, false);
    term_colour(to, o->colour, COLOUR_PLAIN);
    fputs("\n    ", to);
    term_colour(to, o->colour, COLOUR_DIM);
    print_date(to, it);
    print_language(to, it, nlp);
    fputs("  ", to);
    (void)term_text(to, it->url.n > 0 ? it->url : STR("no link"), 0, false);
    fputc('\n', to);
    print_page(to, &it->fetch.page);
    term_colour(to, o->colour, COLOUR_PLAIN);
    if (it->content_text.n > 0) {
        show_text(to, it->content_text, "content_text", nlp,
                  o->whole_text ? 0 : HEAD_BYTES, o->colour);
        fputc('\n', to);
    }
    print_status(to, nlp);
    show_entities(to, nlp, o->whole_text ? 0 : ENTITIES_SHOWN, o->colour);
}
