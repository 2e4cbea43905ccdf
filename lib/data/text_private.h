/* text_private.h - what the files of text.h share with each other */
#ifndef NEWSMQ_TEXT_PRIVATE_H
#define NEWSMQ_TEXT_PRIVATE_H

#include "newsmq/text.h"

#define TEXT_REFERENCE_PARTS 6
#define TEXT_REFERENCE_PART  4000
extern const char text_reference_blob[TEXT_REFERENCE_PARTS][TEXT_REFERENCE_PART];

#define TEXT_REFERENCES 2125
extern const uint16_t text_reference_offsets[TEXT_REFERENCES + 1];

/* What a tag does to the text around it. */
enum tag_kind {
    TAG_UNKNOWN,
    TAG_INLINE, /* known to be HTML, and nothing else */
    TAG_BLOCK,
    TAG_LIST,
    TAG_ITEM,
    TAG_BREAK,
    TAG_ROW,
    TAG_CELL,
    TAG_WORD, /* stands apart from what is beside it: option */
    TAG_PRE,
    TAG_RAW,  /* dropped with its content, which is not markup: script */
    TAG_DROP, /* dropped with its content, which is markup: template */
    TAG_PARAGRAPH,
    TAG_VOID, /* never has an end tag: img */
};

enum tag_kind text_tag_kind(struct str name); /* in any case */

/* Makes out->p[from …] valid NFC text without controls; see text_clean. */
int text_clean_tail(struct strbuf *out, size_t from);

/* The bytes at the start of s that text_clean would leave as they are. */
size_t text_clean_span(struct str s);

/* Whether the `len` bytes at p are white space that folds: ASCII, U+00A0, U+2028, U+2029;
   answers how many bytes of it, or 0. */
size_t text_space(const char *p, const char *end);

#endif
