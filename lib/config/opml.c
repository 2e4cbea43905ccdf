/* Reading OPML with libxml2's reader: outlines with xmlUrl are feeds, others are folders.

   Exports of feed readers are often not what the specification says (no text=, wrong case
   of attributes, broken entities in URLs), so this takes what it can and notes the rest.
   A DTD has no place in OPML and is refused before the parser sees it; the parser is
   told to load nothing. */
#include <errno.h>
#include <libxml/xmlreader.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newsmq/mem.h"
#include "newsmq/opml.h"

#include "read.h"

#define FOLDERS_MAX 64
#define FEEDS_MAX   ((size_t)1000 * 1000)
#define NOTES_MAX   1000
#define TITLE_MAX   300
#define GROUP_MAX   63

struct outline {
    char *title, *url;
};

struct opml_reader {
    struct opml *out;
    xmlTextReaderPtr xml;
    char *folders[FOLDERS_MAX]; /* slugs; NULL: a folder without a name */
    size_t depth;               /* of <outline> */
    struct claims ids, urls;
    bool seen_root;
    int rc;
};

static unsigned line_of(const struct opml_reader *r)
{
    long line = xmlGetLineNo(xmlTextReaderCurrentNode(r->xml));

    return line > 0 && line < INT_MAX ? (unsigned)line : 1;
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

/* A copy without control characters, white space folded. */
static char *clean_dup(const xmlChar *text, size_t max)
{
    struct str s = str_head(str_trim(str_of((const char *)text)), max);
    char *z = mem_dup(s);

    for (char *p = z; p != NULL && *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            *p = ' ';
    return z;
}

static void outline_read(struct opml_reader *r, struct outline *o)
{
    char *text = NULL;

    while (xmlTextReaderMoveToNextAttribute(r->xml) == 1) {
        const xmlChar *name = xmlTextReaderConstLocalName(r->xml);
        const xmlChar *value = xmlTextReaderConstValue(r->xml);
        char **to = NULL;

        if (name == NULL || value == NULL)
            continue;
        if (xmlStrcasecmp(name, BAD_CAST "xmlUrl") == 0)
            to = &o->url;
        else if (xmlStrcasecmp(name, BAD_CAST "title") == 0)
            to = &o->title;
        else if (xmlStrcasecmp(name, BAD_CAST "text") == 0)
            to = &text;
        if (to == NULL || *to != NULL)
            continue;
        *to = clean_dup(value, to == &o->url ? SIZE_MAX : TITLE_MAX);
    }
    (void)xmlTextReaderMoveToElement(r->xml); /* only fails when there is none */
    if (text != NULL && (o->title == NULL || o->title[0] == '\0')) {
        free(o->title);
        o->title = text;
    } else {
        free(text);
    }
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

static char *group_of(const struct opml_reader *r)
{
    struct strbuf b = {.max = GROUP_MAX};

    for (size_t i = 0; i < r->depth && i < FOLDERS_MAX; i++)
        if (r->folders[i] != NULL && b.n + 1 + strlen(r->folders[i]) <= GROUP_MAX)
            (void)strbuf_addf(&b, "%s%s", b.n > 0 ? "-" : "", r->folders[i]);
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

static char *unique_id(struct opml_reader *r, const struct outline *o)
{
    char *slug = opml_slug(str_of(o->title != NULL ? o->title : "")), *id;

    if (slug == NULL)
        slug = opml_slug(host_of(str_of(o->url)));
    if (slug == NULL)
        slug = mem_strdup("feed");
    id = mem_strdup(slug);
    for (unsigned n = 2;
         claims_put(&r->ids, str_of(id), &(struct config_place){"", 0, 0}, 0) != NULL;
         n++) {
        free(id);
        id = mem_printf("%s-%u", slug, n);
    }
    free(slug);
    return id;
}

static void take_feed(struct opml_reader *r, struct outline *o)
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

static void open_outline(struct opml_reader *r)
{
    bool is_empty = xmlTextReaderIsEmptyElement(r->xml) == 1, is_feed;
    struct outline o = {0};

    outline_read(r, &o);
    is_feed = o.url != NULL && o.url[0] != '\0';
    if (is_feed)
        take_feed(r, &o);
    else if (is_empty)
        note(r->out, line_of(r),
             mem_printf("left out: '%.60s' has no xmlUrl",
                        o.title != NULL ? o.title : ""));
    if (!is_empty) {
        if (r->depth < FOLDERS_MAX)
            r->folders[r->depth] =
                is_feed || o.title == NULL ? NULL : opml_slug(str_of(o.title));
        r->depth++;
    }
    free(o.title);
    free(o.url);
}

static void close_outline(struct opml_reader *r)
{
    if (r->depth == 0)
        return;
    r->depth--;
    if (r->depth < FOLDERS_MAX) {
        free(r->folders[r->depth]);
        r->folders[r->depth] = NULL;
    }
}

static void on_node(struct opml_reader *r)
{
    const xmlChar *name = xmlTextReaderConstLocalName(r->xml);
    int type = xmlTextReaderNodeType(r->xml);

    if (name == NULL)
        return;
    if (type == XML_READER_TYPE_ELEMENT && !r->seen_root) {
        r->seen_root = true;
        if (xmlStrcasecmp(name, BAD_CAST "opml") != 0)
            r->rc = ERR_FORMAT;
    } else if (type == XML_READER_TYPE_DOCUMENT_TYPE) {
        r->rc = ERR_FORMAT;
    } else if (xmlStrcasecmp(name, BAD_CAST "outline") == 0) {
        if (type == XML_READER_TYPE_ELEMENT)
            open_outline(r);
        else if (type == XML_READER_TYPE_END_ELEMENT)
            close_outline(r);
    }
}

static void on_fault(void *ctx, xmlErrorPtr fault)
{
    struct opml_reader *r = ctx;
    struct str text = fault->message != NULL ? str_of(fault->message) : STR("");

    if (fault->level >= XML_ERR_ERROR)
        note(r->out, fault->line > 0 ? (unsigned)fault->line : 1,
             mem_printf("broken XML: " STR_FMT, STR_ARG(str_head(str_trim(text), 200))));
}

static void reader_end(struct opml_reader *r)
{
    while (r->depth > 0)
        close_outline(r);
    claims_fini(&r->ids);
    claims_fini(&r->urls);
    if (r->xml != NULL)
        xmlFreeTextReader(r->xml);
}

int opml_read(struct str bytes, struct opml *ret, struct err *e)
{
    struct opml out = {0};
    struct opml_reader r = {.out = &out};

    if (bytes.n > INT_MAX)
        return err_set(e, ERR_LIMIT, "larger than %d bytes", INT_MAX);
    if (str_find(bytes, STR("<!DOCTYPE"), 0) != SIZE_MAX ||
        str_find(bytes, STR("<!ENTITY"), 0) != SIZE_MAX)
        return err_set(e, ERR_FORMAT, "a DTD has no place in OPML");
    r.xml = xmlReaderForMemory(bytes.n > 0 ? bytes.p : "", (int)bytes.n, NULL, NULL,
                               XML_PARSE_NONET | XML_PARSE_RECOVER | XML_PARSE_BIG_LINES);
    if (r.xml == NULL)
        return err_set(e, -ENOMEM, "no memory to read it");
    xmlTextReaderSetStructuredErrorHandler(r.xml, on_fault, &r);
    while (r.rc == 0 && xmlTextReaderRead(r.xml) == 1)
        on_node(&r);
    reader_end(&r);
    if (r.rc == 0 && r.seen_root) {
        *ret = out;
        return 0;
    }
    if (r.rc == ERR_LIMIT)
        (void)err_set(e, ERR_LIMIT, "more than %zu feeds", FEEDS_MAX);
    else
        (void)err_set(e, ERR_FORMAT, "line %u: this is not OPML",
                      out.n_notes > 0 ? out.notes[0].line : 1);
    opml_fini(&out);
    return r.rc != 0 ? r.rc : ERR_FORMAT;
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
