/* values.h - the text of one value to what it means, or what is wrong with it */
#ifndef CONFIG_VALUES_H
#define CONFIG_VALUES_H

#include "newsmq/config.h"

/* Why a value was refused. The text follows the key's name: "'every' …". */
struct verdict {
    char text[320];
    char hint[320];
};

struct bounds {
    int64_t min, max;
    const char *unit; /* what a bare number most likely meant: "m", "s", "MB" */
};

/* All answer true with *ret, or false with *v filled and *ret untouched. */
bool value_duration(struct str s, const struct bounds *b, int64_t *ret_ms,
                    struct verdict *v);
bool value_size(struct str s, const struct bounds *b, int64_t *ret_bytes,
                struct verdict *v);
bool value_number(struct str s, const struct bounds *b, int64_t *ret, struct verdict *v);
/* choices: NULL at the end; *ret is the index. */
bool value_choice(struct str s, const char *const *choices, int64_t *ret,
                  struct verdict *v);
bool value_first_poll(struct str s, struct config_feed *ret, struct verdict *v);

/* Checks only. */
bool value_is_id(struct str s, struct verdict *v);
bool value_is_url(struct str s, struct verdict *v);
bool value_is_language(struct str s, struct verdict *v);       /* the shape of BCP 47 */
bool value_is_listen(struct str s, struct verdict *v);         /* ADDRESS:PORT, numeric */
bool value_is_private_listen(struct str s, struct verdict *v); /* loopback, or off */
bool value_is_host(struct str s, struct verdict *v);           /* a name or address */
bool value_is_endpoint(struct str s, struct verdict *v);
bool endpoint_is_remote(struct str endpoint);   /* can be reached from other machines */
bool endpoint_is_wildcard(struct str endpoint); /* every address of this machine */
bool value_is_proxy(struct str s, struct verdict *v);
/* "***@" in place of a user and password; the caller frees. */
char *proxy_shown(const char *proxy);
bool value_is_header(struct str name, struct verdict *v);
bool value_is_file_pattern(struct str s, struct verdict *v);
bool value_is_query(struct str s, struct verdict *v);  /* of watch: any */
bool value_is_entity(struct str s, struct verdict *v); /* of watch: entities */
bool value_is_range(struct str s, struct verdict *v);  /* of addresses */

/* The shortest text that reads back as the same value: "15m", "1h30m", "8MB". */
void duration_write(int64_t ms, struct strbuf *out);
void size_write(uint64_t bytes, struct strbuf *out);
void first_poll_write(const struct config_feed *f, struct strbuf *out);

/* For the makers of verdicts. refuse answers false. */
bool refuse(struct verdict *v, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
bool refuse_hint(struct verdict *v, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#define SHOWN_MAX 60 /* bytes of a strange value that a message repeats */

#endif
