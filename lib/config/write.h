/* write.h - values of the table as text: for --print, the reload diff and the reference
 */
#ifndef CONFIG_WRITE_H
#define CONFIG_WRITE_H

#include "keys.h"

/* Remembers the first failure, so that writing needs no checks between. */
struct writer {
    struct strbuf *out;
    int rc;
};

void put(struct writer *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As YAML: plain where it can be, else in single quotes. */
void put_scalar(struct writer *w, const char *text);

/* Whether the member holds anything that is worth writing. */
bool key_is_set(const struct key *k, const void *base);
/* As YAML on one line; secrets are '***'. */
void put_value(struct writer *w, const struct key *k, const void *base);
void put_pairs(struct writer *w, const struct config_pair *pairs, size_t n, bool mask);

/* put_value as a string of its own; the caller frees. reveal: secrets as they are, for
   comparing only. */
char *value_text(const struct key *k, const void *base, bool reveal);

#endif
