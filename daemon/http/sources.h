/* sources.h - what the hub and newsmqd say, asked at most once a second however many want
   to know, off the loop so that a hub that is slow holds nobody up */
#ifndef NEWSMQ_HTTP_SOURCES_H
#define NEWSMQ_HTTP_SOURCES_H

#include <uv.h>

#include "route.h"

struct sources;

/* changed: some answer has come, of a source or a question. c is borrowed for its life.
 */
struct sources *sources_new(uv_loop_t *loop, const struct config *c,
                            void (*changed)(void *ctx), void *ctx);

/* Waits for what is being asked (seconds at most). NULL is fine. */
void sources_free(struct sources *s);

/* The answer is a second old at most, or it is certain that none comes. Asks otherwise.
 */
bool sources_is_fresh(struct sources *s, enum source which);
const struct known *sources_known(const struct sources *s, enum source which);

/* The same for a question. NULL: not yet. ERR_LATER as its fault: too many at once. The
   answer is valid until the next turn of the loop. */
const struct known *sources_ask(struct sources *s, const struct question *q);

#endif
