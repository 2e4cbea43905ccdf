/* The calls of people and of the supervisor. Read-only ones are answered at once, also
   while the hub holds. */
#include <stdio.h>

#include <jansson.h>

#include "newsmq/log.h"

#include "door.h"
#include "hub.h"

#define CALLS_A_TURN 16
#define DEAD_MAX     10000

static int call_why(struct hub *h, json_t *arg, struct strbuf *out, struct err *e)
{
    const char *id = json_string_value(json_object_get(arg, "id"));
    const char *url = json_string_value(json_object_get(arg, "url"));

    if (id == NULL && url == NULL)
        return err_set(e, ERR_FORMAT, "why wants {\"id\":\"…\"} or {\"url\":\"…\"}");
    return answer_why(h, str_of(id), str_of(url), out, e);
}

static int call_dead(struct hub *h, json_t *arg, struct strbuf *out, struct err *e)
{
    json_int_t limit = json_integer_value(json_object_get(arg, "limit"));

    return answer_dead(h, limit > 0 && limit < DEAD_MAX ? (unsigned)limit : 100, out, e);
}

static int call_status(struct hub *h, json_t *arg, struct strbuf *out, struct err *e)
{
    (void)arg;
    return answer_status(h, out, e);
}

static int call_metrics(struct hub *h, json_t *arg, struct strbuf *out, struct err *e)
{
    (void)arg;
    return answer_metrics(h, out, e);
}

static int call_feeds(struct hub *h, json_t *arg, struct strbuf *out, struct err *e)
{
    (void)arg;
    return answer_feeds(h, out, e);
}

static int call_feed_states(struct hub *h, json_t *arg, struct strbuf *out, struct err *e)
{
    (void)arg;
    return answer_feed_states(h, out, e);
}

static int call_heads(struct hub *h, json_t *arg, struct strbuf *out, struct err *e)
{
    (void)arg;
    return answer_heads(h, out, e);
}

static int call_drain(struct hub *h, json_t *arg, struct strbuf *out, struct err *e)
{
    (void)arg, (void)e;
    if (!h->is_draining)
        log_info("draining: no more batches, no more jobs", "pending=%zu", h->jobs.n);
    h->is_draining = true;
    work_drain(h);
    return strbuf_add_text(out, "{}");
}

/* Which of a key's roles are enough for a call. The feeds' states hold secrets. */
#define TO_ORDER (1U << ROLE_CONTROL)
#define TO_LOOK  (TO_ORDER | 1U << ROLE_LOOK)
#define TO_FETCH (TO_ORDER | 1U << ROLE_PUBLISH)
#define TO_READ  (TO_LOOK | 1U << ROLE_TAP | 1U << ROLE_REPLAY | 1U << ROLE_SUBSCRIBE)

static const struct {
    struct str method;
    int (*answer)(struct hub *h, json_t *arg, struct strbuf *out, struct err *e);
    unsigned roles;
} calls[] = {
    {STR_INIT("status"), call_status, TO_LOOK},
    {STR_INIT("metrics"), call_metrics, TO_LOOK},
    {STR_INIT("feeds"), call_feeds, TO_FETCH},
    {STR_INIT("feed_states"), call_feed_states, TO_FETCH},
    {STR_INIT("heads"), call_heads, TO_READ},
    {STR_INIT("why"), call_why, TO_LOOK},
    {STR_INIT("dead"), call_dead, TO_LOOK},
    {STR_INIT("drain"), call_drain, TO_ORDER},
};

/* Writes wait for the turn's transaction like everything else. */
static struct unit *add_write(struct hub *h, struct nmq1_msg *m, enum verb verb)
{
    struct unit *u = NULL;

    if (h->is_holding) {
        peer_err(h, h->control, nmq1_get(m, 0), 503, h->hold.text, STR(""));
        return NULL;
    }
    u = inbox_add(&h->inbox, FROM_CONTROL);
    u->verb = verb;
    nmq1_fini(&u->msg);
    nmq1_move(&u->msg, m);
    return u;
}

static void call_forget(struct hub *h, struct nmq1_msg *m, json_t *arg)
{
    const char *name = json_string_value(json_object_get(arg, "consumer"));
    struct unit *u;

    if (name == NULL || strlen(name) > 63) {
        peer_err(h, h->control, nmq1_get(m, 0), 422,
                 "forget wants {\"consumer\":\"name\"}", STR(""));
        return;
    }
    u = add_write(h, m, VERB_FORGET);
    if (u != NULL)
        (void)snprintf(u->text, sizeof u->text, "%s", name);
}

static void call_feed_ask(struct hub *h, struct nmq1_msg *m, json_t *arg)
{
    const char *feed = json_string_value(json_object_get(arg, "feed"));
    const char *ask = json_string_value(json_object_get(arg, "ask"));
    struct unit *u;

    if (feed == NULL || strlen(feed) > 63 || ask == NULL ||
        (strcmp(ask, "enable") != 0 && strcmp(ask, "unmove") != 0)) {
        peer_err(h, h->control, nmq1_get(m, 0), 422,
                 "feed_ask wants {\"feed\":\"id\",\"ask\":\"enable\"}, or \"unmove\"",
                 STR(""));
        return;
    }
    u = add_write(h, m, VERB_ASK);
    if (u == NULL)
        return;
    (void)snprintf(u->text, sizeof u->text, "%s", feed);
    (void)snprintf(u->ask, sizeof u->ask, "%s", ask);
}

static void answer(struct hub *h, struct str peer, size_t call, json_t *arg)
{
    struct strbuf out = {.max = 256u << 20};
    struct err e = {0};
    int rc = calls[call].answer(h, arg, &out, &e);

    if (rc == 0)
        (void)peer_say(h->control, peer, STR("RET"),
                       strbuf_str(&out)); /* the caller asks again */
    else
        peer_err(h, h->control, peer, rc == ERR_FORMAT ? 422 : 503,
                 e.text[0] != '\0' ? e.text : "the answer is too large", STR(""));
    strbuf_fini(&out);
}

static size_t call_find(struct str method)
{
    size_t i = 0;

    while (i < ARRAY_LEN(calls) && !str_eq(method, calls[i].method))
        i++;
    return i;
}

static unsigned roles_for(struct str method)
{
    size_t i = call_find(method);

    return i < ARRAY_LEN(calls) ? calls[i].roles : TO_ORDER;
}

static void serve_call(struct hub *h, struct nmq1_msg *m)
{
    struct str method = nmq1_get(m, 3), text = nmq1_get(m, 4);
    json_t *arg =
        json_loadb(text.n > 0 ? text.p : "{}", text.n > 0 ? text.n : 2, 0, NULL);
    size_t i = call_find(method);

    if (!json_is_object(arg))
        peer_err(h, h->control, nmq1_get(m, 0), 422, "the argument is not a JSON object",
                 STR(""));
    else if (i < ARRAY_LEN(calls))
        answer(h, nmq1_get(m, 0), i, arg);
    else if (str_eq(method, STR("forget")))
        call_forget(h, m, arg);
    else if (str_eq(method, STR("feed_ask")))
        call_feed_ask(h, m, arg);
    else
        peer_err(h, h->control, nmq1_get(m, 0), 404, "no such method", STR(""));
    json_decref(arg);
}

void control_serve(struct hub *h)
{
    struct nmq1_msg m = {0};

    for (int i = 0; i < CALLS_A_TURN && nmq1_recv(h->control, &m, ZMQ_DONTWAIT) > 0;
         i++) {
        struct str verb;
        struct err e = {0};
        int code =
            m.too_many || m.n > h->bus.max_frames ? 413 : nmq1_check(&m, 1, &verb, &e);

        if (!door_lets_call(h, ROLE_CONTROL, h->control, &m))
            continue;
        if (code != 0) {
            peer_err(h, h->control, nmq1_get(&m, 0), code, e.text, STR(""));
        } else if (!str_eq(verb, STR("CALL"))) {
            peer_err(h, h->control, nmq1_get(&m, 0), 400, "this socket takes CALL",
                     STR(""));
        } else if (door_lets_method(h, &m, roles_for(nmq1_get(&m, 3)))) {
            h->caller = door_name(h, &m);
            serve_call(h, &m);
        }
    }
    nmq1_fini(&m);
}
