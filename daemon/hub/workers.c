/* Workers come and go. One with empty hands must be heard within three pings; one that
   works may be silent until its lease is over. A probe each ping finds out at once when
   the connection is gone. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "newsmq/json.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "door.h"
#include "hub.h"

struct worker *worker_find(const struct hub *h, struct str peer)
{
    for (struct worker *w = h->workers; w != NULL; w = w->next)
        if (w->n_id == peer.n && memcmp(w->id, peer.p, peer.n) == 0)
            return w;
    return NULL;
}

static struct str peer_of_worker(const struct worker *w)
{
    return (struct str){(const char *)w->id, w->n_id};
}

void worker_lose(struct hub *h, struct worker *w, const char *reason, bool blame)
{
    struct worker **at = &h->workers;
    size_t n_hand = w->hand.n;
    struct job *job = jobs_lose(&h->jobs, w, blame);

    if (n_hand > 0)
        log_warn("worker lost, its jobs wait again", "worker=%s in_hand=%zu cause='%s'",
                 w->name, n_hand, reason);
    else
        log_info("worker left", "worker=%s cause='%s'", w->name, reason);
    if (job != NULL) {
        struct unit *u = inbox_add(&h->self, FROM_SELF);

        u->verb = VERB_FAIL;
        u->seq = job->seq;
        (void)snprintf(u->text, sizeof u->text, "worker %s: %s", w->name, reason);
    }
    while (*at != w)
        at = &(*at)->next;
    *at = w->next;
    free(w);
}

static void read_hello(const struct hub *h, struct unit *u, struct worker *w)
{
    struct str text = nmq1_get(&u->msg, 3);
    json_t *hello = json_loadb(text.p != NULL ? text.p : "", text.n, 0, NULL);
    const char *name = json_string_value(json_object_get(hello, "name"));

    w->pid = json_integer_value(json_object_get(hello, "pid"));
    if (name != NULL && is_name(str_of(name), sizeof w->name - 1) &&
        !door_full_name(h, &u->msg, str_of(name), w->name, sizeof w->name))
        w->name[0] = '\0'; /* too long with the key's */
    json_decref(hello);
}

static void welcome(struct hub *h, struct str peer)
{
    struct jsonw j;

    strbuf_reset(&h->scratch);
    j = jsonw_to(&h->scratch);
    jsonw_object(&j);
    jsonw_member_cstr(&j, "epoch", store_epoch(h->store));
    jsonw_member_i64(&j, "lease_ms", h->bus.lease_ms);
    jsonw_member_i64(&j, "ping_ms", h->bus.ping_ms);
    jsonw_object_end(&j);
    (void)peer_say(h->work, peer, STR("WELCOME"), strbuf_str(&h->scratch)); /* or WHO */
}

static void note_gone(struct hub *h, struct worker *w, const char *why)
{
    if (w->gone_why != NULL)
        return;
    w->gone_since = h->now;
    w->gone_why = why;
}

/* The one that had the name is gone; on the same connection nothing of it is unread. */
static void make_room(struct hub *h, struct str peer, const char *name)
{
    static const char why[] = "another came in its place";
    struct worker *next;

    for (struct worker *w = h->workers; w != NULL; w = next) {
        next = w->next;
        if (w == worker_find(h, peer))
            worker_lose(h, w, why, true);
        else if (strcmp(w->name, name) == 0)
            note_gone(h, w, why);
    }
}

void worker_hello(struct hub *h, struct unit *u)
{
    struct str peer = peer_of(u);
    struct worker *w = mem_new(sizeof *w);

    if (peer.n > sizeof w->id) {
        free(w);
        return;
    }
    read_hello(h, u, w);
    if (w->name[0] == '\0') {
        peer_err(h, h->work, peer, 422,
                 "HELLO wants a JSON object with a name, not too long", STR(""));
        free(w);
        return;
    }
    make_room(h, peer, w->name);
    memcpy(w->id, peer.p, peer.n);
    w->n_id = peer.n;
    w->heard = w->probed = h->now;
    w->is_draining = h->is_stopping || h->is_draining;
    w->next = h->workers;
    h->workers = w;
    log_info("worker came", "worker=%s pid=%lld", w->name, (long long)w->pid);
    welcome(h, peer);
    if (w->is_draining)
        (void)peer_say(h->work, peer, STR("DRAIN")); /* it gets no jobs anyway */
}

/* The job's item/1 in scratch. Negative: cannot be read now. */
static int write_job(struct hub *h, struct job *job)
{
    struct err e = {0};
    int rc;

    strbuf_reset(&h->scratch);
    if (job->has_body)
        return store_write_item(
            job->revision,
            (struct str){zmq_msg_data(&job->body), zmq_msg_size(&job->body)},
            &h->scratch);
    rc = store_read_item(h->store, job->seq, &h->scratch, &e);
    if (rc < 0 && !store_should_retry(rc))
        log_fatal("the state is damaged", "cause='%s'", e.text);
    return rc;
}

/* 1 = sent, 0 = nothing to send, negative: lost or later. */
static int send_one(struct hub *h, struct worker *w)
{
    struct job *job = w->gone_why != NULL ? NULL : jobs_next(&h->jobs, w);
    char seq[24], attempt[24], lease[24];
    int rc;

    if (job == NULL)
        return 0;
    rc = write_job(h, job);
    if (rc < 0)
        return rc;
    rc = peer_say(h->work, peer_of_worker(w), STR("JOB"), nmq1_number(job->seq, seq),
                  nmq1_number(job->attempts + 1, attempt),
                  nmq1_number((uint64_t)h->bus.lease_ms, lease), strbuf_str(&h->scratch));
    if (rc == 0)
        jobs_sent(&h->jobs, job, w, h->now, h->bus.lease_ms);
    else if (rc == -EHOSTUNREACH)
        note_gone(h, w, "its connection is gone");
    return rc == 0 ? 1 : rc;
}

/* One job to each in turn, so that few jobs are spread over all. */
void work_dispatch(struct hub *h)
{
    bool has_sent = true;

    if (h->is_stopping || h->is_draining || consumer_lagging(h) != NULL)
        return;
    while (has_sent) {
        struct worker *next;

        has_sent = false;
        for (struct worker *w = h->workers; w != NULL; w = next) {
            int rc;

            next = w->next;
            rc = send_one(h, w);
            has_sent |= rc == 1;
            h->is_blocked |= rc == ERR_LATER;
        }
    }
}

static const char *fault_of(struct hub *h, struct worker *w)
{
    int64_t silent_ms = mono_ms_between(w->heard, h->now);

    if (w->gone_why != NULL)
        return mono_ms_between(w->gone_since, h->now) >= GONE_MS ? w->gone_why : NULL;
    if (w->hand.n > 0 && mono_is_due(w->lease_due, h->now))
        return "its lease is over";
    if (w->hand.n == 0 && silent_ms > 3 * h->bus.ping_ms)
        return "silent for three pings";
    if (mono_ms_between(w->probed, h->now) < h->bus.ping_ms)
        return NULL;
    w->probed = h->now;
    if (peer_say(h->work, peer_of_worker(w), STR("PONG")) == -EHOSTUNREACH)
        note_gone(h, w, "its connection is gone");
    return NULL;
}

void work_tick(struct hub *h)
{
    struct worker *next;

    for (struct worker *w = h->workers; w != NULL; w = next) {
        const char *fault = fault_of(h, w);

        next = w->next;
        if (fault != NULL)
            worker_lose(h, w, fault, true);
    }
}

void work_probe(struct hub *h)
{
    for (struct worker *w = h->workers; w != NULL; w = w->next) {
        if (mono_ms_between(w->probed, h->now) < h->bus.ping_ms)
            continue;
        w->probed = h->now;
        (void)peer_say(h->work, peer_of_worker(w), STR("PONG")); /* found out later */
    }
}

void work_drain(struct hub *h)
{
    for (struct worker *w = h->workers; w != NULL; w = w->next) {
        w->is_draining = true;
        (void)peer_say(h->work, peer_of_worker(w), STR("DRAIN")); /* no jobs anyway */
    }
}

void work_forgive(struct hub *h, int64_t ms)
{
    for (struct worker *w = h->workers; w != NULL; w = w->next) {
        w->lease_due = mono_add_ms(w->lease_due, ms);
        w->heard = mono_add_ms(w->heard, ms);
    }
    for (struct tap *t = h->taps; t != NULL; t = t->after)
        t->heard = mono_add_ms(t->heard, ms);
}
