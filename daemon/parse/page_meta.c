/* What a page says of itself in its head and in its first lines. */
#include <errno.h>

#include "newsmq/text.h"
#include "newsmq/url.h"

#include "page_parts.h"

#define LINE_MAX_BYTES ((size_t)2000)
#define BYLINE_MAX     ((size_t)120)
#define LANGUAGE_MAX   ((size_t)35)

struct reading {
    struct str url;
    struct arena *a;
    struct page *page;
    struct page_said *said;
};

static bool is_absent(struct str s)
{
    return s.n == 0;
}

/* One line of clean text in the arena, absent when there is nothing. */
static struct str keep_line(struct arena *a, struct str s, size_t max)
{
    struct strbuf plain = {.max = s.n * 4 + 64}, line = {.max = s.n * 4 + 64};
    struct str kept = {NULL, 0};

    (void)text_from_plain(str_head(s, LINE_MAX_BYTES * 2), &plain); /* it fits */
    for (size_t i = 0; i < plain.n; i++) {
        bool is_blank = plain.p[i] == ' ' || plain.p[i] == '\n' || plain.p[i] == '\t';

        if (!is_blank)
            (void)strbuf_add_char(&line, plain.p[i]);
        else if (line.n > 0 && line.p[line.n - 1] != ' ')
            (void)strbuf_add_char(&line, ' ');
    }
    s = str_trim(str_head(strbuf_str(&line), max));
    if (s.n > 0)
        kept = arena_dup(a, s);
    strbuf_fini(&plain);
    strbuf_fini(&line);
    return kept;
}

static void set_line(struct reading *r, struct str *at, struct str value, size_t max)
{
    if (is_absent(*at) && value.n > 0)
        *at = keep_line(r->a, value, max);
}

static void set_date(struct page *p, struct str value)
{
    struct date d;

    if (p->published.known || value.n == 0 || value.n > 64)
        return;
    d = date_read(str_trim(value));
    if (d.known && d.note == DATE_OK)
        p->published = d;
}

static void set_link(struct reading *r, struct str *at, struct str href)
{
    struct strbuf url = {.max = URL_MAX_BYTES};

    if (is_absent(*at) && href.n > 0 &&
        url_resolve(r->url, str_trim(href), &url, NULL) == 0 &&
        url_is_http(strbuf_str(&url)))
        *at = arena_dup(r->a, strbuf_str(&url));
    strbuf_fini(&url);
}

static void set_language(struct reading *r, struct str value)
{
    struct str s = str_trim(value);

    if (!is_absent(r->page->language) || s.n < 2 || s.n > LANGUAGE_MAX)
        return;
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= 'A' && s.p[i] <= 'Z') &&
            !(i > 1 &&
              (s.p[i] == '-' || s.p[i] == '_' || (s.p[i] >= '0' && s.p[i] <= '9'))))
            return;
    r->page->language = arena_dup(r->a, s);
}

/* ---- <meta>, <link> ---- */

static bool is_one_of(struct str s, const char *a, const char *b, const char *c)
{
    return str_eq_nocase(s, str_of(a)) || (b != NULL && str_eq_nocase(s, str_of(b))) ||
           (c != NULL && str_eq_nocase(s, str_of(c)));
}

static bool is_author(struct str name)
{
    return is_one_of(name, "author", "parsely-author", "dc.creator") ||
           is_one_of(name, "article:author", NULL, NULL);
}

static void read_meta(struct reading *r, const xmlNode *n)
{
    struct str name = page_attribute(n, "property"), value = page_attribute(n, "content");
    struct page *p = r->page;

    if (name.n == 0)
        name = page_attribute(n, "name");
    if (name.n == 0)
        name = page_attribute(n, "itemprop");
    name = str_trim(name);
    if (is_one_of(name, "og:title", "twitter:title", NULL))
        set_line(r, &p->title, value, LINE_MAX_BYTES);
    else if (is_one_of(name, "og:site_name", "application-name", NULL))
        set_line(r, &p->site, value, LINE_MAX_BYTES);
    else if (is_author(name) && !url_is_http(value))
        set_line(r, &p->byline, value, BYLINE_MAX);
    else if (is_one_of(name, "article:published_time", "datePublished",
                       "parsely-pub-date"))
        set_date(p, value);
    else if (is_one_of(name, "og:url", NULL, NULL))
        set_link(r, &p->canonical, value);
    else if (is_one_of(name, "article:content_tier", NULL, NULL))
        r->said->is_paid =
            r->said->is_paid || is_one_of(value, "locked", "metered", NULL);
}

static void read_link(struct reading *r, const xmlNode *n)
{
    if (str_eq_nocase(str_trim(page_attribute(n, "rel")), STR("canonical"))) {
        r->page->canonical = (struct str){NULL, 0}; /* before og:url */
        set_link(r, &r->page->canonical, page_attribute(n, "href"));
    }
}

/* ---- in the body ---- */

static void set_element(struct reading *r, struct str *at, xmlNode *n, size_t max)
{
    struct strbuf line = {.max = LINE_MAX_BYTES * 2};

    if (is_absent(*at)) {
        (void)page_line(n, LINE_MAX_BYTES, &line); /* a longer one is cut */
        if (line.n <= max)
            set_line(r, at, strbuf_str(&line), max);
    }
    strbuf_fini(&line);
}

static bool has_word(struct str list, const char *word)
{
    while (list.p != NULL)
        if (str_eq_nocase(str_cut(&list, ' '), str_of(word)))
            return true;
    return false;
}

static struct str without_by(struct str s)
{
    static const char *const by[] = {"by ", "von ", "par ", "por ",
                                     "di ", "av ",  "door "};

    for (size_t i = 0; i < ARRAY_LEN(by); i++)
        if (str_has_prefix_nocase(s, str_of(by[i])))
            return str_trim(str_slice(s, strlen(by[i]), s.n));
    return s;
}

static void read_body(struct reading *r, xmlNode *n)
{
    struct str prop = page_attribute(n, "itemprop"), class = page_attribute(n, "class");
    struct page *p = r->page;

    if (str_eq_nocase(prop, STR("datePublished"))) {
        set_date(p, page_attribute(n, "content"));
        set_date(p, page_attribute(n, "datetime"));
    }
    if (has_word(page_attribute(n, "rel"), "author") ||
        str_eq_nocase(prop, STR("author")) || has_word(class, "byline") ||
        has_word(class, "author"))
        set_element(r, &p->byline, n, BYLINE_MAX);
    if (has_word(class, "paywall") || has_word(page_attribute(n, "id"), "paywall"))
        r->said->is_paid = true;
}

/* "Storm hits coast | The Example Times": the site's name is not the title's. */
static struct str without_site(struct str title, struct str heading)
{
    static const struct str marks[] = {STR_INIT(" | "), STR_INIT(" – "), STR_INIT(" — "),
                                       STR_INIT(" - "), STR_INIT(" » "), STR_INIT(" · ")};

    if (heading.n >= 12 && str_find(title, heading, 0) != SIZE_MAX)
        return heading;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        size_t at = str_find(title, marks[i], 0), last = SIZE_MAX;

        for (; at != SIZE_MAX; at = str_find(title, marks[i], at + 1))
            last = at;
        if (last != SIZE_MAX && last >= 20)
            return str_slice(title, 0, last);
    }
    return title;
}

int page_meta(xmlNode *root, const struct page_tidy *t, struct str url, struct arena *a,
              struct page *ret, struct page_said *said)
{
    struct reading r = {url, a, ret, said};
    struct str title = {NULL, 0}, heading = {NULL, 0};

    page_json(t, a, ret, said);
    set_language(&r, page_attribute(root, "lang"));
    for (xmlNode *n = root; n != NULL; n = page_next(n, root, false)) {
        if (n->type != XML_ELEMENT_NODE)
            continue;
        if (page_is(n, "meta"))
            read_meta(&r, n);
        else if (page_is(n, "link"))
            read_link(&r, n);
        else if (page_is(n, "title"))
            set_element(&r, &title, n, LINE_MAX_BYTES);
        else if (page_is(n, "h1"))
            set_element(&r, &heading, n, LINE_MAX_BYTES);
        read_body(&r, n);
    }
    if (is_absent(ret->title) && title.n > 0)
        ret->title = arena_dup(a, without_site(title, heading));
    if (is_absent(ret->title))
        ret->title = heading;
    ret->byline = without_by(ret->byline);
    return a->max > 0 && a->used >= a->max ? -E2BIG : 0;
}
