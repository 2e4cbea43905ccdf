/* One entity: when, with whom, where. */
#include "page.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    struct digest_axis days = digest_days(http_now_ms(h), 30);
    struct digest_entity e;
    struct page p;

    if (!digest_entity(http_digest(h), http_rest(r), &e))
        return page_error(h, out, 404, "No such name",
                          "None of the newest records has it; http.history says how "
                          "many are looked through.");
    page_open(&p, h, out, e.name, NULL, false);
    html_raw(&p.html, "<h1 dir=\"auto\">");
    html_text(&p.html, e.name);
    html_raw(&p.html, "</h1>");
    (void)view_entity(&p.view, http_digest(h), http_rest(r), &days); /* it is there */
    return page_close(&p, h, 200);
}

const struct http_route http_route_name = {
    .path = "/name/",
    .type = PAGE_TYPE,
    .answer = answer,
};
