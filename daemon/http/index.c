/* The front page: how it does, and one row a feed. */
#include <stdlib.h>

#include "newsmq/ask.h"

#include "live.h"
#include "page.h"

static int64_t member(const struct feed_line *l, const char *name)
{
    return ask_number(l->row.state, name);
}

/* ---- sorting and filtering, for browsers without scripts ---- */

#define COMPARE(name, expression_of_a, expression_of_b)                      \
    static int name(const void *pa, const void *pb)                          \
    {                                                                        \
        const struct feed_line *a = pa, *b = pb;                             \
        int64_t va = (expression_of_a), vb = (expression_of_b);              \
                                                                             \
        return va != vb ? (va < vb ? 1 : -1) : strcmp(a->row.id, b->row.id); \
    }

COMPARE(by_items, member(a, "items"), member(b, "items"))
COMPARE(by_new, member(a, "last_new_ms"), member(b, "last_new_ms"))
COMPARE(by_try, member(a, "last_fetch_ms"), member(b, "last_fetch_ms"))
COMPARE(by_next, -member(a, "next_due_ms"), -member(b, "next_due_ms"))
COMPARE(by_again, member(a, "duplicates"), member(b, "duplicates"))
COMPARE(by_records, (int64_t)a->digest.records, (int64_t)b->digest.records)

static int64_t text_of(const struct feed_line *l)
{
    return l->digest.records > 0 ? (int64_t)(l->digest.text_chars / l->digest.records)
                                 : 0;
}
COMPARE(by_text, text_of(a), text_of(b))

static int by_name(const void *pa, const void *pb)
{
    const struct feed_line *a = pa, *b = pb;

    return strcmp(a->row.id, b->row.id);
}

static const struct column {
    const char *key, *name, *class;
    int (*compare)(const void *pa, const void *pb); /* NULL: as they come */
} columns[] = {
    {"name", "Feed", "", by_name},
    {"state", "State", "", NULL},
    {"records", "Records a day", "", by_records},
    {"items", "Items", "num", by_items},
    {"new", "Last new", "num", by_new},
    {"try", "Last try", "num", by_try},
    {"next", "Next try", "num", by_next},
    {"again", "Seen again", "num", by_again},
    {"text", "Text", "num", by_text},
};

static const struct column *column_of(struct str key)
{
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        if (str_eq(key, str_of(columns[i].key)))
            return &columns[i];
    return NULL;
}

static bool has_word(struct str text, struct str word)
{
    for (size_t i = 0; i + word.n <= text.n; i++)
        if (str_eq_nocase(str_slice(text, i, i + word.n), word))
            return true;
    return false;
}

static bool is_wanted(const struct feed_line *l, struct str word)
{
    const struct feed_row *r = &l->row;

    return word.n == 0 || has_word(str_of(r->id), word) ||
           has_word(str_of(health_name(r->health)), word) ||
           has_word(ask_text(r->state, "title"), word) ||
           has_word(str_of(r->why), word) ||
           (r->feed != NULL && r->feed->group != NULL &&
            has_word(str_of(r->feed->group), word));
}

/* ---- the table ---- */

static void put_heads(struct html *w, const struct column *sorted, struct str word)
{
    html_raw(w, "<thead><tr>");
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        html_f(w, "<th scope=\"col\" class=\"%s\"%s><a href=\"/?sort=%s",
               columns[i].class, sorted == &columns[i] ? " aria-sort=\"descending\"" : "",
               columns[i].key);
        if (word.n > 0) {
            html_raw(w, "&amp;filter=");
            for (size_t k = 0; k < word.n; k++)
                html_f(w, "%%%02X", (unsigned char)word.p[k]);
        }
        html_f(w, "\">%s</a></th>", columns[i].name);
    }
    html_raw(w, "<th scope=\"col\">Why</th></tr></thead>");
}

static void put_table(struct page *p, struct feed_list *feeds,
                      const struct column *sorted, struct str word)
{
    struct html *w = &p->html;
    size_t shown = 0;

    html_raw(w, "<div class=\"bar-of-tools\"><h2 id=\"feeds\">Feeds</h2>"
                "<form class=\"filter\" action=\"/\"><label class=\"hidden\" "
                "for=\"filter\">Show feeds with</label><input id=\"filter\" "
                "name=\"filter\" type=\"search\" autocomplete=\"off\" maxlength=\"200\" "
                "placeholder=\"Filter: name, group, state\"");
    if (word.n > 0)
        html_attr(w, "value", word);
    html_raw(w,
             "></form></div><p class=\"hidden\" id=\"shown\" role=\"status\"></p>"
             "<div class=\"scroll\"><table class=\"feeds\" aria-labelledby=\"feeds\">");
    put_heads(w, sorted, word);
    html_raw(w, "<tbody>");
    if (sorted != NULL && sorted->compare != NULL)
        qsort(feeds->lines, feeds->n, sizeof *feeds->lines, sorted->compare);
    for (size_t i = 0; i < feeds->n; i++)
        if (is_wanted(&feeds->lines[i], word)) {
            part_feed_row(p, feeds, &feeds->lines[i]);
            shown++;
        }
    html_raw(w, "</tbody></table></div>");
    if (shown == 0)
        html_raw(w, feeds->n == 0 ? "<p class=\"dim\">No feeds yet.</p>"
                                  : "<p class=\"dim\">No feed fits the filter.</p>");
}

void part_newest(struct page *p, struct http *h)
{
    struct digest_item items[8];

    view_items(&p->view, items,
               digest_newest(http_digest(h), &DIGEST_ALL, items, ARRAY_LEN(items)));
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    const struct column *sorted = column_of(http_query(r, "sort"));
    struct feed_list feeds;
    struct page p;

    feed_list_init(&feeds, h);
    page_open(&p, h, out, STR("Feeds"), "/", true);
    html_raw(&p.html, "<div id=\"state\">");
    part_state(&p, h, &feeds);
    html_raw(&p.html, "</div>");
    put_table(&p, &feeds, sorted, str_trim(http_query(r, "filter")));
    html_raw(&p.html, "<div class=\"front\"><section><h2>Newest articles</h2>"
                      "<div id=\"newest\">");
    part_newest(&p, h);
    html_raw(&p.html, "</div></section><section><h2>Rising names</h2>");
    live_rising(http_live(h), h, out);
    html_raw(&p.html, "</section></div>");
    feed_list_fini(&feeds);
    return page_close(&p, h, 200);
}

const struct http_route http_route_index = {
    .path = "/",
    .type = PAGE_TYPE,
    .needs = NEED(SOURCE_STATUS) | NEED(SOURCE_FEEDS) | NEED(SOURCE_METRICS) |
             NEED(SOURCE_NEWSMQD),
    .answer = answer,
};
