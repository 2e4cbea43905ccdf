/* The feeds of the configuration and the memory of them at the hub are brought together
   at the start and after each SIGHUP. A feed that stays keeps its state; one that leaves
   hands over what it has; one that comes back finds what the hub kept of it. */
#include <errno.h>
#include <stdlib.h>

#include "newsmq/log.h"
#include "newsmq/os.h"

#include "learn.h"
#include "private.h"

#define RELOAD_STATES_MS 2000

/* ---- what the hub knows ---- */

static bool is_fresh(const struct feed *feed)
{
    return feed->state.url == NULL && feed->phase == FEED_RESTING;
}

/* Once it is done the next state says so, and the hub forgets it. */
static void take_ask(struct feed *feed, const json_t *state)
{
    static const char *const names[] = {"nothing", "enable", "unmove"};
    enum feed_ask ask = state_read_ask(state);

    if (ask == ASK_NOTHING)
        return;
    log_info("somebody wants something of a feed", "feed=%s ask=%s", feed->config->id,
             names[ask]);
    if (feed->phase == FEED_POLLING)
        feed->ask = ask; /* when that is over */
    else
        learn_ask(&feed->state, ask, clock_wall_ms());
}

static int read_states(struct fetcher *f, const char *text, struct err *e)
{
    json_error_t fault;
    json_t *answer = json_loads(text, 0, &fault), *states;

    if (answer == NULL)
        return err_set(e, ERR_FORMAT, "the hub's feed states: %s", fault.text);
    states = json_object_get(answer, "feeds");
    for (size_t i = 0; i < f->feeds.n; i++) {
        struct feed *feed = f->feeds.list[i];
        const json_t *state = json_object_get(states, feed->config->id);

        if (is_fresh(feed))
            state_read(state, &feed->state);
        take_ask(feed, state);
    }
    json_decref(answer);
    return 0;
}

int reload_states(struct fetcher *f, int timeout_ms, struct err *e)
{
    char *text = NULL;
    int rc =
        bus_call(&f->generation->config->bus, "feed_states", "{}", timeout_ms, &text, e);

    if (rc == 0)
        rc = read_states(f, text, e);
    free(text);
    return rc;
}

void reload_schedule(struct fetcher *f)
{
    int64_t now_ms = clock_wall_ms();
    size_t n_new = 0;

    for (size_t i = 0; i < f->feeds.n; i++) {
        struct feed *feed = f->feeds.list[i];

        if (feed->phase != FEED_RESTING)
            continue;
        feed_check_url(feed);
        n_new += feed->state.next_due_ms == 0;
    }
    for (size_t i = 0; i < f->feeds.n; i++) {
        struct feed *feed = f->feeds.list[i];

        if (feed->phase == FEED_RESTING)
            heap_set(&f->schedule, &feed->due, feed_due(feed, n_new, now_ms));
    }
}

/* ---- which feeds there are ---- */

/* That its hub was told: a feed that comes back is not pushed by it any more. */
static void keep_last_words(struct fetcher *f, struct feed *feed)
{
    struct poll *p;

    if (feed->websub_version == feed->websub_kept)
        return;
    p = poll_new_note(feed, f->before);
    p->feed = NULL;
    handover_add(f, p);
}

static void remove_feed(struct fetcher *f, struct feed *feed)
{
    websub_leave(f->websub, feed);
    handover_forget(f, feed);
    keep_last_words(f, feed);
    heap_remove(&f->schedule, &feed->due);
    hostqueue_drop(f->queue, &feed->host, clock_mono().ns / 1000000);
    feeds_remove(&f->feeds, feed);
    feed_free(feed);
}

/* A changed URL or interval counts from now on, unless the server asked for a pause. */
static void change_feed(struct fetcher *f, struct feed *feed,
                        const struct config_feed *before)
{
    int64_t soon_ms = clock_wall_ms() + feed->config->every_ms;
    bool moved = strcmp(before->url, feed->config->url) != 0;

    if (moved)
        websub_leave(f->websub, feed);
    if (feed->phase == FEED_WAITING && moved) {
        hostqueue_drop(f->queue, &feed->host, clock_mono().ns / 1000000);
        feed->phase = FEED_RESTING;
    }
    if (feed->state.next_due_ms > soon_ms && feed->config->every_ms < before->every_ms &&
        schedule_is_ours(feed->state.plan.by)) /* else the server wants it so */
        feed->state.next_due_ms = soon_ms;
}

void reload_take_feeds(struct fetcher *f)
{
    const struct config *c = f->generation->config;

    for (size_t i = 0; i < f->feeds.n; i++)
        f->feeds.list[i]->is_known = false;
    for (size_t i = 0; i < c->n_feeds; i++) {
        struct feed *feed = feeds_find(&f->feeds, c->feeds[i].id);

        if (feed == NULL) {
            feed = feeds_add(&f->feeds, &c->feeds[i]);
        } else {
            const struct config_feed *before = feed->config;

            feed->config = &c->feeds[i];
            change_feed(f, feed, before);
        }
        feed->is_known = true;
    }
    for (size_t i = f->feeds.n; i-- > 0;)
        if (!f->feeds.list[i]->is_known)
            remove_feed(f, f->feeds.list[i]);
}

/* ---- SIGHUP ---- */

static void log_faults(const struct config_faults *faults)
{
    for (size_t i = 0; i < faults->n; i++) {
        struct strbuf line = {.max = 4096};

        if (config_fault_write(&faults->list[i], &line) == 0)
            log_error("configuration fault", "%s", strbuf_cstr(&line));
        strbuf_fini(&line);
    }
}

static struct config *load(const char *path)
{
    struct config_names names = {0};
    struct config_faults faults = {0};
    struct config *c = NULL;

    if (config_load(path, &names, &c, &faults) < 0) {
        log_faults(&faults);
        log_error("the configuration is bad; going on as before", "path=%s", path);
    }
    config_faults_fini(&faults);
    return c;
}

/* What robots.txt says is of the name we had when it was read. */
static void take_name(struct fetcher *f, const struct config *before,
                      const struct config *now)
{
    if (strcmp(before->politeness.user_agent, now->politeness.user_agent) == 0)
        return;
    robotscache_free(f->robots);
    f->robots = robotscache_new(str_of(now->politeness.user_agent));
}

void reload_config(struct fetcher *f)
{
    struct config *c = load(f->path);
    struct generation *before = f->generation;
    struct err e = {0};

    if (c == NULL)
        return;
    if (!startup_wall_covers(f->wall, c)) {
        f->wants_anew = true;
        os_stop();
        config_free(c);
        return;
    }
    f->generation = generation_new(c);
    f->before = before;
    reload_take_feeds(f);
    f->before = NULL;
    websub_reload(f->websub);
    take_name(f, before->config, c);
    log_set_level(c->log.level);
    hostqueue_set(f->queue, c->politeness.host_concurrency, c->politeness.host_gap_ms);
    if (reload_states(f, RELOAD_STATES_MS, &e) < 0)
        log_warn("new feeds start without memory", "cause='%s'", e.text);
    reload_schedule(f);
    generation_drop(before);
    log_info("configuration read again", "feeds=%zu", f->feeds.n);
}
