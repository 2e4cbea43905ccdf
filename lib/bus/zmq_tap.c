/* An ordered reader that sees each message once, whatever becomes of the hub. After a
   break it subscribes again: a durable one from behind what it acknowledged (what it has
   got beyond that comes again and is dropped here), another one from behind what it got.

   Credit is what the caller has left. Messages that are dropped here were none of the
   caller's, so their credit is given back at once. */
#include <errno.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "zmq_bus.h"

#define NAME_CHARS   63
#define REGAIN_MAX   64 /* credits gathered before they are given back */
#define WHO_AGAIN_MS 5000

struct zmq_tap {
    char *stream, *prefix; /* stream NULL: no subscription */
    uint64_t from;         /* where to subscribe when nothing came yet */
    uint64_t got;          /* last seq that the caller got */
    uint64_t acked;        /* last seq that the caller acknowledged */
    uint64_t heard;        /* last seq that this subscription brought, or its beginning */
    int64_t credit;        /* what the caller has left */
    int64_t lent;          /* the hub has so much more, to bring what comes again */
    int64_t regain;        /* to be given back */
    bool has_got, is_unsaid, is_waiting, is_again;
    struct mono sub_at;
};

static bool is_durable(const struct zmq_bus *b)
{
    return b->name[0] != '\0';
}

/* Where the next subscription begins; 0: where the hub says. */
static uint64_t beginning(const struct zmq_bus *b)
{
    const struct zmq_tap *t = b->tap;

    if (!t->has_got)
        return t->from;
    return is_durable(b) ? t->acked + 1 : t->got + 1;
}

static int say_sub(struct zmq_bus *b, uint64_t from)
{
    struct zmq_tap *t = b->tap;
    int64_t credit = t->credit > 0 ? t->credit : is_durable(b) && t->has_got ? 1 : 0;
    char a[24], c[24];
    int rc =
        link_say(&b->link, STR("SUB"), str_of(t->stream), nmq1_number(from, a),
                 nmq1_number((uint64_t)credit, c), str_of(b->name), str_of(t->prefix));

    if (rc < 0)
        return rc;
    t->lent = credit - t->credit;
    t->regain = 0;
    t->heard = from > 0 ? from - 1 : 0;
    t->is_unsaid = t->has_got && t->acked > t->heard;
    t->is_waiting = true;
    t->sub_at = b->now;
    return 0;
}

static int greet(struct zmq_bus *b)
{
    if (b->tap->stream == NULL)
        return 0;
    b->tap->is_again = b->tap->has_got;
    return say_sub(b, beginning(b));
}

/* Each thing said to a hub that does not know this peer brings one WHO. */
static void hear_who(struct zmq_bus *b)
{
    struct zmq_tap *t = b->tap;

    if (t->stream == NULL ||
        (t->is_waiting && mono_ms_between(t->sub_at, b->now) < WHO_AGAIN_MS))
        return;
    t->is_again = t->has_got;
    b->is_greeted = say_sub(b, beginning(b)) == 0;
}

/* ---- acknowledging ---- */

/* What the hub can take: it knows only of what it sent on this subscription. */
static void say_ack(struct zmq_bus *b, int64_t credit)
{
    struct zmq_tap *t = b->tap;
    uint64_t seq = t->acked < t->heard ? t->acked : t->heard;
    char a[24], c[24];

    if (t->lent > 0 && credit > 0) {
        int64_t back = credit < t->lent ? credit : t->lent;

        t->lent -= back;
        credit -= back;
    }
    credit += t->regain;
    t->regain = 0;
    t->is_unsaid = t->acked > t->heard;
    (void)link_say(&b->link, STR("ACK"), nmq1_number(seq, a),
                   nmq1_number((uint64_t)credit, c)); /* else with the next SUB */
}

int zmq_ack(struct bus *bus, uint64_t seq, unsigned credit, struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    struct zmq_tap *t = b->tap;

    if (seq > t->got)
        return err_set(e, -EINVAL, "seq %llu was not received yet",
                       (unsigned long long)seq);
    if (seq > t->acked)
        t->acked = seq;
    t->credit += credit;
    if (b->is_greeted && t->stream != NULL)
        say_ack(b, credit);
    return 0;
}

/* ---- what comes ---- */

/* It came before: the hub only sends it again. */
static int drop(struct zmq_bus *b, uint64_t seq)
{
    struct zmq_tap *t = b->tap;

    t->regain++;
    if (t->regain >= REGAIN_MAX || t->regain >= t->credit + t->lent ||
        (t->is_unsaid && seq >= t->acked))
        say_ack(b, 0);
    return 0;
}

static int hear_msg(struct zmq_bus *b, struct bus_event *ret)
{
    struct zmq_tap *t = b->tap;
    uint64_t seq;

    t->is_waiting = false;
    if (!nmq1_get_u64(&b->msg, 3, &seq) || nmq1_get(&b->msg, 5).p == NULL)
        return 0; /* no message of ours */
    t->heard = seq;
    if (t->has_got && seq <= t->got)
        return drop(b, seq);
    if (!t->has_got) { /* all before it was durable, or is not wanted */
        t->acked = seq - 1;
        t->has_got = true;
    }
    t->got = seq;
    t->credit--;
    if (t->is_unsaid && seq >= t->acked)
        say_ack(b, 0);
    *ret = (struct bus_event){.kind = BUS_MSG,
                              .seq = seq,
                              .stream = nmq1_get(&b->msg, 2),
                              .topic = nmq1_get(&b->msg, 4),
                              .json = nmq1_get(&b->msg, 5)};
    return 1;
}

static void end_subscription(struct zmq_tap *t)
{
    free(t->stream);
    t->stream = NULL;
}

/* A prefix may have left out so much that the hub trimmed behind our last message; where
   the hub knows us to stand is still there. */
static int hear_gone(struct zmq_bus *b, struct bus_event *ret)
{
    struct zmq_tap *t = b->tap;
    uint64_t first = 0;

    t->is_waiting = false;
    if (t->is_again && is_durable(b) && t->prefix[0] != '\0') {
        t->is_again = false;
        b->is_greeted = say_sub(b, 0) == 0;
        return 0;
    }
    end_subscription(t);
    (void)nmq1_get_u64(&b->msg, 2, &first); /* 0 when it is missing */
    *ret = (struct bus_event){.kind = BUS_GONE, .seq = first};
    return 1;
}

static int hear_err(struct zmq_bus *b, struct bus_event *ret)
{
    (void)zmq_refused(b, ret, &ret->head);
    (void)nmq1_get_u64(&b->msg, 4, &ret->head); /* stays 0 when it is missing */
    if (ret->code == 409)
        end_subscription(b->tap);
    return 1;
}

static int hear(struct zmq_bus *b, struct str verb, struct bus_event *ret)
{
    struct zmq_tap *t = b->tap;

    if (str_eq(verb, STR("WHO"))) {
        hear_who(b);
        return 0;
    }
    if (t->stream == NULL) /* of a subscription that is over */
        return 0;
    if (str_eq(verb, STR("MSG")))
        return hear_msg(b, ret);
    if (str_eq(verb, STR("GONE")))
        return hear_gone(b, ret);
    if (str_eq(verb, STR("ERR")))
        return hear_err(b, ret);
    t->is_waiting &= !str_eq(verb, STR("PONG"));
    return 0;
}

static void tick(struct zmq_bus *b)
{
    struct zmq_tap *t = b->tap;

    if (t->stream == NULL)
        return;
    zmq_ping(b);
    if (b->is_greeted && t->regain > 0)
        say_ack(b, 0);
}

/* ---- what the reader asks ---- */

static int check_name(const char *name, struct err *e)
{
    bool is_good = strlen(name) <= NAME_CHARS;

    for (const char *z = name; *z != '\0'; z++)
        is_good &= *z > ' ' && *z < 0x7f && *z != '/' && *z != '"' && *z != '\\';
    if (is_good)
        return 0;
    return err_set(e, -EINVAL,
                   "'%.80s' is no name for a reader: at most %d printable characters "
                   "without space, / and quotes",
                   name, NAME_CHARS);
}

int zmq_tap(struct bus *bus, const char *stream, uint64_t from, unsigned credit,
            const char *prefix, struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    struct zmq_tap *t = b->tap;
    int rc = zmq_check_stream(stream, prefix, e);

    if (rc == 0)
        rc = check_name(b->name, e);
    if (rc < 0)
        return rc;
    if (t->stream != NULL)
        return err_set(e, -EALREADY, "this bus reads '%s' already", t->stream);
    free(t->prefix);
    memset(t, 0, sizeof *t);
    t->stream = mem_strdup(stream);
    t->prefix = mem_strdup(prefix != NULL ? prefix : "");
    t->from = from;
    t->got = t->acked = from > 0 ? from - 1 : 0;
    t->credit = credit;
    if (b->is_greeted)
        b->is_greeted = say_sub(b, from) == 0;
    return 0;
}

/* ---- life ---- */

void zmq_tap_init(struct zmq_bus *b)
{
    b->tap = mem_new(sizeof *b->tap);
}

static void fini(struct zmq_bus *b)
{
    if (b->is_greeted && b->tap->stream != NULL)
        (void)link_say(&b->link, STR("BYE")); /* nobody there: all is said */
    free(b->tap->stream);
    free(b->tap->prefix);
    free(b->tap);
    b->tap = NULL;
}

const struct zmq_role zmq_role_tap = {greet, hear, tick, fini};
