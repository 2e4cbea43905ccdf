/* reports.h - what programs say of themselves: sd_notify(3) to a socket of ours */
#ifndef NEWSMQ_SUPERVISE_REPORTS_H
#define NEWSMQ_SUPERVISE_REPORTS_H

#include <sys/types.h>
#include <uv.h>

#include "newsmq/err.h"
#include "newsmq/str.h"

struct reports;

/* pid is what the kernel says of the sender; text is valid during the call. */
typedef void reports_take(void *ctx, pid_t pid, struct str text);

/* Listens at path, mode 0600. A socket file that is there already is replaced. */
int reports_open(uv_loop_t *loop, const char *path, reports_take *take, void *ctx,
                 struct reports **ret, struct err *e);

/* The socket file goes. Memory is freed by the loop. */
void reports_close(struct reports *r);

#endif
