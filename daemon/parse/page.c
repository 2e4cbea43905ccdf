/* From the bytes of a page to its article, or to the reason why there is none. Nothing is
   better than something wrong here: the feed's own text stands in for what is not
   certain.

   The class and id of an element may mislead, so a page without an article is looked at
   again without them. */
#include <errno.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "newsmq/feed.h"
#include "newsmq/text.h"
#include "newsmq/url.h"

#include "decode.h"
#include "page_parts.h"

#define PAGE_BYTES_MAX ((size_t)8 * 1024 * 1024)
#define HEADS_MAX      ((size_t)64 * 1024)
#define HEAD_BYTES     4096 /* where <meta charset> is looked for */
#define TEXT_LEAST     200  /* letters of an article */
#define LINKED_HEADS   3    /* in a list of articles */
#define CONSENT_CHARS  3000

struct work {
    const struct page_options *o;
    struct arena *a;
    struct page *page;
    struct page_said said;
    struct page_tidy tidy;
    htmlDocPtr doc;
    struct page_written written;
};

/* ---- encoding ---- */

static struct str label_at(struct str head, size_t at)
{
    struct str rest = str_trim(str_slice(head, at, head.n));
    size_t n = 0;

    if (rest.n == 0 || rest.p[0] != '=')
        return (struct str){NULL, 0};
    rest = str_trim(str_slice(rest, 1, rest.n));
    while (rest.n > 0 && (rest.p[0] == '"' || rest.p[0] == '\''))
        rest = str_slice(rest, 1, rest.n);
    while (n < rest.n && strchr("\"'; />\t\r\n", rest.p[n]) == NULL)
        n++;
    return str_slice(rest, 0, n);
}

static size_t find_nocase(struct str s, struct str what, size_t from)
{
    for (; from + what.n <= s.n; from++)
        if (strncasecmp(s.p + from, what.p, what.n) == 0)
            return from;
    return SIZE_MAX;
}

/* <meta charset="…"> or <meta … content="text/html; charset=…"> */
static struct str declared(struct str bytes)
{
    struct str head = str_slice(bytes, 0, bytes.n < HEAD_BYTES ? bytes.n : HEAD_BYTES);
    size_t at = 0;

    while ((at = find_nocase(head, STR("<meta"), at)) != SIZE_MAX) {
        size_t end = str_find_char(head, '>', at);
        struct str tag = str_slice(head, at, end == SIZE_MAX ? head.n : end);
        size_t label = find_nocase(tag, STR("charset"), 5);

        if (label != SIZE_MAX && label_at(tag, label + 7).n > 0)
            return label_at(tag, label + 7);
        at += 5;
    }
    return (struct str){NULL, 0};
}

/* The page as UTF-8, in d or as it is. */
static struct str decode(const struct work *w, struct str bytes, struct decode *d)
{
    struct charset charset;
    struct strbuf type = {.max = 256};
    struct str said = w->o->content_type, label = declared(bytes);

    if (find_nocase(said, STR("charset"), 0) == SIZE_MAX && label.n > 0 && label.n < 64 &&
        strbuf_addf(&type, "text/html; charset=" STR_FMT, STR_ARG(label)) == 0)
        said = strbuf_str(&type);
    charset_find(bytes, said, &charset);
    bytes = str_slice(bytes, charset.bom_bytes, bytes.n);
    decode_init(d, &charset);
    strbuf_fini(&type);
    return decode_push(d, bytes, true);
}

/* ---- the tree ---- */

static bool is_html(struct str type)
{
    type = str_cut(&type, ';');
    type = str_trim(type);
    return type.n == 0 || str_eq_nocase(type, STR("text/html")) ||
           str_eq_nocase(type, STR("application/xhtml+xml")) ||
           str_eq_nocase(type, STR("text/plain")) ||
           str_eq_nocase(type, STR("application/octet-stream"));
}

static int build(struct work *w, struct err *e)
{
    struct str html = strbuf_str(&w->tidy.html);
    int quiet = HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                HTML_PARSE_RECOVER | HTML_PARSE_COMPACT;

    if (w->tidy.n_tags == 0)
        return err_set(e, ERR_FORMAT, "no HTML: it has no tags");
    w->doc =
        htmlReadMemory(html.p, (int)html.n, NULL, "UTF-8", quiet); /* at most 16 MB */
    if (w->doc == NULL || xmlDocGetRootElement(w->doc) == NULL)
        return err_set(e, ERR_FORMAT, "no HTML: nothing can be made of it");
    return 0;
}

static xmlNode *body_of(xmlNode *root)
{
    for (xmlNode *n = root->children; n != NULL; n = n->next)
        if (page_is(n, "body"))
            return n;
    return root;
}

static void undrop(xmlNode *top)
{
    for (xmlNode *n = top; n != NULL; n = page_next(n, top, false))
        if (n->type == XML_ELEMENT_NODE)
            page_mark(n)->is_dropped = false;
    page_measure(top);
}

/* ---- is it one? ---- */

static size_t letters(struct str text)
{
    size_t n = 0, len = 1;

    for (size_t i = 0; i < text.n; i += len) {
        uint32_t cp = utf8_decode(text.p + i, text.p + text.n, &len);

        if (cp > ' ')
            n += cp >= 0x2E80 ? 2 : 1;
    }
    return n;
}

static unsigned count_terms(struct str text, const char *const *terms, size_t n)
{
    unsigned found = 0;

    for (size_t i = 0; i < n; i++)
        found += find_nocase(text, str_of(terms[i]), 0) != SIZE_MAX;
    return found;
}

/* A wall in front of the page talks of nothing else and wants something done; an article
   about such walls only talks. */
static bool is_consent(struct str text)
{
    static const char *const terms[] = {"cookie",
                                        "consent",
                                        "privacy policy",
                                        "personal data",
                                        "personalis",
                                        "zustimm",
                                        "einwillig",
                                        "datenschutz",
                                        "consentement",
                                        "confidentialité",
                                        "données personnelles",
                                        "consentimiento",
                                        "privacidad",
                                        "consenso",
                                        "toestemming"};
    static const char *const wishes[] = {
        "our partners",       "vendors",          "accept all",
        "we and our",         "alle akzeptieren", "tout accepter",
        "manage preferences", "unsere partner",   "nos partenaires",
        "nuestros socios",    "your choices",     "withdraw your",
        "aceptar todo",       "we use cookies",   "wir verwenden cookies",
        "wir und unsere"};

    return letters(text) <= CONSENT_CHARS &&
           count_terms(text, terms, ARRAY_LEN(terms)) >= 2 &&
           count_terms(text, wishes, ARRAY_LEN(wishes)) >= 2;
}

static unsigned articles_beside(const xmlNode *best)
{
    unsigned n = 0;

    if (best->parent == NULL || !page_is(best, "article"))
        return 0;
    for (const xmlNode *i = best->parent->children; i != NULL; i = i->next)
        n += page_is(i, "article") && page_mark(i)->chars > 0;
    return n;
}

/* One of many that are about as long is the first of a list. */
static bool is_one_of_many(const xmlNode *best)
{
    return articles_beside(best) >= 3 &&
           page_mark(best)->chars * 2 < page_mark(best->parent)->chars;
}

static const char *judge(const struct work *w, const xmlNode *best, struct str text)
{
    const struct page_mark *m = page_mark(best);

    if (letters(text) < TEXT_LEAST)
        return "too little text";
    if (m->link_chars * 2 > m->chars)
        return "mostly links";
    if (is_one_of_many(best) || (w->written.linked_heads >= LINKED_HEADS &&
                                 w->written.linked_heads * 2 >= w->written.paragraphs))
        return "a list of articles";
    if (is_consent(text))
        return "a wall that asks for consent";
    return NULL;
}

/* ---- the text ---- */

static int write_safe(struct work *w, struct strbuf *html, struct strbuf *text)
{
    struct feed_text t = {
        .value = strbuf_str(&w->written.html), .kind = TEXT_HTML, .base = w->o->url};
    int rc = feed_text_html(&t, html);

    return rc < 0 ? rc : text_from_html(strbuf_str(html), text);
}

static void keep_text(struct work *w, struct str text, struct str html)
{
    struct page *p = w->page;

    if (w->o->max_text_bytes > 0 && text.n > w->o->max_text_bytes) {
        text = str_trim(str_head(text, w->o->max_text_bytes));
        p->is_cut = true;
    }
    p->text = arena_dup(w->a, text);
    if (html.p != NULL)
        p->html = arena_dup(w->a, html);
    p->is_article = p->text.p != NULL;
    p->is_teaser = w->said.is_paid;
    p->why = p->is_article ? NULL : "larger than fits";
}

/* NULL when this is the article, else why not. */
static const char *try_once(struct work *w, xmlNode *body, bool with_words)
{
    struct strbuf html = {.max = w->tidy.html.n * 8 + 4096}, text = {.max = html.max};
    const char *why = "no text that stands out";
    xmlNode *best;

    undrop(body);
    page_prune(body, with_words);
    best = page_best(body);
    strbuf_fini(&w->written.html);
    strbuf_fini(&w->written.heads);
    w->written = (struct page_written){
        .html = {.max = html.max}, .heads = {.max = HEADS_MAX}, .title = w->page->title};
    if (best != NULL) {
        page_write(best, &w->written);
        why = w->written.rc < 0 || write_safe(w, &html, &text) < 0
                  ? "larger than fits"
                  : judge(w, best, strbuf_str(&text));
    }
    /* Less than three fifths of what JSON-LD has is not all of it. */
    if (why == NULL && letters(w->said.body) / 5 * 3 > letters(strbuf_str(&text)))
        keep_text(w, w->said.body, (struct str){NULL, 0});
    else if (why == NULL)
        keep_text(w, strbuf_str(&text), strbuf_str(&html));
    strbuf_fini(&html);
    strbuf_fini(&text);
    return why;
}

static void find_article(struct work *w, xmlNode *body)
{
    const char *why = try_once(w, body, true);

    if (why != NULL && letters(w->said.body) >= TEXT_LEAST && !is_consent(w->said.body)) {
        keep_text(w, w->said.body, (struct str){NULL, 0});
        return;
    }
    if (why != NULL && strcmp(why, "too little text") == 0)
        why = try_once(w, body, false) != NULL ? why : NULL;
    if (why != NULL)
        w->page->why = why;
}

int page_read(struct str bytes, const struct page_options *o, struct arena *a,
              struct page *ret, struct err *e)
{
    struct page page = {.why = "no text that stands out"};
    struct work w = {.o = o, .a = a, .page = &page};
    struct decode d;
    xmlNode *root;
    int rc;

    if (!is_html(o->content_type))
        return err_set(e, ERR_FORMAT, "no HTML but " STR_FMT,
                       STR_ARG(str_head(o->content_type, 60)));
    if (bytes.p == NULL)
        bytes = STR("");
    bytes = str_slice(bytes, 0, bytes.n < PAGE_BYTES_MAX ? bytes.n : PAGE_BYTES_MAX);
    rc = page_tidy(decode(&w, bytes, &d), &w.tidy);
    if (rc == 0)
        rc = build(&w, e);
    else
        err_set(e, rc, "larger than fits");
    if (rc == 0) {
        root = xmlDocGetRootElement(w.doc);
        rc = page_marks(root, a);
        if (rc == 0)
            rc = page_meta(root, &w.tidy, o->url, a, &page, &w.said);
        if (rc == 0)
            find_article(&w, body_of(root));
        else
            err_set(e, rc, "more of it than fits");
    }
    xmlFreeDoc(w.doc);
    strbuf_fini(&w.written.html);
    strbuf_fini(&w.written.heads);
    strbuf_fini(&w.tidy.html);
    decode_fini(&d);
    if (rc == 0)
        *ret = page;
    return rc;
}
