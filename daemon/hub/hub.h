/* hub.h - the hub: one loop over its sockets, one transaction a turn

   What arrives is gathered as units. Each is applied to the store inside one transaction;
   only after the commit is it finished: answered, published, handed on, and the memory of
   the hub changed. When the transaction fails, nothing has happened, and the same units
   are applied again later. */
#ifndef NEWSMQ_HUB_H
#define NEWSMQ_HUB_H

#include "newsmq/clock.h"
#include "newsmq/config.h"
#include "newsmq/nmq1.h"
#include "newsmq/os.h"
#include "newsmq/store.h"

#include "counts.h"
#include "jobs.h"

/* A peer that leaves in good order says its last words and closes, and its connection is
   seen to be gone, or its successor is heard, before they are read. So much later they
   have been. */
#define GONE_MS 100

/* ---- for the main ---- */

struct hub;

/* The names of the standing queries: of others no hit is told. May be called again. */
void hub_set_rules(struct hub *h, const struct config_watch *rules, size_t n);

int hub_open(const struct config_bus *bus, const struct config_state *state,
             const struct config_dedup *dedup, struct hub **ret, struct err *e);
void hub_close(struct hub *h);

/* Runs until SIGTERM. on_hangup answers the newly read configuration parts, whose memory
   must stay valid, or false to go on as before. */
struct hub_reload {
    bool (*read)(void *ctx, struct config_bus *bus, struct config_state *state,
                 struct config_dedup *dedup);
    void *ctx;
};
int hub_run(struct hub *h, const struct hub_reload *reload, struct err *e);

/* ---- for the files of the hub ---- */

enum source { FROM_INGEST, FROM_WORK, FROM_TAP, FROM_CONTROL, FROM_SELF };

enum verb {
    VERB_NONE, /* answered already, or nothing to answer */
    VERB_PUT,
    VERB_HELLO,
    VERB_READY,
    VERB_RESULT,
    VERB_FAIL,
    VERB_KEEP,
    VERB_PING,
    VERB_BYE,
    VERB_SUB,
    VERB_ACK,
    VERB_FORGET,
    VERB_ASK,  /* control: somebody wants something of a feed */
    VERB_SKIP, /* self: a consumer's cursor over messages its prefix leaves out */
};

struct put; /* ingest.c */

struct unit {
    enum source source;
    enum verb verb;
    struct nmq1_msg msg; /* frame 0 is the peer; empty from self */
    struct put *put;
    uint64_t seq, number; /* number: READY's and ACK's credit, SUB's from */
    uint32_t attempts;
    enum stream stream;
    struct str nlp;
    char lang[4];
    char text[200]; /* FAIL: the reason; FORGET, SKIP: the consumer; ASK: the feed */
    char ask[16];
    int rc;           /* what the store answered */
    size_t made;      /* place in store_made */
    struct str watch; /* RESULT: the hits that nlp tells of */
    size_t n_watch;   /* pointers to it, behind `made` */
};

struct inbox {
    struct unit *units;
    size_t n, cap;
    size_t bytes, n_items;
};

#define CONSUMER_NAME_MAX 64

struct consumer {
    char name[CONSUMER_NAME_MAX];
    enum stream stream;
    uint64_t acked;
    int64_t last_ms;
    struct tap *tap;
    struct sink_counts counts;
    struct consumer *next;
};

struct tap {
    uint8_t id[PEER_ID_MAX];
    size_t n_id;
    enum stream stream;
    uint64_t next; /* seq to be sent next */
    uint64_t sent; /* last seq that was sent */
    uint64_t acked;
    uint64_t credit;
    char *prefix;
    struct consumer *consumer; /* NULL: not durable */
    bool is_gone, is_skipping;
    struct mono heard, probed, gone; /* gone: since when it is */
    struct tap *after;
};

struct reply_end; /* replay.c */
struct door;

struct hub {
    struct config_bus bus;
    struct config_state state;
    struct config_dedup dedup;
    struct store *store;
    void *zmq, *ingest, *work, *tap, *replay, *control, *pub;
    char **rules; /* of `watch:` */
    size_t n_rules;
    struct door *door;
    struct str caller; /* of the call that is answered: its key's name; absent: local */
    struct inbox inbox, self;
    struct jobs jobs;
    struct worker *workers;
    struct tap *taps;
    struct consumer *consumers;
    struct reply_end *ends;
    size_t n_ends;
    bool is_wanted[STREAMS]; /* by a subscriber of PUB */
    struct mono wanted_at;   /* when the last subscription came */
    struct mono now, started, beat_due, trim_due, check_due;
    struct mono hold_since, hold_due, stop_due;
    struct os_report report;
    int64_t oldest_ms; /* when the oldest item that waits came; 0: none does */
    struct mono oldest_since;
    int64_t now_ms, started_ms;
    bool is_holding, is_draining, is_stopping;
    bool is_blocked; /* somebody had no room: look again soon */
    bool is_busy;    /* there is more to do at once */
    struct err hold;
    char full[200]; /* why no PUT is taken; "" when it is */
    struct strbuf scratch, scratch2;
    struct counts counts;
};

/* inbox.c */
struct unit *inbox_add(struct inbox *b, enum source source);
void inbox_fill(struct hub *h);
void inbox_clear(struct inbox *b);
void inbox_fini(struct inbox *b);

/* peer.c: answers; what cannot be delivered is dropped, the peer will ask again */
struct str peer_of(const struct unit *u);
int peer_send(void *socket, struct str peer, const struct str *frames, size_t n);
void peer_err(struct hub *h, void *socket, struct str peer, int code, const char *text,
              struct str ref);
#define peer_say(socket, peer, ...)                                \
    peer_send((socket), (peer), (const struct str[]){__VA_ARGS__}, \
              ARRAY_LEN(((const struct str[]){__VA_ARGS__})))
/* Clean for a topic level or a name: false when s is not. */
bool is_name(struct str s, size_t max);
/* The first part of a language tag in lower case ("en-GB" → "en"); "" when it is none. */
#define LANG_MAX 4
const char *lang_level(struct str tag, char out[LANG_MAX]);

/* ingest.c */
void ingest_read(struct hub *h, struct unit *u);
int ingest_apply(struct hub *h, struct unit *u, struct err *e);
void ingest_finish(struct hub *h, struct unit *u);
void ingest_refuse(struct hub *h); /* while holding: FULL to all that comes */
void ingest_update_full(struct hub *h);
void put_free(struct put *p);
const char *basis_name(uint8_t basis); /* NULL: not known */

/* work.c, workers.c */
void work_read(struct hub *h, struct unit *u);
int work_apply(struct hub *h, struct unit *u, struct err *e);
void work_finish(struct hub *h, struct unit *u);
struct worker *worker_find(const struct hub *h, struct str peer);
void worker_lose(struct hub *h, struct worker *w, const char *reason, bool blame);
void worker_hello(struct hub *h, struct unit *u);
void work_dispatch(struct hub *h);
void work_tick(struct hub *h);
void work_probe(struct hub *h); /* while holding: the hub is still there */
void work_drain(struct hub *h);
void work_forgive(struct hub *h, int64_t ms); /* time that was the hub's own fault */

/* watch.c: the hits of standing queries; apply behind the record, in its transaction */
int watch_apply(struct hub *h, struct unit *u, struct str core, struct err *e);
void watch_finish(struct hub *h, const struct unit *u, struct str core);
void watch_add_hits(struct hub *h, struct jsonw *j);
void watch_fini(struct hub *h);

/* tap.c, cursor.c */
void tap_read(struct hub *h, struct unit *u);
int tap_apply(struct hub *h, struct unit *u, struct err *e);
void tap_finish(struct hub *h, struct unit *u);
void tap_offer(struct hub *h, const struct store_made *m, struct str json);
bool tap_wants(const struct hub *h, const struct store_made *m);
void tap_pump(struct hub *h);
void tap_tick(struct hub *h);
void tap_free_all(struct hub *h);
struct consumer *consumer_get(struct hub *h, const char *name);
struct consumer *consumer_find(const struct hub *h, const char *name);
int consumers_load(struct hub *h, struct err *e);
uint64_t consumers_acked(const struct hub *h, enum stream stream);
/* The durable consumer of records that is too far behind, or NULL. */
const struct consumer *consumer_lagging(const struct hub *h);

/* publish.c */
void publish_serve(struct hub *h);
bool publish_wants(const struct hub *h, enum stream stream);
void publish(struct hub *h, const struct store_made *m, struct str json);
void publish_heartbeat(struct hub *h);
/* Everybody who waits for it: subscribers and taps that have all before it. */
void emit_item(struct hub *h, const struct store_made *m, struct str core);
void emit_record(struct hub *h, const struct store_made *m, struct str core,
                 struct str nlp);
void emit_event(struct hub *h, const struct store_made *m, struct str body);

/* health.c */
void health_tell(struct hub *h);                /* to the watchdog, when it is time */
void health_forgive(struct hub *h, int64_t ms); /* in which this process stood still */

/* replay.c */
void replay_serve(struct hub *h);
void replay_fini(struct hub *h);

/* control.c */
void control_serve(struct hub *h);
int control_apply(struct hub *h, struct unit *u, struct err *e);
void control_finish(struct hub *h, struct unit *u);
int answer_status(struct hub *h, struct strbuf *out, struct err *e);
int answer_metrics(struct hub *h, struct strbuf *out, struct err *e);
int answer_feeds(struct hub *h, struct strbuf *out, struct err *e);
int answer_feed_states(struct hub *h, struct strbuf *out, struct err *e);
int answer_heads(struct hub *h, struct strbuf *out, struct err *e);
int answer_why(struct hub *h, struct str id, struct str url, struct strbuf *out,
               struct err *e);
int answer_dead(struct hub *h, unsigned limit, struct strbuf *out, struct err *e);
/* Members that several answers have. */
void answer_add_streams(const struct hub *h, struct jsonw *j);
void answer_add_totals(const struct hub *h, const struct store_totals *t,
                       struct jsonw *j);

#endif
