/* opml.h - lists of subscriptions (OPML 2.0), as feed readers export them */
#ifndef NEWSMQ_OPML_H
#define NEWSMQ_OPML_H

#include "newsmq/config.h"
#include "newsmq/err.h"
#include "newsmq/str.h"

struct opml_feed {
    char *id; /* from the title, else the host; a valid id, unique in this list */
    char *title, *url;
    char *group;   /* the folders, joined with '-'; NULL at the top */
    unsigned line; /* in the OPML */
};

/* Something that was left out or mended. */
struct opml_note {
    unsigned line;
    char *text;
};

struct opml {
    struct opml_feed *feeds;
    size_t n_feeds, feeds_cap;
    struct opml_note *notes; /* the first 1,000 */
    size_t n_notes, notes_cap;
};

/* Forgiving: a broken document gives the feeds before the fault and a note. 0, or
   ERR_FORMAT ("line 1: …") when it is no OPML or holds a DTD, ERR_LIMIT when it holds
   over a million feeds. On failure *ret needs no opml_fini. */
int opml_read(struct str bytes, struct opml *ret, struct err *e);
void opml_fini(struct opml *o);

/* The letters and digits of a title as an id ("Le Monde – Économie" →
   "le-monde-economie"); NULL when nothing is left. The caller frees. */
char *opml_slug(struct str title);

/* The feeds of a configuration as OPML 2.0, groups as folders. 0 or -E2BIG. */
int opml_write(const struct config *c, struct strbuf *out);

/* The feeds of an OPML as the YAML of `groups:` and `feeds:`. 0 or -E2BIG. */
int opml_write_yaml(const struct opml *o, struct strbuf *out);

#endif
