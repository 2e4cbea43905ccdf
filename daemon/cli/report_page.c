/* The page: one file that needs no other and no script, for reading and for printing. */
#include <stdlib.h>
#include <string.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"
#include "newsmq/view.h"

#include "report.h"

#define FEEDS_MAX    1000
#define TOP          15
#define PORTRAITS    12 /* entities with a part of their own */
#define RISING_MAX   20
#define QUOTES_MAX   30
#define TREND_DAYS   14
#define OPEN_AT_ONCE 3
#define COMPANY      5

static const char more_css[] =
    "details{border-bottom:1px solid var(--line);padding:.45rem 0}"
    "summary{cursor:pointer;font-weight:550}"
    "details[open]>summary{margin-bottom:.8rem}"
    ".figures{font-variant-numeric:tabular-nums}"
    "@media print{main.wrap{max-width:none;padding:0}details{break-inside:avoid-page}"
    "h2{break-after:avoid}figure,tr,li{break-inside:avoid}}";

struct page {
    const struct report *r;
    struct html h;
    struct view v;
    struct digest_totals all;
    struct digest_axis axis;
};

struct digest_axis report_axis(const struct digest_totals *all)
{
    int64_t span_ms = all->last_ms - all->first_ms;
    size_t hours = (size_t)(span_ms / HOUR_MS) + 2, days = (size_t)(span_ms / DAY_MS) + 2;

    if (span_ms < DIGEST_STEPS * HOUR_MS)
        return digest_hours(all->last_ms, hours < 12 ? 12 : hours);
    return digest_days(all->last_ms, days < 7 ? 7 : days);
}

static void section(struct page *p, const char *heading)
{
    html_raw(&p->h, "<section><h2>");
    html_cstr(&p->h, heading);
    html_raw(&p->h, "</h2>\n");
}

static void end_section(struct page *p)
{
    html_raw(&p->h, "</section>\n");
}

/* ---- head ---- */

static void put_head(struct page *p)
{
    html_raw(&p->h,
             "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<meta name=\"referrer\" content=\"no-referrer\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
             "<title>");
    html_cstr(&p->h, p->r->title);
    html_raw(&p->h, "</title>\n<style>\n");
    if (p->h.rc == 0)
        p->h.rc = strbuf_add(p->h.out, view_css);
    html_raw(&p->h, more_css);
    html_raw(&p->h, "\n</style>\n</head>\n<body>\n<main class=\"wrap\">\n<h1>");
    html_cstr(&p->h, p->r->title);
    html_raw(&p->h, "</h1>\n<p class=\"dim\">");
    html_moment(&p->h, p->all.first_ms);
    html_raw(&p->h, " to ");
    html_moment(&p->h, p->all.last_ms);
    html_raw(&p->h, " UTC, by when newsmq saw it. “3 h ago” counts back from the end.");
    if (p->all.left > 0) {
        html_raw(&p->h, " Of more records than fit, these are the newest: ");
        html_number(&p->h, p->all.left);
        html_raw(&p->h, " older ones are left out.");
    }
    html_raw(&p->h, "</p>\n");
}

static void tile(struct page *p, const char *name, uint64_t n, const char *more,
                 uint64_t n_more)
{
    html_raw(&p->h, "<div><dt>");
    html_cstr(&p->h, name);
    html_raw(&p->h, "</dt><dd>");
    html_number(&p->h, n);
    if (more != NULL) {
        html_raw(&p->h, " <small>");
        html_number(&p->h, n_more);
        html_raw(&p->h, " ");
        html_cstr(&p->h, more);
        html_raw(&p->h, "</small>");
    }
    html_raw(&p->h, "</dd></div>\n");
}

static void put_figures(struct page *p)
{
    const struct digest_totals *a = &p->all;

    html_raw(&p->h, "<dl class=\"tiles figures\">\n");
    tile(p, "Articles", a->records, "repeated", a->duplicates);
    tile(p, "Feeds", a->feeds, NULL, 0);
    tile(p, "Names", a->entities, "mentions", a->mentions);
    tile(p, "Quotations", a->quotes, NULL, 0);
    tile(p, "Characters of text", a->text_chars, "an article",
         a->records > 0 ? a->text_chars / a->records : 0);
    html_raw(&p->h, "</dl>\n");
}

/* ---- feeds ---- */

static void put_feed(struct page *p, const struct digest_feed *f)
{
    html_raw(&p->h, "<tr><th scope=\"row\">");
    html_text(&p->h, f->id);
    if (f->title.n > 0) {
        html_raw(&p->h, " <span class=\"dim\" dir=\"auto\">");
        html_text(&p->h, f->title);
        html_raw(&p->h, "</span>");
    }
    html_raw(&p->h, "</th><td>");
    html_spark(&p->h, f->counts, p->axis.n, "Articles over time");
    html_raw(&p->h, "</td><td class=\"num\">");
    html_number(&p->h, f->records);
    html_raw(&p->h, "</td><td class=\"num\">");
    html_number(&p->h, f->duplicates);
    html_raw(&p->h, "</td><td class=\"num\">");
    html_number(&p->h, f->records > 0 ? f->text_chars / f->records : 0);
    html_raw(&p->h, "</td><td>");
    html_ago(&p->h, f->last_ms, p->v.now_ms);
    html_raw(&p->h, "</td></tr>\n");
}

static void put_columns(struct page *p, const struct digest_feed *feeds, size_t n)
{
    uint32_t sums[DIGEST_STEPS] = {0};
    char names[DIGEST_STEPS][CLOCK_TEXT_MAX];
    const char *at[DIGEST_STEPS];

    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s < p->axis.n; s++)
            sums[s] += feeds[i].counts[s];
    for (size_t s = 0; s < p->axis.n; s++) {
        char *text = names[s];
        bool is_day = p->axis.step_ms >= DAY_MS;

        (void)clock_text(p->axis.end_ms - (int64_t)(p->axis.n - s) * p->axis.step_ms,
                         text);
        if (text[0] != '\0') { /* "11-25" or "16:00" of RFC 3339 */
            memmove(text, text + (is_day ? 5 : 11), 5);
            text[5] = '\0';
        }
        at[s] = text;
    }
    html_columns(&p->h, sums, at, p->axis.n, "Columns: articles over time");
}

static void put_feeds(struct page *p)
{
    struct digest_feed *feeds = mem_new_array(FEEDS_MAX, sizeof *feeds);
    size_t n = digest_feeds(p->r->digest, &p->axis, feeds, FEEDS_MAX);
    bool is_days = p->axis.step_ms >= DAY_MS;

    n = n < FEEDS_MAX ? n : FEEDS_MAX;
    section(p, is_days ? "Articles a day" : "Articles an hour");
    put_columns(p, feeds, n);
    end_section(p);
    section(p, "Feeds");
    html_f(&p->h,
           "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Feed</th>"
           "<th scope=\"col\">%s</th><th scope=\"col\" class=\"num\">Articles</th>"
           "<th scope=\"col\" class=\"num\">Repeated</th><th scope=\"col\" "
           "class=\"num\">Characters</th><th scope=\"col\">Newest</th></tr></thead>"
           "<tbody>\n",
           is_days ? "A day" : "An hour");
    for (size_t i = 0; i < n; i++)
        put_feed(p, &feeds[i]);
    html_raw(&p->h, "</tbody></table></div>\n");
    end_section(p);
    free(feeds);
}

/* ---- entities ---- */

static void put_top(struct page *p, int type, const char *heading)
{
    struct digest_filter f = DIGEST_ALL;
    struct digest_entity any;

    f.type = type;
    if (digest_entities(p->r->digest, &f, &any, 1) == 0)
        return;
    html_raw(&p->h, "<section><h3>");
    html_cstr(&p->h, heading);
    html_raw(&p->h, "</h3>\n");
    view_entities(&p->v, p->r->digest, &f, TOP);
    end_section(p);
}

static void put_names(struct page *p)
{
    struct digest_axis days = digest_days(p->all.last_ms, TREND_DAYS);

    section(p, "Rising");
    html_raw(&p->h,
             "<p class=\"dim\">Names in clearly more articles of the last day than "
             "of the days before, by the dates of the articles.</p>\n");
    view_trends(&p->v, p->r->digest, &days, RISING_MAX);
    end_section(p);
    section(p, "Most named");
    html_raw(&p->h, "<div class=\"twin\">\n");
    put_top(p, ENTITY_PER, "People");
    put_top(p, ENTITY_ORG, "Organisations");
    put_top(p, ENTITY_LOC, "Places");
    put_top(p, ENTITY_EVENT, "Events");
    html_raw(&p->h, "</div>\n");
    end_section(p);
}

/* ", with A, B, C": what can be seen without opening it. */
static void put_company(struct page *p, struct str key)
{
    struct digest_entity with[COMPANY];
    size_t n = digest_entity_with(p->r->digest, key, with, COMPANY);

    for (size_t i = 0; i < n && i < COMPANY; i++) {
        html_raw(&p->h, i == 0 ? " <span class=\"dim\">with <bdi>" : "</bdi>, <bdi>");
        html_text(&p->h, with[i].name);
    }
    html_raw(&p->h, n > 0 ? "</bdi></span>" : "");
}

static void put_portraits(struct page *p)
{
    struct digest_filter f = DIGEST_ALL;
    struct digest_entity list[PORTRAITS];
    size_t n = digest_entities(p->r->digest, &f, list, PORTRAITS);
    struct digest_axis days = digest_days(p->all.last_ms, TREND_DAYS);

    n = n < PORTRAITS ? n : PORTRAITS;
    section(p, "Who appears with whom");
    for (size_t i = 0; i < n; i++) {
        html_raw(&p->h, "<details><summary>");
        view_entity_link(&p->v, list[i].type, list[i].name, list[i].records);
        put_company(p, list[i].key);
        html_raw(&p->h, "</summary>\n");
        (void)view_entity(&p->v, p->r->digest, list[i].key, &days); /* it is there */
        html_raw(&p->h, "</details>\n");
    }
    if (n == 0)
        html_raw(&p->h, "<p class=\"dim\">No names were found.</p>\n");
    end_section(p);
}

static void put_places(struct page *p)
{
    struct digest_filter f = DIGEST_ALL;

    section(p, "Places");
    view_places(&p->v, p->r->digest, &f);
    end_section(p);
}

/* Copies of an article say the same once more. */
static bool was_said(const struct digest_quote *quotes, size_t n, struct str text)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(quotes[i].text, text))
            return true;
    return false;
}

static void put_quotes(struct page *p)
{
    struct digest_quote quotes[QUOTES_MAX];
    size_t n = digest_quotes(p->r->digest, (struct str){NULL, 0}, quotes, QUOTES_MAX);

    if (n == 0)
        return;
    section(p, "Said");
    html_raw(&p->h, "<div class=\"twin\">\n");
    for (size_t i = 0; i < n; i++) {
        const struct digest_quote *q = &quotes[i];

        if (was_said(quotes, i, q->text))
            continue;
        html_raw(&p->h, "<figure class=\"quote\"><blockquote dir=\"auto\">");
        html_text(&p->h, q->text);
        html_raw(&p->h, "</blockquote><figcaption class=\"dim\">");
        if (q->speaker.n > 0) {
            html_raw(&p->h, "<b><bdi>");
            html_text(&p->h, q->speaker);
            html_raw(&p->h, "</bdi></b>, ");
        }
        html_link(&p->h, q->item.url, q->item.title.n > 0 ? q->item.title : q->item.feed,
                  NULL);
        html_raw(&p->h, "</figcaption></figure>\n");
    }
    html_raw(&p->h, "</div>\n");
    end_section(p);
}

/* ---- articles ---- */

static void put_article(struct page *p, const struct digest_item *item, bool is_open)
{
    json_t *record =
        item->json.n > 0 ? json_loadb(item->json.p, item->json.n, 0, NULL) : NULL;

    if (record == NULL)
        return;
    html_raw(&p->h, is_open ? "<details open><summary dir=\"auto\">"
                            : "<details><summary dir=\"auto\">");
    html_text(&p->h, item->title.n > 0 ? item->title : item->feed);
    html_raw(&p->h, "</summary>\n");
    view_article(&p->v, record);
    html_raw(&p->h, "</details>\n");
    json_decref(record);
}

static void put_articles(struct page *p)
{
    struct digest_filter f = DIGEST_ALL;
    struct digest_item *items = mem_new_array(p->r->articles + 1, sizeof *items);
    size_t n = digest_newest(p->r->digest, &f, items, p->r->articles);

    if (n > 0) {
        section(p, "Newest articles");
        for (size_t i = 0; i < n; i++)
            put_article(p, &items[i], i < OPEN_AT_ONCE);
        end_section(p);
    }
    free(items);
}

int report_page(const struct report *r, struct strbuf *out)
{
    struct page p = {.r = r, .h = html_to(out)};

    digest_totals(r->digest, &p.all);
    p.axis = report_axis(&p.all);
    p.v = (struct view){.html = &p.h, .now_ms = p.all.last_ms, .level = 3};
    put_head(&p);
    put_figures(&p);
    put_feeds(&p);
    put_names(&p);
    put_places(&p);
    put_portraits(&p);
    put_quotes(&p);
    put_articles(&p);
    html_raw(&p.h, "<footer class=\"foot\"><p>Made by newsmq " NEWSMQ_VERSION
                   " from records. Map: Natural Earth, public domain.</p></footer>\n"
                   "</main>\n</body>\n</html>\n");
    return p.h.rc;
}
