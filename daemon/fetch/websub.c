#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "newsmq/hash.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "websub_private.h"

#define ASKS_MAX     4 /* at the same time */
#define TOKEN_BYTES  20
#define SECRET_BYTES 32
#define BASE32_MAX   64
#define SWEEP_MS     1000
#define LEAVING_MS   (10 * MINUTE_MS) /* how long a hub may take to ask back */

/* ---- secrets ---- */

static void fill_random(void *to, size_t bytes)
{
    ssize_t n;

    do
        n = getrandom(to, bytes, 0);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)bytes)
        log_fatal("the system has no random numbers", "cause='%s'", strerror(errno));
}

uint64_t websub_dice(void)
{
    uint64_t dice;

    fill_random(&dice, sizeof dice);
    return dice;
}

static void make_secret(size_t bytes, char out[BASE32_MAX])
{
    uint8_t random[SECRET_BYTES];

    fill_random(random, bytes);
    hash_base32(random, bytes, out);
}

/* ---- the state of a feed ---- */

void websub_changed(struct feed *feed)
{
    feed->websub_version++;
}

static bool is_kept(const struct feed *feed)
{
    return feed->websub_version == feed->websub_kept;
}

bool websub_is_kept(const struct websub *w)
{
    const struct feeds *fs = &w->fetcher->feeds;

    for (size_t i = 0; i < fs->n; i++)
        if (!is_kept(fs->list[i]))
            return false;
    return true;
}

static void keep(struct websub *w, struct feed *feed)
{
    struct fetcher *f = w->fetcher;
    struct poll *p;

    if (is_kept(feed) || feed->phase != FEED_RESTING || handover_is_full(f))
        return;
    p = poll_new_note(feed, f->generation);
    heap_remove(&f->schedule, &feed->due);
    feed->phase = FEED_POLLING;
    feed->poll = p;
    handover_add(f, p);
}

void websub_poll_now(struct websub *w, struct feed *feed)
{
    const struct config_feed *c = feed->config;
    int64_t pause = c->min_every_ms < c->every_ms ? c->min_every_ms : c->every_ms;
    int64_t due_ms = feed->state.last_fetch_ms + pause, now_ms = clock_wall_ms();

    if (feed->phase != FEED_RESTING || feed->state.next_due_ms <= due_ms)
        return;
    feed->state.next_due_ms = due_ms > now_ms ? due_ms : now_ms;
    heap_set(&w->fetcher->schedule, &feed->due, feed->state.next_due_ms);
}

/* ---- a hub and a topic ---- */

static void take_hub(struct feed *feed, struct str hub, struct str topic)
{
    char token[BASE32_MAX], secret[BASE32_MAX];

    make_secret(TOKEN_BYTES, token);
    make_secret(SECRET_BYTES, secret);
    if (websub_found(&feed->state.websub, hub, topic, token, secret, clock_wall_ms()))
        websub_changed(feed);
}

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* ---- leaving ---- */

static void leaving_free(struct leaving *l)
{
    free(l->topic);
    free(l->token);
    free(l);
}

static void note_leaving(struct websub *w, const struct websub_state *s)
{
    struct leaving *l = mem_new(sizeof *l);

    *l = (struct leaving){.next = w->leavings,
                          .topic = mem_strdup(s->topic),
                          .token = mem_strdup(s->token),
                          .until = mono_add_ms(clock_mono(), LEAVING_MS)};
    w->leavings = l;
}

static void forget_leavings(struct websub *w, bool all)
{
    struct mono now = clock_mono();

    for (struct leaving **at = &w->leavings; *at != NULL;) {
        struct leaving *l = *at;

        if (!all && !mono_is_due(l->until, now)) {
            at = &l->next;
            continue;
        }
        *at = l->next;
        leaving_free(l);
    }
}

/* The same hub and topic with another token: the old one is nobody's any more. */
static void begin_anew(struct feed *feed)
{
    struct websub_state before = feed->state.websub;

    feed->state.websub = (struct websub_state){0};
    if (before.phase != WEBSUB_NONE)
        take_hub(feed, str_of(before.hub), str_of(before.topic));
    websub_state_fini(&before);
}

void websub_leave(struct websub *w, struct feed *feed)
{
    struct websub_state *s = &feed->state.websub;

    ask_forget(w, feed);
    serve_forget(w, feed);
    if (w->listener != NULL && (s->phase == WEBSUB_ACTIVE || s->phase == WEBSUB_ASKED)) {
        note_leaving(w, s);
        ask_unsubscribe(w, feed->config->id, s);
    }
    begin_anew(feed);
}

/* ---- what documents say ---- */

void websub_learn(struct websub *w, struct feed *feed, const struct poll *p)
{
    const struct websub_state *s = &feed->state.websub;

    if (!p->has_named || (is_same(s->hub, p->hub) && is_same(s->topic, p->topic)))
        return;
    websub_leave(w, feed);
    take_hub(feed, str_of(p->hub), str_of(p->topic));
}

/* ---- by the clock ---- */

/* Another callback than the hub was told of: it is a new subscription. */
static void check_callback(struct websub *w, struct feed *feed)
{
    struct websub_state *s = &feed->state.websub;

    if (s->callback == NULL || strcmp(s->callback, w->callback) == 0)
        return;
    ask_forget(w, feed);
    begin_anew(feed);
}

static void look_at(struct websub *w, struct feed *feed, int64_t now_ms)
{
    struct websub_state *s = &feed->state.websub;
    bool was_active = s->phase == WEBSUB_ACTIVE;

    if (w->fetcher->is_stopping || s->phase == WEBSUB_NONE)
        return;
    if (websub_passed(s, websub_dice(), now_ms)) {
        websub_changed(feed);
        if (was_active && s->phase != WEBSUB_ACTIVE) {
            log_warn("feed is no longer pushed, it is polled", "feed=%s cause='%s'",
                     feed->config->id, s->reason);
            websub_poll_now(w, feed);
        }
    }
    if (w->listener == NULL)
        return;
    check_callback(w, feed);
    /* The token is kept before the hub hears of it: after a kill it is still the same. */
    if (w->n_asks < ASKS_MAX && websub_is_due(s, now_ms) && is_kept(feed) &&
        feed->phase == FEED_RESTING)
        ask_subscribe(w, feed);
}

void websub_tick(struct websub *w)
{
    struct mono now = clock_mono();
    int64_t now_ms = clock_wall_ms();

    for (size_t i = 0; i < w->fetcher->feeds.n; i++) {
        struct feed *feed = w->fetcher->feeds.list[i];

        look_at(w, feed, now_ms);
        keep(w, feed);
    }
    if (mono_ms_between(w->swept, now) < SWEEP_MS)
        return;
    w->swept = now;
    forget_leavings(w, false);
    if (w->listener != NULL)
        listener_sweep(w->listener);
}

void websub_turn(struct websub *w)
{
    if (w->pushes != NULL)
        serve_pushes(w);
}

/* ---- opening and closing ---- */

static char *without_slash(const char *url)
{
    struct str s = str_of(url);

    while (s.n > 0 && s.p[s.n - 1] == '/')
        s.n--;
    return mem_dup(s); /* NULL for NULL */
}

static void shut(struct websub *w)
{
    listener_close(w->listener);
    w->listener = NULL;
    free(w->listen);
    free(w->callback);
    w->listen = w->callback = NULL;
}

static int listen_at(struct websub *w, const struct config_websub *c, struct err *e)
{
    struct listener_handler h = websub_handler;
    int rc;

    if (c->listen == NULL)
        return 0;
    h.ctx = w;
    rc = listener_open(&w->fetcher->loop, c->listen, &h, &w->listener, e);
    if (rc < 0)
        return err_wrap(e, "websub.listen");
    w->listen = mem_strdup(c->listen);
    w->callback = without_slash(c->callback);
    log_info("listening for WebSub hubs", "at=%s port=%u callback='%s'", w->listen,
             listener_port(w->listener), w->callback);
    return 0;
}

int websub_open(struct fetcher *f, struct websub **ret, struct err *e)
{
    struct websub *w = mem_new(sizeof *w);

    w->fetcher = f;
    w->multi = multi_new(&f->loop, ask_on_done, w);
    *ret = w;
    return listen_at(w, &f->generation->config->websub, e);
}

void websub_reload(struct websub *w)
{
    const struct config_websub *c = &w->fetcher->generation->config->websub;
    char *callback = without_slash(c->callback);
    bool is_as_before = is_same(w->listen, c->listen) && is_same(w->callback, callback);
    struct err e = {0};

    free(callback);
    if (is_as_before)
        return;
    shut(w);
    if (listen_at(w, c, &e) < 0)
        log_error("feeds are polled only", "cause='%s'", e.text);
}

void websub_close(struct websub *w)
{
    if (w == NULL)
        return;
    ask_close_all(w);
    shut(w);
    forget_leavings(w, true);
    multi_close(w->multi);
}

void websub_free(struct websub *w)
{
    if (w == NULL)
        return;
    multi_free(w->multi);
    free(w);
}
