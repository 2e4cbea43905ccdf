/* Names that are in more articles now than before. */
#include "page.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    bool is_hours = str_eq(http_query(r, "by"), STR("hour"));
    struct digest_axis axis =
        is_hours ? digest_hours(http_now_ms(h), 24) : digest_days(http_now_ms(h), 14);
    struct html *w;
    struct page p;

    page_open(&p, h, out, STR("Trends"), "/trends", false);
    w = &p.html;
    html_raw(w, "<h1>Rising names</h1><p class=\"byline\">In more articles of ");
    html_raw(w, is_hours ? "this hour than in the 23 before. <a "
                           "href=\"/trends\">By day</a>"
                         : "today than in the 13 days before. <a "
                           "href=\"/trends?by=hour\">By hour</a>");
    html_raw(w, "</p>");
    view_trends(&p.view, http_digest(h), &axis, 60);
    return page_close(&p, h, 200);
}

const struct http_route http_route_trends = {
    .path = "/trends",
    .type = PAGE_TYPE,
    .answer = answer,
};
