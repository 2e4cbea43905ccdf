/* One feed: how it does and what helps, when it is asked next and why, its newest. */
#include "newsmq/ask.h"

#include "page.h"

#define ITEMS 40

static void pair(struct html *w, const char *name)
{
    html_f(w, "<dt>%s</dt><dd>", name);
}

static void put_problem(struct html *w, enum problem problem, struct str detail,
                        const char *class)
{
    html_f(w, "<li class=\"%s\"><b>", class);
    html_cstr(w, problem_cause(problem));
    html_raw(w, ".</b> ");
    if (detail.n > 0) {
        html_raw(w, "<span class=\"dim\" dir=\"auto\">");
        html_text(w, detail);
        html_raw(w, "</span><br>");
    }
    html_raw(w, "What helps: ");
    html_words(w, str_of(problem_remedy(problem)));
    html_raw(w, ".</li>");
}

static void put_problems(struct html *w, const struct feed_row *r)
{
    if (!feed_row_has_problem(r))
        return;
    html_raw(w, "<ul class=\"alarms\">");
    if (r->problem != PROBLEM_NONE)
        put_problem(w, r->problem, str_of(r->why),
                    r->health == HEALTH_STALE ? "warn" : "bad");
    for (int i = 0; i < PROBLEMS; i++)
        if (problem_has(r->also, (enum problem)i))
            put_problem(w, (enum problem)i,
                        i == PROBLEM_MOVED ? ask_text(r->state, "moved_to") : STR(""),
                        "warn");
    html_raw(w, "</ul>");
}

static void put_times(struct page *p, const struct feed_row *r)
{
    struct strbuf next = {.max = FEED_NEXT_MAX};
    struct html *w = &p->html;
    int64_t status = ask_number(r->state, "http_status");

    pair(w, "Last try");
    html_ago(w, ask_number(r->state, "last_fetch_ms"), p->view.now_ms);
    if (status > 0)
        html_f(w, ", HTTP %lld", (long long)status);
    html_raw(w, "</dd>");
    pair(w, "Last good");
    html_ago(w, ask_number(r->state, "last_ok_ms"), p->view.now_ms);
    html_raw(w, "</dd>");
    pair(w, "Last new");
    html_ago(w, ask_number(r->state, "last_new_ms"), p->view.now_ms);
    html_raw(w, "</dd>");
    if (r->feed == NULL)
        return;
    feed_row_next(r, p->view.now_ms, &next);
    pair(w, "Next");
    html_words(w, strbuf_str(&next));
    html_raw(w, "</dd>");
    strbuf_fini(&next);
}

static void put_facts(struct page *p, const struct feed_line *line)
{
    const struct feed_row *r = &line->row;
    struct str url = r->feed != NULL ? str_of(r->feed->url) : ask_text(r->state, "url");
    struct str site = ask_text(r->state, "site"), format = ask_text(r->state, "format");
    struct html *w = &p->html;

    html_raw(w, "<dl class=\"pairs\">");
    pair(w, "Address");
    html_link(w, url, url, NULL);
    html_raw(w, "</dd>");
    if (site.n > 0) {
        pair(w, "Site");
        html_link(w, site, site, NULL);
        html_raw(w, "</dd>");
    }
    if (format.n > 0) {
        pair(w, "Format");
        html_text(w, format);
        html_raw(w, "</dd>");
    }
    put_times(p, r);
    pair(w, "Items");
    html_number(w, (uint64_t)ask_number(r->state, "items"));
    html_raw(w, " new, ");
    html_number(w, (uint64_t)ask_number(r->state, "duplicates"));
    html_raw(w, " seen again</dd>");
    if (line->digest.records > 0) {
        pair(w, "Text");
        html_number(w, line->digest.text_chars / line->digest.records);
        html_raw(w, " characters a record on average; ");
        html_number(w, line->digest.duplicates);
        html_raw(w, " of ");
        html_number(w, line->digest.records);
        html_raw(w, " came before in another feed</dd>");
    }
    html_raw(w, "</dl>");
}

static void put_days(struct page *p, const struct feed_list *feeds,
                     const struct feed_line *line)
{
    static const char *const names[FEED_DAYS] = {
        "13 days ago", "12 days ago", "11 days ago", "10 days ago", "9 days ago",
        "8 days ago",  "7 days ago",  "6 days ago",  "5 days ago",  "4 days ago",
        "3 days ago",  "2 days ago",  "yesterday",   "today"};

    if (line->digest.records == 0)
        return;
    html_raw(&p->html, "<h2>Records a day</h2>");
    html_columns(&p->html, line->digest.counts, names, feeds->axis.n,
                 "Records a day over two weeks, today last");
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    struct digest_filter filter = DIGEST_ALL, names = DIGEST_ALL;
    struct digest_item items[ITEMS];
    const struct feed_line *line;
    struct feed_list feeds;
    unsigned status = 404;
    struct page p;

    feed_list_init(&feeds, h);
    line = feed_list_find(&feeds, http_rest(r));
    if (line == NULL) {
        status = page_error(h, out, 404, "No such feed",
                            "The configuration has no feed of this name, and the hub "
                            "remembers none.");
        feed_list_fini(&feeds);
        return status;
    }
    page_open(&p, h, out, str_of(line->row.id), NULL, false);
    html_raw(&p.html, "<h1>");
    html_cstr(&p.html, line->row.id);
    html_f(&p.html,
           "</h1><p class=\"byline\"><span class=\"state %s\">%s</span> "
           "<span dir=\"auto\">",
           health_class(line->row.health), health_name(line->row.health));
    html_text(&p.html, ask_text(line->row.state, "title"));
    html_raw(&p.html, "</span></p>");
    put_problems(&p.html, &line->row);
    put_facts(&p, line);
    put_days(&p, &feeds, line);
    filter.feed = names.feed = str_of(line->row.id);
    html_raw(&p.html, "<div class=\"front\"><section><h2>Newest articles</h2>");
    view_items(&p.view, items, digest_newest(http_digest(h), &filter, items, ITEMS));
    html_raw(&p.html, "</section><section><h2>Names in it</h2>");
    view_entities(&p.view, http_digest(h), &names, 20);
    html_raw(&p.html, "</section></div>");
    feed_list_fini(&feeds);
    return page_close(&p, h, 200);
}

const struct http_route http_route_feed = {
    .path = "/feed/",
    .type = PAGE_TYPE,
    .needs = NEED(SOURCE_STATUS) | NEED(SOURCE_FEEDS),
    .answer = answer,
};
