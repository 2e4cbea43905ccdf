/* control.h - a stream socket that takes lines and gives lines

   It knows nothing of what they say. Strangers' lines are bounded, silent clients are
   sent away, slow ones too. */
#ifndef NEWSMQ_SUPERVISE_CONTROL_H
#define NEWSMQ_SUPERVISE_CONTROL_H

#include <uv.h>

#include "newsmq/err.h"
#include "newsmq/str.h"

struct control;

/* Writes the answer to line (without its end) with "\n" at the end. */
typedef void control_answer(void *ctx, struct str line, struct strbuf *out);

/* Listens at path, mode 0660. A socket file that is there already is replaced: the caller
   holds the lock of the folder. */
int control_open(uv_loop_t *loop, const char *path, control_answer *answer, void *ctx,
                 struct control **ret, struct err *e);

/* No more clients; the socket file goes. Memory is freed by the loop. */
void control_close(struct control *c);

#endif
