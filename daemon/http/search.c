/* The search box: an id, a link, a feed or a name. What is meant exactly is gone to. */
#include "newsmq/hash.h"

#include "page.h"

#define SHOWN 30

static bool is_item(struct str q)
{
    if (html_url_is_fit(q))
        return true;
    for (size_t i = 0; i < q.n; i++)
        if (!((q.p[i] >= 'a' && q.p[i] <= 'z') || (q.p[i] >= '2' && q.p[i] <= '7')))
            return false;
    return q.n == ITEM_ID_CHARS;
}

static void ask(const struct http_request *r, struct question *ret)
{
    struct str q = str_trim(http_query(r, "q"));

    if (is_item(q))
        *ret = (struct question){ASK_WHY, q};
}

static unsigned go_to(struct http_request *r, struct strbuf *out, const char *prefix,
                      struct str key)
{
    struct strbuf path = {.max = (size_t)32 * 1024};
    struct html w = html_to(&path);
    struct str href;

    html_href(&w, prefix, key);
    href = strbuf_str(&path);
    if (w.rc == 0) {
        path.p[path.n - 1] = '\0';                         /* the quote */
        http_set_location(r, href.p + strlen(" href=\"")); /* and what stands before */
    }
    strbuf_fini(&path);
    (void)out;
    return w.rc == 0 ? 303 : 414;
}

static bool is_feed(const struct http *h, struct str q)
{
    const struct config *c = http_config(h);

    for (size_t i = 0; i < c->n_feeds; i++)
        if (str_eq(q, str_of(c->feeds[i].id)))
            return true;
    return false;
}

/* Names that are it. Answers how many articles the first one was in, shown at the end. */
static size_t put_names(struct page *p, struct http *h, struct str q,
                        struct digest_item *ret, size_t max)
{
    static const char *const types[] = {"PER", "ORG", "LOC", "EVENT", "MISC"};
    size_t n = 0, n_items = 0;

    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        struct strbuf key = {.max = 4096};
        struct digest_entity e;

        (void)strbuf_addf(&key, "%s:" STR_FMT, types[i], STR_ARG(q)); /* it fits */
        if (digest_entity(http_digest(h), strbuf_str(&key), &e)) {
            html_raw(&p->html, n++ == 0 ? "<h2>Names</h2><p>" : " ");
            view_entity_link(&p->view, e.type, e.name, e.records);
            if (n_items == 0)
                n_items = digest_entity_items(http_digest(h), e.key, ret, max);
        }
        strbuf_fini(&key);
    }
    html_raw(&p->html, n > 0 ? "</p>" : "");
    return n_items;
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    struct str q = str_trim(http_query(r, "q"));
    struct digest_filter f = DIGEST_ALL;
    struct digest_item items[SHOWN];
    struct page p;
    size_t n, of_name;

    if (q.n == 0)
        return go_to(r, out, "/articles", STR(""));
    if (is_feed(h, q))
        return go_to(r, out, "/feed/", q);
    if (is_item(q) && json_array_size(json_object_get(http_asked(r)->json, "found")) > 0)
        return go_to(r, out, "/article/", q);
    page_open(&p, h, out, STR("Search"), NULL, false);
    html_raw(&p.html, "<h1 dir=\"auto\">");
    html_text(&p.html, str_head(q, 200));
    html_raw(&p.html, "</h1>");
    of_name = put_names(&p, h, str_head(q, 500), items, SHOWN);
    f.contains = str_head(q, 200);
    n = of_name > 0 ? of_name : digest_newest(http_digest(h), &f, items, SHOWN);
    html_raw(&p.html, "<h2>Articles</h2>");
    if (n > 0)
        view_items(&p.view, items, n);
    else
        html_raw(&p.html, "<p>Nothing of the newest records fits: no title and no name "
                          "has it, and it is no feed, no id and no link that is known."
                          "</p>");
    return page_close(&p, h, 200);
}

const struct http_route http_route_search = {
    .path = "/search",
    .type = PAGE_TYPE,
    .ask = ask,
    .answer = answer,
};
