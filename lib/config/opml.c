/* Reading OPML with libxml2's SAX: outlines with xmlUrl are feeds, others are folders.

   Exports of feed readers are often not what the specification says (no text=, wrong case
   of attributes, bare '&' in URLs), so this takes what it can and notes the rest. A DTD
   has no place in OPML: the first sign of one ends the reading, so there are no entities
   but XML's own five, and nothing is ever loaded. */
#include <errno.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"
#include "newsmq/opml.h"
#include "newsmq/url.h"

#include "read.h"

#define FOLDERS_MAX 64
#define FEEDS_MAX   ((size_t)1000 * 1000)
#define NOTES_MAX   1000
#define TITLE_MAX   300
#define GROUP_MAX   63

struct outline {
    char *title, *url;
};

/* An outline that is open. */
struct folder {
    char *slug;  /* NULL: a feed, or a folder without a name */
    char *title; /* NULL: a feed */
    unsigned line;
    bool has_any; /* outlines inside */
};

struct opml_parser {
    struct opml *out;
    xmlParserCtxtPtr xml;
    struct folder folders[FOLDERS_MAX];
    size_t depth; /* of <outline> */
    struct claims ids, urls;
    bool seen_root, has_dtd;
    int rc;
};

/* One attribute of startElementNs: five pointers. */
struct attribute {
    const xmlChar *name, *prefix, *uri, *value, *end;
};

static unsigned line_of(const struct opml_parser *r)
{
    int line = xmlSAX2GetLineNumber(r->xml);

    return line > 0 ? (unsigned)line : 1;
}

static void note(struct opml *o, unsigned line, char *text)
{
    if (o->n_notes >= NOTES_MAX) {
        free(text);
        return;
    }
    o->notes = mem_grow(o->notes, &o->notes_cap, o->n_notes + 1, sizeof *o->notes);
    o->notes[o->n_notes++] = (struct opml_note){line, text};
}

/* A copy without control characters and white space around. */
static char *clean_dup(struct str text, size_t max)
{
    char *z = mem_dup(str_head(str_trim(text), max));

    for (char *p = z; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    return z;
}

static void take_attribute(const struct attribute *a, const char *name, size_t max,
                           char **to)
{
    struct str value = {(const char *)a->value, (size_t)(a->end - a->value)};

    if (*to == NULL && xmlStrcasecmp(a->name, BAD_CAST name) == 0 && value.n > 0)
        *to = clean_dup(value, max);
}

static void outline_read(const struct attribute *list, int n, struct outline *o)
{
    char *text = NULL;

    for (int i = 0; i < n; i++) {
        take_attribute(&list[i], "xmlUrl", URL_MAX_BYTES + 1, &o->url);
        take_attribute(&list[i], "title", TITLE_MAX, &o->title);
        take_attribute(&list[i], "text", TITLE_MAX, &text);
    }
    if (o->title == NULL)
        o->title = text;
    else
        free(text);
}

/* "feed://x" and "feed:https://x" are what some readers write. */
static char *usual_url(char *url)
{
    char *usual = url;

    if (strncasecmp(url, "feed://", 7) == 0)
        usual = mem_printf("http://%s", url + 7);
    else if (strncasecmp(url, "feed:", 5) == 0)
        usual = mem_strdup(url + 5);
    if (usual != url)
        free(url);
    return usual;
}

static char *group_of(const struct opml_parser *r)
{
    struct strbuf b = {.max = GROUP_MAX};

    for (size_t i = 0; i < r->depth && i < FOLDERS_MAX; i++)
        if (r->folders[i].slug != NULL &&
            b.n + 1 + strlen(r->folders[i].slug) <= GROUP_MAX)
            (void)strbuf_addf(&b, "%s%s", b.n > 0 ? "-" : "", r->folders[i].slug);
    if (b.n > 0)
        return strbuf_take(&b);
    strbuf_fini(&b);
    return NULL;
}

static struct str host_of(struct str url)
{
    size_t from = str_find(url, STR("://"), 0), to;

    from = from == SIZE_MAX ? 0 : from + 3;
    if (str_has_prefix(str_slice(url, from, url.n), STR("www.")))
        from += 4;
    to = str_find_char(url, '/', from);
    return str_slice(url, from, to == SIZE_MAX ? url.n : to);
}

static char *unique_id(struct opml_parser *r, const struct outline *o)
{
    char *slug = opml_slug(str_of(o->title != NULL ? o->title : "")), *id;
    const struct config_place nowhere = {"", 0, 0};

    if (slug == NULL)
        slug = opml_slug(host_of(str_of(o->url)));
    if (slug == NULL)
        slug = mem_strdup("feed");
    id = claims_unique(&r->ids, slug);
    (void)claims_put(&r->ids, str_of(id), &nowhere, 0); /* nobody else has it */
    free(slug);
    return id;
}

static void take_feed(struct opml_parser *r, struct outline *o)
{
    const struct claim *earlier;
    struct opml *out = r->out;
    unsigned line = line_of(r);
    struct config_place at = {"", line, 1};
    struct verdict v;

    o->url = usual_url(o->url);
    if (!value_is_url(str_of(o->url), &v)) {
        note(out, line, mem_printf("left out: %s", v.text));
        return;
    }
    earlier = claims_put(&r->urls, str_of(o->url), &at, 0);
    if (earlier != NULL) {
        note(out, line,
             mem_printf("left out: %.200s is on line %u already", o->url,
                        earlier->place.line));
        return;
    }
    if (out->n_feeds >= FEEDS_MAX) {
        r->rc = ERR_LIMIT;
        return;
    }
    out->feeds =
        mem_grow(out->feeds, &out->feeds_cap, out->n_feeds + 1, sizeof *out->feeds);
    out->feeds[out->n_feeds++] = (struct opml_feed){
        .id = unique_id(r, o),
        .title = mem_strdup(o->title != NULL ? o->title : ""),
        .url = mem_strdup(o->url),
        .group = group_of(r),
        .line = line,
    };
}

static void open_outline(struct opml_parser *r, const struct attribute *list, int n)
{
    struct outline o = {0};
    bool is_feed;

    outline_read(list, n, &o);
    is_feed = o.url != NULL && o.url[0] != '\0';
    if (r->depth < FOLDERS_MAX)
        r->folders[r->depth] = (struct folder){
            .slug = is_feed || o.title == NULL ? NULL : opml_slug(str_of(o.title)),
            .title = is_feed ? NULL : mem_strdup(o.title != NULL ? o.title : ""),
            .line = line_of(r),
        };
    if (r->depth > 0 && r->depth <= FOLDERS_MAX)
        r->folders[r->depth - 1].has_any = true;
    if (is_feed)
        take_feed(r, &o);
    r->depth++;
    free(o.title);
    free(o.url);
}

static void close_outline(struct opml_parser *r)
{
    struct folder *f;

    if (r->depth == 0 || --r->depth >= FOLDERS_MAX)
        return;
    f = &r->folders[r->depth];
    if (f->title != NULL && !f->has_any)
        note(r->out, f->line, mem_printf("left out: '%.60s' has no xmlUrl", f->title));
    free(f->slug);
    free(f->title);
    *f = (struct folder){0};
}

static void stop(struct opml_parser *r, int rc)
{
    if (r->rc == 0)
        r->rc = rc;
    xmlStopParser(r->xml);
}

static void on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
                     int n_attributes, int n_defaulted, const xmlChar **attributes)
{
    struct opml_parser *r = ctx;

    (void)prefix;
    (void)uri;
    (void)n_namespaces;
    (void)namespaces;
    (void)n_defaulted;
    if (!r->seen_root && xmlStrcasecmp(name, BAD_CAST "opml") != 0) {
        stop(r, ERR_FORMAT);
        return;
    }
    r->seen_root = true;
    if (r->rc == 0 && xmlStrcasecmp(name, BAD_CAST "outline") == 0)
        open_outline(r, (const struct attribute *)attributes, n_attributes);
    if (r->rc != 0)
        xmlStopParser(r->xml);
}

static void on_end(void *ctx, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *uri)
{
    (void)prefix;
    (void)uri;
    if (xmlStrcasecmp(name, BAD_CAST "outline") == 0)
        close_outline(ctx);
}

static void on_dtd(void *ctx, const xmlChar *name, const xmlChar *public,
                   const xmlChar *system)
{
    struct opml_parser *r = ctx;

    (void)name;
    (void)public;
    (void)system;
    r->has_dtd = true;
    stop(r, ERR_FORMAT);
}

static xmlEntityPtr on_entity(void *ctx, const xmlChar *name)
{
    (void)ctx;
    return xmlGetPredefinedEntity(name);
}

static void on_fault(void *ctx, xmlErrorPtr fault)
{
    struct opml_parser *r = ctx;
    struct str text = fault->message != NULL ? str_of(fault->message) : STR("");

    if (fault->level >= XML_ERR_ERROR)
        note(r->out, fault->line > 0 ? (unsigned)fault->line : 1,
             mem_printf("broken XML: " STR_FMT, STR_ARG(str_head(str_trim(text), 200))));
}

static void parse(struct opml_parser *r)
{
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .internalSubset = on_dtd,
        .getEntity = on_entity,
        .serror = on_fault,
    };

    /* NOENT: '&amp;' in a value becomes '&'; there are no other entities to expand. */
    (void)xmlCtxtUseOptions(r->xml, XML_PARSE_NONET | XML_PARSE_RECOVER |
                                        XML_PARSE_NOENT | XML_PARSE_BIG_LINES);
    *r->xml->sax = sax;
    r->xml->userData = r;
    (void)xmlParseDocument(r->xml); /* its faults came to on_fault */
    while (r->depth > 0)
        close_outline(r);
    xmlFreeDoc(r->xml->myDoc);
    xmlFreeParserCtxt(r->xml);
}

static int no_opml(const struct opml_parser *r, struct err *e)
{
    if (r->rc == ERR_LIMIT)
        return err_set(e, ERR_LIMIT, "more than %zu feeds", FEEDS_MAX);
    if (r->has_dtd)
        return err_set(e, ERR_FORMAT, "a DTD has no place in OPML");
    return err_set(e, ERR_FORMAT, "line %u: this is not OPML",
                   r->out->n_notes > 0 ? r->out->notes[0].line : 1);
}

int opml_read(struct str bytes, struct opml *ret, struct err *e)
{
    struct opml out = {0};
    struct opml_parser r = {.out = &out};
    int rc = 0;

    if (bytes.n > INT_MAX)
        return err_set(e, ERR_LIMIT, "larger than %d bytes", INT_MAX);
    if (str_trim(bytes).n == 0)
        return err_set(e, ERR_FORMAT, "line 1: this is not OPML");
    r.xml = xmlCreateMemoryParserCtxt(bytes.p, (int)bytes.n);
    if (r.xml == NULL)
        return err_set(e, -ENOMEM, "no memory to read it");
    parse(&r);
    claims_fini(&r.ids);
    claims_fini(&r.urls);
    if (r.rc != 0 || !r.seen_root) {
        rc = no_opml(&r, e);
        opml_fini(&out);
        return rc;
    }
    *ret = out;
    return 0;
}

void opml_fini(struct opml *o)
{
    for (size_t i = 0; i < o->n_feeds; i++) {
        free(o->feeds[i].id);
        free(o->feeds[i].title);
        free(o->feeds[i].url);
        free(o->feeds[i].group);
    }
    free(o->feeds);
    for (size_t i = 0; i < o->n_notes; i++)
        free(o->notes[i].text);
    free(o->notes);
    *o = (struct opml){0};
}
