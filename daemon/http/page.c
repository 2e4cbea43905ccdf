#include <stdio.h>

#include "page.h"

static const char *const tabs[][2] = {
    {"/", "Feeds"},
    {"/articles", "Articles"},
    {"/names", "Names"},
    {"/trends", "Trends"},
};

static void put_menu(struct html *h, const char *tab)
{
    html_raw(h, "<nav aria-label=\"Main\">");
    for (size_t i = 0; i < ARRAY_LEN(tabs); i++)
        html_f(h, "<a href=\"%s\"%s>%s</a>", tabs[i][0],
               tab != NULL && strcmp(tab, tabs[i][0]) == 0 ? " aria-current=\"page\""
                                                           : "",
               tabs[i][1]);
    html_raw(h, "</nav>");
}

void page_open(struct page *p, struct http *h, struct strbuf *out, struct str title,
               const char *tab, bool live)
{
    struct html *w = &p->html;

    p->html = html_to(out);
    p->view = (struct view){w, {"/article/", "/name/", "/feed/"}, http_now_ms(h), 2};
    html_raw(w,
             "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
    html_text(w, title);
    html_raw(w, " – newsmq</title>"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                "<meta name=\"color-scheme\" content=\"light dark\">"
                "<link rel=\"icon\" href=\"/static/icon.svg\" type=\"image/svg+xml\">"
                "<link rel=\"stylesheet\" href=\"/static/style.css\">"
                "<script src=\"/static/page.js\"></script></head>");
    if (live)
        html_f(w, "<body data-live=\"%lld\">", (long long)http_now_ms(h));
    else
        html_raw(w, "<body>");
    html_raw(w,
             "<a class=\"skip\" href=\"#main\">To the content</a>"
             "<header class=\"top\"><div class=\"wrap\"><a class=\"brand\" href=\"/\">"
             "<svg width=\"20\" height=\"20\" viewBox=\"0 0 20 20\" aria-hidden=\"true\">"
             "<path fill=\"currentColor\" d=\"M2 3h16v3H2zM2 9h10v2H2zM2 14h6v2H2zM13 "
             "13l2-5 2 5-2 4z\"/></svg>newsmq</a>");
    put_menu(w, tab);
    html_raw(w, "<form action=\"/search\" role=\"search\"><label class=\"hidden\" "
                "for=\"q\">Search for an id, a link, a feed or a name</label><input "
                "id=\"q\" name=\"q\" type=\"search\" placeholder=\"Id, link, feed or "
                "name\" autocomplete=\"off\" maxlength=\"2000\"></form>"
                "<button class=\"theme\" type=\"button\" hidden>Dark</button>"
                "</div></header>\n<main id=\"main\" class=\"wrap\" tabindex=\"-1\">");
}

static void put_foot(struct page *p, struct http *h)
{
    const struct known *hub = http_known(h, SOURCE_STATUS);
    struct digest_totals t;
    struct html *w = &p->html;

    digest_totals(http_digest(h), &t);
    html_raw(
        w,
        "</main>\n<footer class=\"foot\"><div class=\"wrap\"><span>newsmq " NEWSMQ_VERSION
        "</span><span>");
    html_number(w, t.records);
    html_raw(w, " of the newest records in memory</span>");
    if (hub->json != NULL) {
        html_raw(w, "<span>as of ");
        html_moment(w, hub->answered_ms);
        html_raw(w, " UTC</span>");
    }
    html_raw(w, "<a href=\"/api/status\">API</a><a href=\"/metrics\">Metrics</a>"
                "<a href=\"/healthz\">Health</a><span id=\"live\" role=\"status\"></span>"
                "</div></footer></body></html>\n");
}

unsigned page_close(struct page *p, struct http *h, unsigned status)
{
    put_foot(p, h);
    if (p->html.rc == 0)
        return status;
    strbuf_reset(p->html.out);
    (void)strbuf_add_text(p->html.out, "too large a page\n"); /* it fits now */
    return 500;
}

unsigned page_error(struct http *h, struct strbuf *out, unsigned status,
                    const char *title, const char *text)
{
    struct page p;

    page_open(&p, h, out, str_of(title), NULL, false);
    html_raw(&p.html, "<h1>");
    html_cstr(&p.html, title);
    html_raw(&p.html, "</h1><p>");
    html_cstr(&p.html, text);
    html_raw(&p.html, "</p>");
    return page_close(&p, h, status);
}

const char *health_class(enum health health)
{
    static const char *const classes[HEALTHS] = {
        [HEALTH_FAILING] = "bad", [HEALTH_GONE] = "bad", [HEALTH_STALE] = "warn",
        [HEALTH_NEW] = "dim",     [HEALTH_OK] = "ok",    [HEALTH_FORMER] = "dim",
    };

    return classes[health];
}
