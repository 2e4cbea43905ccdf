/* loose_private.h - between loose.c and loose_tag.c */
#ifndef NEWSMQ_PARSE_LOOSE_PRIVATE_H
#define NEWSMQ_PARSE_LOOSE_PRIVATE_H

#include "loose.h"

#define TAG_MAX       ((size_t)64 * 1024) /* longer: not a tag */
#define REFERENCE_MAX 40
#define SECTION_HELD  256 /* of a CDATA section, to see what is behind its element */

enum loose_inside { IN_TEXT, IN_CDATA, IN_COMMENT, IN_PI, IN_DECLARATION };

struct loose {
    struct build *b;
    xmlDictPtr dict;
    struct strbuf in; /* not yet read; always less than a token and a chunk */
    size_t at;        /* read of it so far */
    enum loose_inside inside;
    bool at_end;
    unsigned long line;
    struct strbuf values; /* of the attributes of one tag */
    struct strbuf text;
};

/* Characters that XML does not allow. */
static inline bool loose_is_forbidden(unsigned char c)
{
    return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

static inline bool loose_is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* Appends what the reference at the start of s stands for; answers its bytes, 0 when it
   is only an ampersand. */
size_t loose_reference(struct loose *l, struct str s, struct strbuf *out);

/* Appends s with its references decoded and forbidden characters dropped. */
void loose_decode(struct loose *l, struct str s, struct strbuf *out);

/* What stands between the angles of a tag, without '/'. */
void loose_start_tag(struct loose *l, struct str inner, bool is_empty);
void loose_end_tag(struct loose *l, struct str inner);

/* Whether the name at the start of s is that of an element known in the scope. */
bool loose_knows(struct loose *l, enum scope scope, struct str s);

/* The offset of the '>' that ends the tag at the start of s; SIZE_MAX when it is not
   there. A quote that never ends does not hide it. */
size_t loose_tag_length(struct str s);

#endif
