/* fields.h - between fields.c and what it hands its elements to */
#ifndef NEWSMQ_PARSE_FIELDS_H
#define NEWSMQ_PARSE_FIELDS_H

#include "build.h"

/* Reads what the attributes say. Whether the element's text is wanted as well. */
bool attributes_start(struct build *b, const struct tag *tag, struct frame *f,
                      struct attributes a);

/* The text of the element at the top of the stack is gathered from here on. */
void capture_begin(struct build *b, const struct tag *tag, enum text_kind kind,
                   bool markup);
struct str capture_end(struct build *b, const struct tag *tag, struct str text);

void text_begin(struct build *b, const struct tag *tag, struct attributes a);
void text_end(struct build *b, const struct tag *tag, const struct frame *f,
              struct str value);
void person_end(struct build *b, const struct tag *tag, const struct frame *f,
                struct str text);

void link_add(struct build *b, struct feed_link l);

void atom_link_end(struct build *b, const struct tag *tag, const struct frame *f,
                   struct str text);
void original_enclosure(struct build *b, struct str url);

/* Copies the strings; a tag that is there already is not added again. */
void tag_add(struct build *b, struct feed_tag t);

#endif
