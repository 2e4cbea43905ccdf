/* view.h - articles, entities and trends as HTML, for the status page and for reports */
#ifndef NEWSMQ_VIEW_H
#define NEWSMQ_VIEW_H

#include <jansson.h>

#include "newsmq/digest.h"
#include "newsmq/html.h"

/* Where links lead: what stands before a percent-encoded id or key. NULL: no links. */
struct view_links {
    const char *article; /* "/article/"; "#a-" */
    const char *entity;  /* "/entity/"; "#e-": before "ORG:United Nations" */
    const char *feed;    /* "/feed/" */
};

struct view {
    struct html *html;
    struct view_links links;
    int64_t now_ms;
    unsigned level; /* of headings inside a view: 2 for <h2> */
};

/* A record/1: its text with the entities in it, quotes and speakers, places on a map,
   short forms, and how it came here. The title is not repeated. */
void view_article(struct view *v, const json_t *record);

/* Mentions over time, who it appears with, in which feeds, what it said, its newest
   articles. False, and nothing written: it is not in the digest. */
bool view_entity(struct view *v, const struct digest *d, struct str key,
                 const struct digest_axis *axis);

/* Rising entities. */
void view_trends(struct view *v, const struct digest *d, const struct digest_axis *axis,
                 size_t max);

/* The same as a short list. */
void view_rising(struct view *v, const struct digest *d, const struct digest_axis *axis,
                 size_t max);

/* The most frequent entities of a type (enum entity_type; -1: all). */
void view_entities(struct view *v, const struct digest *d, const struct digest_filter *f,
                   size_t max);

/* Places of many articles on one map. */
void view_places(struct view *v, const struct digest *d, const struct digest_filter *f);

/* A list of articles, newest first. */
void view_items(struct view *v, const struct digest_item *items, size_t n);

/* ---- small ones ---- */

/* An entity as a link, with its type as a mark; count 0: none is shown. */
void view_entity_link(struct view *v, enum entity_type type, struct str name,
                      uint64_t count);
const char *view_type_name(enum entity_type type); /* "Person", … */

#endif
