/* The quick way: libxml2's SAX2 push parser with handlers of our own and no tree. It
   stops at the first thing that is not well-formed. Then the bytes since the last entry's
   end are read again by loose.c, which forgives everything and stays with the document to
   its end. So the well-formed majority pays nothing for the broken rest.

   Nothing outside the document is ever read: no network, no files, no external subset,
   and the only entities are those that entities.c allows. */
#include <stdio.h>
#include <stdlib.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include "newsmq/mem.h"

#include "strict.h"

#define CHUNK         ((size_t)32 * 1024)
#define STALLED_MAX   ((size_t)128 * 1000) /* of a single tag, comment or declaration */
#define REFERENCE_MAX 200                  /* of "&name;" */
#define NAMES_BYTES   ((size_t)128 * 1024) /* of all different names */
#define MINOR_MAX     100 /* faults that libxml2 goes on after; then loose.c is quicker */

struct strict {
    struct build *b;
    xmlParserCtxtPtr ctxt;
    xmlEntity entity; /* the last one looked up: used at once */
    xmlDoc entity_doc;
    struct strbuf entity_text;
    uint64_t pushed, saved_at; /* bytes of the document */
    uint64_t n_ended;          /* of the builder, at saved_at */
    unsigned long saved_line, fault_line;
    struct strbuf rest; /* from saved_at on */
    bool rest_is_lost;  /* was over its bound */
    bool has_fault;
    unsigned n_minor;
    char fault[200];
};

static uint64_t position(const struct strict *s)
{
    const xmlParserInput *in = s->ctxt->input;

    return in == NULL ? s->pushed
                      : (uint64_t)in->consumed + (uint64_t)(in->cur - in->base);
}

static unsigned long line(void *engine)
{
    const struct strict *s = engine;

    if (s->has_fault)
        return s->fault_line;
    return s->ctxt->input != NULL && s->ctxt->input->line > 0
               ? (unsigned long)s->ctxt->input->line
               : 1;
}

static void stop_after_failure(struct strict *s)
{
    if (s->b->rc < 0)
        xmlStopParser(s->ctxt);
}

/* ---- handlers ---- */

static void on_start(void *ctx, const xmlChar *local, const xmlChar *prefix,
                     const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
                     int n_attributes, int n_defaulted, const xmlChar **attributes)
{
    struct strict *s = ctx;

    (void)n_defaulted;
    for (int i = 0; i < n_namespaces; i++, namespaces += 2)
        build_bind(s->b, namespaces[0], namespaces[1]);
    build_start(s->b, (struct name){local, prefix, uri}, attributes,
                (size_t)n_attributes);
    stop_after_failure(s);
}

static void on_end(void *ctx, const xmlChar *local, const xmlChar *prefix,
                   const xmlChar *uri)
{
    struct strict *s = ctx;

    (void)local;
    (void)prefix;
    (void)uri;
    build_end(s->b);
    if (s->b->n_ended != s->n_ended) {
        s->n_ended = s->b->n_ended;
        s->saved_at = position(s);
        s->saved_line = line(s);
        s->rest_is_lost = false;
        build_save(s->b);
    }
    stop_after_failure(s);
}

static void on_text(void *ctx, const xmlChar *text, int n)
{
    struct strict *s = ctx;

    build_text(s->b, (struct str){(const char *)text, (size_t)n});
}

static void on_reference(void *ctx, const xmlChar *name)
{
    on_text(ctx, (const xmlChar *)"&", 1);
    on_text(ctx, name, xmlStrlen(name));
    on_text(ctx, (const xmlChar *)";", 1);
}

static void on_entity_declared(void *ctx, const xmlChar *name, int type,
                               const xmlChar *public_id, const xmlChar *system_id,
                               xmlChar *content)
{
    struct strict *s = ctx;

    (void)public_id;
    (void)system_id;
    if (type != XML_INTERNAL_PARAMETER_ENTITY && type != XML_EXTERNAL_PARAMETER_ENTITY)
        entities_declare(&s->b->entities, str_of_xml(name), str_of_xml(content),
                         type != XML_INTERNAL_GENERAL_ENTITY);
}

/* An entity that libxml2 inlines as text, or NULL. In attributes it takes only the first
   byte of a predefined one, so there it is given as a declared one. */
static xmlEntityPtr on_entity(void *ctx, const xmlChar *name)
{
    struct strict *s = ctx;
    enum entity_kind kind;

    if (xmlGetPredefinedEntity(name) != NULL)
        return xmlGetPredefinedEntity(name);
    if (s->ctxt->inSubset != 0)
        return NULL; /* asked after each declaration, not used */
    strbuf_reset(&s->entity_text);
    (void)strbuf_add(&s->entity_text, STR("")); /* a NUL to point at */
    kind = entities_find(&s->b->entities, str_of_xml(name), &s->entity_text);
    if (kind == ENTITY_UNKNOWN)
        return NULL;
    build_refuse_entity(s->b, kind, str_of_xml(name));
    if (s->b->rc < 0) {
        xmlStopParser(s->ctxt);
        return NULL;
    }
    s->entity = (xmlEntity){
        .type = XML_ENTITY_DECL,
        .name = name,
        .doc = &s->entity_doc,
        .orig = (xmlChar *)s->entity_text.p,
        .content = (xmlChar *)s->entity_text.p,
        .length = (int)s->entity_text.n,
        .etype = s->ctxt->instate == XML_PARSER_ATTRIBUTE_VALUE
                     ? XML_INTERNAL_GENERAL_ENTITY
                     : XML_INTERNAL_PREDEFINED_ENTITY,
        .checked = 2, /* nothing in it to check */
    };
    return &s->entity;
}

static xmlParserInputPtr refuse_outside(void *ctx, const xmlChar *public_id,
                                        const xmlChar *system_id)
{
    (void)ctx;
    (void)public_id;
    (void)system_id;
    return NULL;
}

static void set_fault(struct strict *s, unsigned long at_line, struct str message)
{
    (void)snprintf(s->fault, sizeof s->fault, STR_FMT,
                   STR_ARG(message)); /* cut is fine */
    s->fault_line = at_line;
    s->has_fault = true;
}

static void on_error(void *ctx, xmlErrorPtr error)
{
    struct strict *s = ctx;
    struct str message = str_trim(str_of(error->message));

    if (s->b->rc < 0 || error->level == XML_ERR_WARNING)
        return;
    if (error->code == XML_ERR_NO_MEMORY)
        message = STR("too many different names"); /* the dictionary is at its bound */
    if (error->level == XML_ERR_FATAL) {
        if (!s->has_fault)
            set_fault(s, error->line > 0 ? (unsigned long)error->line : line(s), message);
        xmlStopParser(s->ctxt);
    } else if (s->n_minor++ == 0) {
        build_warn(s->b, STR_FMT, STR_ARG(message));
    } else if (s->n_minor > MINOR_MAX && !s->has_fault) {
        set_fault(s, line(s), STR("more of the same"));
        xmlStopParser(s->ctxt);
    }
}

/* ---- life ---- */

struct strict *strict_new(struct build *b)
{
    struct strict *s = mem_new(sizeof *s);
    xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .reference = on_reference,
        .getEntity = on_entity,
        .entityDecl = on_entity_declared,
        .resolveEntity = refuse_outside,
        .serror = on_error,
    };

    xmlInitParser();
    s->b = b;
    s->entity_text.max = ENTITY_MAX_BYTES;
    s->rest.max = b->entry_arena.max * 2;
    s->saved_line = 1;
    s->ctxt = xmlCreatePushParserCtxt(&sax, s, NULL, 0, NULL);
    if (s->ctxt == NULL)
        abort(); /* out of memory */
    xmlCtxtUseOptions(s->ctxt, XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_IGNORE_ENC);
    s->ctxt->linenumbers = 1;
    (void)xmlDictSetLimit(s->ctxt->dict,
                          NAMES_BYTES); /* only of no dictionary it fails */
    b->line = line;
    b->engine = s;
    return s;
}

void strict_free(struct strict *s)
{
    if (s == NULL)
        return;
    if (s->ctxt->myDoc != NULL)
        xmlFreeDoc(s->ctxt->myDoc);
    s->ctxt->myDoc = NULL;
    xmlFreeParserCtxt(s->ctxt);
    strbuf_fini(&s->entity_text);
    strbuf_fini(&s->rest);
    free(s);
}

/* ---- pushing ---- */

static void keep_rest(struct strict *s, struct str bytes)
{
    uint64_t start = s->pushed - bytes.n;

    if (s->saved_at >= start) {
        strbuf_reset(&s->rest);
        bytes = str_slice(bytes, (size_t)(s->saved_at - start), bytes.n);
    }
    if (s->rest_is_lost || strbuf_add(&s->rest, bytes) < 0) {
        s->rest_is_lost = true;
        strbuf_reset(&s->rest);
        (void)strbuf_add(&s->rest, bytes); /* one chunk fits */
    }
}

/* libxml2 waits for the end of what has begun, a reference without ';' to the end of the
   document. */
static void check_stalled(struct strict *s)
{
    const xmlParserInput *in = s->ctxt->input;
    uint64_t waiting = s->pushed - position(s);

    if (s->has_fault || in == NULL)
        return;
    if (waiting > REFERENCE_MAX && in->cur < in->end && *in->cur == '&')
        set_fault(s, line(s), STR("an ampersand that begins no reference"));
    else if (waiting > STALLED_MAX)
        set_fault(s, line(s), STR("a tag or comment of more than 128 kB"));
}

static void go_back(struct strict *s)
{
    if (s->rest_is_lost)
        s->b->n_dropped++; /* the open entry, too large to be read again */
    build_restore(s->b);
}

static bool push_chunk(struct strict *s, struct str bytes)
{
    s->pushed += bytes.n;
    (void)xmlParseChunk(s->ctxt, bytes.p, (int)bytes.n, 0); /* faults come by on_error */
    if (s->b->rc < 0)
        return true;
    check_stalled(s);
    keep_rest(s, bytes);
    return !s->has_fault;
}

bool strict_push(struct strict *s, struct str bytes)
{
    while (bytes.n > 0 && s->b->rc == 0) {
        size_t n = bytes.n < CHUNK ? bytes.n : CHUNK;

        while (n < bytes.n && n > CHUNK - 4 && ((unsigned char)bytes.p[n] & 0xC0) == 0x80)
            n--;
        if (!push_chunk(s, str_slice(bytes, 0, n))) {
            bytes = str_slice(bytes, n, bytes.n);
            if (strbuf_add(&s->rest, bytes) < 0)
                s->rest_is_lost = true;
            go_back(s);
            return false;
        }
        bytes = str_slice(bytes, n, bytes.n);
    }
    return true;
}

bool strict_finish(struct strict *s)
{
    (void)xmlParseChunk(s->ctxt, NULL, 0, 1); /* faults come by on_error */
    if (!s->has_fault || s->b->rc < 0)
        return true;
    go_back(s);
    return false;
}

struct str strict_rest(const struct strict *s)
{
    return strbuf_str(&s->rest);
}

unsigned long strict_rest_line(const struct strict *s)
{
    return s->saved_line;
}

const char *strict_fault(const struct strict *s)
{
    return s->fault;
}

xmlDictPtr strict_dict(const struct strict *s)
{
    return s->ctxt->dict;
}
