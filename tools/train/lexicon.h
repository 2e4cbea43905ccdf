/* lexicon.h - what a model knows of words before it has learned from texts: classes of
   words, lists of the language, names of gazetteers */
#ifndef NEWSMQ_TRAIN_LEXICON_H
#define NEWSMQ_TRAIN_LEXICON_H

#include "parts.h"

/* All may be NULL: then the section is there and empty. */
struct lexicon_sources {
    const char *lists;   /* folder of title.txt, org.txt, …, same.txt */
    const char *words;   /* folder of words.txt, k64.txt, k512.txt, k2048.txt */
    const char *names;   /* a line each: TYPE, tab, name */
    const char *phrases; /* data/gazetteer/phrases.tsv */
};

int lexicon_make(const struct lexicon_sources *from, struct parts *to, struct err *e);

#endif
