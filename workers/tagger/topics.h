/* topics.h - what a text is about: one of a few topics that its common words speak for.
   "Cork" is a club among goals and a city among ferries. Section "topics". */
#ifndef NEWSMQ_WORKERS_TAGGER_TOPICS_H
#define NEWSMQ_WORKERS_TAGGER_TOPICS_H

#include "model.h"

#define TOPICS_MAX     64
#define TOPICS_CLASSES 2048 /* of words, each with a row */
#define TOPICS_COMMON  150  /* words more frequent than that tell nothing */

/* The section: this head, then int8 [TOPICS_CLASSES][topics], how much a word of a class
   speaks for each topic. */
struct topics_head {
    uint32_t topics; /* a multiple of 16 */
    uint32_t least;  /* words that a text has to have */
    uint32_t unused[14];
};

struct document;

struct topics {
    const int8_t *rows;
    uint32_t n, least; /* n 0: the model has none */
};

int topics_open(const struct model *m, struct topics *ret, struct err *e);

/* The topic of the text, from 1 on; 0: none, or too few words to tell. */
unsigned topics_choose(const struct topics *t, const struct document *d);

struct word;
/* Whether a word speaks for topics at all. */
bool topics_counts(const struct word *w);

#endif
