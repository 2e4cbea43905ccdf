/* One article: its text with the names in it, and what is known of it. */
#include "newsmq/ask.h"

#include "page.h"
#include "record.h"

/* What the hub knows of an item that made no record, or whose record is gone. */
static unsigned answer_without(struct http *h, struct http_request *r, struct strbuf *out)
{
    const json_t *found = json_object_get(http_asked(r)->json, "found"), *f;
    struct page p;
    size_t i;

    if (json_array_size(found) == 0)
        return http_asked(r)->fault.code != 0
                   ? page_error(h, out, 503, "The hub does not answer",
                                http_asked(r)->fault.text)
                   : page_error(h, out, 404, "No such article",
                                "Nothing is known of this id or link: it was never in a "
                                "feed that is polled, or not yet, or it is older than "
                                "state.keep_seen.");
    page_open(&p, h, out, STR("An item"), NULL, false);
    html_raw(&p.html, "<h1>No record of it is kept</h1>");
    json_array_foreach(found, i, f)
    {
        html_raw(&p.html, "<p dir=\"auto\">");
        html_text(&p.html, ask_text(f, "title"));
        html_raw(&p.html, "</p><dl class=\"pairs\"><dt>Feed</dt><dd><a");
        html_href(&p.html, "/feed/", ask_text(f, "feed"));
        html_raw(&p.html, ">");
        html_text(&p.html, ask_text(f, "feed"));
        html_raw(&p.html, "</a></dd><dt>State</dt><dd>");
        html_text(&p.html, ask_text(f, "state"));
        html_raw(&p.html, "</dd><dt>Known by</dt><dd>");
        html_text(&p.html, ask_text(f, "id_basis"));
        html_raw(&p.html, "</dd><dt>Link</dt><dd>");
        html_link(&p.html, ask_text(f, "url"), ask_text(f, "url"), NULL);
        html_raw(&p.html, "</dd></dl>");
    }
    return page_close(&p, h, 404);
}

/* Other items with the same link, as the hub knows them. */
static void put_also(struct page *p, const json_t *answer)
{
    const json_t *found, *id;
    struct html *w = &p->html;
    size_t i, k, n = 0;

    json_array_foreach(json_object_get(answer, "found"), i, found)
    {
        json_array_foreach(json_object_get(found, "also_in"), k, id)
        {
            struct str s = {json_string_value(id), json_string_length(id)};

            html_raw(w, n++ == 0 ? "<p class=\"dim\">The same text: <a" : ", <a");
            html_href(w, "/article/", s);
            html_raw(w, ">");
            html_text(w, s);
            html_raw(w, "</a>");
        }
    }
    html_raw(w, n > 0 ? "</p>" : "");
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    json_t *record = record_get(h, r);
    struct str title;
    struct page p;

    if (record == NULL)
        return answer_without(h, r, out);
    title = ask_text(record, "title");
    if (title.n == 0)
        title = STR("(no title)");
    page_open(&p, h, out, title, NULL, false);
    html_raw(&p.html, "<article><h1 dir=\"auto\">");
    html_text(&p.html, title);
    html_raw(&p.html, "</h1>");
    view_article(&p.view, record);
    put_also(&p, http_asked(r)->json);
    html_raw(&p.html, "<p class=\"dim\"><a");
    html_href(&p.html, "/api/record/", ask_text(record, "id"));
    html_raw(&p.html, ">This record as JSON</a></p></article>");
    json_decref(record);
    return page_close(&p, h, 200);
}

const struct http_route http_route_article = {
    .path = "/article/",
    .type = PAGE_TYPE,
    .ask = record_ask,
    .answer = answer,
};
