/* attributes.h - the form of a token: letters, capitals, shape, beginnings and ends */
#ifndef NEWSMQ_WORKERS_TAGGER_ATTRIBUTES_H
#define NEWSMQ_WORKERS_TAGGER_ATTRIBUTES_H

#include "words.h"

#define FORM_BYTES_MAX ((size_t)2 * WORD_BYTES_MAX)

/* The token with one kind of quotation marks, dashes and dots; in buf where it differs.
 */
struct str form_plain(struct str token, char buf[FORM_BYTES_MAX]);

/* Sets what the canonical form alone tells: exact, small, the shapes, is, prefix, suffix,
   front and behind. small: buf for the small form; answers it, digits kept. */
struct str form_read(struct str canonical, struct word *w, char small[FORM_BYTES_MAX]);

#endif
