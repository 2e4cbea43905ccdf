/* Follows records without a loss: every record of a prefix once, one JSON object a line.

       apt install build-essential pkg-config libzmq3-dev
       cc -o subscriber examples/subscriber.c $(pkg-config --cflags --libs libzmq)
       ./subscriber ipc:///run/newsmq/pub.sock ipc:///run/newsmq/replay.sock [prefix]
       ./subscriber tcp://HUB:5560 tcp://HUB:5561 record/ mine.key_secret hub.key

   The last is from another machine (docs/security.md).

   PUB never waits for a slow subscriber, so messages may be lost; but each loss shows.
   The header of a message has `prev`, the seq before it of the same topic: when that is
   not the last one seen, what lies between is missing. A heartbeat has the newest seq of
   each topic that moved, so that a loss at the very end shows too. What is missing is
   asked for with GET at the replay socket (docs/wire.md), before going on. With the first
   message, if only a heartbeat, all is asked for that the hub still keeps. */
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define TOPICS_MAX    4096
#define FRAMES_MAX    8
#define FRAME_MAX     (16 * 1000 * 1000 + 1) /* bus.max_frame, and a NUL */
#define REPLY_WAIT_MS 5000

struct topic {
    char name[256];
    uint64_t last; /* seq of the last one printed */
};

struct subscriber {
    void *live, *replay;
    const char *prefix;
    struct topic topics[TOPICS_MAX];
    size_t n_topics;
    char epoch[128]; /* of the hub's store */
};

/* A multipart message as C strings; what does not fit is cut off. */
struct message {
    char *frames[FRAMES_MAX];
    size_t n;
};

static volatile sig_atomic_t stopping;

static void on_signal(int signal)
{
    (void)signal;
    stopping = 1;
}

/* ---- messages ---- */

static void forget(struct message *m)
{
    while (m->n > 0)
        free(m->frames[--m->n]);
}

/* False on a signal or a time-out. */
static bool receive(void *socket, struct message *m)
{
    int more = 1;
    size_t size = sizeof more;

    forget(m);
    while (more) {
        zmq_msg_t part;

        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket, 0) < 0)
            return false;
        if (m->n < FRAMES_MAX && zmq_msg_size(&part) < FRAME_MAX) {
            char *copy = calloc(1, zmq_msg_size(&part) + 1);

            if (copy == NULL)
                abort();
            memcpy(copy, zmq_msg_data(&part), zmq_msg_size(&part));
            m->frames[m->n++] = copy;
        }
        zmq_msg_close(&part);
        zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size);
    }
    return true;
}

/* The number behind "key": in a header; 0 when it is not there. */
static uint64_t number(const char *json, const char *key)
{
    char quoted[64];
    const char *at;

    snprintf(quoted, sizeof quoted, "\"%s\":", key);
    at = strstr(json, quoted);
    return at != NULL ? strtoull(at + strlen(quoted), NULL, 10) : 0;
}

/* ---- what was seen ---- */

static struct topic *topic_of(struct subscriber *s, const char *name)
{
    for (size_t i = 0; i < s->n_topics; i++)
        if (strcmp(s->topics[i].name, name) == 0)
            return &s->topics[i];
    if (s->n_topics == TOPICS_MAX || strlen(name) >= sizeof s->topics[0].name) {
        fprintf(stderr, "too many topics, or too long a name: %s\n", name);
        exit(70);
    }
    s->topics[s->n_topics].last = 0;
    strcpy(s->topics[s->n_topics].name, name);
    return &s->topics[s->n_topics++];
}

/* True with the first message, and when the hub's store is a new one: then its seqs begin
   again. */
static bool is_new_epoch(struct subscriber *s, const char *header)
{
    const char *at = strstr(header, "\"epoch\":\""), *end;
    char epoch[sizeof s->epoch], before[sizeof s->epoch];

    if (at == NULL || (end = strchr(at + 9, '"')) == NULL)
        return false;
    strcpy(before, s->epoch);
    snprintf(epoch, sizeof epoch, "%.*s", (int)(end - at - 9), at + 9);
    strcpy(s->epoch, epoch);
    return strcmp(before, epoch) != 0;
}

static void print_record(struct topic *t, uint64_t seq, const char *record)
{
    if (seq <= t->last)
        return; /* came by replay already */
    t->last = seq;
    puts(record);
    fflush(stdout);
}

/* ---- repair ---- */

static void ask(struct subscriber *s, uint64_t from, uint64_t to, const char *topic)
{
    char a[24], b[24];

    snprintf(a, sizeof a, "%" PRIu64, from);
    snprintf(b, sizeof b, "%" PRIu64, to);
    zmq_send(s->replay, "NMQ1", 4, ZMQ_SNDMORE);
    zmq_send(s->replay, "GET", 3, ZMQ_SNDMORE);
    zmq_send(s->replay, "record", 6, ZMQ_SNDMORE);
    zmq_send(s->replay, a, strlen(a), ZMQ_SNDMORE);
    zmq_send(s->replay, b, strlen(b), ZMQ_SNDMORE);
    zmq_send(s->replay, topic, strlen(topic), 0);
}

/* Gets and prints records of a prefix from seq `from` up to `to` (0: the head). With
   `only`, those of that topic alone: the prefix may be that of others too. An answer may
   be a part; END says where to go on. */
static void replay(struct subscriber *s, const char *prefix, struct topic *only,
                   uint64_t from, uint64_t to)
{
    struct message m = {.n = 0};

    ask(s, from, to, prefix);
    while ((to == 0 || from <= to) && !stopping) {
        if (!receive(s->replay, &m)) {
            if (!stopping)
                ask(s, from, to, prefix); /* the hub was away: again */
        } else if (m.n >= 6 && strcmp(m.frames[1], "MSG") == 0) {
            if (only == NULL || strcmp(m.frames[4], only->name) == 0)
                print_record(topic_of(s, m.frames[4]), strtoull(m.frames[3], NULL, 10),
                             m.frames[5]);
        } else if (m.n >= 4 && strcmp(m.frames[1], "END") == 0) {
            from = strtoull(m.frames[2], NULL, 10);
            if (from > strtoull(m.frames[3], NULL, 10))
                break; /* beyond the head */
            if (to == 0 || from <= to)
                ask(s, from, to, prefix);
        } else if (m.n >= 3 && strcmp(m.frames[1], "GONE") == 0) {
            uint64_t first = strtoull(m.frames[2], NULL, 10);

            fprintf(stderr, "no longer kept: %s before %" PRIu64 "\n", prefix, first);
            if (first <= from)
                break; /* nothing is kept */
            from = first;
            if (to == 0 || from <= to)
                ask(s, from, to, prefix);
        } else if (m.n >= 2 && strcmp(m.frames[1], "ERR") == 0) {
            fprintf(stderr, "the hub refuses: %s\n", m.frames[m.n - 1]);
            break;
        }
    }
    forget(&m);
}

static void repair(struct subscriber *s, struct topic *t, uint64_t to)
{
    fprintf(stderr, "repairing %s from %" PRIu64 " to %" PRIu64 "\n", t->name,
            t->last + 1, to);
    replay(s, t->name, t, t->last + 1, to);
    if (t->last < to && !stopping)
        t->last = to; /* all there is of it was got */
}

/* ---- following ---- */

static void on_record(struct subscriber *s, const struct message *m)
{
    struct topic *t = topic_of(s, m->frames[0]);
    uint64_t prev = number(m->frames[1], "prev");

    if (prev > t->last)
        repair(s, t, prev);
    print_record(t, number(m->frames[1], "seq"), m->frames[2]);
}

/* "topics":{"record/un/un-news/en/":7,…} */
static void on_heartbeat(struct subscriber *s, char *body)
{
    char *at = strstr(body, "\"topics\":{");

    at = at != NULL ? strchr(at, '{') + 1 : NULL;
    while (at != NULL && *at == '"') {
        char *name = at + 1, *end = strchr(name, '"');
        uint64_t head;

        if (end == NULL)
            return;
        *end = '\0';
        head = strtoull(end + 2, &at, 10); /* behind ": */
        if (strncmp(name, "record/", 7) == 0 &&
            strncmp(name, s->prefix, strlen(s->prefix)) == 0) {
            struct topic *t = topic_of(s, name);

            if (head > t->last)
                repair(s, t, head);
        }
        if (*at == ',')
            at++;
    }
}

static void follow(struct subscriber *s)
{
    struct message m = {.n = 0};

    while (!stopping) {
        if (!receive(s->live, &m) || m.n < 3)
            continue;
        if (is_new_epoch(s, m.frames[1])) {
            s->n_topics = 0;
            replay(s, s->prefix, NULL, 1, 0);
        }
        if (strcmp(m.frames[0], "sys/heartbeat/") == 0)
            on_heartbeat(s, m.frames[2]);
        else
            on_record(s, &m);
    }
    forget(&m);
}

/* ---- keys ---- */

/* The 40 characters behind `name = "` in a certificate. */
static void read_key(const char *path, const char *name, char key[41])
{
    FILE *f = fopen(path, "r");
    char line[256], *at = NULL;

    while (f != NULL && at == NULL && fgets(line, sizeof line, f) != NULL)
        at = line[0] != '#' ? strstr(line, name) : NULL;
    at = at != NULL ? strchr(at, '"') : NULL;
    if (at == NULL || strlen(at) < 42) {
        fprintf(stderr, "no %s in %s\n", name, path);
        exit(66);
    }
    memcpy(key, at + 1, 40);
    key[40] = '\0';
    fclose(f);
}

static void use_keys(void *socket, const char *own, const char *server)
{
    char key[41];

    read_key(own, "public-key", key);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, key, sizeof key);
    read_key(own, "secret-key", key);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, key, sizeof key);
    read_key(server, "public-key", key);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, key, sizeof key);
}

int main(int argc, char **argv)
{
    static struct subscriber s; /* large */
    struct sigaction stop = {.sa_handler = on_signal};
    void *context = zmq_ctx_new();
    int wait = REPLY_WAIT_MS, linger = 0;

    if (argc < 3) {
        fprintf(stderr,
                "usage: %s PUB-ENDPOINT REPLAY-ENDPOINT [PREFIX [KEY_SECRET HUB_KEY]]\n",
                argv[0]);
        return 64;
    }
    s.prefix = argc > 3 ? argv[3] : "record/";
    sigaction(SIGINT, &stop, NULL); /* without SA_RESTART: receiving is interrupted */
    sigaction(SIGTERM, &stop, NULL);
    s.live = zmq_socket(context, ZMQ_SUB);
    s.replay = zmq_socket(context, ZMQ_DEALER);
    zmq_setsockopt(s.live, ZMQ_SUBSCRIBE, s.prefix, strlen(s.prefix));
    zmq_setsockopt(s.live, ZMQ_SUBSCRIBE, "sys/heartbeat/", strlen("sys/heartbeat/"));
    zmq_setsockopt(s.replay, ZMQ_RCVTIMEO, &wait, sizeof wait);
    zmq_setsockopt(s.replay, ZMQ_LINGER, &linger, sizeof linger);
    if (argc > 5) {
        use_keys(s.live, argv[4], argv[5]);
        use_keys(s.replay, argv[4], argv[5]);
    }
    if (zmq_connect(s.live, argv[1]) < 0 || zmq_connect(s.replay, argv[2]) < 0) {
        fprintf(stderr, "cannot connect: %s\n", zmq_strerror(zmq_errno()));
        return 69;
    }
    follow(&s);
    zmq_close(s.live);
    zmq_close(s.replay);
    zmq_ctx_term(context);
    return 0;
}
