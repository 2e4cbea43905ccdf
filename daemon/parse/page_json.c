/* JSON-LD: what a page tells search engines. schema.org Article and its kinds have the
   headline, the date, the authors, and some the whole text (articleBody). */
#include <jansson.h>

#include "newsmq/text.h"
#include "newsmq/url.h"

#include "page_parts.h"

#define DEPTH_MAX      6
#define LINE_MAX_BYTES 2000
#define NODES_MAX      2000

struct reading {
    struct arena *a;
    struct page *page;
    struct page_said *said;
    unsigned n_nodes;
};

static struct str text_of(const json_t *v)
{
    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)}
                             : (struct str){NULL, 0};
}

static struct str keep(struct reading *r, struct str s, bool one_line)
{
    struct strbuf out = {.max = s.n * 4 + 64};
    struct str kept = {NULL, 0};
    int rc = one_line                  ? text_line_from_html(s, &out)
             : text_looks_like_html(s) ? text_from_html(s, &out)
                                       : text_from_plain(s, &out);

    if (rc == 0 && out.n > 0)
        kept = arena_dup(r->a, strbuf_str(&out));
    strbuf_fini(&out);
    return kept;
}

static void set_line(struct reading *r, struct str *at, struct str s)
{
    if (at->n == 0 && s.n > 0 && s.n <= LINE_MAX_BYTES)
        *at = keep(r, s, true);
}

static bool is_article_type(struct str type)
{
    static const char *const kinds[] = {"Article",         "BlogPosting", "Report",
                                        "LiveBlogPosting", "Review",      "TechArticle",
                                        "ScholarlyArticle"};

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_eq(type, str_of(kinds[i])))
            return true;
    return str_has_suffix(type, STR("NewsArticle")); /* OpinionNewsArticle, … */
}

static bool is_article(const json_t *node)
{
    const json_t *type = json_object_get(node, "@type");

    if (json_is_string(type))
        return is_article_type(text_of(type));
    for (size_t i = 0; json_is_array(type) && i < json_array_size(type); i++)
        if (is_article_type(text_of(json_array_get(type, i))))
            return true;
    return false;
}

/* "Jane Doe", {"name": …}, or a list of these: joined by commas. */
static void add_names(struct reading *r, const json_t *v, struct strbuf *out, int depth)
{
    struct str name = text_of(v);

    if (json_is_object(v))
        name = text_of(json_object_get(v, "name"));
    if (json_is_array(v) && depth == 0) {
        for (size_t i = 0; i < json_array_size(v) && i < 8; i++)
            add_names(r, json_array_get(v, i), out, 1);
        return;
    }
    if (name.n == 0 || name.n > 200 || url_is_http(name))
        return;
    if (out->n > 0)
        (void)strbuf_add(out, STR(", ")); /* what does not fit is left out */
    (void)strbuf_add(out, name);
}

static bool is_false(const json_t *v)
{
    return json_is_false(v) || str_eq_nocase(text_of(v), STR("false"));
}

static void read_article(struct reading *r, const json_t *node)
{
    struct strbuf names = {.max = 400};
    struct str published = text_of(json_object_get(node, "datePublished"));
    struct str body = text_of(json_object_get(node, "articleBody"));

    set_line(r, &r->page->title, text_of(json_object_get(node, "headline")));
    add_names(r, json_object_get(node, "author"), &names, 0);
    set_line(r, &r->page->byline, strbuf_str(&names));
    strbuf_fini(&names);
    if (!r->page->published.known && published.n > 0 && published.n <= 64) {
        struct date d = date_read(str_trim(published));

        if (d.known && d.note == DATE_OK)
            r->page->published = d;
    }
    if (body.n > r->said->body.n)
        r->said->body = keep(r, body, false);
    if (is_false(json_object_get(node, "isAccessibleForFree")))
        r->said->is_paid = true;
}

static void visit(struct reading *r, const json_t *node, unsigned depth)
{
    if (depth > DEPTH_MAX || ++r->n_nodes > NODES_MAX)
        return;
    for (size_t i = 0; json_is_array(node) && i < json_array_size(node); i++)
        visit(r, json_array_get(node, i), depth + 1);
    if (!json_is_object(node))
        return;
    if (is_article(node))
        read_article(r, node);
    visit(r, json_object_get(node, "@graph"), depth + 1);
    visit(r, json_object_get(node, "mainEntity"), depth + 1);
}

void page_json(const struct page_tidy *t, struct arena *a, struct page *ret,
               struct page_said *said)
{
    struct reading r = {a, ret, said, 0};

    for (size_t i = 0; i < t->n_json; i++) {
        json_t *json = json_loadb(t->json[i].p, t->json[i].n,
                                  JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, NULL);

        if (json != NULL)
            visit(&r, json, 0);
        json_decref(json);
    }
}
