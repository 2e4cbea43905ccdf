/* How many items a second go through the whole of it, durable at each acknowledgement:
   this program puts items into a real newsmq-hub, its own workers with a trivial result
   do the jobs, a real newsmq-sink writes them. In the same run: what the disk gives
   (write 128 KiB and fdatasync, one after the other) and what libzmq gives (messages of
   the same size over ipc, one way, nothing kept).

   With --curve in place of that: the same over tcp with CURVE, everything encrypted, in
   turn with ipc, and how fast it is beside it.

   With PORT in place of both: newsmq-http is there too, on 127.0.0.1:PORT, and
   bench/sight looks at it.

   bench-pipeline [--curve] [ITEMS [BYTES [WORKERS [PORT]]]]     20000 2048 2; $TMPDIR for
   the files */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "newsmq/bus.h"
#include "newsmq/cert.h"
#include "newsmq/clock.h"
#include "newsmq/hash.h"
#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/os.h"

#define BATCH      100
#define FEEDS      1000
#define MEASURE_S  2
#define CHILDREN   16
#define LOOKERS_S  3 /* until those who look on are there */
#define SYNC_BYTES (128 * 1024)
#define ROUNDS     3 /* of each, with --curve */
#define CONFIG_TEXT                                                    \
    "version: 1\nfeeds: [ { bench: 'https://bench.example.org/' } ]\n" \
    "http: { listen: %s }\nbus: { dir: %s%s }\n"                       \
    "sinks: [ { type: jsonl, path: '%s/records/out.jsonl' } ]\n"       \
    "state: { path: %s/state }\nlog: { level: warn }\n"

struct bench {
    uint64_t items;
    size_t bytes;
    unsigned workers, port;
    char dir[200], config_path[256];
    struct config *config;
    struct arena arena;
    struct bus_item *list;
    pid_t children[CHILDREN];
    const char *names[CHILDREN];
    size_t n_children;
};

static void must(int rc, const struct err *e, const char *what)
{
    if (rc < 0)
        log_fatal("the benchmark cannot go on", "at='%s' cause='%s'", what, e->text);
}

static double seconds_since(struct mono from)
{
    return (double)(clock_mono().ns - from.ns) / 1e9;
}

/* ---- the programs ---- */

static void start_program(struct bench *b, const char *name)
{
    char *folder = os_program_dir();
    char *path = mem_printf("%s/%s", folder, name);
    pid_t pid = fork();

    if (pid == 0) {
        execl(path, name, "-c", b->config_path, (char *)NULL);
        log_fatal("cannot start", "path=%s cause='%s'", path, strerror(errno));
    }
    b->names[b->n_children] = name;
    b->children[b->n_children++] = pid;
    free(path);
    free(folder);
}

static void work(const struct bench *b, unsigned number)
{
    static const char nlp[] =
        "{\"status\":\"ok\",\"error\":null,\"language\":null,\"entities\":[],\"workers\":"
        "[]}";
    char *name = mem_printf("worker-%u", number);
    struct bus_options o = {.role = BUS_WORK, .name = name, .hello = "{}"};
    struct bus *bus = NULL;
    struct bus_event ev;
    struct err e = {0};

    must(bus_open(&b->config->bus, &o, &bus, &e), &e, "worker");
    must(bus_ready(bus, b->config->bus.credit, &e), &e, "ready");
    while (!os_should_stop()) {
        int rc = bus_next(bus, 500, &ev, &e);

        if (rc == 1 && ev.kind == BUS_JOB)
            must(bus_result(bus, ev.seq, ev.attempt, STR(nlp), &e), &e, "result");
        else if (rc < 0 && rc != -EINTR)
            must(rc, &e, "worker");
    }
    bus_close(bus);
    free(name);
}

static void start_worker(struct bench *b, unsigned number)
{
    pid_t pid = fork();

    if (pid == 0) {
        work(b, number);
        _exit(0);
    }
    b->names[b->n_children] = "worker";
    b->children[b->n_children++] = pid;
}

static double cpu_seconds(const struct rusage *u)
{
    return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) +
           (double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e6;
}

/* Ends the programs; prints the CPU time each took for one item. */
static void stop_all(struct bench *b)
{
    struct rusage used;

    printf("CPU an item:");
    while (b->n_children > 0) {
        size_t i = --b->n_children;

        (void)kill(b->children[i], SIGTERM);
        while (wait4(b->children[i], NULL, 0, &used) < 0 && errno == EINTR)
            ;
        printf(" %s %.1f us,", b->names[i], 1e6 * cpu_seconds(&used) / (double)b->items);
    }
    (void)putchar('\n');
}

/* ---- items ---- */

static void write_item(uint64_t number, size_t bytes, char id[ITEM_ID_MAX],
                       struct strbuf *out)
{
    char hash[SHA256_TEXT_MAX], text[32];
    struct str parts[1];

    (void)snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    parts[0] = str_of(text);
    hash_item_id(STR("bench"), STR("guid"), parts[0], id);
    strbuf_reset(out);
    (void)strbuf_addf(out,
                      "{\"id\":\"%s\",\"id_basis\":\"guid\",\"content_hash\":\"%s\","
                      "\"guid\":\"%s\",\"url\":\"https://bench.example.org/%s\","
                      "\"title\":\"Item %s\",\"language\":\"en\",\"content_text\":\"",
                      id, hash_sha256_text(parts, 1, hash), text, text, text);
    while (out->n + 2 < bytes)
        (void)strbuf_add(
            out, str_head(STR("The talks go on in Geneva today. "), bytes - 2 - out->n));
    (void)strbuf_add_text(out, "\"}");
}

/* All items, made before the clock runs. */
static void make_items(struct bench *b)
{
    struct strbuf body = {.max = b->bytes + 4096};
    char id[ITEM_ID_MAX];

    b->list = mem_new_array(b->items, sizeof *b->list);
    for (uint64_t i = 0; i < b->items; i++) {
        write_item(i, b->bytes, id, &body);
        b->list[i].key = arena_dup(&b->arena, str_of(id));
        b->list[i].core = arena_dup(&b->arena, strbuf_str(&body));
    }
    strbuf_fini(&body);
}

static size_t put_batch(const struct bench *b, struct bus *bus, uint64_t from,
                        struct err *e)
{
    size_t n = b->items - from < BATCH ? (size_t)(b->items - from) : BATCH;
    char state[64];
    uint64_t batch;
    int rc;

    /* Each batch is a poll of its own feed, as most are: the polls of one feed wait for
       each other. */
    (void)snprintf(state, sizeof state, "{\"feed\":\"bench-%llu\",\"state\":\"ok\"}",
                   (unsigned long long)(from / BATCH % FEEDS));
    while ((rc = bus_put(bus, str_of(state), b->list + from, n, &batch, e)) ==
           ERR_LATER) {
        struct bus_event ev;

        (void)bus_next(bus, 50, &ev, e);
    }
    must(rc, e, "put");
    return n;
}

/* A number of the hub's status; 0 when it is not there (yet). */
static uint64_t ask_hub(const struct bench *b, const char *member)
{
    struct err e = {0};
    char *json = NULL;
    const char *at;
    uint64_t n = 0;

    if (bus_call(&b->config->bus, "status", "{}", 5000, &json, &e) < 0)
        return 0;
    at = strstr(json, member);
    if (at != NULL)
        n = strtoull(at + strlen(member), NULL, 10);
    free(json);
    return n;
}

static double run_pipeline(const struct bench *b)
{
    struct bus_options o = {.role = BUS_INGEST};
    struct mono began = clock_mono(), asked = began;
    struct bus *bus = NULL;
    struct err e = {0};
    uint64_t sent = 0;

    must(bus_open(&b->config->bus, &o, &bus, &e), &e, "ingest");
    while (sent < b->items) {
        struct bus_event ev;

        sent += put_batch(b, bus, sent, &e);
        while (bus_next(bus, 0, &ev, &e) == 1)
            must(ev.kind == BUS_REFUSED ? -1 : 0, &e, "refused");
    }
    for (;;) {
        struct bus_event ev;

        (void)bus_next(bus, 5, &ev, &e);
        if (mono_ms_between(asked, clock_mono()) < 20)
            continue;
        asked = clock_mono();
        if (ask_hub(b, "\"acked\":") >= b->items)
            break;
    }
    bus_close(bus);
    return seconds_since(began);
}

/* ---- what the machine gives ---- */

static double syncs_per_second(const struct bench *b)
{
    char *path = mem_printf("%s/sync", b->dir), *bytes = mem_new(SYNC_BYTES);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    struct mono began = clock_mono();
    struct err e = {0};
    unsigned n = 0;

    for (; seconds_since(began) < MEASURE_S; n++) {
        must(os_write_all(fd, (struct str){bytes, SYNC_BYTES}, &e), &e, path);
        if (fdatasync(fd) < 0)
            log_fatal("fdatasync", "cause='%s'", strerror(errno));
    }
    (void)close(fd); /* only measured */
    (void)unlink(path);
    free(path);
    free(bytes);
    return n / seconds_since(began);
}

static void send_messages(const char *endpoint, size_t bytes)
{
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
    char *body = mem_new(bytes);

    if (zmq_connect(socket, endpoint) < 0)
        _exit(1);
    while (zmq_send(socket, body, bytes, 0) >= 0)
        ; /* until killed */
    _exit(0);
}

static double messages_per_second(const struct bench *b)
{
    char *endpoint = mem_printf("ipc://%s/raw.sock", b->dir);
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_ROUTER);
    pid_t pid;
    struct mono began;
    unsigned n = 0;

    if (zmq_bind(socket, endpoint) < 0)
        log_fatal("cannot bind", "endpoint=%s cause='%s'", endpoint, zmq_strerror(errno));
    pid = fork();
    if (pid == 0)
        send_messages(endpoint, b->bytes);
    for (began = (struct mono){0};;) {
        zmq_msg_t m;

        (void)zmq_msg_init(&m); /* never fails */
        if (zmq_msg_recv(&m, socket, 0) < 0)
            break;
        if (!zmq_msg_more(&m))
            n++;
        (void)zmq_msg_close(&m);
        if (began.ns == 0) {
            began = clock_mono();
            n = 0;
        }
        if (n % 256 == 255 && seconds_since(began) >= MEASURE_S)
            break;
    }
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    free(endpoint);
    return n / seconds_since(began); /* the context goes with the process */
}

/* ---- all of it ---- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static void wait_for_hub(const struct bench *b)
{
    struct err e = {0};
    char *json = NULL;

    for (int tries = 0; tries < 50; tries++) {
        if (bus_call(&b->config->bus, "status", "{}", 200, &json, &e) == 0) {
            free(json);
            return;
        }
    }
    log_fatal("the hub does not come up", "cause='%s'", e.text);
}

static void save_key(const struct bench *b, const char *name, struct cert *c,
                     const char *suffix, bool with_secret)
{
    char *path = mem_printf("%s/%s%s", b->dir, name, suffix);
    struct err e = {0};

    must(cert_save(path, c, with_secret, &e), &e, path);
    free(path);
}

/* One pair for the hub, one for all others, who may do everything. */
static void make_keys(const struct bench *b)
{
    struct cert hub = {.name = "hub"}, all = {.name = "all", .roles = (1U << ROLES) - 1};

    if (zmq_curve_keypair(hub.public_key, hub.secret_key) < 0 ||
        zmq_curve_keypair(all.public_key, all.secret_key) < 0)
        log_fatal("no CURVE", "cause='%s'", zmq_strerror(errno));
    save_key(b, "hub", &hub, ".secret", true);
    save_key(b, "hub", &hub, ".public", false);
    save_key(b, "all", &all, ".secret", true);
    save_key(b, "all", &all, ".key", false); /* the folder is clients_dir too */
}

/* What stands behind `dir` in the configuration's `bus:`. */
static char *curve_text(const struct bench *b)
{
    unsigned port = 20000 + (unsigned)getpid() * 7 % 9000;

    return mem_printf(", ingest: 'tcp://127.0.0.1:%u', work: 'tcp://127.0.0.1:%u', tap: "
                      "'tcp://127.0.0.1:%u', control: 'tcp://127.0.0.1:%u', curve: { "
                      "loopback: true, server_key_file: %s/hub.secret, clients_dir: %s, "
                      "key_file: %s/all.secret, server_public_file: %s/hub.public }",
                      port, port + 1, port + 2, port + 3, b->dir, b->dir, b->dir, b->dir);
}

static void prepare(struct bench *b, bool curve)
{
    const char *tmp = getenv("TMPDIR");
    struct config_names names = {0};
    struct config_faults faults = {0};
    char *bus, listen[100] = "off";
    FILE *f;

    (void)snprintf(b->dir, sizeof b->dir, "%s/nmq-bench-XXXXXX",
                   tmp != NULL ? tmp : "/tmp");
    if (mkdtemp(b->dir) == NULL)
        log_fatal("no folder", "path=%s cause='%s'", b->dir, strerror(errno));
    if (curve)
        make_keys(b);
    bus = curve ? curve_text(b) : mem_strdup("");
    if (b->port > 0)
        (void)snprintf(listen, sizeof listen,
                       "'127.0.0.1:%u', max_connections: 300, max_requests: 1000",
                       b->port);
    (void)snprintf(b->config_path, sizeof b->config_path, "%s/newsmq.yaml", b->dir);
    f = fopen(b->config_path, "w");
    if (f == NULL)
        log_fatal("no configuration", "cause='%s'", strerror(errno));
    (void)fprintf(f, CONFIG_TEXT, listen, b->dir, bus, b->dir, b->dir);
    if (fclose(f) != 0 || config_load(b->config_path, &names, &b->config, &faults) < 0)
        log_fatal("the configuration is bad", "path=%s", b->config_path);
    config_faults_fini(&faults);
    free(bus);
}

static void clear(struct bench *b)
{
    (void)nftw(b->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS); /* only litter is left */
    config_free(b->config);
}

/* Items a second. */
static double run_all(struct bench *b)
{
    double rate;
    uint64_t commits;

    start_program(b, "newsmq-hub");
    start_program(b, "newsmq-sink");
    for (unsigned i = 1; i <= b->workers; i++)
        start_worker(b, i);
    if (b->port > 0)
        start_program(b, "newsmq-http");
    if (b->list == NULL)
        make_items(b);
    wait_for_hub(b);
    if (b->port > 0)
        (void)sleep(LOOKERS_S);
    rate = (double)b->items / run_pipeline(b);
    commits = ask_hub(b, "\"commits\":");
    stop_all(b);
    printf("%llu items of %zu bytes, %u workers: %.0f items/s, durable\n",
           (unsigned long long)b->items, b->bytes, b->workers, rate);
    printf("hub: %llu commits, %.0f items each\n", (unsigned long long)commits,
           (double)b->items / (double)(commits > 0 ? commits : 1));
    return rate;
}

static void run_alone(struct bench *b)
{
    double syncs, messages, rate;

    prepare(b, false);
    syncs = syncs_per_second(b);
    messages = messages_per_second(b);
    rate = run_all(b);
    printf("disk: %.0f fdatasync/s of 128 KiB; %.1f items per fdatasync\n", syncs,
           rate / syncs);
    printf("libzmq: %.0f messages/s of %zu bytes; the pipeline is %.3f of it\n", messages,
           b->bytes, rate / messages);
    clear(b);
}

/* In turn, so that a machine that gets slower slows both. */
static void run_beside(struct bench *b)
{
    double rates[2] = {0};

    for (int i = 0; i < 2 * ROUNDS; i++) {
        prepare(b, i % 2 == 1);
        printf("%s: ", i % 2 == 1 ? "tcp with CURVE" : "ipc");
        rates[i % 2] += run_all(b) / ROUNDS;
        clear(b);
    }
    printf("over tcp with CURVE %.0f items/s, over ipc %.0f: %.2f of it\n", rates[1],
           rates[0], rates[1] / rates[0]);
}

static void run_looked_at(struct bench *b)
{
    prepare(b, false);
    (void)run_all(b);
    clear(b);
}

int main(int argc, char **argv)
{
    bool curve = argc > 1 && strcmp(argv[1], "--curve") == 0;
    const char *const *given = (const char *const *)argv + curve;
    int n = argc - curve;
    struct bench b = {.items = n > 1 ? strtoull(given[1], NULL, 10) : 20000,
                      .bytes = n > 2 ? (size_t)strtoull(given[2], NULL, 10) : 2048,
                      .workers = n > 3 ? (unsigned)strtoul(given[3], NULL, 10) : 2,
                      .port = n > 4 ? (unsigned)strtoul(given[4], NULL, 10) : 0};

    if (b.items == 0 || b.bytes < 512 || b.workers == 0 || b.workers > CHILDREN - 3 ||
        b.port > 65535) {
        fputs("usage: bench-pipeline [--curve] [ITEMS [BYTES [WORKERS [PORT]]]], BYTES "
              "512 or more\n",
              stderr);
        return 64;
    }
    log_open("bench-pipeline", LOG_LEVEL_WARN, LOG_TEXT);
    os_catch_signals();
    if (curve)
        run_beside(&b);
    else if (b.port > 0)
        run_looked_at(&b);
    else
        run_alone(&b);
    free(b.list);
    arena_fini(&b.arena);
    return 0;
}
