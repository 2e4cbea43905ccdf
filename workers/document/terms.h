/* terms.h - words of a language, and names that are the same whatever a text says */
#ifndef NEWSMQ_WORKERS_DOCUMENT_TERMS_H
#define NEWSMQ_WORKERS_DOCUMENT_TERMS_H

#include "newsmq/err.h"
#include "newsmq/record.h"

/* Kinds of words, a bit each. */
#define TERM_MALE    (UINT64_C(1) << 0) /* titles and words in front of men */
#define TERM_FEMALE  (UINT64_C(1) << 1) /* … and of women */
#define TERM_TITLE   (UINT64_C(1) << 2) /* in front of persons */
#define TERM_KIN     (UINT64_C(1) << 3)
#define TERM_HE      (UINT64_C(1) << 4)
#define TERM_SHE     (UINT64_C(1) << 5)
#define TERM_THEY    (UINT64_C(1) << 6)
#define TERM_JUNIOR  (UINT64_C(1) << 7)  /* behind persons */
#define TERM_COMPANY (UINT64_C(1) << 8)  /* behind companies and clubs */
#define TERM_PLACE   (UINT64_C(1) << 9)  /* of a place's name; may be left out */
#define TERM_COMMON  (UINT64_C(1) << 10) /* too common to be a short form */
#define TERM_SAY     (UINT64_C(1) << 11) /* verbs beside a quotation */
#define TERM_ROLE    (UINT64_C(1) << 12) /* what persons are */
#define TERM_MAN     (UINT64_C(1) << 13) /* given names */
#define TERM_WOMAN   (UINT64_C(1) << 14)
#define TERM_LAW     (UINT64_C(1) << 15) /* heads of the names of laws and treaties */
#define TERM_BYLINE  (UINT64_C(1) << 16) /* in front of who wrote it */
#define TERM_FAMILY  (UINT64_C(1) << 17) /* behind a name that is a family's */
#define TERM_NAMED   (UINT64_C(1) << 18) /* between two names of one thing: "alias" */
#define TERM_BETWEEN (UINT64_C(1) << 19) /* may stand beside TERM_NAMED: "also" */
#define TERM_OR      (UINT64_C(1) << 20)
#define TERM_BORN    (UINT64_C(1) << 21) /* in front of the first name of somebody */
#define TERM_ALIAS   (UINT64_C(1) << 22) /* TERM_NAMED that needs no mark in front */
#define TERM_INC     (UINT64_C(1) << 23) /* TERM_COMPANY that may follow a comma */
#define TERM_BODY    (UINT64_C(1) << 24) /* what bodies are: a firm, a band */
#define TERM_TOWN    (UINT64_C(1) << 25) /* … what places with a government are */
#define TERM_LAND    (UINT64_C(1) << 26) /* … and without one */
#define TERM_SITE    (UINT64_C(1) << 27) /* … and buildings */
#define TERM_MADE    (UINT64_C(1) << 28) /* … ships, programs, and what else is made */
#define TERM_WORK    (UINT64_C(1) << 29) /* … and films and books */
#define TERM_ARTICLE (UINT64_C(1) << 30) /* in front of these */
#define TERM_ENDS    (UINT64_C(1) << 31) /* ends a noun: "a firm in" */
#define TERM_HONOUR  (UINT64_C(1) << 32) /* TERM_TITLE that is never part of a name */
#define TERM_OFFICE  (UINT64_C(1) << 33) /* what state bodies and unions are */
#define TERM_FIELD   (UINT64_C(1) << 34) /* what ministries and institutes are for */
#define TERM_BOND    (UINT64_C(1) << 35) /* behind a hyphen: "-led" */
#define TERM_FOLK    (UINT64_C(1) << 36) /* what peoples are */
#define TERM_BEAST   (UINT64_C(1) << 37) /* … animals, and other things with names */
#define TERM_EVENT   (UINT64_C(1) << 38) /* … and events */
#define TERM_PERSON  (UINT64_C(1) << 39) /* what persons are that is no TERM_ROLE */
#define TERM_AFTER   (UINT64_C(1) << 40) /* stands right behind what is one */

struct known {
    enum entity_type type;
    struct str name; /* the long form; as long as the terms */
};

struct terms;

/* Loads data/document; an error says which file and where it was looked for. */
int terms_open(struct terms **ret, struct err *e);
void terms_close(struct terms *t);

/* The kinds of a word, by its key (names.h). */
uint64_t terms_of(const struct terms *t, uint64_t key);

/* What is known of a name's key; NULL when nothing is. */
const struct known *terms_known(const struct terms *t, uint64_t key);

#endif
