/* votes.h - what a text calls a word elsewhere: "Trimble" alone is more probably a person
   when "Diana Trimble" was one */
#ifndef NEWSMQ_WORKERS_TAGGER_VOTES_H
#define NEWSMQ_WORKERS_TAGGER_VOTES_H

#include "document.h"
#include "labels.h"

struct votes {
    struct form_votes *forms; /* by struct word.form */
    size_t cap;
    uint32_t turn;
};

/* A new text, of words with that many forms. */
void votes_begin(struct votes *v, size_t forms);
void votes_fini(struct votes *v);

/* The labels that n tokens have at first sight. */
void votes_count(struct votes *v, const struct spot *spots, const uint8_t *labels,
                 size_t n);

/* Adds to the scores of each capitalised token what the other places of its form say.
   False: nothing. */
bool votes_apply(const struct votes *v, const struct spot *spots, const uint8_t *labels,
                 int32_t (*scores)[LABEL_LANES], size_t n);

#endif
