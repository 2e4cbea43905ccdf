/* link_header.h - the Link header of HTTP (RFC 8288 §3), as forgiving as its appendix B
 */
#ifndef NEWSMQ_FETCH_LINK_HEADER_H
#define NEWSMQ_FETCH_LINK_HEADER_H

#include "newsmq/str.h"

/* Slices of the header: the target as it stands there, and the first rel, whose words are
   separated by spaces. */
struct link_value {
    struct str target, rel;
    bool has_anchor; /* about something else than this document */
};

/* Cuts the next link off *rest. False when there is none any more; what cannot be read is
   passed over. */
bool link_header_next(struct str *rest, struct link_value *ret);

/* Whether rel has the word, letter case aside. */
bool link_has_rel(const struct link_value *l, struct str word);

/* The target of the first link of this document with the rel; absent when there is none.
 */
struct str link_header_find(struct str header, struct str rel);

#endif
