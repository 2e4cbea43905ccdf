/* subtypes.h - what kind of place, group or thing a name that was found is */
#ifndef NEWSMQ_WORKERS_TAGGER_SUBTYPES_H
#define NEWSMQ_WORKERS_TAGGER_SUBTYPES_H

#include "document.h"
#include "feature.h"
#include "rows.h"
#include "tagger.h"

/* Of the name in the tokens [from, to) of a sentence, counted there. */
void subtypes_features(const struct sentence *s, size_t from, size_t to,
                       enum entity_type type, struct features *out);

/* Whether names of the type may be of that kind. */
bool subtype_fits(enum entity_type type, enum name_subtype s);

/* rows may be NULL: then only what the type alone tells. */
enum name_subtype subtypes_choose(const struct rows *rows, const struct sentence *s,
                                  size_t from, size_t to, enum entity_type type);

#endif
