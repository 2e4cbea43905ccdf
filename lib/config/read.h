/* read.h - from nodes to struct config: what the files of this folder share */
#ifndef CONFIG_READ_H
#define CONFIG_READ_H

#include "faults.h"
#include "keys.h"
#include "tree.h"

/* Which node gave each key of the table its value; NULL: the default holds. */
struct said {
    const struct node *value[KEYS_MAX];
};

/* Names that must be unique, or that are looked up: a tree of libc's tsearch. */
struct claims {
    void *root;
};

struct claim {
    char *name;
    struct config_place place;
    size_t value;
};

struct group {
    char *id;
    struct config_feed settings; /* the defaults and its own */
    struct said said;
};

struct source {
    const char *file; /* in config->files */
    struct tree tree;
};

struct reader {
    struct config *config;
    struct config_faults *faults;
    const struct config_names *names;
    struct source **sources; /* the main file first */
    size_t n_sources, sources_cap;
    struct said said;     /* of all that is there once */
    struct said defaults; /* of the defaults */
    struct group *groups;
    size_t n_groups, groups_cap;
    struct claims group_ids, feed_ids, feed_urls;
    size_t feeds_cap;
    const struct node *last_conflict; /* one fault for what many feeds inherit */
};

struct config_files {
    char **names;
    size_t n, cap;
};

/* claims.c: the earlier claim, or NULL when this is the first. */
const struct claim *claims_put(struct claims *c, struct str name,
                               const struct config_place *place, size_t value);
const struct claim *claims_find(const struct claims *c, struct str name);
/* wanted, or wanted-2, … the first that nobody has claimed; the caller frees. */
char *claims_unique(struct claims *c, const char *wanted);
void claims_fini(struct claims *c);

/* section.c */
/* A key that is not in the table: true when it was taken. */
typedef bool unknown_key(struct reader *r, const struct node *key,
                         const struct node *value, void *base);

void section_read(struct reader *r, const struct node *map, enum section in, void *base,
                  struct said *said, unknown_key *other);
const struct node *said_value(const struct said *s, enum section in, const char *name);
/* False when a fault was added: no text, or nothing in it. what: "'every'". */
bool node_is_text(struct reader *r, const struct node *n, const char *what);
bool node_is_null(const struct node *n);
void fault_verdict(struct reader *r, const struct config_place *at, const char *name,
                   const struct verdict *v);
void fault_unknown_key(struct reader *r, enum section in, const struct node *key);
/* A path as written in a file, made absolute from that file's folder. */
char *path_from(const char *file, struct str path);

/* The parts of the file, each over all sources. */
void groups_read(struct reader *r);
void feeds_read(struct reader *r);
void workers_read(struct reader *r);
void sinks_read(struct reader *r);
void watch_read(struct reader *r);
/* Defaults that depend on the system or on other keys, and checks between keys. */
void config_complete(struct reader *r);

/* curve.c: which endpoints need keys, and what is wrong with those there are. */
struct bus_socket {
    const char *key;
    const struct config_endpoints *endpoints;
};

#define BUS_SOCKETS 6

void bus_sockets(const struct config_bus *b, struct bus_socket ret[BUS_SOCKETS]);
void curve_check(struct reader *r);

/* feed_check.c: adds a fault or a warning for keys that do not go together. */
void feed_check(struct reader *r, const struct config_feed *f, const struct said *said);

/* feeds.c, for opml_feeds.c: takes over what *f owns, or adds a fault and frees it. */
void feed_add(struct reader *r, struct config_feed *f, const struct said *said);
void feed_dup(const struct config_feed *from, struct config_feed *to);
void opml_entry_read(struct reader *r, const struct node *entry);
const struct group *group_find(const struct reader *r, struct str id);

#endif
