/* evaluate.h - F1 of a tagger on an annotated text: strict span and type */
#ifndef NEWSMQ_TRAIN_EVALUATE_H
#define NEWSMQ_TRAIN_EVALUATE_H

#include <stdio.h>

#include "corpus.h"
#include "tagger/labels.h"
#include "tagger/tagger.h"

struct tally {
    size_t right, found, there;
};

struct evaluation {
    struct tally types[LABEL_TYPES];
    struct tally three;  /* PER, ORG, LOC */
    struct tally folded; /* all, with EVENT taken as MISC */
    struct tally five;
    struct tally fine;        /* spans with their subtypes, where the text has such */
    struct tally certain[10]; /* by score: names found, and right ones */
    size_t tokens;
    double seconds; /* of the processor */
};

double tally_f1(const struct tally *t); /* in percent */

/* out: NULL, or where token, tag and what was found are written, as the corpora are. */
void evaluate(struct tagger *t, const struct corpus *c, FILE *out,
              struct evaluation *ret);

#endif
