/* keys.h - the one table of keys: name, section, type, default, bounds, help, where it
   goes. Reading, printing, comparing, the reference page and every suggestion use it. */
#ifndef CONFIG_KEYS_H
#define CONFIG_KEYS_H

#include "values.h"

enum section {
    IN_TOP,
    IN_POLL, /* defaults, each group, each feed; into struct config_feed */
    IN_FEED, /* what only a feed has */
    IN_AUTH,
    IN_TLS,
    IN_TEXT,
    IN_POLITENESS,
    IN_PER_HOST,
    IN_WEBSUB,
    IN_BUS,
    IN_CURVE,
    IN_WORKER,
    IN_WATCH,
    IN_DEDUP,
    IN_SINK,
    IN_STATE,
    IN_HTTP,
    IN_LOG,
    SECTIONS,
};

enum key_type {
    KEY_STRING,
    KEY_SECRET, /* a string that is never shown */
    KEY_PROXY,  /* its user and password are not shown */
    KEY_ID,
    KEY_URL,
    KEY_LANGUAGE,
    KEY_PATH,    /* made absolute from the folder of the file */
    KEY_FILE,    /* as KEY_PATH, and must be there */
    KEY_KEY,     /* as KEY_FILE, and nobody else should read it */
    KEY_PATTERN, /* a path with strftime conversions */
    KEY_SECRET_FILE,
    KEY_LISTEN,  /* HOST:PORT */
    KEY_PRIVATE, /* the same, on loopback, or off */
    KEY_ENDPOINT,
    KEY_DURATION,
    KEY_SIZE,
    KEY_NUMBER,
    KEY_CHOICE, /* the index among choices */
    KEY_FIRST_POLL,
    KEY_LIST,
    KEY_ENDPOINTS,
    KEY_RANGES,  /* of addresses */
    KEY_HOSTS,   /* names of machines */
    KEY_QUERIES, /* for a text (newsmq/watch.h) */
    KEY_NAMES,   /* of entities, with a type in front or not */
    KEY_LABELS,
    KEY_HEADERS,
    KEY_SECTION, /* the keys of `inner`, in the same struct at `at` */
    KEY_SPECIAL, /* read by code of its own */
    KEY_ABSENT,  /* not in this version; `fallback`, if any, is what it does and allows */
};

struct key {
    enum section section;
    enum key_type type;
    const char *name;
    const char
        *fallback; /* the default, as it would be written; NULL: none or computed */
    const char *computed; /* the computed default, in words */
    const char *help;
    const char *also; /* words that people try instead, separated by spaces */
    size_t at, width; /* of the member */
    size_t count_at;  /* of the count of a list or map */
    enum section inner;
    struct bounds bounds;
    const char *const *choices;
};

extern const struct key keys[];
extern const size_t n_keys;

#define KEYS_MAX 250

/* NULL when the section has no such key. */
const struct key *key_find(enum section in, struct str name);
/* Says in *ret which key of the section was meant, or "in: …" of another; "" if unclear.
 */
void key_suggest(enum section in, struct str name, struct strbuf *out);

const char *section_name(enum section s);
const char *section_help(enum section s);

/* ---- a key's member in the struct at base ---- */
static inline char **key_string(const struct key *k, void *base)
{
    return (char **)((char *)base + k->at);
}

static inline size_t *key_count(const struct key *k, void *base)
{
    return (size_t *)((char *)base + k->count_at);
}

int64_t key_number(const struct key *k, const void *base);
void key_set_number(const struct key *k, void *base, int64_t v);
void key_fini(const struct key *k, void *base);
/* to must not hold anything at this key. */
void key_copy(const struct key *k, const void *from, void *to);
void key_set_default(const struct key *k, void *base);
/* All keys of a section; inner sections too. */
void section_set_defaults(enum section s, void *base);
void section_fini(enum section s, void *base);
void section_copy(enum section s, const void *from, void *to);

bool key_is_string(const struct key *k);
bool key_is_map(const struct key *k);
bool key_is_list(const struct key *k);

#endif
