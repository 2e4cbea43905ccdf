/* watch.h - words, phrases, wildcards, and words near each other, found in a text

   A query is a word or a phrase; a word may end in * ("attentat*"), and two phrases may
   stand with ~N between them: at most N words apart in one paragraph, in either order
   ("UN ~3 Brussels").

   Case does not count, but a word of capitals only (WHO, US) is found in capitals only. A
   letter without an accent finds those with one, too; a letter with an accent only
   itself. Dots and apostrophes inside words do not count (U.N. is UN), parts between
   hyphens are words (UN-led), 's is none. A phrase does not go over the end of a
   paragraph. */
#ifndef NEWSMQ_WATCH_H
#define NEWSMQ_WATCH_H

#include "newsmq/err.h"
#include "newsmq/tokens.h"

#define WATCH_QUERY_BYTES 200
#define WATCH_QUERY_WORDS 16
#define WATCH_NEAR_MAX    50

/* Any number of queries, looked for together in one pass over the words. */
struct watch;

struct watch *watch_new(void);
void watch_free(struct watch *w);

/* number: told again with each find. 0, or ERR_FORMAT: what is wrong with the query. */
int watch_add(struct watch *w, struct str query, uint32_t number, struct err *e);
int watch_check(struct str query, struct err *e);

struct watch_hit {
    uint32_t number;
    uint32_t start, end; /* bytes of the text, half-open; whole words */
    bool is_all;         /* of the words of the text none is left over */
};

/* Calls fn for each find, by where it ends. */
void watch_find(struct watch *w, const struct tokens *t,
                void (*fn)(void *ctx, const struct watch_hit *hit), void *ctx);

#endif
