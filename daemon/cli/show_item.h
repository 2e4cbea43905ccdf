/* show_item.h - one news item for people */
#ifndef NEWSMQ_CLI_SHOW_ITEM_H
#define NEWSMQ_CLI_SHOW_ITEM_H

#include <jansson.h>
#include <stdio.h>

#include "newsmq/item.h"

struct show_item_options {
    bool whole_text; /* not only its beginning */
    bool colour;
};

/* Title, date, language, link, text and entities; nlp may be NULL. */
void show_item(FILE *to, const struct item *it, size_t number, const json_t *nlp,
               const struct show_item_options *o);

#endif
