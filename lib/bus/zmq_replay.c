/* A range of a stream. The hub answers a GET with a part of it and where to go on; the
   next GET follows until all came. After a break the GET goes on behind the last message.
 */
#include <errno.h>
#include <stdlib.h>

#include "newsmq/mem.h"

#include "zmq_bus.h"

struct zmq_replay {
    char *stream, *prefix; /* stream NULL: nothing is asked for */
    uint64_t next, to;     /* to 0: the head */
    bool is_held;          /* asked too often: again when it is due */
    struct mono due;
};

static int say_get(struct zmq_bus *b)
{
    const struct zmq_replay *r = b->replay;
    char a[24], c[24];

    return link_say(&b->link, STR("GET"), str_of(r->stream), nmq1_number(r->next, a),
                    nmq1_number(r->to, c), str_of(r->prefix));
}

static int greet(struct zmq_bus *b)
{
    return b->replay->stream != NULL ? say_get(b) : 0;
}

static void end_replay(struct zmq_replay *r)
{
    free(r->stream);
    r->stream = NULL;
}

static int hear_msg(struct zmq_bus *b, struct bus_event *ret)
{
    struct zmq_replay *r = b->replay;
    uint64_t seq;

    if (!nmq1_get_u64(&b->msg, 3, &seq) || seq < r->next ||
        nmq1_get(&b->msg, 5).p == NULL)
        return 0;
    r->next = seq + 1;
    *ret = (struct bus_event){.kind = BUS_MSG,
                              .seq = seq,
                              .stream = nmq1_get(&b->msg, 2),
                              .topic = nmq1_get(&b->msg, 4),
                              .json = nmq1_get(&b->msg, 5)};
    return 1;
}

static int hear_end(struct zmq_bus *b, struct bus_event *ret)
{
    struct zmq_replay *r = b->replay;
    uint64_t next = 0, head = 0;

    (void)nmq1_get_u64(&b->msg, 2, &next); /* a broken END ends it */
    (void)nmq1_get_u64(&b->msg, 3, &head);
    if (next > r->next)
        r->next = next;
    if (r->next <= head && (r->to == 0 || r->next <= r->to)) {
        b->is_greeted = say_get(b) == 0;
        return 0;
    }
    *ret = (struct bus_event){.kind = BUS_END, .next_seq = r->next, .head = head};
    end_replay(r);
    return 1;
}

static int hear(struct zmq_bus *b, struct str verb, struct bus_event *ret)
{
    if (b->replay->stream == NULL)
        return 0;
    if (str_eq(verb, STR("MSG")))
        return hear_msg(b, ret);
    if (str_eq(verb, STR("END")))
        return hear_end(b, ret);
    if (str_eq(verb, STR("GONE"))) {
        *ret = (struct bus_event){.kind = BUS_GONE};
        (void)nmq1_get_u64(&b->msg, 2, &ret->seq); /* 0 when it is missing */
        end_replay(b->replay);
        return 1;
    }
    if (str_eq(verb, STR("ERR"))) {
        uint64_t ref, code;

        if (nmq1_get_u64(&b->msg, 2, &code) && code == 429) {
            b->replay->is_held = true;
            b->replay->due = mono_add_ms(b->now, SECOND_MS);
            return 0;
        }
        end_replay(b->replay);
        return zmq_refused(b, ret, &ref);
    }
    return 0;
}

static void tick(struct zmq_bus *b)
{
    struct zmq_replay *r = b->replay;

    /* Else an answer comes, or the connection breaks. */
    if (!r->is_held || !mono_is_due(r->due, b->now) || !b->is_greeted ||
        r->stream == NULL)
        return;
    r->is_held = false;
    b->is_greeted = say_get(b) == 0;
}

int zmq_get(struct bus *bus, const char *stream, uint64_t from, uint64_t to,
            const char *prefix, struct err *e)
{
    struct zmq_bus *b = zmq_bus_of(bus);
    struct zmq_replay *r = b->replay;
    int rc = zmq_check_stream(stream, prefix, e);

    if (rc < 0)
        return rc;
    if (r->stream != NULL)
        return err_set(e, -EALREADY, "this bus is in the middle of a replay");
    free(r->prefix);
    r->stream = mem_strdup(stream);
    r->prefix = mem_strdup(prefix != NULL ? prefix : "");
    r->next = from > 0 ? from : 1;
    r->to = to;
    if (b->is_greeted)
        b->is_greeted = say_get(b) == 0;
    return 0;
}

void zmq_replay_init(struct zmq_bus *b)
{
    b->replay = mem_new(sizeof *b->replay);
}

static void fini(struct zmq_bus *b)
{
    free(b->replay->stream);
    free(b->replay->prefix);
    free(b->replay);
    b->replay = NULL;
}

const struct zmq_role zmq_role_replay = {greet, hear, tick, fini};
