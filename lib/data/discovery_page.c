/* One pass over the tags, whatever the markup is like. A page that declares its feeds is
   believed; anchors are judged by how feeds are usually called. Whoever fetches what is
   found here finds out whether it is a feed. */
#include "newsmq/text.h"
#include "newsmq/url.h"

#include "discovery_private.h"
#include "text_html.h"

#define VALUE_MAX ((size_t)4096)

struct finder {
    struct discovery *out;
    struct str url, base; /* base: as <base href> says, resolved; else url */
    struct strbuf base_text;
    bool has_base;
};

/* What is told by one tag. */
struct link_tag {
    struct str rel, type, href, title;
};

static const char *const feed_types[] = {
    "application/rss+xml",    "application/atom+xml",
    "application/feed+json",  "application/rdf+xml",
    "application/x.atom+xml", "application/x-atom+xml",
    "text/rss+xml",           "text/atom+xml",
    "application/x-rss+xml",  "text/rss",
    "application/rss",        "application/atom",
};

/* Feeds were declared so, and much else is. */
static const char *const minor_types[] = {"text/xml", "application/xml",
                                          "application/json"};

static bool is_one_of(struct str s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(s, str_of(list[i])))
            return true;
    return false;
}

static bool contains(struct str s, struct str part)
{
    for (size_t i = 0; part.n <= s.n && i <= s.n - part.n; i++)
        if (str_eq_nocase(str_slice(s, i, i + part.n), part))
            return true;
    return false;
}

/* ---- attributes ---- */

/* HTML §13.2.5.73: without its ';', what a letter, a digit or '=' follows is text. */
static bool is_reference(struct str s, size_t n)
{
    char next = n < s.n ? s.p[n] : ' ';

    return s.p[n - 1] == ';' ||
           !(next == '=' || (next >= '0' && next <= '9') ||
             (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z'));
}

/* Decoded; the caller frees. */
static void decode(struct str value, struct strbuf *out)
{
    size_t at = 0;

    *out = (struct strbuf){.max = VALUE_MAX};
    while (at < value.n) {
        struct str rest = str_slice(value, at, value.n);
        size_t before = out->n,
               n = rest.p[0] == '&' ? text_decode_reference(rest, out) : 0;

        if (n > 0 && !is_reference(rest, n)) {
            out->n = before;
            out->p[before] = '\0';
            n = 0;
        }
        if (n == 0 && strbuf_add_char(out, rest.p[n++]) < 0)
            return; /* longer than any that is meant */
        at += n;
    }
}

static struct link_tag read_tag(struct str attributes)
{
    return (struct link_tag){
        .rel = html_attribute(attributes, STR("rel")),
        .type = html_attribute(attributes, STR("type")),
        .href = html_attribute(attributes, STR("href")),
        .title = html_attribute(attributes, STR("title")),
    };
}

static bool has_word(struct str list, struct str word)
{
    size_t from = 0;

    for (size_t i = 0; i <= list.n; i++) {
        if (i < list.n && list.p[i] != ' ' && !(list.p[i] >= '\t' && list.p[i] <= '\r'))
            continue;
        if (str_eq_nocase(str_slice(list, from, i), word))
            return true;
        from = i + 1;
    }
    return false;
}

/* ---- <link> ---- */

enum declares { NO_FEED, PERHAPS, FEED };

static enum declares declares(struct str rel, struct str type)
{
    struct str rest = type, plain = str_trim(str_cut(&rest, ';'));
    bool is_alternate = has_word(rel, STR("alternate"));
    bool is_feed = has_word(rel, STR("feed"));

    if (has_word(rel, STR("stylesheet")))
        return NO_FEED;
    if ((is_alternate || is_feed) && is_one_of(plain, feed_types, ARRAY_LEN(feed_types)))
        return FEED;
    if (is_feed && !contains(plain, STR("html")))
        return FEED;
    return is_alternate && is_one_of(plain, minor_types, ARRAY_LEN(minor_types))
               ? PERHAPS
               : NO_FEED;
}

static bool is_of_comments(struct str url, struct str title)
{
    return contains(url, STR("comments")) || contains(title, STR("comment"));
}

static void link_tag(struct finder *f, const struct link_tag *t)
{
    struct strbuf rel, type, href, title, line = {.max = VALUE_MAX};
    enum declares d;

    decode(t->rel, &rel);
    decode(t->type, &type);
    decode(t->href, &href);
    decode(t->title, &title);
    d = declares(strbuf_str(&rel), strbuf_str(&type));
    if (d != NO_FEED && href.n > 0) {
        (void)text_from_plain(strbuf_str(&title), &line); /* too long is none */
        discovery_add(
            f->out, f->base, strbuf_str(&href),
            (struct discovered){.title = strbuf_str(&line),
                                .basis = DISCOVERY_DECLARED,
                                .is_minor =
                                    d == PERHAPS || is_of_comments(strbuf_str(&href),
                                                                   strbuf_str(&title))});
    }
    strbuf_fini(&rel);
    strbuf_fini(&type);
    strbuf_fini(&href);
    strbuf_fini(&title);
    strbuf_fini(&line);
}

/* ---- <a> ---- */

static bool is_feed_word(struct str segment)
{
    static const char *const words[] = {"feed", "feeds", "rss", "rss2", "atom", "rdf"};

    return is_one_of(segment, words, ARRAY_LEN(words));
}

static bool is_feed_file(struct str name)
{
    static const char *const ends[] = {".rss", ".rdf", ".atom"};
    bool is_document = false;

    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (name.n > strlen(ends[i]) &&
            str_eq_nocase(str_slice(name, name.n - strlen(ends[i]), name.n),
                          str_of(ends[i])))
            return true;
    is_document = contains(name, STR(".xml")) || contains(name, STR(".json")) ||
                  contains(name, STR(".php"));
    return is_document &&
           (contains(name, STR("rss")) || contains(name, STR("feed")) ||
            contains(name, STR("atom")) || str_eq_nocase(name, STR("index.xml")));
}

static bool is_feed_query(struct str query)
{
    static const char *const pairs[] = {"feed=rss",    "feed=rss2",  "feed=atom",
                                        "format=feed", "format=rss", "format=atom",
                                        "type=rss",    "output=rss", "alt=rss"};

    while (query.p != NULL)
        if (is_one_of(str_cut(&query, '&'), pairs, ARRAY_LEN(pairs)))
            return true;
    return false;
}

/* A service that reads feeds is told the feed inside its own URL. */
static bool is_for_a_reader(const struct url *u)
{
    return contains(u->path, STR("http")) || contains(u->query, STR("http"));
}

static bool looks_like_feed(struct str href)
{
    struct str rest, last = {0};
    struct url u;

    if (str_has_prefix_nocase(href, STR("feed:")))
        return true;
    if (url_split(href, &u, NULL) < 0 || is_for_a_reader(&u))
        return false;
    rest = u.path;
    while (rest.p != NULL) {
        struct str segment = str_cut(&rest, '/');

        if (segment.n > 0)
            last = segment;
    }
    return is_feed_word(last) || is_feed_file(last) || is_feed_query(u.query) ||
           (last.n > 0 && (str_has_prefix_nocase(u.host, STR("feeds.")) ||
                           str_has_prefix_nocase(u.host, STR("rss."))));
}

static void anchor_tag(struct finder *f, const struct link_tag *t)
{
    struct strbuf href;
    struct str value;

    decode(t->href, &href);
    value = str_trim(strbuf_str(&href));
    if (value.n > 0 && looks_like_feed(value))
        discovery_add(
            f->out, f->base, value,
            (struct discovered){.basis = DISCOVERY_ANCHOR,
                                .is_minor = is_of_comments(value, (struct str){0})});
    strbuf_fini(&href);
}

/* ---- the page ---- */

/* The first one holds for the whole page, for what stands before it too (HTML §4.2.3). */
static void base_tag(struct finder *f, const struct link_tag *t)
{
    struct strbuf href;

    if (f->has_base || t->href.p == NULL)
        return;
    decode(t->href, &href);
    if (url_resolve(f->url, strbuf_str(&href), &f->base_text, NULL) == 0 &&
        url_is_http(strbuf_str(&f->base_text)))
        f->base = strbuf_str(&f->base_text);
    f->has_base = true;
    strbuf_fini(&href);
}

static bool is_raw(struct str name)
{
    static const char *const names[] = {"script", "style", "textarea", "title", "xmp"};

    return is_one_of(name, names, ARRAY_LEN(names));
}

static void each_tag(struct finder *f, struct str page,
                     void (*one)(struct finder *f, struct str name,
                                 struct str attributes))
{
    struct html h = {.all = page};
    struct html_tag tag;

    for (size_t at = 0; (at = str_find_char(page, '<', at)) != SIZE_MAX;) {
        switch (html_piece(&h, at, &tag)) {
        case HTML_TEXT:
            at++;
            break;
        case HTML_START:
            one(f, tag.name, tag.attributes);
            at = is_raw(tag.name) ? html_raw_end(&h, tag.name, tag.end) : tag.end;
            break;
        default:
            at = tag.end;
        }
    }
}

static void look_for_base(struct finder *f, struct str name, struct str attributes)
{
    struct link_tag t;

    if (!str_eq_nocase(name, STR("base")))
        return;
    t = read_tag(attributes);
    base_tag(f, &t);
}

static void look_for_feeds(struct finder *f, struct str name, struct str attributes)
{
    bool is_link = str_eq_nocase(name, STR("link"));
    struct link_tag t;

    if (!is_link && !str_eq_nocase(name, STR("a")) && !str_eq_nocase(name, STR("area")))
        return;
    t = read_tag(attributes);
    if (t.href.p == NULL)
        return;
    if (is_link)
        link_tag(f, &t);
    else
        anchor_tag(f, &t);
}

/* A page in UTF-16 says so by its first two bytes; all other encodings that pages are in
   write tags as ASCII does. */
static bool is_utf16(struct str page, size_t *ret_high)
{
    *ret_high = str_has_prefix(page, STR("\xFE\xFF")) ? 0 : 1;
    return *ret_high == 0 || str_has_prefix(page, STR("\xFF\xFE"));
}

static uint32_t unit_at(struct str page, size_t at, size_t high)
{
    return (uint32_t)((unsigned char)page.p[at + high] << 8 |
                      (unsigned char)page.p[at + 1 - high]);
}

static int from_utf16(struct str page, size_t high, struct strbuf *out)
{
    char bytes[4];
    int rc = 0;

    for (size_t at = 2; rc == 0 && at + 1 < page.n; at += 2) {
        uint32_t c = unit_at(page, at, high), low;

        if (c >= 0xD800 && c < 0xDC00 && at + 3 < page.n) {
            low = unit_at(page, at + 2, high);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                at += 2;
            }
        }
        rc = strbuf_add(out, (struct str){bytes, utf8_encode(c, bytes)});
    }
    return rc;
}

void discovery_read(struct str page, struct str url, struct discovery *ret)
{
    struct finder f = {
        .out = ret, .url = url, .base = url, .base_text = {.max = URL_MAX_BYTES}};
    struct strbuf decoded = {.max = page.n * 2};
    size_t high;

    if (is_utf16(page, &high) && from_utf16(page, high, &decoded) == 0)
        page = strbuf_str(&decoded);
    each_tag(&f, page, look_for_base);
    each_tag(&f, page, look_for_feeds);
    strbuf_fini(&f.base_text);
    strbuf_fini(&decoded);
}
