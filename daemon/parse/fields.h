/* fields.h - between fields.c and attributes.c */
#ifndef NEWSMQ_PARSE_FIELDS_H
#define NEWSMQ_PARSE_FIELDS_H

#include "build.h"

/* Reads what the attributes say. Whether the element's text is wanted as well. */
bool attributes_start(struct build *b, const struct tag *tag, struct frame *f,
                      struct attributes a);

void link_add(struct build *b, struct feed_link l);

void atom_link_end(struct build *b, const struct tag *tag, const struct frame *f,
                   struct str text);
void original_enclosure(struct build *b, struct str url);

/* Copies the strings; a tag that is there already is not added again. */
void tag_add(struct build *b, struct feed_tag t);

#endif
