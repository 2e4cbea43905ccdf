/* The article as HTML again: blocks that are links in the main are left out, headings
   that nothing follows, captions, and the small lines that pages put between paragraphs.
 */
#include <errno.h>
#include <strings.h>

#include "page_parts.h"

#define LINKS_MAX  0.5 /* of the text of a list, a table, a division */
#define PROMO_MAX  140 /* letters of a line that only leads elsewhere */
#define CHARS_LONG 600 /* so long a block stays, with twice as many links */

static const char *const written[] = {
    "p",    "h2",  "h3",  "h4",         "h5", "h6", "ul", "ol",     "li", "dl",
    "dt",   "dd",  "pre", "blockquote", "em", "i",  "b",  "strong", "q",  "cite",
    "code", "sub", "sup", "table",      "tr", "td", "th", "div"};
static const char *const promos[] = {
    "advertisement",   "read more",       "read also",      "also read",
    "see also",        "related:",        "more on this",   "sign up",
    "subscribe",       "share this",      "follow us",      "click here",
    "recommended",     "lire aussi",      "À lire",         "publicité",
    "lesen sie",       "mehr zum thema",  "anzeige",        "werbung",
    "lea también",     "lee también",     "publicidad",     "leggi anche",
    "pubblicità",      "lees ook",        "leia também",    "läs också",
    "czytaj też",      "Читайте также",   "editor's picks", "skip advert",
    "story continues", "continue reading"};

static double link_share(const struct page_mark *m)
{
    return m->chars > 0 ? (double)m->link_chars / m->chars : 0;
}

static bool is_heading(const xmlNode *n)
{
    const char *name = (const char *)n->name;

    return n->type == XML_ELEMENT_NODE && (name[0] == 'h') && name[1] >= '1' &&
           name[1] <= '6' && name[2] == '\0';
}

static bool is_block(const xmlNode *n)
{
    static const char *const names[] = {"p",          "ul",     "ol",      "dl",
                                        "table",      "div",    "section", "pre",
                                        "blockquote", "figure", "article", "header"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (page_is(n, names[i]))
            return true;
    return is_heading(n);
}

static bool has_block(xmlNode *n)
{
    bool skip;

    for (xmlNode *i = page_next(n, n, false); i != NULL; i = page_next(i, n, skip)) {
        skip = i->type != XML_ELEMENT_NODE || page_mark(i)->is_dropped;
        if (!skip && is_block(i))
            return true;
    }
    return false;
}

static bool is_promo(xmlNode *n)
{
    struct strbuf line = {.max = 512};
    bool found = false;

    if (page_mark(n)->chars == 0 || page_mark(n)->chars > PROMO_MAX)
        return false;
    if (link_share(page_mark(n)) > 0.9)
        return true;
    (void)page_line(n, 200, &line); /* the beginning is enough */
    for (size_t i = 0; i < ARRAY_LEN(promos) && !found; i++)
        found = str_has_prefix_nocase(strbuf_str(&line), str_of(promos[i]));
    strbuf_fini(&line);
    return found && (link_share(page_mark(n)) > 0.3 || page_mark(n)->chars < 40);
}

static bool is_left_out(xmlNode *n)
{
    const struct page_mark *m = page_mark(n);
    double most = m->chars > CHARS_LONG ? (1 + LINKS_MAX) / 2 : LINKS_MAX;

    if (m->is_dropped || page_is(n, "figcaption") || page_is(n, "figure") ||
        page_is(n, "caption"))
        return true;
    if (page_is(n, "p") || page_is(n, "li"))
        return is_promo(n);
    if (page_is(n, "ul") || page_is(n, "ol") || page_is(n, "dl") || page_is(n, "table") ||
        page_is(n, "div") || page_is(n, "section") || page_is(n, "header"))
        return m->chars == 0 || link_share(m) > most || (!has_block(n) && is_promo(n));
    return false;
}

static void put(struct page_written *w, struct str s)
{
    if (w->rc == 0)
        w->rc = strbuf_add(&w->html, s);
}

static void put_escaped(struct strbuf *out, struct str s, int *rc)
{
    for (size_t i = 0; i < s.n && *rc == 0; i++) {
        switch (s.p[i]) {
        case '<':
            *rc = strbuf_add(out, STR("&lt;"));
            break;
        case '>':
            *rc = strbuf_add(out, STR("&gt;"));
            break;
        case '&':
            *rc = strbuf_add(out, STR("&amp;"));
            break;
        case '"':
            *rc = strbuf_add(out, STR("&quot;"));
            break;
        default:
            *rc = strbuf_add_char(out, s.p[i]);
        }
    }
}

/* Headings that wait go in front of the text that follows them. */
static void flush_heads(struct page_written *w)
{
    if (w->heads.n == 0)
        return;
    put(w, strbuf_str(&w->heads));
    strbuf_reset(&w->heads);
}

static void write_heading(struct page_written *w, xmlNode *n)
{
    struct strbuf line = {.max = 4096};
    char level = n->name[1] == '1' ? '2' : (char)n->name[1];

    (void)page_line(n, 1000, &line); /* a longer one is cut */
    w->linked_heads += link_share(page_mark(n)) > 0.5;
    if (line.n > 0 && !str_eq_nocase(strbuf_str(&line), w->title)) {
        int rc = strbuf_addf(&w->heads, "<h%c>", level);

        put_escaped(&w->heads, strbuf_str(&line), &rc);
        if (rc == 0)
            rc = strbuf_addf(&w->heads, "</h%c>\n", level);
        w->rc = w->rc < 0 ? w->rc : rc;
    }
    strbuf_fini(&line);
}

static const char *tag_of(const xmlNode *n)
{
    for (size_t i = 0; i < ARRAY_LEN(written); i++)
        if (page_is(n, written[i]))
            return written[i];
    if (page_is(n, "section") || page_is(n, "article") || page_is(n, "header") ||
        page_is(n, "main") || page_is(n, "center") || page_is(n, "details"))
        return "div";
    return NULL;
}

/* Tables that only arrange what stands in them are divisions. */
static bool is_layout(xmlNode *n)
{
    xmlNode *table = n;

    while (table != NULL && !page_is(table, "table"))
        table = table->parent;
    return table != NULL && has_block(table);
}

static void write_children(struct page_written *w, xmlNode *n);

static void write_link(struct page_written *w, xmlNode *n)
{
    struct str href = page_attribute(n, "href");

    if (href.n == 0 || href.p[0] == '#') {
        write_children(w, n);
        return;
    }
    put(w, STR("<a href=\""));
    put_escaped(&w->html, href, &w->rc);
    put(w, STR("\">"));
    write_children(w, n);
    put(w, STR("</a>"));
}

static void write_image(struct page_written *w, const xmlNode *n)
{
    struct str src = page_attribute(n, "src"), alt = page_attribute(n, "alt");

    if (src.n == 0 || str_has_prefix_nocase(src, STR("data:")))
        return;
    put(w, STR("<img src=\""));
    put_escaped(&w->html, src, &w->rc);
    put(w, STR("\" alt=\""));
    put_escaped(&w->html, alt, &w->rc);
    put(w, STR("\">"));
}

static void write_figure(struct page_written *w, xmlNode *figure)
{
    for (xmlNode *i = figure; i != NULL; i = page_next(i, figure, false))
        if (page_is(i, "img")) {
            write_image(w, i);
            return;
        }
}

static void write_element(struct page_written *w, xmlNode *n)
{
    const char *tag = tag_of(n);

    if (tag != NULL && (n->name[0] == 't') && is_layout(n))
        tag = page_is(n, "table") || page_is(n, "tr") || page_is(n, "td") ? "div" : NULL;
    if (tag == NULL) {
        write_children(w, n);
        return;
    }
    put(w, STR("<"));
    put(w, str_of(tag));
    put(w, STR(">"));
    write_children(w, n);
    put(w, STR("</"));
    put(w, str_of(tag));
    put(w, is_block(n) ? STR(">\n") : STR(">"));
}

static void write_node(struct page_written *w, xmlNode *n)
{
    const struct page_mark *m;

    if (n->type == XML_TEXT_NODE && n->content != NULL) {
        if (w->heads.n > 0 && str_trim(str_of((const char *)n->content)).n > 0)
            flush_heads(w);
        put_escaped(&w->html, str_of((const char *)n->content), &w->rc);
        return;
    }
    if (n->type != XML_ELEMENT_NODE)
        return;
    m = page_mark(n);
    if (page_is(n, "br")) {
        put(w, STR("<br>"));
    } else if (page_is(n, "img")) {
        write_image(w, n);
    } else if (is_left_out(n)) {
        if (page_is(n, "figure") && !m->is_dropped)
            write_figure(w, n);
        else if (!m->is_dropped && is_block(n) && m->chars > 0)
            strbuf_reset(&w->heads);             /* they were of what is left out */
    } else if (is_heading(n) && !has_block(n)) { /* else it was never closed */
        write_heading(w, n);
    } else if (page_is(n, "a")) {
        write_link(w, n);
    } else {
        if (m->chars > 0 && !has_block(n))
            flush_heads(w);
        w->paragraphs += (page_is(n, "p") || page_is(n, "pre")) && m->chars > 25;
        write_element(w, n);
    }
}

/* Depth is bounded: libxml2 takes 256 elements inside one another and no more. */
static void write_children(struct page_written *w, xmlNode *n)
{
    for (xmlNode *c = n->children; c != NULL && w->rc == 0; c = c->next)
        write_node(w, c);
}

void page_write(xmlNode *best, struct page_written *w)
{
    bool is_alone = best->parent == NULL || best->parent->type != XML_ELEMENT_NODE ||
                    page_is(best, "article") || page_is(best, "body");

    for (xmlNode *n = is_alone ? best : best->parent->children; n != NULL && w->rc == 0;
         n = is_alone ? NULL : n->next) {
        if (n->type != XML_ELEMENT_NODE || !page_mark(n)->is_candidate)
            continue;
        if (n == best) /* never left out as a whole */
            write_element(w, n);
        else
            write_node(w, n);
    }
    strbuf_reset(&w->heads);
}
