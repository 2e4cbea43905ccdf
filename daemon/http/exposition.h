/* exposition.h - all that is known, as Prometheus text; docs/monitoring.md explains it */
#ifndef NEWSMQ_HTTP_EXPOSITION_H
#define NEWSMQ_HTTP_EXPOSITION_H

#include "ready.h"

/* Feeds beyond it are only in the sums: each costs nine lines. */
#define EXPOSITION_FEEDS_MAX 2000

/* Appends to out. 0 or -E2BIG. */
int exposition_write(const struct facts *f, const struct ready *r, struct strbuf *out);

#endif
