/* item.h - a news item: what the fetcher hands on and every later stage reads

   Field names are those of the record schema (docs/record.md): JSON Feed 1.1 for content,
   ninjs for links, times in milliseconds since 1970 UTC with 0 for unknown. Slices belong
   to the message or the arena they were read from, and so does their life. */
#ifndef NEWSMQ_ITEM_H
#define NEWSMQ_ITEM_H

#include "newsmq/date.h"
#include "newsmq/err.h"
#include "newsmq/mem.h"
#include "newsmq/str.h"

enum id_basis { ID_GUID, ID_LINK, ID_TITLE_DATE, ID_CONTENT };
enum content_source {
    CONTENT_NONE,
    CONTENT_FEED_CONTENT,
    CONTENT_FEED_SUMMARY,
    CONTENT_PAGE,
};

struct person {
    struct str name, url, avatar, email;
};

struct attachment {
    struct str url, mime_type;
    int64_t size_in_bytes;      /* -1 unknown */
    double duration_in_seconds; /* negative: unknown */
};

/* Where it happened, in degrees (WGS 84). */
struct item_place {
    bool known;
    double longitude, latitude;
    struct str name;
};

/* Of a podcast; a number of 0 is none. */
struct item_episode {
    double number, season;
    struct str type; /* "full", "trailer", "bonus" */
    bool is_explicit;
};

struct label {
    struct str key, value;
};

/* The feed's part of every item ("feed" in the schema). */
struct item_feed {
    struct str id, url, title, site, format, group;
    const struct label *labels;
    size_t n_labels;
};

/* What came of asking for the item's page ("fetch.page" in the schema). */
enum page_outcome {
    PAGE_NOT_ASKED,
    PAGE_USED,       /* content_text is its main text */
    PAGE_NO_ARTICLE, /* no text of it is certain to be an article */
    PAGE_SHORTER,    /* than what the feed itself has */
    PAGE_FORBIDDEN,  /* by robots.txt */
    PAGE_FAILED,     /* reason says why */
    PAGE_LEFT_OUT,   /* over the bounds of one poll */
};

struct item_page {
    enum page_outcome outcome;
    int64_t time_ms; /* 0: it was not got */
    struct str url;  /* after redirects */
    int http_status; /* 0: there was no answer */
    uint64_t bytes;
    struct str reason; /* absent where the outcome says all */
};

/* How the document was got ("fetch" in the schema). */
struct item_fetch {
    int64_t time_ms;
    struct str id, url;
    int http_status; /* 0: not http */
    struct str http_version, etag, last_modified, content_type, charset, body_sha256;
    uint64_t bytes;
    double duration_ms;
    const struct str *parse_warnings;
    size_t n_parse_warnings;
    struct item_page page;
};

struct item {
    struct str id; /* 26 characters */
    enum id_basis id_basis;
    uint32_t revision;       /* given by the hub; 0 before that */
    struct str content_hash; /* "sha256:…" of title, LF, content_text */
    struct str feed_hash;    /* with CONTENT_PAGE: the same of what the feed had */
    struct str guid, url, canonical_url;
    struct str title, content_text, content_html, summary, image, language;
    enum content_source content_source;
    bool content_truncated;
    struct person *authors;
    size_t n_authors;
    struct str *tags;
    size_t n_tags;
    struct attachment *attachments;
    size_t n_attachments;
    uint32_t image_width, image_height; /* 0: unknown */
    struct item_place place;
    struct item_episode episode;
    int64_t date_published_ms, date_modified_ms, date_seen_ms;
    enum date_note date_note;
    struct str *derived; /* names of fields made up here */
    size_t n_derived;
    struct item_feed feed;
    struct item_fetch fetch;
    /* For the hub, beside the item (docs/wire.md, PUT). 0: none. */
    uint64_t alias;       /* of link and title: the entry, whatever guid it has now */
    bool alias_is_shared; /* several entries have these */
    uint64_t steady;      /* of the feed's text without what counts by itself */
};

/* The item as JSON *without* "schema" and "revision", which the hub puts in front: this
   is what travels in PUT. Ends in '}'. 0 or -E2BIG. */
int item_write_core(const struct item *it, struct strbuf *out);

/* Reads an item/1 or record/1 (its item part). All slices live in a. 0 or ERR_FORMAT with
   the field's name. Unknown fields are ignored. */
int item_read(struct str json, struct arena *a, struct item *ret, struct err *e);

/* A deep copy in a; the feed and fetch parts stay as they are (borrowed). False when a
   is full. */
bool item_keep(const struct item *it, struct arena *a, struct item *ret);

const char *id_basis_name(enum id_basis basis);
const char *content_source_name(enum content_source source);
const char *page_outcome_name(enum page_outcome outcome);

#endif
