/* charset.h - which encoding a document is in, from what everybody says and from the
 * bytes */
#ifndef NEWSMQ_PARSE_CHARSET_H
#define NEWSMQ_PARSE_CHARSET_H

#include "newsmq/str.h"

#define CHARSET_NAME_MAX 40

/* What is worth trying, names in lower case. */
struct charset {
    char name[CHARSET_NAME_MAX];     /* the likely one */
    char fallback[CHARSET_NAME_MAX]; /* when the bytes are not UTF-8; may be empty */
    bool is_certain;                 /* the bytes say so: a byte order mark, zero bytes */
    bool may_be_utf8;                /* labels lie: UTF-8 bytes are UTF-8 */
    size_t bom_bytes;                /* to skip */
};

/* head: the first bytes of the document; content_type: the HTTP header or absent. */
void charset_find(struct str head, struct str content_type, struct charset *ret);

/* The name under which iconv knows it, NULL when nobody does. */
const char *charset_iconv_name(const char *name);

/* The likely encoding of bytes that nobody labelled and that are not UTF-8. */
const char *charset_guess(struct str bytes);

#endif
