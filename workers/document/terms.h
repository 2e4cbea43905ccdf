/* terms.h - words of a language, and names that are the same whatever a text says */
#ifndef NEWSMQ_WORKERS_DOCUMENT_TERMS_H
#define NEWSMQ_WORKERS_DOCUMENT_TERMS_H

#include "newsmq/err.h"
#include "newsmq/record.h"

enum term {
    TERM_MALE = 1,   /* titles and words in front of men */
    TERM_FEMALE = 2, /* … and of women */
    TERM_TITLE = 4,  /* in front of persons */
    TERM_KIN = 8,
    TERM_HE = 16,
    TERM_SHE = 32,
    TERM_THEY = 64,
    TERM_JUNIOR = 128,  /* behind persons */
    TERM_COMPANY = 256, /* behind companies and clubs */
    TERM_PLACE = 512,   /* part of the name of a place that may be left out */
    TERM_COMMON = 1024, /* too common to be a short form */
    TERM_SAY = 2048,    /* verbs beside a quotation */
    TERM_ROLE = 4096,   /* what persons are */
    TERM_MAN = 8192,    /* given names */
    TERM_WOMAN = 16384,
    TERM_LAW = 32768,      /* heads of the names of laws and treaties */
    TERM_BYLINE = 65536,   /* in front of who wrote it */
    TERM_FAMILY = 131072,  /* behind a name that is a family's */
    TERM_NAMED = 262144,   /* between two names of one thing: "alias" */
    TERM_BETWEEN = 524288, /* may stand beside TERM_NAMED: "also" */
    TERM_OR = 1048576,
    TERM_INC = 8388608,        /* TERM_COMPANY that a comma may divide from the name */
    TERM_ALIAS = 4194304,      /* TERM_NAMED that needs no mark in front */
    TERM_BORN = 2097152,       /* in front of the name that somebody had first */
    TERM_BODY = 16777216,      /* what bodies are: a firm, a band */
    TERM_TOWN = 33554432,      /* … what places with a government are */
    TERM_LAND = 67108864,      /* … and without one */
    TERM_SITE = 134217728,     /* … and buildings */
    TERM_MADE = 268435456,     /* … ships, programs, and what else is made */
    TERM_WORK = 536870912,     /* … and films and books */
    TERM_ARTICLE = 1073741824, /* in front of these */
};

/* Ends such a noun: "a firm in". Beyond what an enum may hold. */
#define TERM_ENDS (UINT32_C(1) << 31)

struct known {
    enum entity_type type;
    struct str name; /* the long form; as long as the terms */
};

struct terms;

/* Loads data/document; an error says which file and where it was looked for. */
int terms_open(struct terms **ret, struct err *e);
void terms_close(struct terms *t);

/* enum term of a word's key (names.h). */
uint32_t terms_of(const struct terms *t, uint64_t key);

/* What is known of a name's key; NULL when nothing is. */
const struct known *terms_known(const struct terms *t, uint64_t key);

#endif
