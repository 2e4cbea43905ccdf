/* multi.h - many transfers at once: curl's multi socket interface on a libuv loop */
#ifndef NEWSMQ_FETCH_MULTI_H
#define NEWSMQ_FETCH_MULTI_H

#include <uv.h>

#include "transfer.h"

struct multi;

/* done is called from the loop when the answer is there; the transfer is then out. */
struct multi *multi_new(uv_loop_t *loop, void (*done)(void *ctx, struct transfer *t),
                        void *ctx);

/* Starts it; the caller keeps owning it. */
int multi_add(struct multi *m, struct transfer *t, struct err *e);
void multi_remove(struct multi *m,
                  struct transfer *t); /* breaks it off; done is not called */

/* All transfers must be out. The loop has to run once more before it can be closed. */
void multi_close(struct multi *m);
void multi_free(struct multi *m); /* after the loop has run */

#endif
