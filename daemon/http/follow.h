/* follow.h - the digest of the newest records: those that were there, then those that
   come

   An anonymous tap: the hub remembers nothing of it and waits for nobody. */
#ifndef NEWSMQ_HTTP_FOLLOW_H
#define NEWSMQ_HTTP_FOLLOW_H

#include <uv.h>

#include "newsmq/digest.h"

#include "route.h"

struct follow;

/* c is borrowed for its life. */
struct follow *follow_new(uv_loop_t *loop, const struct config *c);
/* The loop has to run once more before it can be closed. NULL is fine. */
void follow_free(struct follow *f);

/* Once a second: the hub's status (NULL: it is not known) tells where the stream begins
   and ends. */
void follow_tick(struct follow *f, const json_t *status);

const struct digest *follow_digest(const struct follow *f);
const struct follow_state *follow_state(const struct follow *f);

#endif
