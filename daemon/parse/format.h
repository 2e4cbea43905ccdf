/* format.h - the contract of a feed format: tables of what its elements mean

   A format is one file: how its root is recognised and a table of elements. What an
   element means is a field; the builder (build.h) knows what to do with each field. A
   format that is not XML brings a reader of its own. */
#ifndef NEWSMQ_PARSE_FORMAT_H
#define NEWSMQ_PARSE_FORMAT_H

#include <libxml/xmlstring.h>

#include "newsmq/feed.h"

#include "names.h"

/* Where an element stands; a bit each, so that a row of a table can name several. */
enum scope {
    SCOPE_ROOT = 1,
    SCOPE_FEED = 2,
    SCOPE_ENTRY = 4,
    SCOPE_SOURCE = 8,
    SCOPE_IMAGE = 16,
    SCOPE_PERSON = 32,
    SCOPE_INPUT = 64,  /* RSS textInput */
    SCOPE_OTHER = 128, /* below something we do not read */
    SCOPE_HEADED = SCOPE_FEED | SCOPE_ENTRY | SCOPE_SOURCE,
};

enum field {
    FIELD_NONE,
    /* These open a scope. */
    FIELD_FEED,
    FIELD_ENTRY,
    FIELD_SKIPPED_ENTRY,
    FIELD_SOURCE,
    FIELD_IMAGE,
    FIELD_AUTHOR,
    FIELD_CONTRIBUTOR,
    FIELD_OWNER,  /* an author when there is no other */
    FIELD_INSIDE, /* read on as if the element were not there */
    /* Texts that may hold markup. */
    FIELD_TITLE,
    FIELD_SUMMARY,
    FIELD_SUBTITLE, /* of an entry; a summary when there is no other */
    FIELD_RIGHTS,
    FIELD_INFO,
    FIELD_CONTENT,
    FIELD_BODY, /* RSS description: the summary, or a content when there is one already */
    /* Dates. */
    FIELD_PUBLISHED,
    FIELD_UPDATED,
    FIELD_CREATED,
    FIELD_EXPIRED,
    /* Plain values. */
    FIELD_ID,
    FIELD_GUID, /* RSS: isPermaLink */
    FIELD_LINK,
    FIELD_ORIGINAL_LINK, /* behind a counting redirect; better than the link */
    FIELD_LANGUAGE,
    FIELD_COMMENTS,
    FIELD_GENERATOR,
    FIELD_ICON,
    FIELD_LOGO,
    FIELD_IMAGE_URL,
    FIELD_DURATION,
    FIELD_SOURCE_TEXT, /* RSS source: title as text, url as attribute */
    FIELD_TAG,
    FIELD_KEYWORDS,
    FIELD_PERSON_TEXT,
    FIELD_CONTRIBUTOR_TEXT,
    FIELD_PERSON_NAME,
    FIELD_PERSON_URL,
    FIELD_PERSON_EMAIL,
    /* All in the attributes. */
    FIELD_ATOM_LINK,
    FIELD_ORIGINAL_ENCLOSURE,
    FIELD_ENCLOSURE,
    FIELD_MEDIA,
    FIELD_THUMBNAIL,
    FIELD_NESTED_TAG, /* itunes:category */
    FIELD_IMAGE_HREF,
    FIELD_IMAGE_LINK, /* itunes:link with a rel of image */
    /* When to come again. */
    FIELD_TTL,
    FIELD_SKIP_HOUR,
    FIELD_SKIP_DAY,
    FIELD_PERIOD,
    FIELD_FREQUENCY,
    /* Of a module (modules.h); the rank is its own. */
    FIELD_PODCAST,
    FIELD_MEDIA_VALUE,
    FIELD_GEO,
    FIELD_DISCUSSION,
    FIELD_CHANNEL,
};

/* Of two values for one field the one of the lower rank stays; of equals the first. */
struct tag {
    unsigned scopes;
    enum ns ns;
    const char *local; /* compared without case */
    enum field field;
    unsigned rank;
};

struct tag_table {
    const struct tag *tags;
    size_t n;
};

/* dc, content, media, itunes, atom inside RSS, …: what any format may hold. NULL at the
   end. */
extern const struct tag_table *const module_tables[];

/* libxml2's five pointers an attribute: local name, prefix, namespace, value, its end. */
struct attributes {
    const xmlChar **list;
    size_t n;
};

/* The value of an attribute without a namespace; absent when there is none. */
struct str attribute_get(struct attributes a, const char *local);

struct build;

struct feed_format {
    const char *name;
    enum ns ns; /* what elements without a namespace are taken for */
    /* The schema's name of the version ("rss2.0") when a root element is this format's,
       else NULL; *ret_scope is where its children stand. */
    const char *(*root)(const struct build *b, enum ns ns, struct str local,
                        struct attributes a, enum scope *ret_scope);
    struct tag_table tags;
    /* Not XML: all NULL otherwise. begins looks at the first bytes behind white space. */
    bool (*begins)(struct str head);
    void *(*reader_new)(struct build *b);
    int (*reader_push)(void *reader, struct str bytes, struct err *e);
    int (*reader_finish)(void *reader, struct err *e);
    void (*reader_free)(void *reader);
};

#endif
