/* The most frequent entities, type by type. */
#include "page.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    static const char *const heads[] = {"People", "Organisations", "Places", "Events",
                                        "Others"};
    struct digest_filter f = DIGEST_ALL;
    struct html *w;
    struct page p;

    (void)r;
    page_open(&p, h, out, STR("Names"), "/names", false);
    w = &p.html;
    html_raw(w, "<h1>Names in the newest articles</h1>");
    view_places(&p.view, http_digest(h), &f);
    html_raw(w, "<div class=\"twin\">");
    for (int type = 0; type < (int)ARRAY_LEN(heads); type++) {
        f.type = type;
        html_f(w, "<section><h2>%s</h2>", heads[type]);
        view_entities(&p.view, http_digest(h), &f, 20);
        html_raw(w, "</section>");
    }
    html_raw(w, "</div>");
    return page_close(&p, h, 200);
}

const struct http_route http_route_names = {
    .path = "/names",
    .type = PAGE_TYPE,
    .answer = answer,
};
