/* conll.h - files of a token a line with its tag, as corpora of names come, and what the
   extractors find in them */
#ifndef NEWSMQ_CLI_CONLL_H
#define NEWSMQ_CLI_CONLL_H

#include <stdio.h>

#include "newsmq/extractor.h"

enum conll_scheme {
    CONLL_COARSE, /* PER ORG LOC EVENT MISC; gold from the second column */
    CONLL_FINE,   /* the subtypes, too; gold from the third */
};

/* file is what stands in the file of this name. Writes each token with its gold and its
   predicted tag (IOB2), documents and sentences divided as they are there. An error says
   file and line; then what stood before it has been written. */
int conll_run(struct chain *chain, const char *path, struct str file,
              enum conll_scheme scheme, FILE *out, struct err *e);

#endif
