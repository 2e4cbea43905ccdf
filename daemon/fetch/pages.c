/* Each page is a job. It waits in the queue of its host; when its turn comes and nobody
   knows the robots.txt there, the turn is used for that, and jobs for the same place wait
   until it is known. The time of a poll's pages is bounded by half of the feed's
   interval, so that a poll is over before the next is due; it stands still while the hub
   takes nothing, since then the poll would wait anyway. */
#include <stdlib.h>

#include "newsmq/log.h"
#include "newsmq/mem.h"

#include "pages_private.h"

/* ---- the end ---- */

static void unlink_pages(struct fetcher *f, const struct pages *g)
{
    struct pages **at = &f->pages;

    while (*at != g)
        at = &(*at)->next;
    *at = g->next;
    f->n_pages--;
}

static void free_pages(struct fetcher *f, struct pages *g)
{
    if (g->ask != 0)
        bus_forget(f->bus, g->ask);
    for (size_t i = 0; i < g->n_jobs; i++)
        job_stop(f, &g->jobs[i]);
    unlink_pages(f, g);
    for (size_t i = 0; i < g->n_jobs; i++) { /* who waited for what it fetched */
        if (!g->jobs[i].breaks_robots)
            continue;
        robotscache_expect(f->robots, g->jobs[i].item->url, 0);
        jobs_release(f, g->jobs[i].item->url);
    }
    g->poll->pages = NULL;
    free(g->jobs);
    free(g);
}

static void log_pages(const struct pages *g)
{
    size_t n_used = 0, n_asked = 0;

    for (size_t i = 0; i < g->n_jobs; i++) {
        n_asked += g->jobs[i].item->fetch.page.outcome != PAGE_NOT_ASKED;
        n_used += g->jobs[i].item->fetch.page.outcome == PAGE_USED;
    }
    if (n_asked > 0)
        log_info("pages of new items", "feed=%s asked=%zu used=%zu", g->poll->config->id,
                 n_asked, n_used);
}

/* The poll goes on to the hub. */
void pages_finish(struct fetcher *f, struct pages *g)
{
    struct poll *p = g->poll;

    log_pages(g);
    free_pages(f, g);
    poll_deliver(p);
    handover_add(f, p);
}

void pages_abort(struct fetcher *f, struct poll *p)
{
    free_pages(f, p->pages);
}

bool pages_are_over(const struct pages *g)
{
    return g->ask == 0 && g->n_over == g->n_jobs;
}

static void finish_what_is_over(struct fetcher *f)
{
    for (struct pages *g = f->pages, *next; g != NULL; g = next) {
        next = g->next;
        if (pages_are_over(g))
            pages_finish(f, g);
    }
}

static struct job *running(struct fetcher *f, const struct transfer *t)
{
    for (struct pages *g = f->pages; g != NULL; g = g->next)
        for (size_t i = 0; i < g->n_jobs; i++)
            if (g->jobs[i].fetch.transfer == t)
                return &g->jobs[i];
    return NULL;
}

bool pages_done(struct fetcher *f, struct transfer *t)
{
    struct job *j = running(f, t);

    if (j == NULL)
        return false;
    job_done(f, j);
    finish_what_is_over(f);
    return true;
}

/* ---- the beginning ---- */

static bool is_wanted(const struct poll *p, const struct item *it)
{
    return page_is_wanted(it, p->config->full_text);
}

/* The newest of the items that go to the hub and want a page. */
static size_t choose(struct poll *p, size_t *ret)
{
    const struct document *d = &p->document;
    size_t n = delivery_choose(d->items, d->n_items, p->was_first, p->config,
                               clock_wall_ms(), ret),
           n_wanted = 0;

    for (size_t i = 0; i < n; i++)
        if (is_wanted(p, &d->items[ret[i]]))
            ret[n_wanted++] = ret[i];
    return n_wanted;
}

static int ask_hub(struct fetcher *f, struct pages *g, struct err *e)
{
    struct bus_item *items = mem_new_array(g->n_jobs, sizeof *items);
    int rc;

    for (size_t i = 0; i < g->n_jobs; i++)
        items[i] = (struct bus_item){g->jobs[i].item->id, g->jobs[i].item->content_hash};
    rc = bus_ask_seen(f->bus, items, g->n_jobs, &g->ask, e);
    free(items);
    return rc;
}

static int64_t time_of(const struct config_feed *c)
{
    int64_t ms = c->every_ms / 2;

    if (ms < c->timeout_ms)
        ms = c->timeout_ms;
    return ms < PAGES_TIME_MAX ? ms : PAGES_TIME_MAX;
}

static struct pages *make(struct fetcher *f, struct poll *p, const size_t *at, size_t n)
{
    struct pages *g = mem_new(sizeof *g);

    *g = (struct pages){.poll = p, .n_jobs = n, .left_ms = time_of(p->config)};
    g->jobs = mem_new_array(n, sizeof *g->jobs);
    for (size_t i = 0; i < n; i++) {
        g->jobs[i].pages = g;
        g->jobs[i].item = &p->document.items[at[i]];
    }
    g->next = f->pages;
    f->pages = g;
    f->n_pages++;
    p->pages = g;
    return g;
}

static void note_all(struct pages *g, enum page_outcome outcome, const char *why)
{
    for (size_t i = 0; i < g->n_jobs; i++)
        if (g->jobs[i].state != JOB_OVER)
            page_note(g->jobs[i].item, outcome, why, pages_arena(g));
}

bool pages_begin(struct fetcher *f, struct poll *p)
{
    size_t *at, n;
    struct pages *g;
    struct err e = {0};

    if (p->config->full_text == FULL_TEXT_NEVER || p->document.n_items == 0 ||
        p->is_delivered || p->feed == NULL)
        return false;
    at = mem_new_array(p->document.n_items, sizeof *at);
    n = choose(p, at);
    g = n > 0 ? make(f, p, at, n) : NULL;
    free(at);
    if (g == NULL)
        return false;
    if (f->n_pages > PAGES_POLLS)
        err_set(&e, ERR_LATER, "as many polls as may wait for pages do");
    if (e.code != 0 || ask_hub(f, g, &e) < 0) {
        note_all(g, PAGE_LEFT_OUT, e.text);
        free_pages(f, g);
        return false;
    }
    return true;
}

static bool is_to_be_fetched(const struct pages *g, const struct bus_event *ev, size_t i)
{
    char letter = ev->kind == BUS_SEEN && i < ev->json.n ? ev->json.p[i] : 's';

    return letter == 'n' || (letter == 'c' && g->poll->config->emit_updates);
}

bool pages_answered(struct fetcher *f, const struct bus_event *ev)
{
    struct pages *g = f->pages;
    size_t n = 0;

    while (g != NULL && (g->ask == 0 || g->ask != ev->batch))
        g = g->next;
    if (g == NULL)
        return ev->kind == BUS_SEEN; /* of somebody who waits no more */
    g->ask = 0;
    for (size_t i = 0; i < g->n_jobs; i++) {
        struct job *j = &g->jobs[i];

        if (!is_to_be_fetched(g, ev, i)) {
            job_over(j);
        } else if (++n > PAGES_PER_POLL) {
            page_note(j->item, PAGE_LEFT_OUT, "over the number of pages of one poll",
                      pages_arena(g));
            job_over(j);
        } else if (!job_is_refused(f, j)) {
            job_queue(f, j);
        }
    }
    if (pages_are_over(g))
        pages_finish(f, g);
    return true;
}

/* ---- time ---- */

static void time_is_up(struct fetcher *f, struct pages *g)
{
    note_all(g, PAGE_LEFT_OUT, "there was no time left for it in this poll");
    pages_finish(f, g);
}

void pages_tick(struct fetcher *f)
{
    int64_t now_ms = clock_mono().ns / 1000000, past_ms = now_ms - f->pages_ms;

    f->pages_ms = now_ms;
    for (struct pages *g = f->pages, *next; g != NULL; g = next) {
        next = g->next;
        if (!f->is_paused)
            g->left_ms -= past_ms;
        if (pages_are_over(g))
            pages_finish(f, g);
        else if (g->left_ms <= 0)
            time_is_up(f, g);
    }
}
