/* The newest articles, of all feeds or of some; paged by the number in their stream. */
#include "page.h"

#define A_PAGE 40

static void put_more(struct html *w, struct str word, struct str feed, uint64_t before)
{
    html_raw(w, "<p><a rel=\"next\" href=\"/articles?");
    if (word.n > 0) {
        html_raw(w, "with=");
        for (size_t i = 0; i < word.n; i++)
            html_f(w, "%%%02X", (unsigned char)word.p[i]);
        html_raw(w, "&amp;");
    }
    if (feed.n > 0) {
        html_raw(w, "feed=");
        for (size_t i = 0; i < feed.n; i++)
            html_f(w, "%%%02X", (unsigned char)feed.p[i]);
        html_raw(w, "&amp;");
    }
    html_f(w, "before=%llu\">Older articles</a></p>", (unsigned long long)before);
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    struct str word = str_trim(http_query(r, "with")), feed = http_query(r, "feed");
    struct digest_filter f = DIGEST_ALL;
    struct digest_item items[A_PAGE];
    struct html *w;
    struct page p;
    size_t n;

    if (word.n > 0)
        f.contains = word;
    if (feed.n > 0)
        f.feed = feed;
    f.before_seq = http_query_number(r, "before", UINT64_MAX, 0);
    n = digest_newest(http_digest(h), &f, items, A_PAGE);
    page_open(&p, h, out, STR("Articles"), "/articles", false);
    w = &p.html;
    html_raw(w, "<h1>Newest articles</h1><form class=\"bar-of-tools\" "
                "action=\"/articles\"><label class=\"hidden\" for=\"with\">With this "
                "word in the title, or this name</label><input id=\"with\" "
                "name=\"with\" type=\"search\" maxlength=\"200\" placeholder=\"With a "
                "word in the title, or a name\"");
    html_attr(w, "value", word.n > 0 ? word : STR(""));
    html_raw(w, "></form>");
    view_items(&p.view, items, n);
    if (n == A_PAGE && items[n - 1].seq > 1)
        put_more(w, word, feed, items[n - 1].seq);
    return page_close(&p, h, 200);
}

const struct http_route http_route_articles = {
    .path = "/articles",
    .type = PAGE_TYPE,
    .answer = answer,
};
