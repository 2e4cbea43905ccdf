/* Publishing. XPUB tells what is subscribed to, so that nothing is put together that
   nobody hears. A subscriber that is too slow loses messages and sees it by `prev` and
   the heartbeat; nobody waits for it. */
#include "newsmq/json.h"
#include "newsmq/log.h"

#include "door.h"
#include "hub.h"

#define ALONE_MS 1000 /* a connection may be heard of later than what it sent */

static const struct str heads_of[STREAMS] = {STR_INIT("item/"), STR_INIT("record/"),
                                             STR_INIT("feed/")};

static bool touches(struct str topic, struct str head)
{
    return str_has_prefix(topic, head) || str_has_prefix(head, topic);
}

/* A peer can end a subscription that it never had, and the socket tells that like any
   other. So what was once wanted is wanted until nobody is connected any more. */
static void want(struct hub *h, struct str topic)
{
    h->wanted_at = h->now;
    for (int i = 0; i < STREAMS; i++)
        if (touches(topic, heads_of[i]) ||
            (i == STREAM_EVENT && touches(topic, STR("watch/"))))
            h->is_wanted[i] = true;
}

static void want_nothing_alone(struct hub *h)
{
    if (door_count(h, ROLE_SUBSCRIBE) == 0 &&
        mono_ms_between(h->wanted_at, h->now) > ALONE_MS)
        memset(h->is_wanted, 0, sizeof h->is_wanted);
}

void publish_serve(struct hub *h)
{
    struct nmq1_msg m = {0};

    while (nmq1_recv(h->pub, &m, ZMQ_DONTWAIT) > 0) {
        struct str f = nmq1_get(&m, 0), topic;

        if (f.n == 0 || (unsigned char)f.p[0] > 1)
            continue;
        topic = str_slice(f, 1, f.n);
        (void)door_lets_subscribe(h, &m, topic,
                                  f.p[0] == 1); /* counts until it is gone */
        counts_subscription(&h->counts, topic, f.p[0] == 1);
        if (f.p[0] == 1)
            want(h, topic);
    }
    nmq1_fini(&m);
}

bool publish_wants(const struct hub *h, enum stream stream)
{
    return h->is_wanted[stream];
}

/* The socket says when the queue of a subscriber is full, which is counted; then the
   message goes to all others, and that one sees its loss by prev. Until it reads again
   ZeroMQ leaves it out without another word. */
static void send(struct hub *h, size_t stream, struct str topic, struct str header,
                 struct str body)
{
    const struct str frames[] = {topic, header, body};
    int strict = 0;

    h->counts.published[stream]++;
    if (nmq1_send(h->pub, frames, ARRAY_LEN(frames)) != ERR_LATER)
        return;
    h->counts.drops[stream]++;
    (void)zmq_setsockopt(h->pub, ZMQ_XPUB_NODROP, &strict,
                         sizeof strict);                /* cannot fail */
    (void)nmq1_send(h->pub, frames, ARRAY_LEN(frames)); /* loss is visible by prev */
    strict = 1;
    (void)zmq_setsockopt(h->pub, ZMQ_XPUB_NODROP, &strict, sizeof strict);
}

static const char *schema_of(const struct store_made *m)
{
    static const char *const schemas[STREAMS] = {"item/1", "record/1", "feed/1"};

    return m->stream == STREAM_EVENT && str_has_prefix(str_of(m->topic), STR("watch/"))
               ? "watch/1"
               : schemas[m->stream];
}

void publish(struct hub *h, const struct store_made *m, struct str json)
{
    char id[STORE_ID_CHARS + 1] = "", time[CLOCK_TEXT_MAX];

    if (m->stream != STREAM_EVENT)
        (void)store_id_text(m->id, id);
    strbuf_reset(&h->scratch2);
    if (strbuf_addf(&h->scratch2,
                    "{\"schema\":\"%s\",\"id\":\"%s\",\"epoch\":\"%s\",\"stream\":\"%s\","
                    "\"seq\":%llu,\"prev\":%llu,\"time\":\"%s\"}",
                    schema_of(m), id, store_epoch(h->store), stream_name(m->stream),
                    (unsigned long long)m->seq, (unsigned long long)m->prev,
                    clock_text(h->now_ms, time)) == 0)
        send(h, m->stream, str_of(m->topic), strbuf_str(&h->scratch2), json);
}

static void emit(struct hub *h, const struct store_made *m, struct str json)
{
    if (publish_wants(h, m->stream))
        publish(h, m, json);
    tap_offer(h, m, json);
}

void emit_item(struct hub *h, const struct store_made *m, struct str core)
{
    struct str json = {NULL, 0};

    if (publish_wants(h, STREAM_ITEM) || tap_wants(h, m)) {
        strbuf_reset(&h->scratch);
        if (store_write_item(m->revision, core, &h->scratch) < 0)
            return;
        json = strbuf_str(&h->scratch);
    }
    emit(h, m, json);
}

void emit_record(struct hub *h, const struct store_made *m, struct str core,
                 struct str nlp)
{
    struct str json = {NULL, 0};

    if (publish_wants(h, STREAM_RECORD) || tap_wants(h, m)) {
        struct err e = {0};

        if (core.p == NULL) {
            strbuf_reset(&h->scratch2);
            if (store_read_core(h->store, m->item_seq, &h->scratch2, &e) < 0) {
                log_warn("cannot publish a record; readers get it from the store",
                         "seq=%llu cause='%s'", (unsigned long long)m->seq, e.text);
                return;
            }
            core = strbuf_str(&h->scratch2);
        }
        strbuf_reset(&h->scratch);
        if (store_write_record(m, core, nlp, &h->scratch) < 0)
            return;
        json = strbuf_str(&h->scratch);
    }
    emit(h, m, json);
}

void emit_event(struct hub *h, const struct store_made *m, struct str body)
{
    emit(h, m, body);
}

static void write_topic(void *ctx, const char *topic, uint64_t head)
{
    jsonw_member_u64(ctx, topic, head);
}

void publish_heartbeat(struct hub *h)
{
    char time[CLOCK_TEXT_MAX];
    struct strbuf header = {.max = 1024};
    struct jsonw j;

    want_nothing_alone(h);
    strbuf_reset(&h->scratch);
    j = jsonw_to(&h->scratch);
    jsonw_object(&j);
    jsonw_member_cstr(&j, "epoch", store_epoch(h->store));
    jsonw_key(&j, "heads");
    jsonw_object(&j);
    for (int i = 0; i < STREAMS; i++)
        jsonw_member_u64(&j, stream_name((enum stream)i),
                         store_head(h->store, (enum stream)i));
    jsonw_object_end(&j);
    jsonw_key(&j, "topics");
    jsonw_object(&j);
    (void)store_each_topic(h->store, true, write_topic, &j); /* how many: no matter */
    jsonw_object_end(&j);
    jsonw_object_end(&j);
    store_topics_beat(h->store);
    if (j.rc == 0 && strbuf_addf(&header,
                                 "{\"schema\":\"heartbeat/1\",\"epoch\":\"%s\","
                                 "\"time\":\"%s\"}",
                                 store_epoch(h->store), clock_text(h->now_ms, time)) == 0)
        send(h, STREAMS, STR("sys/heartbeat/"), strbuf_str(&header),
             strbuf_str(&h->scratch));
    strbuf_fini(&header);
}
