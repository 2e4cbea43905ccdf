/* strict.h - well-formed XML through libxml2's push parser */
#ifndef NEWSMQ_PARSE_STRICT_H
#define NEWSMQ_PARSE_STRICT_H

#include <libxml/tree.h> /* dict.h needs it */
#include <libxml/dict.h>

#include "build.h"

struct strict;

struct strict *strict_new(struct build *b);
void strict_free(struct strict *s);

/* UTF-8 that ends between characters. True while the document is well-formed; at the
   first fault false, once, and the builder is back at its last checkpoint. */
bool strict_push(struct strict *s, struct str bytes);
bool strict_finish(struct strict *s);

/* After a fault: where it was, the bytes since the checkpoint that were pushed, and the
   dictionary that the names are from (borrowed). */
struct str strict_rest(const struct strict *s);
unsigned long strict_rest_line(const struct strict *s);
const char *strict_fault(const struct strict *s);
xmlDictPtr strict_dict(const struct strict *s);

#endif
