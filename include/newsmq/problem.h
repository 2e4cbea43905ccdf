/* problem.h - what can be wrong with a feed: codes for programs, causes and remedies in
   plain words for people

   A poll that fails has one problem. A feed that answers may have others: its notes. The
   codes are part of the wire (docs/wire.md "problems") and never change their meaning. */
#ifndef NEWSMQ_PROBLEM_H
#define NEWSMQ_PROBLEM_H

#include "newsmq/str.h"

/* In the order of the table in lib/data/problem.c. The first of a group is named in the
   ranges below. */
enum problem {
    PROBLEM_NONE,
    /* no answer */
    PROBLEM_DNS_NOT_FOUND,
    PROBLEM_DNS_FAILING,
    PROBLEM_REFUSED_ADDRESS, /* the address guard's */
    PROBLEM_CONNECTION_REFUSED,
    PROBLEM_UNREACHABLE,
    PROBLEM_CONNECT_TIMEOUT,
    PROBLEM_READ_TIMEOUT,
    PROBLEM_TOO_SLOW,
    PROBLEM_PROXY,
    PROBLEM_TLS_EXPIRED,
    PROBLEM_TLS_UNTRUSTED,
    PROBLEM_TLS_WRONG_HOST,
    PROBLEM_TLS_HANDSHAKE,
    PROBLEM_HUNG_UP,
    PROBLEM_NOT_HTTP,
    PROBLEM_BAD_URL,
    PROBLEM_FILE,
    /* an answer that is no document */
    PROBLEM_BAD_REQUEST,
    PROBLEM_UNAUTHORIZED,
    PROBLEM_FORBIDDEN,
    PROBLEM_NOT_FOUND,
    PROBLEM_GONE,
    PROBLEM_LEGAL,
    PROBLEM_TOO_MANY_REQUESTS,
    PROBLEM_HTTP_REFUSED, /* another 4xx */
    PROBLEM_SERVER_ERROR,
    PROBLEM_BAD_GATEWAY,
    PROBLEM_UNAVAILABLE,
    PROBLEM_ODD_STATUS,
    PROBLEM_REDIRECT_LOOP,
    PROBLEM_REDIRECT_REFUSED,
    PROBLEM_REDIRECT_NOWHERE,
    /* a document that is no feed, or not all of one */
    PROBLEM_TOO_LARGE,
    PROBLEM_CUT_OFF,
    PROBLEM_CUT_ALWAYS,
    PROBLEM_BAD_COMPRESSION,
    PROBLEM_EMPTY_BODY,
    PROBLEM_HTML_PAGE,
    PROBLEM_HTML_ERROR,
    PROBLEM_HTML_LOGIN,
    PROBLEM_HTML_CHALLENGE,
    PROBLEM_JSON_NO_FEED,
    PROBLEM_XML_NO_FEED,
    PROBLEM_NOT_A_FEED,
    PROBLEM_BROKEN_FEED,
    PROBLEM_HUB_REFUSES,
    PROBLEM_OTHER,
    /* notes: it answers, and yet */
    PROBLEM_STALE,
    PROBLEM_NO_ITEMS,
    PROBLEM_ITEMS_DROPPED,
    PROBLEM_MOVED,
    PROBLEM_NO_DATES,
    PROBLEM_FUTURE_DATES,
    PROBLEM_NO_IDS,
    PROBLEM_SAME_IDS,
    PROBLEM_EMPTY_ITEMS,
    PROBLEM_ENCODING,
    PROBLEM_MALFORMED,
    PROBLEM_SLOW,
    PROBLEM_FALSE_304,
    PROBLEMS,
    PROBLEM_FIRST_NOTE = PROBLEM_STALE,
};

/* A set of problems. */
struct problem_set {
    uint64_t bits;
};
_Static_assert(PROBLEMS <= 64, "a problem_set has 64 bits");

static inline void problem_add(struct problem_set *s, enum problem p)
{
    s->bits |= UINT64_C(1) << p;
}

static inline void problem_remove(struct problem_set *s, enum problem p)
{
    s->bits &= ~(UINT64_C(1) << p);
}

static inline bool problem_has(struct problem_set s, enum problem p)
{
    return (s.bits >> p & 1) != 0;
}

/* "dns_not_found". Valid for ever. */
const char *problem_code(enum problem p);

/* PROBLEM_NONE for a code that is not known. */
enum problem problem_find(struct str code);

/* The cause as the end of a sentence ("no server of that name exists"), and what a person
   can do, an instruction. Valid for ever. */
const char *problem_cause(enum problem p);
const char *problem_remedy(enum problem p);

#endif
