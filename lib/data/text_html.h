/* text_html.h - finding the pieces of HTML that was written by anybody */
#ifndef NEWSMQ_TEXT_HTML_H
#define NEWSMQ_TEXT_HTML_H

#include "newsmq/str.h"

enum html_piece {
    HTML_TEXT, /* the '<' is only a character */
    HTML_START,
    HTML_END,
    HTML_NOTHING, /* a comment, a declaration, an instruction, a CDATA mark */
};

/* What is known of a document, so that looking for what is not there is done once. */
struct html {
    struct str all;
    bool no_more[256]; /* by the last byte looked for: '"', '\'', '>', '-' */
    bool quotes_are_broken;
    bool in_cdata;
};

struct html_tag {
    struct str name;
    struct str attributes; /* between the name and the '>' */
    size_t end;            /* the offset after it */
};

/* What begins with the '<' at `at`; tag is filled for START, END (all of it) and NOTHING
   (its end). */
enum html_piece html_piece(struct html *h, size_t at, struct html_tag *tag);

/* Whether the attributes hide the element: `hidden`, aria-hidden="true", or
   style="display: none" or "visibility: hidden". */
bool html_is_hidden(struct str attributes);

/* The value of an attribute as it stands there; absent when it has none. */
struct str html_attribute(struct str attributes, struct str name);

/* The offset of "</name" at or after `at`, or the end of the document. */
size_t html_raw_end(const struct html *h, struct str name, size_t at);

#endif
