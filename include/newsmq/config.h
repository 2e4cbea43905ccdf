/* config.h - the configuration as the programs see it

   One YAML file becomes one struct config through one table of keys (lib/config/keys.c).
   Strings are NUL-terminated and belong to the config. Modules take their part, never
   the whole. */
#ifndef NEWSMQ_CONFIG_H
#define NEWSMQ_CONFIG_H

#include "newsmq/err.h"
#include "newsmq/log.h"
#include "newsmq/sandbox.h"
#include "newsmq/str.h"

struct config_place {
    const char *file;      /* borrowed from the config */
    unsigned line, column; /* from 1 */
};

struct config_pair {
    char *key, *value;
};

enum full_text { FULL_TEXT_NEVER, FULL_TEXT_AUTO, FULL_TEXT_ALWAYS };
enum first_poll { FIRST_ALL, FIRST_NONE, FIRST_LAST, FIRST_SINCE };

struct config_feed {
    struct config_place place;
    char *id, *url, *group;     /* group: NULL when none */
    struct config_pair *labels; /* the group's and its own */
    size_t n_labels;
    struct config_pair *headers;
    size_t n_headers;
    char *language;        /* NULL: as the feed says */
    char *user, *password; /* auth; NULL when none */
    char *bearer;          /* auth, in place of the two */
    char *proxy;           /* "none", or its URL; NULL: as the environment says */
    char *cert_file, *key_file, *key_password, *ca_file; /* tls; NULL when not said */
    int64_t every_ms, min_every_ms, max_every_ms;
    bool adaptive;
    int64_t timeout_ms, connect_timeout_ms;
    size_t max_bytes; /* after decompression */
    size_t max_items; /* per poll */
    enum first_poll first_poll;
    size_t first_last;        /* FIRST_LAST */
    int64_t first_since_ms;   /* FIRST_SINCE: a duration */
    unsigned backfill_pages;  /* read for it beyond the first */
    enum full_text full_text; /* of new items, from their pages */
    int identity;             /* enum identity_policy of feed.h */
    bool emit_updates;        /* on_update: emit */
    bool allow_private;       /* its own host may be inside a private network */
    int64_t stale_after_ms;
    bool text_alt, text_links; /* what goes into content_text beside the words */
};

struct config_politeness {
    char *user_agent;
    unsigned host_concurrency;
    int64_t host_gap_ms;
    bool honour_retry_after;
    bool retry_after_for_host; /* it holds back all feeds of the host */
    bool honour_robots;        /* of the pages of items */
    char **allow_addresses;    /* ranges that are not public and may be connected to */
    size_t n_allow_addresses;
};

/* WebSub: hubs push what is new. Off without listen. */
struct config_websub {
    char *listen;   /* "127.0.0.1:8788", "[::1]:8788"; NULL: off. Port 0: any free one */
    char *callback; /* the URL by which hubs reach it; each feed has a path below it */
    int64_t lease_ms;
};

/* Where one socket of the hub listens, never empty: newsmq's own programs connect to the
   first. Default ipc://DIR/NAME.sock. */
struct config_endpoints {
    char **list;
    size_t n;
};

/* Files of keys (newsmq/cert.h); NULL when not said. */
struct config_curve {
    char *server_key_file;    /* the hub's own, with its secret key */
    char *clients_dir;        /* who may connect to it, one public certificate each */
    char *key_file;           /* of the programs that connect, with its secret key */
    char *server_public_file; /* the hub's, without */
    bool loopback;            /* tcp on loopback speaks CURVE too */
};

struct config_bus {
    char *kind; /* "zmq" */
    char *dir;  /* of the ipc sockets; created when missing */
    struct config_endpoints ingest, work, tap, replay, control, publish;
    struct config_curve curve;
    unsigned high_water_mark; /* of PUB, messages per subscriber */
    int64_t heartbeat_ms;
    int64_t lease_ms;      /* of a job */
    int64_t ping_ms;       /* three missed: gone */
    unsigned credit;       /* jobs in flight per worker */
    unsigned max_attempts; /* then a dead letter */
    uint64_t max_pending;  /* items waiting for a worker; over it PUT is answered FULL */
    uint64_t max_unacked;  /* records a durable consumer may lag; over it no more jobs */
    /* What a stranger may cost; over it he is refused and counted. */
    size_t max_frame_bytes;
    unsigned max_frames;        /* of one message */
    unsigned max_connections;   /* of one socket */
    unsigned max_calls;         /* a second at control and replay, of one key */
    unsigned max_subscriptions; /* of one subscriber */
    unsigned max_taps;          /* ordered readers connected, and durable names */
    int64_t handshake_ms;       /* to say who one is */
    int64_t gone_after_ms;      /* of a tcp peer that does not answer */
};

/* Whether what passes there is encrypted, and every peer known by its key. */
bool config_is_curve(const struct config_bus *c, const char *endpoint);

/* A standing query: what hits is published on watch/RULE/. */
struct config_watch {
    struct config_place place;
    char *rule;
    char **any; /* queries (newsmq/watch.h); one that is found is enough */
    size_t n_any;
    char **entities; /* "ORG:Interpol", or a name of any type; as good as any */
    size_t n_entities;
    char **feeds, **groups, **langs; /* empty: all */
    size_t n_feeds, n_groups, n_langs;
};

struct config_extractor {
    struct config_place place;
    char *name;
    char *model; /* NULL: its default */
    char **types;
    size_t n_types;
    unsigned processes;          /* 0: not said */
    int64_t timeout_ms;          /* for one item; over it the worker ends itself */
    struct config_pair *options; /* any other key, for the extractor to judge */
    size_t n_options;
    const struct config_watch *rules; /* of the extractor `watch`: the config's */
    size_t n_rules;
};

/* The same article in several feeds. */
struct config_dedup {
    bool exact; /* look for it */
    bool drop;  /* action: drop; else it is marked */
};

struct config_sink {
    struct config_place place;
    char *type;            /* "jsonl", "stdout" */
    char *name;            /* of the durable consumer; unique; default TYPE or TYPE-N */
    char *path;            /* jsonl: strftime pattern, UTC */
    uint64_t rotate_bytes; /* 0: by the pattern only */
    bool compress_closed;  /* zstd */
    int64_t keep_ms;       /* closed files; 0: for ever */
    int64_t
        fsync_ms; /* how long records may be gathered before one fsync; 0 = each batch */
    bool include_html;
};

struct config_state {
    char *path;
    int64_t keep_ms;      /* items and records that everybody has acknowledged */
    int64_t keep_seen_ms; /* keys of items, so that an old entry is not new again */
};

/* newsmq-http: the status page. */
struct config_http {
    char *listen; /* "127.0.0.1:8787", "[::1]:8787", or "off". Port 0: any free one */
    char **hosts; /* names by which a reverse proxy asks, beside those of loopback */
    size_t n_hosts;
    uint64_t history;    /* of the newest records, how many are looked through */
    size_t memory_bytes; /* for what is known of them */
    unsigned max_connections;
    unsigned max_streams;  /* of them, pages that are kept up to date */
    unsigned max_requests; /* a second, of one address */
};

struct config_log {
    enum log_level level;
    enum log_format format;
};

struct config {
    char *path;
    unsigned version;
    struct config_feed defaults; /* what a feed without keys of its own gets; id NULL */
    struct config_feed *feeds;
    size_t n_feeds;
    struct config_politeness politeness;
    struct config_websub websub;
    struct config_bus bus;
    struct config_dedup dedup;
    struct config_extractor *extractors; /* in order; never empty (default: all) */
    size_t n_extractors;
    struct config_watch *watch; /* by rule's name */
    size_t n_watch;
    unsigned worker_processes; /* the largest `processes`; default: number of cores, at
                                  most 4 */
    struct config_sink *sinks;
    size_t n_sinks;
    struct config_state state;
    struct config_http http;
    struct config_log log;
    enum sandbox_mode sandbox;
    struct config_files *files; /* every file that was read, for reload */
    struct sandbox_paths reads; /* the folders it was read from, secrets and keys too */
};

/* One thing wrong with a file. text says what, hint what to do ("did you mean 'every'?");
   hint may be "". */
struct config_fault {
    struct config_place place; /* file is borrowed from the config_faults */
    char *text, *hint;
    bool is_warning; /* worth saying, but the configuration works */
};

/* Starts zeroed. */
struct config_faults {
    struct config_fault *list;
    size_t n, cap;
    size_t n_warnings; /* of n */
    size_t left_out;   /* over the first 1,000 */
    char **files;      /* the names, in the order they were read */
    size_t n_files, files_cap;
};

/* Names that the caller's program knows; NULL lists are not checked. NULL-terminated. */
struct config_names {
    const char *const *extractors;
    const char *const *outputs;
    const char *const *buses;
    bool without_secrets; /* the program logs in nowhere: secrets and keys that it may not
                             read are no fault, and left out */
};

/* Reads path and all it includes. 0 with *ret, or ERR_CONFIG with every fault of every
   file in *faults (sorted by file as read, line, column). On success *faults may hold
   warnings. A file that cannot be opened is a fault too. */
int config_load(const char *path, const struct config_names *names, struct config **ret,
                struct config_faults *faults);
void config_free(struct config *c);

/* What a file without a key would give, and no feed: for tools that need no file. A copy
   of `defaults` with id and url is a feed. Never NULL; the caller frees. */
struct config *config_default(void);
void config_faults_fini(struct config_faults *f);

/* "file:line:column: text (hint)" */
int config_fault_write(const struct config_fault *f, struct strbuf *out);

/* Whether `http.listen` is not `off`. */
bool config_has_http(const struct config *c);

/* What a reload changes, one line each: "+ feed bbc …", "- …", "~ feed bbc: every 15m →
 * 5m". */
int config_diff(const struct config *before, const struct config *after,
                struct strbuf *out);

/* The configuration as understood, as YAML with every default. Secrets are "***". */
int config_print(const struct config *c, struct strbuf *out);

/* The reference page made from the key table, Markdown. */
int config_reference(struct strbuf *out);

#endif
