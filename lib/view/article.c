/* A record as a page: the text in pieces between the borders of mentions and quotes, and
   beside it what was found. Offsets come from the record, which a stranger's worker may
   have made: each is checked against the text. */
#include <stdlib.h>
#include <string.h>

#include "newsmq/date.h"
#include "newsmq/mem.h"
#include "newsmq/text.h"

#include "private.h"

#define MARKS_MAX  4000
#define POINTS_MAX 200
#define ITEMS_MAX  200 /* of lists beside the text */

struct marked {
    size_t start, end;
    const json_t *entity; /* NULL: a quote */
};

struct article {
    struct view *view;
    struct html *html;
    const json_t *record, *nlp, *entities, *quotes;
    struct str text;
    struct marked mentions[MARKS_MAX], quoted[MARKS_MAX];
    size_t n_mentions, n_quoted;
};

/* ---- reading ---- */

struct str view_member(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);

    if (!json_is_string(v))
        return (struct str){NULL, 0};
    return (struct str){json_string_value(v), json_string_length(v)};
}

int64_t view_member_time(const json_t *o, const char *name)
{
    struct str s = view_member(o, name);
    struct date d;

    if (s.p == NULL)
        return 0;
    d = date_read(s);
    return d.known ? d.ms : 0;
}

enum entity_type view_type_of(struct str name)
{
    static const char *const names[] = {"PER", "ORG", "LOC", "EVENT"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_eq(name, str_of(names[i])))
            return (enum entity_type)i;
    return ENTITY_MISC;
}

static bool is_border(struct str text, int64_t at)
{
    return at >= 0 && (uint64_t)at <= text.n &&
           ((size_t)at == text.n || ((unsigned char)text.p[at] & 0xC0) != 0x80);
}

/* False when it does not lie in the text. */
static bool read_span(const json_t *o, struct str text, struct marked *ret)
{
    const json_t *start = json_object_get(o, "start_byte");
    const json_t *end = json_object_get(o, "end_byte");
    int64_t a = json_integer_value(start), b = json_integer_value(end);

    if (!json_is_integer(start) || !json_is_integer(end) || a >= b ||
        !is_border(text, a) || !is_border(text, b))
        return false;
    ret->start = (size_t)a;
    ret->end = (size_t)b;
    return true;
}

static int by_start(const void *pa, const void *pb)
{
    const struct marked *a = pa, *b = pb;

    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->end > b->end ? -1 : a->end < b->end;
}

/* In order, without those that reach into the one before. */
static size_t settle(struct marked *list, size_t n)
{
    size_t kept = 0;

    qsort(list, n, sizeof *list, by_start);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || list[i].start >= list[kept - 1].end)
            list[kept++] = list[i];
    return kept;
}

static void collect(struct article *a)
{
    const json_t *entity, *mention, *quote;
    size_t i, k;

    json_array_foreach(a->entities, i, entity)
    {
        json_array_foreach(json_object_get(entity, "mentions"), k, mention)
        {
            struct marked m = {.entity = entity};

            if (a->n_mentions < MARKS_MAX &&
                !str_eq(view_member(mention, "field"), STR("title")) &&
                read_span(mention, a->text, &m))
                a->mentions[a->n_mentions++] = m;
        }
    }
    json_array_foreach(a->quotes, i, quote)
    {
        struct marked m = {0};

        if (a->n_quoted < MARKS_MAX && read_span(quote, a->text, &m))
            a->quoted[a->n_quoted++] = m;
    }
    a->n_mentions = settle(a->mentions, a->n_mentions);
    a->n_quoted = settle(a->quoted, a->n_quoted);
}

/* ---- the text ---- */

void view_entity_open(struct view *v, enum entity_type type, struct str name)
{
    struct strbuf key = {.max = 2048};

    if (v->links.entity == NULL)
        return;
    (void)strbuf_addf(&key, "%s:", view_type_code(type));
    if (strbuf_add(&key, name) == 0) {
        html_raw(v->html, "<a");
        html_href(v->html, v->links.entity, strbuf_str(&key));
        html_raw(v->html, ">");
    } else {
        html_raw(v->html, "<a>"); /* too long a name for an address */
    }
    strbuf_fini(&key);
}

void view_entity_close(struct view *v)
{
    if (v->links.entity != NULL)
        html_raw(v->html, "</a>");
}

/* A piece without a border in it; lines and paragraphs end it for a moment. */
static void put_piece(struct article *a, struct str piece, const json_t *entity,
                      bool is_quote)
{
    struct html *h = a->html;
    enum entity_type type = view_type_of(view_member(entity, "type"));

    if (is_quote)
        html_raw(h, "<span class=\"quoted\">");
    if (entity != NULL) {
        html_f(h, "<mark class=\"%s\">", view_type_class(type));
        view_entity_open(a->view, type, view_member(entity, "name"));
    }
    html_text(h, piece);
    if (entity != NULL) {
        view_entity_close(a->view);
        html_f(h, "<span class=\"type\">%s</span></mark>", view_type_code(type));
    }
    if (is_quote)
        html_raw(h, "</span>");
}

static void put_lines(struct article *a, struct str piece, const json_t *entity,
                      bool is_quote)
{
    size_t at = 0;

    while (at < piece.n) {
        size_t end = str_find_char(piece, '\n', at), next;

        if (end == SIZE_MAX)
            end = piece.n;
        if (end > at)
            put_piece(a, str_slice(piece, at, end), entity, is_quote);
        for (next = end; next < piece.n && piece.p[next] == '\n'; next++)
            ;
        if (next > end)
            html_raw(a->html, next - end > 1 ? "</p>\n<p>" : "<br>\n");
        at = next;
    }
}

/* The nearest border behind at. */
static size_t next_border(const struct article *a, size_t at, size_t mention,
                          size_t quote)
{
    size_t next = a->text.n;

    if (mention < a->n_mentions) {
        const struct marked *m = &a->mentions[mention];

        next = m->start > at ? m->start : m->end;
    }
    if (quote < a->n_quoted) {
        const struct marked *q = &a->quoted[quote];
        size_t border = q->start > at ? q->start : q->end;

        if (border < next)
            next = border;
    }
    return next;
}

static void put_text(struct article *a)
{
    size_t at = 0, mention = 0, quote = 0;

    html_raw(a->html, "<div class=\"text\" dir=\"auto\"><p>");
    while (at < a->text.n) {
        bool in_mention, in_quote;
        size_t end;

        while (mention < a->n_mentions && a->mentions[mention].end <= at)
            mention++;
        while (quote < a->n_quoted && a->quoted[quote].end <= at)
            quote++;
        in_mention = mention < a->n_mentions && a->mentions[mention].start <= at;
        in_quote = quote < a->n_quoted && a->quoted[quote].start <= at;
        end = next_border(a, at, mention, quote);
        put_lines(a, str_slice(a->text, at, end),
                  in_mention ? a->mentions[mention].entity : NULL, in_quote);
        at = end;
    }
    html_raw(a->html, "</p></div>\n");
    if (a->text.n == 0)
        html_raw(a->html, "<p class=\"dim\">The feed gave no text.</p>");
}

/* ---- beside it ---- */

void view_heading(struct view *v, const char *text)
{
    html_f(v->html, "<h%u>%s</h%u>", v->level, text, v->level);
}

static void put_entity(struct article *a, const json_t *entity, enum entity_type type)
{
    const json_t *aliases = json_object_get(entity, "aliases"), *alias;
    struct str country = view_member(json_object_get(entity, "geo"), "country");
    struct str wikidata = view_member(entity, "wikidata");
    struct html *h = a->html;
    size_t i;

    html_raw(h, "<li>");
    view_entity_link(a->view, type, view_member(entity, "name"),
                     json_array_size(json_object_get(entity, "mentions")));
    json_array_foreach(aliases, i, alias)
    {
        html_raw(h, i == 0 ? " <span class=\"dim\">also " : ", ");
        html_text(h, (struct str){json_string_value(alias), json_string_length(alias)});
    }
    if (json_array_size(aliases) > 0)
        html_raw(h, "</span>");
    if (country.n > 0) {
        html_raw(h, " <span class=\"tag\">");
        html_text(h, country);
        html_raw(h, "</span>");
    }
    if (wikidata.n > 1 && wikidata.n < 16) {
        struct strbuf url = {.max = 100};

        (void)strbuf_addf(&url, "https://www.wikidata.org/wiki/" STR_FMT,
                          STR_ARG(wikidata)); /* fits */
        html_raw(h, " ");
        html_link(h, strbuf_str(&url), STR("Wikidata"), "dim");
        strbuf_fini(&url);
    }
    html_raw(h, "</li>");
}

static void put_entities(struct article *a)
{
    for (int type = 0; type <= ENTITY_MISC; type++) {
        const json_t *entity;
        size_t i, n = 0;

        json_array_foreach(a->entities, i, entity)
        {
            if (view_type_of(view_member(entity, "type")) != (enum entity_type)type ||
                n == ITEMS_MAX)
                continue;
            if (n++ == 0) {
                view_heading(a->view, view_type_plural((enum entity_type)type));
                html_raw(a->html, "<ul class=\"names\">");
            }
            put_entity(a, entity, (enum entity_type)type);
        }
        if (n > 0)
            html_raw(a->html, "</ul>");
    }
}

static const json_t *entity_of(const struct article *a, struct str id)
{
    const json_t *entity;
    size_t i;

    json_array_foreach(a->entities, i, entity)
    {
        if (id.n > 0 && str_eq(view_member(entity, "id"), id))
            return entity;
    }
    return NULL;
}

static void put_quotes(struct article *a)
{
    struct html *h = a->html;
    const json_t *quote;
    size_t i;

    if (json_array_size(a->quotes) == 0)
        return;
    view_heading(a->view, "Quotes");
    json_array_foreach(a->quotes, i, quote)
    {
        const json_t *speaker = entity_of(a, view_member(quote, "speaker"));
        struct str cue = view_member(quote, "cue");

        if (i == ITEMS_MAX)
            break;
        html_raw(h, "<figure class=\"quote\"><blockquote dir=\"auto\">");
        html_text(h, view_member(quote, "text"));
        html_raw(h, "</blockquote><figcaption>");
        if (speaker != NULL)
            view_entity_link(a->view, view_type_of(view_member(speaker, "type")),
                             view_member(speaker, "name"), 0);
        else
            html_raw(h, "<span class=\"dim\">speaker not known</span>");
        if (cue.n > 0) {
            html_raw(h, " <span class=\"dim\">");
            html_text(h, cue);
            html_raw(h, "</span>");
        }
        html_raw(h, "</figcaption></figure>");
    }
}

static void put_map(struct article *a)
{
    struct html_point points[POINTS_MAX];
    const json_t *entity;
    size_t i, n = 0;

    json_array_foreach(a->entities, i, entity)
    {
        const json_t *geo = json_object_get(entity, "geo");

        if (n == POINTS_MAX || !json_is_number(json_object_get(geo, "lat")) ||
            !json_is_number(json_object_get(geo, "lon")))
            continue;
        points[n++] = (struct html_point){
            .lat = json_number_value(json_object_get(geo, "lat")),
            .lon = json_number_value(json_object_get(geo, "lon")),
            .weight = json_array_size(json_object_get(entity, "mentions")),
            .name = view_member(entity, "name")};
    }
    if (n == 0)
        return;
    view_heading(a->view, "Where");
    html_map(a->html, points, n, "Map of the places in the text; they are listed above");
}

/* Capitals, and digits among them: "WFP", "G20". */
static bool is_short_form(struct str s)
{
    size_t capitals = 0;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] >= 'A' && s.p[i] <= 'Z')
            capitals++;
        else if (!((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '.' || s.p[i] == '-'))
            return false;
    }
    return capitals > 1 && s.n <= 12;
}

static void put_short_forms(struct article *a)
{
    const json_t *entity, *alias;
    size_t i, k, n = 0;

    json_array_foreach(a->entities, i, entity)
    {
        struct str name = view_member(entity, "name");

        json_array_foreach(json_object_get(entity, "aliases"), k, alias)
        {
            struct str form = {json_string_value(alias), json_string_length(alias)};

            if (!json_is_string(alias) || !is_short_form(form) || is_short_form(name) ||
                n == ITEMS_MAX)
                continue;
            if (n++ == 0) {
                view_heading(a->view, "Short forms");
                html_raw(a->html, "<dl class=\"pairs\">");
            }
            html_raw(a->html, "<dt>");
            html_text(a->html, form);
            html_raw(a->html, "</dt><dd>");
            html_text(a->html, name);
            html_raw(a->html, "</dd>");
        }
    }
    if (n > 0)
        html_raw(a->html, "</dl>");
}

void view_article(struct view *v, const json_t *record)
{
    struct article *a = mem_new(sizeof *a);

    a->view = v;
    a->html = v->html;
    a->record = record;
    a->nlp = json_object_get(record, "nlp");
    a->entities = json_object_get(a->nlp, "entities");
    a->quotes = json_object_get(a->nlp, "quotes");
    a->text = view_member(record, "content_text");
    collect(a);
    html_raw(v->html, "<div class=\"article\"><div class=\"main\">");
    view_byline(v, record);
    put_text(a);
    html_raw(v->html, "</div><div class=\"side\">");
    put_entities(a);
    put_map(a);
    put_quotes(a);
    put_short_forms(a);
    html_raw(v->html, "</div></div>\n");
    view_origin(v, record);
    free(a);
}
