/* feed.h - feeds as they are read: bytes in, entries out, while they arrive

   A parser is pushed bytes as the network delivers them. Entries are handed on as soon as
   each is complete, so a document that breaks in the middle keeps what came before. No
   tree of the whole is built. */
#ifndef NEWSMQ_FEED_H
#define NEWSMQ_FEED_H

#include "newsmq/date.h"
#include "newsmq/err.h"
#include "newsmq/feed_modules.h"
#include "newsmq/item.h"
#include "newsmq/mem.h"
#include "newsmq/settle.h"
#include "newsmq/str.h"

enum text_kind { TEXT_PLAIN, TEXT_HTML, TEXT_XHTML };

/* Text as published. base and lang are what xml:base and xml:lang say at this element. */
struct feed_text {
    struct str value;
    struct str type; /* as declared: "text/html", "html", "xhtml", …; absent when not */
    enum text_kind kind;
    struct str base, lang;
    struct str source; /* atom:content by reference: where it is */
};

struct feed_date {
    struct str raw;
    struct date date;
};

/* Any atom:link, enclosure or media file, href resolved. */
struct feed_link {
    struct str href, rel, type, title, hreflang, length;
};

struct feed_tag {
    struct str term, scheme, label;
};

/* One <item>, <entry> or JSON item, links resolved, otherwise as published. */
struct feed_entry {
    struct str id;   /* guid, atom:id, rdf:about, JSON id */
    bool id_is_link; /* RSS guid that is a permalink and stands in for a missing link */
    struct str link;
    struct str external_url;
    struct feed_text title, summary, subtitle, rights;
    struct feed_text *contents;
    size_t n_contents;
    struct feed_date published, updated, created, expired;
    struct person *authors, *contributors;
    size_t n_authors, n_contributors;
    struct feed_tag *tags;
    size_t n_tags;
    struct feed_link *links;
    size_t n_links;
    struct attachment *enclosures;
    size_t n_enclosures;
    struct str image, language, comments;
    double duration_s;              /* itunes:duration; negative: unknown */
    const struct feed_meta *source; /* the feed it was taken from; NULL mostly */
    struct feed_modules modules;
};

/* What the document says of itself. Complete only when the parser has finished; RSS may
   put it behind the items. */
struct feed_meta {
    struct str format;   /* as feed.format in the schema: "rss2.0", "atom1.0", … */
    struct str version;  /* as the root element says it: "0.92" */
    struct str encoding; /* the one used to decode */
    struct str title;    /* one line of plain text when the parser has finished */
    struct feed_text title_as_published, subtitle, rights, info;
    struct str id, link, self, hub, next, language, image, icon, generator;
    struct feed_date published, updated, created;
    struct person *authors, *contributors, *owners; /* itunes:owner */
    size_t n_authors, n_contributors, n_owners;
    struct feed_tag *tags;
    size_t n_tags;
    struct feed_link *links;
    size_t n_links;
    struct feed_modules modules;
    /* Polling hints; -1 where absent. */
    int ttl_min;
    int64_t update_period_s; /* sy:updatePeriod over sy:updateFrequency */
    uint32_t skip_hours;     /* bit h: do not poll in UTC hour h */
    uint8_t skip_days;       /* bit d: do not poll on weekday d, 0 = Sunday */
    bool well_formed;        /* no repair was needed */
    bool has_other_encoding; /* than it says it has */
    bool ends_in_entry;      /* the last entry was cut off and is left out */
};

struct feed_options {
    struct str url; /* after redirects; base of relative links */
    struct str
        content_type; /* the HTTP header, absent when none: charset comes from it */
    struct str content_location; /* further base, absent when none */
    struct str content_language;
    size_t max_entries;     /* 0: no bound; more are counted and left out */
    size_t max_entry_bytes; /* text of one entry; over it the entry is dropped, counted */
    unsigned max_depth;     /* 0: 256 */
    size_t max_bytes;       /* of a compressed document when unpacked; 0: no bound */
};

/* Where a parser puts what it finds. Pointers are valid during the call. */
struct feed_receiver {
    void *ctx;
    int (*entry)(void *ctx, const struct feed_entry *entry); /* negative stops parsing */
    void (*warning)(void *ctx, struct str text); /* one line, "line 14: …" */
};

struct feed_parser;

struct feed_parser *feed_parser_new(const struct feed_options *o,
                                    const struct feed_receiver *r);

/* Bytes as they come, also those of a gzip or zlib file that nobody has unpacked yet.
   0, or a negative code: then no further entries will come, and what was handed on
   stays valid. A document that is broken but readable is not an error. */
int feed_parser_push(struct feed_parser *p, struct str bytes, struct err *e);

/* The end of the document. 0 when this was a feed, even an empty or repaired one;
   ERR_FORMAT "line 3: …" when it was none (an HTML page: with its title). */
int feed_parser_finish(struct feed_parser *p, struct err *e);

/* Valid until feed_parser_free; best after finish. */
const struct feed_meta *feed_parser_meta(const struct feed_parser *p);
size_t feed_parser_dropped(const struct feed_parser *p); /* over a limit */
void feed_parser_free(struct feed_parser *p);

/* The text as HTML that is safe to show: known harmless elements and attributes only,
   links absolute and of harmless schemes. Plain text is escaped. 0 or -E2BIG. */
int feed_text_html(const struct feed_text *t, struct strbuf *out);

/* ---- from an entry to an item ---- */

struct normalise_options {
    size_t max_text_bytes; /* content_text is cut there, content_truncated says so */
    bool keep_html;        /* fill content_html */
    bool alt, links;       /* into the text as well: see struct html_options (text.h) */
    struct str language;   /* the configuration's, when the feed has none; or absent */
};

/* Fills *ret from the entry: text, links, people, content hash; dates and identity follow
   when all items of the document are settled (settle.h) with what is in *ret_open.
   feed.id, feed.url and fetch must be set in *ret before; feed.title, feed.site and
   feed.format are filled from meta where absent. Everything new lives in a or in the
   entry, so copy both before the entry goes. 0, or a negative code when the entry has
   neither title, link, id nor text. */
int item_from_entry(const struct feed_entry *entry, const struct feed_meta *meta,
                    const struct normalise_options *o, struct arena *a, struct item *ret,
                    struct item_open *ret_open, struct err *e);

/* ---- the contract of a format: one file in daemon/parse/, one line in CMake ---- */

struct feed_format;
extern const struct feed_format *const feed_formats[]; /* NULL at the end */

#endif
