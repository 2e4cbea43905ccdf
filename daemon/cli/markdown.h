/* markdown.h - a file as a person has it, into a title and the text that is read */
#ifndef NEWSMQ_CLI_MARKDOWN_H
#define NEWSMQ_CLI_MARKDOWN_H

#include "newsmq/str.h"

/* A first line "# Title" is the title, links and images become their text, all else stays
   as it is. Both are clean (text_clean) and trimmed. 0 or -E2BIG. */
int markdown_read(struct str file, struct strbuf *title, struct strbuf *text);

#endif
