/* What tags, roles, classes and ids tell. Classes are cut into words at everything that
   is no letter and where a capital follows ("relatedArticles" is related, articles). */
#include <strings.h>

#include "page_parts.h"

#define WORDS_MAX 24
#define WORD_MAX  24

struct words {
    char list[WORDS_MAX][WORD_MAX + 1];
    size_t n;
};

/* The beginning of a word. */
static const char *const beside[] = {
    "advert",     "banner",    "breadcrumb",  "cmp",      "comment", "consent",
    "cookie",     "copyright", "disqus",      "donat",    "footer",  "gdpr",
    "masthead",   "modal",     "mostpopular", "mostread", "navbar",  "navig",
    "newsletter", "outbrain",  "overlay",     "pagina",   "popup",   "promo",
    "readnext",   "recirc",    "recommend",   "related",  "share",   "sharing",
    "sidebar",    "signup",    "social",      "sponsor",  "subscri", "taboola",
    "toolbar",    "trending",  "byline"};
/* The whole of it. */
static const char *const beside_whole[] = {"ad",    "ads",    "menu",    "nav",   "pager",
                                           "rail",  "tags",   "tag",     "aside", "legal",
                                           "login", "rating", "ratings", "toc"};
static const char *const good[] = {"article", "body", "content", "entry",
                                   "hentry",  "main", "page",    "post",
                                   "story",   "text", "blog",    "prose"};
static const char *const bad[] = {
    "caption", "contact", "credit", "foot", "header", "hidden", "list",  "media",
    "meta",    "more",    "teaser", "tool", "widget", "card",   "index", "gallery"};
static const char *const dropped_tags[] = {
    "nav",    "aside",    "footer", "form",  "button",   "input",  "select",
    "dialog", "menu",     "audio",  "video", "fieldset", "option", "head",
    "title",  "frameset", "link",   "meta",  "hr"};
static const char *const dropped_roles[] = {
    "navigation", "complementary", "contentinfo", "banner",  "search",  "dialog",
    "alert",      "alertdialog",   "menu",        "menubar", "toolbar", "tooltip"};

#define IN(list, s)     is_in(list, ARRAY_LEN(list), s, false)
#define BEGINS(list, s) is_in(list, ARRAY_LEN(list), s, true)

static bool is_in(const char *const *list, size_t n, const char *word, bool prefix)
{
    for (size_t i = 0; i < n; i++)
        if (prefix ? strncasecmp(word, list[i], strlen(list[i])) == 0
                   : strcasecmp(word, list[i]) == 0)
            return true;
    return false;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static void add_words(struct words *w, struct str s)
{
    for (size_t i = 0; i < s.n && w->n < WORDS_MAX;) {
        size_t from = i, n;

        if (!is_upper(s.p[i]) && !is_lower(s.p[i])) {
            i++;
            continue;
        }
        while (i < s.n && (is_lower(s.p[i]) ||
                           (is_upper(s.p[i]) && (i == from || is_upper(s.p[i - 1])))))
            i++;
        n = i - from > WORD_MAX ? WORD_MAX : i - from;
        memcpy(w->list[w->n], s.p + from, n);
        w->list[w->n++][n] = '\0';
    }
}

static struct words words_of(const xmlNode *node)
{
    struct words w = {.n = 0};

    add_words(&w, page_attribute(node, "id"));
    add_words(&w, page_attribute(node, "class"));
    return w;
}

int page_class_weight(const xmlNode *node)
{
    struct words w = words_of(node);
    bool is_good = false, is_bad = false;

    for (size_t i = 0; i < w.n; i++) {
        is_good = is_good || IN(good, w.list[i]);
        is_bad = is_bad || IN(bad, w.list[i]) || BEGINS(beside, w.list[i]) ||
                 IN(beside_whole, w.list[i]);
    }
    return (is_good ? 25 : 0) - (is_bad ? 25 : 0);
}

bool page_is_named_article(const xmlNode *node)
{
    static const char *const what[] = {"article", "entry", "post", "story"};
    static const char *const part[] = {"body", "content", "text"};
    struct words w = words_of(node);
    struct str prop = page_attribute(node, "itemprop");

    if (str_eq_nocase(str_trim(prop), STR("articleBody")))
        return true;
    for (size_t i = 0; i < w.n; i++) {
        if (strcasecmp(w.list[i], "articlebody") == 0)
            return true;
        if (i + 1 < w.n && IN(what, w.list[i]) && IN(part, w.list[i + 1]))
            return true;
    }
    return false;
}

static bool is_hidden(const xmlNode *node)
{
    struct str style = page_attribute(node, "style"), hidden;
    char packed[256];
    size_t n = 0;

    hidden = page_attribute(node, "hidden");
    if (hidden.p != NULL && !str_eq_nocase(hidden, STR("false")))
        return true;
    for (size_t i = 0; i < style.n && n < sizeof packed - 1; i++)
        if (style.p[i] > ' ')
            packed[n++] = is_upper(style.p[i]) ? (char)(style.p[i] + 32) : style.p[i];
    packed[n] = '\0';
    return strstr(packed, "display:none") != NULL ||
           strstr(packed, "visibility:hidden") != NULL;
}

static bool is_never_boilerplate(const xmlNode *node)
{
    return page_is(node, "html") || page_is(node, "body") || page_is(node, "article") ||
           page_is(node, "main");
}

bool page_is_boilerplate(const xmlNode *node)
{
    struct words w;

    if (is_never_boilerplate(node))
        return false;
    w = words_of(node);
    for (size_t i = 0; i < w.n; i++)
        if (BEGINS(beside, w.list[i]) || IN(beside_whole, w.list[i]))
            return true;
    return false;
}

static bool is_dropped(const xmlNode *node)
{
    struct str role = str_trim(page_attribute(node, "role"));
    char name[24];

    if (IN(dropped_tags, (const char *)node->name) || is_hidden(node))
        return true;
    if (role.n == 0 || role.n >= sizeof name)
        return false;
    memcpy(name, role.p, role.n);
    name[role.n] = '\0';
    return IN(dropped_roles, name) && !is_never_boilerplate(node);
}

/* An element with most of the text is no boilerplate, whatever it is called: themes put
   all kinds of words on their outermost elements. */
static bool has_most(const xmlNode *node, const struct page_mark *all)
{
    return page_mark(node)->p_chars * 2 > all->p_chars && all->p_chars > 0;
}

static bool is_inside(const xmlNode *node, const char *name)
{
    while ((node = node->parent) != NULL)
        if (page_is(node, name))
            return true;
    return false;
}

/* The head of the site has its navigation; that of an article has its first words. */
static bool is_site_header(const xmlNode *node)
{
    return page_is(node, "header") && !is_inside(node, "article") &&
           !is_inside(node, "main");
}

void page_prune(xmlNode *top, bool with_words)
{
    const struct page_mark all = *page_mark(top);
    bool skip;

    for (xmlNode *n = top; n != NULL; n = page_next(n, top, skip)) {
        struct page_mark *m;

        skip = n->type != XML_ELEMENT_NODE;
        if (skip || n == top)
            continue;
        m = page_mark(n);
        m->is_dropped = is_dropped(n) && (!has_most(n, &all) || page_is(n, "aside"));
        if (!m->is_dropped && !has_most(n, &all))
            m->is_dropped = is_site_header(n) || (with_words && page_is_boilerplate(n));
        skip = m->is_dropped;
    }
    page_measure(top);
}
