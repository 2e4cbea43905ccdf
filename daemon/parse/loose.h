/* loose.h - broken XML, read the way browsers read HTML: nothing in it is an error */
#ifndef NEWSMQ_PARSE_LOOSE_H
#define NEWSMQ_PARSE_LOOSE_H

#include <libxml/tree.h> /* dict.h needs it */
#include <libxml/dict.h>

#include "build.h"

struct loose;

/* Goes on where the builder stands. dict is the one its names are from; NULL: a new one.
 */
struct loose *loose_new(struct build *b, xmlDictPtr dict, unsigned long line);
void loose_free(struct loose *l);

/* UTF-8 that ends between characters. Stops when the builder has failed. */
void loose_push(struct loose *l, struct str bytes);
void loose_finish(struct loose *l);

#endif
