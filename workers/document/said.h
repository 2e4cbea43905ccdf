/* said.h - what stands between quotation marks, and who said it: what quotes.c and the
   reading of what stands beside a quotation share */
#ifndef NEWSMQ_WORKERS_DOCUMENT_SAID_H
#define NEWSMQ_WORKERS_DOCUMENT_SAID_H

#include "names.h"
#include "terms.h"

#define FOCUS_MAX 4

/* A quotation: its marks are the tokens open and close. */
struct said {
    size_t open, close;
    int speaker;   /* number of an entity; -1: not known */
    bool is_named; /* the speaker stands beside it, and does not follow from others */
    size_t cue;    /* the token of the verb; SIZE_MAX: none */
};

/* A person of whom the text has spoken. */
struct focus {
    int entity;
    uint64_t terms; /* TERM_HE or TERM_SHE, as far as known */
};

struct speaking {
    const struct terms *terms;
    struct names names;
    struct focus focus[FOCUS_MAX]; /* the last first */
    size_t n_focus;
    size_t at;         /* what was told of ends at this token */
    uint64_t *genders; /* of each entity: TERM_HE, TERM_SHE */
    size_t genders_cap;
};

static inline uint64_t said_term(const struct speaking *s, size_t token)
{
    return terms_of(s->terms, s->names.forms[FIELD_CONTENT_TEXT][token].key);
}

static inline const struct form *said_form(const struct speaking *s, size_t token)
{
    return &s->names.forms[FIELD_CONTENT_TEXT][token];
}

void speaking_start(struct speaking *s, const struct item *it, struct result *out);
void speaking_fini(struct speaking *s);

/* Tokens [from, to) that are no part of a quotation: whom the text speaks of then. */
void speaking_tell(struct speaking *s, size_t from, size_t to);
void speaking_set(struct speaking *s, int entity); /* somebody has spoken */

/* A verb of saying in the tokens [to the end of the quotation, to), or [from, to the
   beginning of the quotation), and whose it is: true when there is one. The speaker may
   stay unknown. */
bool speaking_behind(struct speaking *s, size_t from, size_t to, struct said *ret);
bool speaking_before(struct speaking *s, size_t from, size_t to, int last,
                     struct said *ret);

/* The person that the tokens [from, to) are about; -1 when that is not clear. */
int speaking_subject(struct speaking *s, size_t from, size_t to);

#endif
