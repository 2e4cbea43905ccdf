/* prom.h - writing the Prometheus text format, version 0.0.4 */
#ifndef NEWSMQ_HTTP_PROM_H
#define NEWSMQ_HTTP_PROM_H

#include <jansson.h>

#include "newsmq/str.h"

#define PROM_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct prom {
    struct strbuf *out;
    const char *name; /* of the metric that is open */
    int rc;           /* the first error of out (-E2BIG), kept */
};

struct prom_label {
    const char *name;
    struct str value; /* any bytes: they are escaped, invalid UTF-8 is replaced */
};

/* All samples of a name follow its beginning. type: "counter", "gauge", "histogram";
   help: one line of ours. */
void prom_metric(struct prom *p, const char *name, const char *type, const char *help);

void prom_sample(struct prom *p, const struct prom_label *labels, size_t n, double value);
#define prom_value(p, value) prom_sample((p), NULL, 0, (value))
#define prom_by(p, label, text, value) \
    prom_sample((p), &(const struct prom_label){(label), (text)}, 1, (value))

/* A metric of its own; nothing when json is no histogram of newsmq/stats.h. */
void prom_histogram(struct prom *p, const char *name, const char *help,
                    const json_t *json);

#endif
