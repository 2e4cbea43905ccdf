/* show.h - records for people: text with its entities marked, and the entities in a list
 */
#ifndef NEWSMQ_CLI_SHOW_H
#define NEWSMQ_CLI_SHOW_H

#include <jansson.h>
#include <stdio.h>

#include "newsmq/str.h"

/* Prints text (the record's content_text or title, as field names it) with the mentions
   of nlp coloured by type, or as [name|PER] without colour. Lines are kept; what is
   behind max_bytes is left out with "…" (0: all). */
void show_text(FILE *to, struct str text, const char *field, const json_t *nlp,
               size_t max_bytes, bool colour);

/* One line an entity: type, name, aliases, number of mentions. At most max (0: all). */
void show_entities(FILE *to, const json_t *nlp, size_t max, bool colour);

/* The names alone, without a line's end. At most max. */
void show_names(FILE *to, const json_t *nlp, size_t max, bool colour);

/* What the colours mean, on one line. */
void show_legend(FILE *to, bool colour);

#endif
