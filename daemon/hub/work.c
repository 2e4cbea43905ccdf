/* What workers say. The store decides which result of an item is the first; whatever
   comes after it changes nothing. */
#include <stdio.h>

#include "newsmq/json.h"
#include "newsmq/log.h"

#include "hub.h"

#define CREDIT_MAX 4096

static const struct {
    struct str name;
    enum verb verb;
    unsigned numbers; /* frames behind the verb that must be numbers */
} verbs[] = {
    {STR_INIT("RESULT"), VERB_RESULT, 2}, {STR_INIT("FAIL"), VERB_FAIL, 2},
    {STR_INIT("READY"), VERB_READY, 1},   {STR_INIT("KEEP"), VERB_KEEP, 1},
    {STR_INIT("HELLO"), VERB_HELLO, 0},   {STR_INIT("PING"), VERB_PING, 0},
    {STR_INIT("BYE"), VERB_BYE, 0},
};

/* A bad result is an attempt that failed, and its sender hears why. */
static void read_result(struct hub *h, struct unit *u)
{
    static const struct str keys[] = {STR_INIT("status"), STR_INIT("language"),
                                      STR_INIT("watch")};
    static const struct str code_key[] = {STR_INIT("code")};
    struct str v[ARRAY_LEN(keys)], code;
    struct err e = {0};

    u->nlp = str_trim(nmq1_get(&u->msg, 5));
    if (u->nlp.p == NULL || json_scan(u->nlp, keys, ARRAY_LEN(keys), v, &e) < 0 ||
        json_plain(v[0]).n == 0) {
        (void)snprintf(u->text, sizeof u->text, "bad result: %.150s",
                       e.text[0] != '\0' ? e.text : "no member 'status'");
        peer_err(h, h->work, peer_of(u), 422, u->text, nmq1_get(&u->msg, 3));
        u->verb = VERB_FAIL;
        return;
    }
    u->watch = v[2];
    u->lang[0] = '\0';
    if (v[1].p != NULL && json_scan(v[1], code_key, 1, &code, NULL) == 0)
        (void)lang_level(json_plain(code), u->lang);
}

static void read_fail(struct unit *u)
{
    char safe[LOG_SAFE_MAX];

    (void)snprintf(u->text, sizeof u->text, "%.60s: %.120s",
                   log_safe(str_head(nmq1_get(&u->msg, 5), 50), (char[LOG_SAFE_MAX]){0}),
                   log_safe(str_head(nmq1_get(&u->msg, 6), 110), safe));
}

static void read_body(struct hub *h, struct unit *u)
{
    if (u->verb == VERB_RESULT)
        read_result(h, u);
    else if (u->verb == VERB_FAIL)
        read_fail(u);
}

void work_read(struct hub *h, struct unit *u)
{
    struct str name = nmq1_get(&u->msg, 2);

    for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
        uint64_t attempt;

        if (!str_eq(name, verbs[i].name))
            continue;
        if ((verbs[i].numbers > 0 && !nmq1_get_u64(&u->msg, 3, &u->number)) ||
            (verbs[i].numbers > 1 && !nmq1_get_u64(&u->msg, 4, &attempt))) {
            peer_err(h, h->work, peer_of(u), 422, "a number is missing or is none",
                     STR(""));
            return;
        }
        if (verbs[i].verb != VERB_READY && verbs[i].numbers > 0) {
            u->seq = u->number;
            if (u->seq == 0 || u->seq > store_head(h->store, STREAM_ITEM)) {
                peer_err(h, h->work, peer_of(u), 422, "there is no such item",
                         nmq1_get(&u->msg, 3));
                return;
            }
        }
        u->verb = verbs[i].verb;
        read_body(h, u);
        return;
    }
    peer_err(h, h->work, peer_of(u), 400, "unknown verb on the work socket", STR(""));
}

/* Only the one who has the job can fail it. */
static bool is_its_job(const struct hub *h, const struct unit *u, const struct job *job)
{
    return job != NULL && job->owner != NULL && job->owner == worker_find(h, peer_of(u));
}

/* Its item as it came, when it is at hand. */
static struct str body_of(const struct job *job)
{
    if (job == NULL || !job->has_body)
        return (struct str){NULL, 0};
    return (struct str){zmq_msg_data((zmq_msg_t *)&job->body),
                        zmq_msg_size((zmq_msg_t *)&job->body)};
}

int work_apply(struct hub *h, struct unit *u, struct err *e)
{
    const struct job *job = jobs_find(&h->jobs, u->seq);

    u->rc = 0;
    if (u->verb == VERB_RESULT)
        u->rc = store_add_record(h->store, u->seq, str_of(u->lang), u->nlp, e);
    else if (u->verb == VERB_FAIL && (u->source == FROM_SELF || is_its_job(h, u, job)))
        u->rc = store_add_attempt(h->store, u->seq, h->bus.max_attempts, str_of(u->text),
                                  &u->attempts, e);
    if (u->rc > 0 && u->verb == VERB_RESULT) {
        int rc;

        (void)store_made(h->store, &u->made);
        u->made--;
        rc = watch_apply(h, u, body_of(job), e);
        if (rc < 0)
            return rc;
    }
    return u->rc;
}

static void finish_result(struct hub *h, struct unit *u, struct worker *w)
{
    struct job *job = jobs_find(&h->jobs, u->seq);
    size_t n;
    const struct store_made *m = &store_made(h->store, &n)[u->made];

    if (u->rc == 1)
        emit_record(h, m, body_of(job), u->nlp);
    if (u->rc == 1)
        watch_finish(h, u, body_of(job));
    if (u->rc == 1 && w != NULL)
        w->n_done++;
    if (u->rc == 1 && job != NULL && job->since.ns > 0)
        histogram_add(&h->counts.item_s, seconds_between(job->since, h->now));
    if (job != NULL)
        jobs_remove(&h->jobs, job, h->now, h->bus.lease_ms);
}

static void finish_fail(struct hub *h, struct unit *u)
{
    struct job *job = jobs_find(&h->jobs, u->seq);

    if (job == NULL || u->rc == 0)
        return;
    if (u->rc == 2) {
        log_error("item given up", "seq=%llu attempts=%u reason='%s'",
                  (unsigned long long)u->seq, u->attempts, u->text);
        jobs_remove(&h->jobs, job, h->now, h->bus.lease_ms);
        return;
    }
    log_warn("attempt failed, the item will be tried alone",
             "seq=%llu attempts=%u reason='%s'", (unsigned long long)u->seq, u->attempts,
             u->text);
    if (job->state != JOB_SETTLING)
        jobs_settle(&h->jobs, job, h->now, h->bus.lease_ms);
    jobs_retry(&h->jobs, job, u->attempts);
}

static void finish_keep(struct hub *h, const struct unit *u, struct worker *w)
{
    const struct job *job = jobs_find(&h->jobs, u->seq);

    if (job != NULL && job->owner == w)
        w->lease_due = mono_add_ms(h->now, h->bus.lease_ms);
}

static void finish_ping(struct hub *h, const struct unit *u)
{
    counts_work(&h->counts, nmq1_get(&u->msg, 3));
    (void)peer_say(h->work, peer_of(u), STR("PONG")); /* next second again */
}

void work_finish(struct hub *h, struct unit *u)
{
    struct worker *w = u->source == FROM_SELF ? NULL : worker_find(h, peer_of(u));

    if (w != NULL)
        w->heard = h->now;
    if (u->verb == VERB_RESULT)
        finish_result(h, u, w);
    else if (u->verb == VERB_FAIL)
        finish_fail(h, u);
    else if (u->verb == VERB_HELLO)
        worker_hello(h, u);
    if (u->source == FROM_SELF || u->verb == VERB_HELLO)
        return;
    if (w == NULL) {
        if (u->verb != VERB_BYE)
            (void)peer_say(h->work, peer_of(u), STR("WHO")); /* it speaks again */
        return;
    }
    if (u->verb == VERB_READY)
        w->credit = u->number < CREDIT_MAX ? (unsigned)u->number : CREDIT_MAX;
    else if (u->verb == VERB_KEEP)
        finish_keep(h, u, w);
    else if (u->verb == VERB_PING)
        finish_ping(h, u);
    else if (u->verb == VERB_BYE)
        worker_lose(h, w, "it said BYE", false);
}
