/* Which part of the page is the article. Each paragraph earns points by its length and
   its commas, less by its links, and hands them to what it stands in: all to the nearest,
   less and less to those further out. The element with most, less the share of its text
   that is links, is the article; neighbours that are like it belong to it, since pages
   cut an article in pieces around their advertisements. */
#include "page_parts.h"

#define LEVELS        5
#define PARAGRAPH_MIN 25  /* letters */
#define OWN_TEXT_MIN  60  /* of an element that is no paragraph but has text itself */
#define JOIN_PART     0.2 /* of the best one's points makes a neighbour part of it */
#define JOIN_MIN      10.0
#define CLIMB_LINKS   0.3
#define SIBLING_MIN   80

static double link_share(const struct page_mark *m)
{
    return m->chars > 0 ? (double)m->link_chars / m->chars : 0;
}

static double points(const xmlNode *node)
{
    const struct page_mark *m = page_mark(node);

    return m->score * (1 - link_share(m));
}

static double first_points(const xmlNode *node)
{
    double score = page_class_weight(node);

    if (page_is(node, "article"))
        score += 30;
    else if (page_is(node, "main") || page_is(node, "div") || page_is(node, "section"))
        score += 5;
    else if (page_is(node, "blockquote") || page_is(node, "pre") || page_is(node, "td"))
        score += 3;
    else if (page_is(node, "ul") || page_is(node, "ol") || page_is(node, "dl") ||
             page_is(node, "li"))
        score -= 10;
    return score + (page_is_named_article(node) ? 40 : 0);
}

static void give(xmlNode *from, double score, const xmlNode *top)
{
    xmlNode *n = from;

    for (unsigned level = 0; level < LEVELS && n->type == XML_ELEMENT_NODE; level++) {
        struct page_mark *m = page_mark(n);

        if (!m->is_candidate)
            m->score = first_points(n);
        m->is_candidate = true;
        m->score += level == 0 ? score : level == 1 ? score / 2 : score / (level * 3);
        if (n == top)
            return;
        n = n->parent;
    }
}

static bool is_paragraph(const xmlNode *node)
{
    return page_is(node, "p") || page_is(node, "pre") || page_is(node, "blockquote");
}

static bool is_inline(const xmlNode *node)
{
    static const char *const names[] = {
        "a",   "b",    "em", "i",   "strong", "span", "q",   "cite", "code", "sub",
        "sup", "time", "br", "dfn", "kbd",    "samp", "var", "del",  "img",  "acronym"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (page_is(node, names[i]))
            return true;
    return false;
}

/* Letters that stand in the element itself and not in a block of it. */
static unsigned own_chars(const xmlNode *node)
{
    unsigned own = page_mark(node)->chars;

    for (const xmlNode *c = node->children; c != NULL; c = c->next)
        if (c->type == XML_ELEMENT_NODE && !page_mark(c)->is_dropped && !is_inline(c))
            own -= page_mark(c)->chars < own ? page_mark(c)->chars : own;
    return own;
}

static void score_node(xmlNode *n, const xmlNode *top)
{
    const struct page_mark *m = page_mark(n);
    double length = m->chars / 100.0;
    bool is_p = is_paragraph(n);
    double score;

    if (m->chars < PARAGRAPH_MIN || is_inline(n))
        return;
    if (!is_p && own_chars(n) < OWN_TEXT_MIN)
        return;
    score = (1 + m->commas + (length < 3 ? length : 3)) * (1 - link_share(m));
    if (!is_p && own_chars(n) * 2 < m->chars)
        score = 1;
    give(is_p && n != top ? n->parent : n, score, top);
}

static xmlNode *best_of(xmlNode *top)
{
    xmlNode *best = NULL;
    bool skip;

    for (xmlNode *n = top; n != NULL; n = page_next(n, top, skip)) {
        skip = n->type != XML_ELEMENT_NODE || page_mark(n)->is_dropped;
        if (skip || !page_mark(n)->is_candidate)
            continue;
        if (best == NULL || points(n) > points(best))
            best = n;
    }
    return best;
}

/* The article element around it has its beginning as well, or further pieces. */
static xmlNode *climb(xmlNode *best, const xmlNode *top)
{
    for (xmlNode *n = best; n != top; n = n->parent) {
        if ((page_is(n, "article") || page_is_named_article(n)) &&
            link_share(page_mark(n)) < CLIMB_LINKS)
            return n;
        if (page_is(n, "main"))
            break;
    }
    return best;
}

static bool belongs(const xmlNode *n, double least)
{
    const struct page_mark *m = page_mark(n);

    if (m->is_dropped || page_is(n, "article"))
        return false;
    if (m->is_candidate && points(n) >= least)
        return true;
    return page_is(n, "p") && m->chars > SIBLING_MIN && link_share(m) < 0.25;
}

xmlNode *page_best(xmlNode *top)
{
    xmlNode *best;
    double least;
    bool skip;

    for (xmlNode *n = top; n != NULL; n = page_next(n, top, skip)) {
        skip = n->type != XML_ELEMENT_NODE || page_mark(n)->is_dropped;
        if (!skip)
            score_node(n, top);
    }
    best = best_of(top);
    if (best == NULL)
        return NULL;
    best = climb(best, top);
    least = points(best) * JOIN_PART > JOIN_MIN ? points(best) * JOIN_PART : JOIN_MIN;
    if (best == top || page_is(best, "article") || page_is(best, "body")) {
        page_mark(best)->is_candidate = true;
        return best;
    }
    for (xmlNode *n = best->parent->children; n != NULL; n = n->next)
        if (n->type == XML_ELEMENT_NODE)
            page_mark(n)->is_candidate = n == best || belongs(n, least);
    return best;
}
