/* page_parts.h - the steps of page.c: bytes, tidy HTML, tree, scores, the article */
#ifndef NEWSMQ_PARSE_PAGE_PARTS_H
#define NEWSMQ_PARSE_PAGE_PARTS_H

#include <libxml/tree.h>

#include "newsmq/page.h"

#define PAGE_SCRIPTS_MAX 8 /* of JSON-LD that are looked at */

/* HTML that libxml2 reads in linear time: references decoded, scripts and comments gone,
   few and short attributes, a bounded number of tags. */
struct page_tidy {
    struct strbuf html;                /* UTF-8 */
    struct str json[PAGE_SCRIPTS_MAX]; /* slices of the source */
    size_t n_json;
    size_t n_tags;
    bool is_cut;
};

/* html is UTF-8. 0 or -E2BIG. */
int page_tidy(struct str html, struct page_tidy *ret);

/* ---- the tree ---- */

/* What is known of an element (node->_private). Lengths count letters without white
   space; a letter of a script without spaces counts twice. */
struct page_mark {
    unsigned chars, link_chars, commas;
    unsigned p_chars; /* in paragraphs */
    double score;
    bool is_dropped, is_candidate;
};

static inline struct page_mark *page_mark(const xmlNode *node)
{
    return node->_private;
}

static inline struct str page_name(const xmlNode *node)
{
    return str_of((const char *)node->name);
}

bool page_is(const xmlNode *node, const char *name);
/* The attribute's value, valid as long as the tree; absent when it has none. */
struct str page_attribute(const xmlNode *node, const char *name);
/* The next node of the subtree in document order; with skip not into node. */
xmlNode *page_next(xmlNode *node, const xmlNode *top, bool skip);
/* The text of a subtree as one line, at most max bytes. 0 or -E2BIG (cut there). */
int page_line(xmlNode *node, size_t max, struct strbuf *out);

/* Marks for all elements below top; measures them. 0 or -E2BIG. */
int page_marks(xmlNode *top, struct arena *a);
void page_measure(xmlNode *top); /* again, without what was dropped */

/* ---- by class and id ---- */

/* How class and id sound: above 0 like an article, below like something beside it. */
int page_class_weight(const xmlNode *node);
bool page_is_named_article(const xmlNode *node); /* "article-body", "entry-content", … */
bool page_is_boilerplate(const xmlNode *node);   /* by tag, role, class, id; hidden */

/* ---- the steps ---- */

/* Drops what is no article wherever it stands; with_words: by class and id too. */
void page_prune(xmlNode *top, bool with_words);

/* The best candidate below top, NULL when there is none; its siblings that belong to it
   have is_candidate set. */
xmlNode *page_best(xmlNode *top);

/* The article as HTML: best and the siblings that belong to it, cleaned. */
struct page_written {
    struct strbuf html;
    unsigned paragraphs, linked_heads;
    struct str title;    /* a heading that repeats it is left out */
    struct strbuf heads; /* not yet followed by text */
    int rc;
};
void page_write(xmlNode *best, struct page_written *w);

/* What the page says of itself. body: the article's text by its own account. */
struct page_said {
    struct str body;
    bool is_paid;
};
int page_meta(xmlNode *root, const struct page_tidy *t, struct str url, struct arena *a,
              struct page *ret, struct page_said *said);
void page_json(const struct page_tidy *t, struct arena *a, struct page *ret,
               struct page_said *said);

#endif
