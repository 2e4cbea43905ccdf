/* What hubs send to a callback: GET to verify or to deny (WebSub §5.2, §5.3), POST with
   what is new (§7). A callback is "…/TOKEN", and whoever does not know a token is told
   nothing. A push is answered when the hub of the bus has committed its items: who gets
   no 2xx sends again. */
#include <openssl/crypto.h>
#include <stdlib.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "link_header.h"
#include "websub_private.h"
#include "websub_sign.h"

#define WAIT_MS       (20 * SECOND_MS) /* for the feed, the bus and the commit */
#define CHALLENGE_MAX 4096
#define WARN_MS       (10 * SECOND_MS)

/* ---- whose callback it is ---- */

static struct str token_of(const struct listener_request *r)
{
    const char *slash = strrchr(listener_path(r), '/');

    return str_of(slash != NULL ? slash + 1 : listener_path(r));
}

static bool is_token(const char *own, struct str told)
{
    return own != NULL && strlen(own) == told.n &&
           CRYPTO_memcmp(own, told.p, told.n) == 0;
}

static struct feed *feed_of(const struct websub *w, struct str token)
{
    const struct feeds *fs = &w->fetcher->feeds;

    for (size_t i = 0; i < fs->n; i++)
        if (is_token(fs->list[i]->state.websub.token, token))
            return fs->list[i];
    return NULL;
}

static struct leaving *leaving_of(const struct websub *w, struct str token)
{
    for (struct leaving *l = w->leavings; l != NULL; l = l->next)
        if (is_token(l->token, token))
            return l;
    return NULL;
}

/* ---- verification and denial ---- */

static bool is(const char *value, const char *expected)
{
    return value != NULL && expected != NULL && strcmp(value, expected) == 0;
}

static void confirm(struct websub *w, struct listener_request *r, struct feed *feed)
{
    const char *challenge = listener_query(r, "hub.challenge");
    const char *lease = listener_query(r, "hub.lease_seconds");
    struct websub_state *s = &feed->state.websub;
    bool is_renewal = s->phase == WEBSUB_ACTIVE;
    uint64_t lease_s = 0;
    char safe[LOG_SAFE_MAX];

    if (challenge == NULL || strlen(challenge) > CHALLENGE_MAX) {
        listener_answer(r, 400, STR("no hub.challenge\n"));
        return;
    }
    if (!str_to_u64(str_of(lease), &lease_s) || lease_s > INT32_MAX) /* says none */
        lease_s = (uint64_t)(w->fetcher->generation->config->websub.lease_ms / SECOND_MS);
    websub_verified(s, (int64_t)lease_s, websub_dice(), clock_wall_ms());
    websub_changed(feed);
    listener_answer(r, 200, str_of(challenge));
    if (is_renewal)
        log_debug("WebSub lease renewed", "feed=%s lease_s=%llu", feed->config->id,
                  (unsigned long long)lease_s);
    else
        log_info("feed is pushed", "feed=%s hub='%s' lease_s=%llu", feed->config->id,
                 log_safe(str_of(s->hub), safe), (unsigned long long)lease_s);
}

static void deny(struct websub *w, struct listener_request *r, struct feed *feed)
{
    const char *why = listener_query(r, "hub.reason");
    char safe[LOG_SAFE_MAX];

    (void)log_safe(str_of(why != NULL ? why : "the hub gives no reason"), safe);
    log_warn("the WebSub hub denies", "feed=%s cause='%s'", feed->config->id, safe);
    websub_denied(&feed->state.websub, str_of(safe), clock_wall_ms());
    websub_changed(feed);
    websub_poll_now(w, feed);
    listener_answer(r, 200, STR(""));
}

/* Only what is wanted is confirmed. False: it is not. */
static bool answer_hub(struct websub *w, struct listener_request *r, const char *mode,
                       const char *topic)
{
    const char *challenge = listener_query(r, "hub.challenge");
    const struct leaving *l = leaving_of(w, token_of(r));
    struct feed *feed = feed_of(w, token_of(r));
    const struct websub_state *s;

    if (l != NULL && is(mode, "unsubscribe") && is(topic, l->topic) &&
        challenge != NULL) {
        listener_answer(r, 200, str_head(str_of(challenge), CHALLENGE_MAX));
        return true;
    }
    if (feed == NULL || !is(topic, feed->state.websub.topic))
        return false;
    s = &feed->state.websub;
    if (is(mode, "denied"))
        deny(w, r, feed);
    else if (is(mode, "subscribe") && (s->asked_ms > 0 || s->phase == WEBSUB_ACTIVE))
        confirm(w, r, feed);
    else
        return false;
    return true;
}

static void verify(struct websub *w, struct listener_request *r)
{
    if (!answer_hub(w, r, listener_query(r, "hub.mode"), listener_query(r, "hub.topic")))
        listener_answer(r, 404, STR(""));
}

/* ---- what was pushed ---- */

static void ignore(struct websub *w, struct listener_request *r, const struct feed *feed,
                   const char *why)
{
    struct mono now = clock_mono();

    w->n_ignored++;
    if (w->warned.ns == 0 || mono_ms_between(w->warned, now) >= WARN_MS) {
        log_warn("a push is ignored", "feed=%s cause='%s' ignored=%zu", feed->config->id,
                 why, w->n_ignored);
        w->warned = now;
        w->n_ignored = 0;
    }
    listener_answer(r, 202, STR("")); /* as §8 says: so as to tell a forger nothing */
}

/* NULL: it is what we asked for. */
static const char *fault_of(const struct listener_request *r, const struct feed *feed)
{
    const struct websub_state *s = &feed->state.websub;
    char *signature = listener_header(r, "X-Hub-Signature");
    char *links = listener_header(r, "Link");
    struct str self = link_header_find(str_of(links), STR("self"));
    const char *why = NULL;

    if (signature == NULL)
        why = "it is not signed";
    else if (!websub_sign_fits(str_of(signature), str_of(s->secret), listener_body(r)))
        why = "its signature is wrong";
    else if (self.p != NULL && !str_eq(self, str_of(s->topic)))
        why = "it is of another topic";
    free(signature);
    free(links);
    return why;
}

static void take_push(struct websub *w, struct listener_request *r)
{
    struct feed *feed = feed_of(w, token_of(r));
    struct push *p, **at = &w->pushes;
    const char *why;

    if (feed == NULL) { /* it has left while the body came */
        listener_answer(r, 410, STR(""));
        return;
    }
    why = fault_of(r, feed);
    if (why != NULL) {
        ignore(w, r, feed, why);
        return;
    }
    p = mem_new(sizeof *p);
    *p = (struct push){.websub = w,
                       .request = r,
                       .feed = feed,
                       .until = mono_add_ms(clock_mono(), WAIT_MS)};
    while (*at != NULL)
        at = &(*at)->next;
    *at = p;
    listener_set_data(r, p);
    serve_pushes(w);
}

static void push_free(struct websub *w, struct push *p)
{
    struct push **at = &w->pushes;

    while (*at != p)
        at = &(*at)->next;
    *at = p->next;
    free(p);
}

static void end_push(struct push *p, unsigned status)
{
    if (p->request != NULL) {
        listener_set_data(p->request, NULL);
        listener_answer(p->request, status, STR(""));
    }
    push_free(p->websub, p);
}

/* The commit takes long: when it comes nobody will wait for it. */
static void give_up(struct push *p)
{
    listener_set_data(p->request, NULL);
    listener_answer(p->request, 503, STR(""));
    p->request = NULL;
}

static void on_poll_over(void *ctx, bool is_committed)
{
    end_push(ctx, is_committed ? 200 : 503);
}

/* Parsed like any document of the feed. False: there is nothing in it to hand over. */
static bool read_document(struct poll *p, const struct listener_request *r)
{
    char *type = listener_header(r, "Content-Type");
    struct transfer_answer a = {
        .outcome = TRANSFER_DOCUMENT,
        .url = p->feed->state.websub.topic,
        .content_type = type,
        .bytes = listener_body(r).n,
    };
    struct err e = {0};
    int rc;

    document_init(&p->document, p->config, p->generation->keep_html);
    rc = document_start(&p->document, &a, &e);
    if (rc == 0)
        rc = document_push(&p->document, listener_body(r), &e);
    if (rc == 0)
        rc = document_finish(&p->document, &a, true, &e);
    else
        (void)document_finish(&p->document, &a, false,
                              NULL); /* the first reason counts */
    if (rc < 0)
        log_debug("a push is no feed", "feed=%s cause='%s'", p->config->id, e.text);
    free(type);
    return p->document.n_items > 0;
}

/* The feed leaves the schedule until its push is committed. */
static void hold_feed(struct fetcher *f, struct feed *feed, struct poll *poll)
{
    heap_remove(&f->schedule, &feed->due);
    hostqueue_drop(f->queue, &feed->host, clock_mono().ns / 1000000);
    feed->phase = FEED_POLLING;
    feed->poll = poll;
}

static void begin_push(struct websub *w, struct push *p)
{
    struct fetcher *f = w->fetcher;
    struct feed *feed = p->feed;
    struct poll *poll = poll_new_note(feed, f->generation);
    int64_t now_ms = clock_wall_ms();

    if (!read_document(poll, p->request)) { /* a hint, at best */
        poll_free(poll);
        websub_poll_now(w, feed);
        end_push(p, 202);
        return;
    }
    poll->kind = POLL_PUSH;
    poll->next.last_fetch_ms = now_ms;
    poll->next.has_begun = true;
    poll_hand_on(poll);
    poll->over = on_poll_over;
    poll->over_ctx = p;
    p->feed = NULL;
    log_debug("pushed", "feed=%s bytes=%zu items=%zu", feed->config->id,
              listener_body(p->request).n, poll->n_items);
    hold_feed(f, feed, poll);
    start_go_on(f, poll);
}

void serve_pushes(struct websub *w)
{
    struct mono now = clock_mono();

    for (struct push *p = w->pushes, *next; p != NULL; p = next) {
        next = p->next;
        if (p->feed == NULL && p->request != NULL && mono_is_due(p->until, now))
            give_up(p);
        if (p->feed == NULL) /* a poll has it */
            continue;
        if (p->request == NULL)
            push_free(w, p);
        else if (mono_is_due(p->until, now) || w->fetcher->is_stopping)
            end_push(p, 503);
        else if (p->feed->phase != FEED_POLLING && !handover_is_full(w->fetcher))
            begin_push(w, p);
    }
}

void serve_forget(struct websub *w, const struct feed *feed)
{
    for (struct push *p = w->pushes, *next; p != NULL; p = next) {
        next = p->next;
        if (p->feed == feed)
            end_push(p, 410);
    }
}

/* ---- from the listener ---- */

static unsigned on_begin(void *ctx, struct listener_request *r, size_t *ret_max)
{
    const struct websub *w = ctx;
    const char *method = listener_method(r);
    const struct feed *feed = feed_of(w, token_of(r));

    if (w->fetcher->is_stopping)
        return 503;
    if (strcmp(method, "GET") == 0) {
        *ret_max = 0;
        return feed != NULL || leaving_of(w, token_of(r)) != NULL ? 0 : 404;
    }
    if (strcmp(method, "POST") != 0)
        return feed != NULL ? 405 : 404;
    if (feed == NULL || feed->state.websub.phase == WEBSUB_DENIED)
        return 410; /* the hub may forget it (§7) */
    *ret_max = feed->config->max_bytes;
    return 0;
}

static void on_request(void *ctx, struct listener_request *r)
{
    if (strcmp(listener_method(r), "GET") == 0)
        verify(ctx, r);
    else
        take_push(ctx, r);
}

static void on_gone(void *ctx, struct listener_request *r)
{
    struct push *p = listener_data(r);

    (void)ctx;
    if (p == NULL)
        return;
    p->request = NULL;
    if (p->feed != NULL)
        push_free(p->websub, p);
}

const struct listener_handler websub_handler = {NULL, on_begin, on_request, on_gone};
