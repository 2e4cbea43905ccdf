/* Items that were given up. */
#include "newsmq/ask.h"

#include "page.h"

static void put_row(struct page *p, const json_t *d)
{
    struct html *w = &p->html;

    html_raw(w, "<tr><th scope=\"row\"><a");
    html_href(w, "/article/", ask_text(d, "id"));
    html_raw(w, " dir=\"auto\">");
    html_text(w, ask_text(d, "title").n > 0 ? ask_text(d, "title") : ask_text(d, "id"));
    html_raw(w, "</a></th><td>");
    html_text(w, ask_text(d, "feed"));
    html_f(w, "</td><td class=\"num\">%lld</td><td>",
           (long long)ask_number(d, "attempts"));
    html_text(w, ask_text(d, "reason"));
    html_raw(w, "</td><td class=\"num\">");
    html_ago(w, ask_time(d, "time"), p->view.now_ms);
    html_raw(w, "</td></tr>\n");
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    const struct known *dead = http_known(h, SOURCE_DEAD);
    const json_t *list = json_object_get(dead->json, "dead"), *d;
    struct page p;
    size_t i;

    (void)r;
    if (dead->json == NULL)
        return page_error(h, out, 503, "The hub does not answer", dead->fault.text);
    page_open(&p, h, out, STR("Dead letters"), NULL, false);
    html_raw(&p.html, "<h1>Items that were given up</h1>");
    if (json_array_size(list) == 0)
        html_raw(&p.html, "<p>None.</p>");
    else
        html_raw(&p.html, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">"
                          "Item</th><th scope=\"col\">Feed</th><th scope=\"col\" "
                          "class=\"num\">Attempts</th><th scope=\"col\">Reason</th><th "
                          "scope=\"col\" class=\"num\">When</th></tr></thead><tbody>");
    json_array_foreach(list, i, d) put_row(&p, d);
    html_raw(&p.html, json_array_size(list) > 0 ? "</tbody></table></div>" : "");
    return page_close(&p, h, 200);
}

const struct http_route http_route_dead = {
    .path = "/dead",
    .type = PAGE_TYPE,
    .needs = NEED(SOURCE_DEAD),
    .answer = answer,
};
