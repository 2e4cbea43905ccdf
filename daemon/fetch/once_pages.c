/* The pages of items for who waits: one after the other, as politely as the daemon. */
#include <stdlib.h>
#include <unistd.h>

#include "newsmq/clock.h"
#include "newsmq/fetch.h"
#include "newsmq/url.h"

#include "page_fetch.h"

struct run {
    const struct config_feed *feed;
    const struct config_politeness *politeness;
    bool keep_html;
    struct arena *arena;
    struct robotscache *robots;
    struct mono ended; /* the last request */
    bool has_asked;
};

/* All of one feed are mostly of one host: the gap counts for any. */
static void wait_gap(struct run *r, int64_t delay_ms)
{
    int64_t gap_ms = r->politeness->host_gap_ms, past_ms;

    if (delay_ms > gap_ms)
        gap_ms = delay_ms;
    past_ms = mono_ms_between(r->ended, clock_mono());
    if (r->has_asked && past_ms < gap_ms)
        (void)usleep((useconds_t)((gap_ms - past_ms) * 1000)); /* a signal: sooner */
}

static int request(struct run *r, struct page_fetch *f, struct str url, bool is_robots,
                   int64_t delay_ms, struct err *e)
{
    int rc = page_fetch_begin(f, r->feed, r->politeness, url, is_robots, NULL, e);

    if (rc < 0)
        return rc;
    wait_gap(r, delay_ms);
    transfer_run(f->transfer);
    r->ended = clock_mono();
    r->has_asked = true;
    return 0;
}

static enum robots_verdict ask_robots(struct run *r, struct str url,
                                      int64_t *ret_delay_ms)
{
    struct page_fetch f = {0};
    struct err e = {0};
    enum robots_verdict v;

    *ret_delay_ms = 0;
    if (!r->politeness->honour_robots)
        return ROBOTS_ALLOWED;
    v = robotscache_ask(r->robots, url, clock_wall_ms(), ret_delay_ms);
    if (v != ROBOTS_UNKNOWN)
        return v;
    if (request(r, &f, url, true, 0, &e) == 0)
        page_fetch_learn(&f, r->robots, clock_wall_ms());
    else
        robotscache_learn(r->robots, url, 0, STR(""), clock_wall_ms());
    page_fetch_end(&f);
    return robotscache_ask(r->robots, url, clock_wall_ms(), ret_delay_ms);
}

static void fetch_one(struct run *r, struct item *it)
{
    struct page_fetch f = {0};
    struct err e = {0};
    int64_t delay_ms;

    switch (ask_robots(r, it->url, &delay_ms)) {
    case ROBOTS_FORBIDDEN:
        page_note(it, PAGE_FORBIDDEN, NULL, r->arena);
        return;
    case ROBOTS_ALLOWED:
        break;
    default:
        page_note(it, PAGE_FORBIDDEN, "its robots.txt cannot be got", r->arena);
        return;
    }
    if (request(r, &f, it->url, false, delay_ms, &e) < 0)
        page_note(it, PAGE_FAILED, e.text, r->arena);
    else
        page_fetch_take(&f, r->keep_html, r->arena, it);
    page_fetch_end(&f);
}

void fetch_pages(const struct config_feed *feed,
                 const struct config_politeness *politeness, bool keep_html,
                 struct fetch_answer *a, size_t max)
{
    struct run r = {.feed = feed,
                    .politeness = politeness,
                    .keep_html = keep_html,
                    .arena = &a->arena,
                    .robots = robotscache_new(str_of(politeness->user_agent))};

    for (size_t i = 0; i < a->n_items && i < max; i++)
        if (page_is_wanted(&a->items[i], feed->full_text))
            fetch_one(&r, &a->items[i]);
    robotscache_free(r.robots);
}
