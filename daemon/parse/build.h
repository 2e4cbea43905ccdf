/* build.h - events of markup in, entries out

   Both XML engines (strict.c on libxml2, loose.c of our own) and the JSON reader drive a
   builder. It keeps the stack of open elements, knows in which scope each stands,
   captures the text of those that a table names, and hands each entry on when it ends.

   Element names and namespaces come from one xmlDict, so that equal names are equal
   pointers and a lookup is one probe of a small table. */
#ifndef NEWSMQ_PARSE_BUILD_H
#define NEWSMQ_PARSE_BUILD_H

#include <libxml/xmlstring.h>

#include "entities.h"
#include "format.h"
#include "slots.h"

#define DEPTH_MAX    1024 /* of elements, whatever the options say */
#define BINDINGS_MAX 128  /* of namespaces in scope */
#define SAVED_MAX    8    /* open elements around an entry, at a checkpoint */
#define LOOKUPS      256
#define SPACES       16 /* namespaces remembered */

/* A name in a dictionary: pointers that are equal when the names are. */
struct name {
    const xmlChar *local, *prefix, *uri; /* prefix and uri may be NULL */
};

struct binding {
    const xmlChar *prefix, *uri;
    unsigned depth;
};

struct frame {
    struct name name;
    enum scope scope; /* of its children */
    const struct tag *tag;
    struct str base, lang;
    struct slots *outer; /* of a source, person or image: what was filled before */
};

struct space {
    const xmlChar *uri, *prefix;
    enum ns ns;
};

struct lookup {
    const void *local, *space;
    unsigned scope;
    const struct tag *tag;
    bool known;
};

/* The text of one element being gathered. */
struct capture {
    bool on;
    bool markup; /* elements inside are part of the value */
    bool escape; /* the value is markup: text in it stays escaped */
    bool base64;
    unsigned depth; /* of the frame that owns it */
    const struct tag *tag;
    enum text_kind kind;
    struct str type;
    struct str source; /* where the content is, when not here */
    struct strbuf text;
};

struct checkpoint {
    unsigned depth;
    struct frame frames[SAVED_MAX];
    struct binding bindings[BINDINGS_MAX];
    size_t n_bindings;
    struct slots feed;
    struct modules modules; /* of the feed, when it has any */
};

struct build {
    const struct feed_options *o;
    const struct feed_receiver *r;
    const struct feed_format *format;
    struct feed_meta meta;

    struct frame *frames; /* max_depth + 1; [0] stands for the document */
    unsigned depth, max_depth;
    struct binding bindings[BINDINGS_MAX];
    size_t n_bindings;
    struct lookup lookups[LOOKUPS];
    unsigned n_misses; /* of names that found both their places taken */
    struct space spaces[SPACES];
    unsigned n_spaces; /* ever remembered; the oldest is replaced */

    struct arena feed_arena, entry_arena;
    struct slots feed, entry, source;
    struct slots *now;    /* one of the three */
    struct person person; /* the one being read */
    struct feed_tag tag;
    struct feed_link link;
    struct str source_url;
    bool guid_is_link, guid_is_relative;
    int64_t period_s;
    uint64_t frequency; /* sy:updateFrequency, 1 by default */
    struct capture capture;
    struct strbuf scratch, scratch2;
    struct entities entities;

    bool in_entry, entry_is_over, loose;
    size_t n_entries, n_dropped;
    uint64_t n_ended; /* entries that ended so far, dropped ones too */
    struct checkpoint saved;

    /* The document is no feed: what its root is, and the title of an HTML page. */
    bool not_a_feed, is_html, in_html_title;
    struct strbuf root_name, html_title;

    unsigned long (*line)(void *engine); /* of the engine that is reading */
    void *engine;
    int rc; /* the first error; nothing is done any more */
    struct err err;
    unsigned n_warnings;
};

void build_init(struct build *b, const struct feed_options *o,
                const struct feed_receiver *r);
void build_fini(struct build *b);

/* Events. attributes are libxml2's five pointers each: local name, prefix, namespace,
   value and its end. */
void build_bind(struct build *b, const xmlChar *prefix, const xmlChar *uri);
void build_start(struct build *b, struct name name, const xmlChar **attributes, size_t n);
void build_text(struct build *b, struct str text);
void build_end(struct build *b);

/* An end tag of broken markup: ends all elements up to the one of that name; nothing
   when there is none. local and prefix are NULL when the dictionary lacks them; text is
   the local name as it was written. */
void build_end_named(struct build *b, struct str text, const xmlChar *local,
                     const xmlChar *prefix);
const xmlChar *build_namespace(const struct build *b, const xmlChar *prefix);

/* A checkpoint is taken when an entry ends; build_restore goes back to the last one. */
void build_save(struct build *b);
void build_restore(struct build *b);

void build_warn(struct build *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
int build_fail(struct build *b, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Says what is wrong with an entity of this kind; nothing when it may be used. */
void build_refuse_entity(struct build *b, enum entity_kind kind, struct str name);

/* For readers that are not XML: the same steps without elements. */
void build_begin_entry(struct build *b);
void build_end_entry(struct build *b);
bool build_is_full(const struct build *b); /* further entries are only counted */
void build_begin_skipped(struct build *b); /* one of those */
void build_end_skipped(struct build *b);

enum ns build_ns(struct build *b, struct name name);

/* The row of the tables for an element below a scope; NULL when nothing reads it. */
const struct tag *build_find_tag(struct build *b, enum scope scope, struct name name);

/* Brings b->meta up to date with what was read. */
void build_meta(struct build *b);

/* ---- between the files of the builder ---- */

/* What an element with this field does when it starts and when its text is complete. */
void field_start(struct build *b, const struct tag *tag, struct frame *f,
                 struct attributes a);
void field_end(struct build *b, const struct tag *tag, struct frame *f, struct str text);

void markup_start(struct build *b, struct name name, struct attributes a);
void markup_text(struct build *b, struct str text);
void markup_end(struct build *b, struct name name);
bool markup_is_void(struct str local);

/* A link against the base of the element, in the arena of the slots; absent when it is
   empty. */
struct str resolve(struct build *b, const struct frame *f, struct str reference);
struct str resolve_against(struct build *b, struct str base, struct str reference);
struct person person_of_text(struct str text);

static inline struct str str_of_xml(const xmlChar *s)
{
    return str_of((const char *)s);
}

#endif
