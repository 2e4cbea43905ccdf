/* A worker's conversation. What the hub forgets of a worker (credit, which jobs are in
   its hands) is said again when a new hub is there or asks WHO. A job that comes again
   while it is in hand is dropped here: one answer is enough. Results are kept only while
   nobody is there to hear them; one that is lost on the way costs a repetition, since the
   hub gives the job out again. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "zmq_bus.h"

#define KEPT_BYTES_MAX (32u << 20)
#define WHO_AGAIN_MS   5000

/* A result that nobody could be told yet. */
struct kept {
    struct kept *next;
    size_t n_frames, bytes;
    struct str frames[5]; /* the bytes stand behind */
};

struct zmq_work {
    char *hello;
    unsigned credit;
    bool is_waiting; /* HELLO was said and not answered */
    struct mono hello_at;
    uint64_t *hand; /* seqs of the jobs that are not answered */
    size_t n_hand, cap_hand;
    struct kept *first, *last;
    size_t kept_bytes;
};

/* ---- the hand ---- */

static size_t place_in_hand(const struct zmq_work *w, uint64_t seq)
{
    size_t i = 0;

    while (i < w->n_hand && w->hand[i] != seq)
        i++;
    return i;
}

static void take_in_hand(struct zmq_work *w, uint64_t seq)
{
    w->hand = mem_grow(w->hand, &w->cap_hand, w->n_hand + 1, sizeof *w->hand);
    w->hand[w->n_hand++] = seq;
}

static void leave_hand(struct zmq_work *w, uint64_t seq)
{
    size_t i = place_in_hand(w, seq);

    if (i == w->n_hand)
        return;
    w->n_hand--;
    memmove(w->hand + i, w->hand + i + 1, (w->n_hand - i) * sizeof *w->hand);
}

/* ---- results that wait ---- */

static void keep_answer(struct zmq_work *w, const struct str *frames, size_t n)
{
    size_t bytes = 0;
    struct kept *k;
    char *at;

    for (size_t i = 0; i < n; i++)
        bytes += frames[i].n;
    if (bytes > KEPT_BYTES_MAX - w->kept_bytes)
        return; /* the hub gives the job out again */
    k = malloc(sizeof *k + bytes);
    if (k == NULL)
        return;
    *k = (struct kept){.n_frames = n, .bytes = bytes};
    at = (char *)(k + 1);
    for (size_t i = 0; i < n; i++) {
        k->frames[i] = (struct str){at, frames[i].n};
        if (frames[i].n > 0)
            memcpy(at, frames[i].p, frames[i].n);
        at += frames[i].n;
    }
    if (w->last != NULL)
        w->last->next = k;
    else
        w->first = k;
    w->last = k;
    w->kept_bytes += bytes;
}

static void drop_first_kept(struct zmq_work *w)
{
    struct kept *k = w->first;

    w->first = k->next;
    if (w->first == NULL)
        w->last = NULL;
    w->kept_bytes -= k->bytes;
    free(k);
}

static int send_kept(struct zmq_bus *b)
{
    struct zmq_work *w = b->work;

    while (w->first != NULL) {
        int rc = link_send(&b->link, w->first->frames, w->first->n_frames);

        if (rc < 0)
            return rc;
        drop_first_kept(w);
    }
    return 0;
}

/* ---- the conversation ---- */

static int say_hello(struct zmq_bus *b)
{
    struct zmq_work *w = b->work;
    char number[24];
    int rc = link_say(&b->link, STR("HELLO"), str_of(w->hello));

    if (rc == 0) /* before READY, or what is done already is given out again */
        rc = send_kept(b);
    if (rc == 0 && w->credit > 0)
        rc = link_say(&b->link, STR("READY"), nmq1_number(w->credit, number));
    w->is_waiting = rc == 0;
    w->hello_at = b->now;
    return rc;
}

static int greet(struct zmq_bus *b)
{
    return say_hello(b);
}

/* Several WHOs may be on their way, one for each thing that was said: the first is
   answered, and those up to WELCOME mean what came before it. */
static void hear_who(struct zmq_bus *b)
{
    struct zmq_work *w = b->work;

    if (w->is_waiting && mono_ms_between(w->hello_at, b->now) < WHO_AGAIN_MS)
        return;
    b->is_greeted = say_hello(b) == 0;
}

static void hear_welcome(struct zmq_bus *b)
{
    static const struct str keys[] = {STR_INIT("ping_ms")};
    struct str value;
    uint64_t ping_ms;

    b->work->is_waiting = false;
    if (json_scan(nmq1_get(&b->msg, 2), keys, 1, &value, NULL) == 0 && value.p != NULL &&
        str_to_u64(value, &ping_ms) && ping_ms > 0 && ping_ms < DAY_MS)
        b->ping_ms = (int64_t)ping_ms;
}

static int hear_job(struct zmq_bus *b, struct bus_event *ret)
{
    struct zmq_work *w = b->work;
    uint64_t attempt = 0, lease_ms = 0;

    *ret = (struct bus_event){.kind = BUS_JOB, .json = nmq1_get(&b->msg, 5)};
    if (!nmq1_get_u64(&b->msg, 2, &ret->seq) || !nmq1_get_u64(&b->msg, 3, &attempt) ||
        !nmq1_get_u64(&b->msg, 4, &lease_ms) || ret->json.p == NULL)
        return 0; /* no job of ours */
    ret->attempt = attempt < UINT32_MAX ? (uint32_t)attempt : UINT32_MAX;
    ret->lease_ms = lease_ms < DAY_MS ? (int64_t)lease_ms : DAY_MS;
    if (place_in_hand(w, ret->seq) < w->n_hand)
        return 0;
    take_in_hand(w, ret->seq);
    return 1;
}

static int hear(struct zmq_bus *b, struct str verb, struct bus_event *ret)
{
    uint64_t seq;

    if (str_eq(verb, STR("JOB")))
        return hear_job(b, ret);
    if (str_eq(verb, STR("WELCOME"))) {
        hear_welcome(b);
    } else if (str_eq(verb, STR("WHO"))) {
        hear_who(b);
    } else if (str_eq(verb, STR("DRAIN"))) {
        *ret = (struct bus_event){.kind = BUS_DRAIN};
        return 1;
    } else if (str_eq(verb, STR("ERR"))) {
        (void)zmq_refused(b, ret, &seq);
        ret->seq = seq;
        return 1;
    }
    return 0;
}

static void tick(struct zmq_bus *b)
{
    zmq_ping(b);
    if (b->is_greeted && b->work->first != NULL)
        (void)send_kept(b); /* again at the next tick */
}

/* ---- what the worker asks ---- */

int zmq_ready(struct bus *bus, unsigned credit, struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    char number[24];

    (void)e;
    b->work->credit = credit;
    if (b->is_greeted)
        (void)link_say(&b->link, STR("READY"),
                       nmq1_number(credit, number)); /* else with the greeting */
    return 0;
}

static int answer(struct zmq_bus *b, uint64_t seq, const struct str *frames, size_t n)
{
    struct zmq_work *w = b->work;

    leave_hand(w, seq);
    if (w->first != NULL || !b->is_greeted || link_send(&b->link, frames, n) < 0)
        keep_answer(w, frames, n);
    return 0;
}

int zmq_result(struct bus *bus, uint64_t seq, uint32_t attempt, struct str nlp,
               struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    char a[24], c[24];
    const struct str frames[] = {STR("RESULT"), nmq1_number(seq, a),
                                 nmq1_number(attempt, c), nlp};

    if (nlp.n > b->max_frame)
        return zmq_too_large(b, "the result", nlp.n, e);
    return answer(b, seq, frames, ARRAY_LEN(frames));
}

int zmq_fail(struct bus *bus, uint64_t seq, uint32_t attempt, int code, struct str text,
             struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    char a[24], c[24], d[24];
    const struct str frames[] = {
        STR("FAIL"), nmq1_number(seq, a), nmq1_number(attempt, c),
        nmq1_number(code < 0 ? (uint64_t) - (int64_t)code : (uint64_t)code, d),
        str_head(text, 1000)};

    (void)e;
    return answer(b, seq, frames, ARRAY_LEN(frames));
}

int zmq_keep(struct bus *bus, uint64_t seq, struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    char number[24];

    (void)e;
    if (b->is_greeted)
        (void)link_say(&b->link, STR("KEEP"),
                       nmq1_number(seq, number)); /* nobody there: nothing to keep */
    return 0;
}

/* ---- life ---- */

/* The members that the worker gives, behind those that the bus knows. */
static int write_hello(const char *name, const char *more, struct strbuf *out,
                       struct err *e)
{
    struct str rest = str_trim(str_of(more != NULL ? more : "{}"));
    struct jsonw j = jsonw_to(out);

    if (json_scan(rest, NULL, 0, NULL, e) < 0)
        return err_wrap(e, "what HELLO should say");
    jsonw_object(&j);
    if (name[0] != '\0')
        jsonw_member_cstr(&j, "name", name);
    jsonw_member_i64(&j, "pid", getpid());
    jsonw_member_cstr(&j, "version", NEWSMQ_VERSION);
    rest = str_trim(str_slice(rest, 1, rest.n - 1)); /* without { and } */
    if (rest.n > 0 && j.rc == 0)
        j.rc = strbuf_addf(out, "," STR_FMT, STR_ARG(rest));
    jsonw_object_end(&j);
    if (j.rc < 0)
        return err_set(e, ERR_LIMIT, "what HELLO should say is too long");
    return 0;
}

int zmq_work_init(struct zmq_bus *b, const char *hello, struct err *e)
{
    struct strbuf out = {.max = (size_t)64 * 1024};
    int rc;

    b->work = mem_new(sizeof *b->work);
    rc = write_hello(b->name, hello, &out, e);
    if (rc == 0)
        b->work->hello = strbuf_take(&out);
    strbuf_fini(&out);
    return rc;
}

static void fini(struct zmq_bus *b)
{
    struct zmq_work *w = b->work;

    if (b->is_greeted)
        (void)link_say(&b->link, STR("BYE")); /* nobody there: all is said */
    while (w->first != NULL)
        drop_first_kept(w);
    free(w->hand);
    free(w->hello);
    free(w);
    b->work = NULL;
}

const struct zmq_role zmq_role_work = {greet, hear, tick, fini};
