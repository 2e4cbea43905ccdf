/* Reading and measuring the tree that libxml2 made of a page. */
#include <errno.h>

#include "newsmq/text.h"

#include "page_parts.h"

bool page_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

struct str page_attribute(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next)
        if (strcmp((const char *)a->name, name) == 0)
            return a->children != NULL ? str_of((const char *)a->children->content)
                                       : STR("");
    return (struct str){NULL, 0};
}

xmlNode *page_next(xmlNode *node, const xmlNode *top, bool skip)
{
    if (node->type == XML_ELEMENT_NODE && node->children != NULL && !skip)
        return node->children;
    while (node != top && node->next == NULL)
        node = node->parent;
    return node != top ? node->next : NULL;
}

int page_line(xmlNode *top, size_t max, struct strbuf *out)
{
    struct strbuf all = {.max = max + 8};
    int rc = 0;

    for (xmlNode *n = top; n != NULL && rc == 0; n = page_next(n, top, false)) {
        if (n->type == XML_TEXT_NODE && n->content != NULL)
            rc = strbuf_add(&all, str_head(str_of((const char *)n->content), max));
        else if (n != top)
            rc = strbuf_add_char(&all, ' ');
    }
    if (rc == 0) {
        struct strbuf plain = {.max = max * 2 + 16};

        rc = text_from_plain(strbuf_str(&all), &plain);
        for (size_t i = 0; i < plain.n && rc == 0; i++) {
            char c = plain.p[i];
            bool is_blank = c == ' ' || c == '\n' || c == '\t';

            if (!is_blank)
                rc = strbuf_add_char(out, c);
            else if (out->n > 0 && out->p[out->n - 1] != ' ')
                rc = strbuf_add_char(out, ' ');
        }
        strbuf_fini(&plain);
    }
    strbuf_fini(&all);
    return rc;
}

/* ---- measures ---- */

static bool is_comma(uint32_t cp)
{
    return cp == ',' || cp == 0x060C || cp == 0x3001 || cp == 0xFF0C || cp == 0x0964 ||
           cp == 0x3002;
}

static void measure_text(const char *text, struct page_mark *m)
{
    const char *end = text + strlen(text);

    while (text < end) {
        size_t n = 1;
        uint32_t cp = (unsigned char)*text < 0x80 ? (unsigned char)*text
                                                  : utf8_decode(text, end, &n);

        text += n;
        if (cp <= ' ' || cp == 0xA0)
            continue;
        m->chars += cp >= 0x2E80 ? 2 : 1; /* ideographs, kana, hangul */
        m->commas += is_comma(cp);
    }
}

static bool is_paragraph(const xmlNode *node)
{
    return page_is(node, "p") || page_is(node, "pre") || page_is(node, "blockquote");
}

/* Adds an element's own and its children's to its parent. */
static void add_up(const xmlNode *node)
{
    struct page_mark *m = page_mark(node), *up;

    if (page_is(node, "a"))
        m->link_chars = m->chars;
    if (is_paragraph(node))
        m->p_chars = m->chars;
    up = node->parent != NULL && node->parent->type == XML_ELEMENT_NODE
             ? page_mark(node->parent)
             : NULL;
    if (up == NULL || m->is_dropped)
        return;
    up->chars += m->chars;
    up->link_chars += m->link_chars;
    up->commas += m->commas;
    up->p_chars += m->p_chars;
}

void page_measure(xmlNode *top)
{
    xmlNode *n = top;

    for (xmlNode *i = top; i != NULL; i = page_next(i, top, false))
        if (i->type == XML_ELEMENT_NODE) {
            struct page_mark *m = page_mark(i);

            *m = (struct page_mark){.is_dropped = m->is_dropped};
        }
    while (n != NULL) {
        bool is_dropped = n->type == XML_ELEMENT_NODE && page_mark(n)->is_dropped;

        if (n->type == XML_TEXT_NODE && n->content != NULL &&
            n->parent->type == XML_ELEMENT_NODE)
            measure_text((const char *)n->content, page_mark(n->parent));
        if (n->type == XML_ELEMENT_NODE && n->children != NULL && !is_dropped) {
            n = n->children;
            continue;
        }
        while (n != NULL) { /* up, as long as it was the last */
            if (n->type == XML_ELEMENT_NODE)
                add_up(n);
            if (n == top || n->next != NULL)
                break;
            n = n->parent;
        }
        n = n == top || n == NULL ? NULL : n->next;
    }
}

int page_marks(xmlNode *top, struct arena *a)
{
    for (xmlNode *i = top; i != NULL; i = page_next(i, top, false)) {
        if (i->type != XML_ELEMENT_NODE)
            continue;
        i->_private = arena_alloc(a, sizeof(struct page_mark));
        if (i->_private == NULL)
            return -E2BIG;
    }
    page_measure(top);
    return 0;
}
