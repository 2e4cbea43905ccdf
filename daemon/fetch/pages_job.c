/* The way of one page: its turn at its host, robots.txt first where nobody knows it. */
#include "newsmq/url.h"

#include "pages_private.h"

#define REST_MAX_MS (10 * MINUTE_MS) /* of a host, by the Retry-After of a page */

static int64_t mono_now_ms(void)
{
    return clock_mono().ns / 1000000;
}

static struct job *job_of(struct host_entry *e)
{
    return (struct job *)(void *)((char *)e - offsetof(struct job, host));
}

void job_over(struct job *j)
{
    j->state = JOB_OVER;
    j->pages->n_over++;
}

void job_stop(struct fetcher *f, struct job *j)
{
    if (j->fetch.transfer != NULL) {
        multi_remove(f->multi, j->fetch.transfer);
        j->breaks_robots = j->fetch.is_robots;
    }
    hostqueue_drop(f->queue, &j->host, mono_now_ms());
    page_fetch_end(&j->fetch);
}

void job_queue(struct fetcher *f, struct job *j)
{
    struct str host = url_host(j->item->url);

    j->host.kind = QUEUED_PAGE;
    hostqueue_add(f->queue, host.p != NULL ? host : STR(""), &j->host);
    j->state = JOB_QUEUED;
}

static const struct config_politeness *manners(const struct job *j)
{
    return &j->pages->poll->generation->config->politeness;
}

static bool asks_robots(const struct job *j)
{
    return manners(j)->honour_robots;
}

static enum robots_verdict verdict_of(struct fetcher *f, const struct job *j,
                                      int64_t *ret_delay_ms)
{
    *ret_delay_ms = 0;
    if (!asks_robots(j))
        return ROBOTS_ALLOWED;
    return robotscache_ask(f->robots, j->item->url, clock_wall_ms(), ret_delay_ms);
}

bool job_is_refused(struct fetcher *f, struct job *j)
{
    int64_t delay_ms;
    enum robots_verdict v = verdict_of(f, j, &delay_ms);
    struct arena *a = pages_arena(j->pages);

    if (v != ROBOTS_FORBIDDEN && v != ROBOTS_UNREACHABLE)
        return false;
    page_note(j->item, PAGE_FORBIDDEN,
              v == ROBOTS_UNREACHABLE ? "its robots.txt cannot be got" : NULL, a);
    hostqueue_drop(f->queue, &j->host, mono_now_ms());
    job_over(j);
    return true;
}

static void fail_job(struct fetcher *f, struct job *j, const char *why)
{
    page_note(j->item, PAGE_FAILED, why, pages_arena(j->pages));
    hostqueue_drop(f->queue, &j->host, mono_now_ms());
    page_fetch_end(&j->fetch);
    job_over(j);
}

static void request(struct fetcher *f, struct job *j, bool is_robots)
{
    const struct poll *p = j->pages->poll;
    struct err e = {0};
    int rc = page_fetch_begin(&j->fetch, p->config, &p->generation->config->politeness,
                              j->item->url, is_robots, j, &e);

    if (rc == 0)
        rc = multi_add(f->multi, j->fetch.transfer, &e);
    if (rc == 0) {
        j->state = JOB_RUNNING;
        return;
    }
    fail_job(f, j, e.text);
    if (is_robots) { /* as if the server had not answered */
        robotscache_learn(f->robots, j->item->url, 0, STR(""), clock_wall_ms());
        jobs_release(f, j->item->url);
    }
}

void pages_start(struct fetcher *f, struct host_entry *e)
{
    struct job *j = job_of(e);
    int64_t delay_ms;

    switch (verdict_of(f, j, &delay_ms)) {
    case ROBOTS_UNKNOWN:
        robotscache_expect(f->robots, j->item->url, clock_wall_ms());
        request(f, j, true);
        break;
    case ROBOTS_PENDING:
        hostqueue_drop(f->queue, &j->host, mono_now_ms());
        j->state = JOB_WAITING;
        break;
    case ROBOTS_ALLOWED:
        if (delay_ms > 0)
            hostqueue_hold(f->queue, &j->host, mono_now_ms() + delay_ms);
        request(f, j, false);
        break;
    case ROBOTS_FORBIDDEN:
    case ROBOTS_UNREACHABLE:
        (void)job_is_refused(f, j); /* it is */
        break;
    }
    if (pages_are_over(j->pages))
        pages_finish(f, j->pages);
}

void jobs_release(struct fetcher *f, struct str url)
{
    for (struct pages *g = f->pages; g != NULL; g = g->next) {
        for (size_t i = 0; i < g->n_jobs; i++) {
            struct job *j = &g->jobs[i];

            if ((j->state != JOB_WAITING && j->state != JOB_QUEUED) ||
                !robotscache_is_same(url, j->item->url))
                continue;
            if (!job_is_refused(f, j) && j->state == JOB_WAITING)
                job_queue(f, j);
        }
    }
}

/* The server wants to be left alone, and it is only this feed's wish: its other pages
   there are not asked for in this poll. */
static void leave_out_rest(struct fetcher *f, struct job *j)
{
    struct pages *g = j->pages;

    for (size_t i = 0; i < g->n_jobs; i++) {
        struct job *other = &g->jobs[i];

        if ((other->state != JOB_QUEUED && other->state != JOB_WAITING) || other == j ||
            !robotscache_is_same(j->item->url, other->item->url))
            continue;
        page_note(other->item, PAGE_LEFT_OUT, "the server wants fewer requests",
                  pages_arena(g));
        hostqueue_drop(f->queue, &other->host, mono_now_ms());
        job_over(other);
    }
}

/* How long the host is left alone after an answer. */
static int64_t rest_after(struct fetcher *f, struct job *j)
{
    const struct transfer_answer *a = transfer_get_answer(j->fetch.transfer);
    int64_t delay_ms, rest_ms = 0;

    (void)verdict_of(f, j, &delay_ms);
    if (manners(j)->honour_retry_after && a->retry_after_ms > 0) {
        if (manners(j)->retry_after_for_host)
            rest_ms = a->retry_after_ms < REST_MAX_MS ? a->retry_after_ms : REST_MAX_MS;
        else
            leave_out_rest(f, j);
    }
    return rest_ms > delay_ms ? rest_ms : delay_ms;
}

static void leave_host(struct fetcher *f, struct job *j)
{
    int64_t now_ms = mono_now_ms(), rest_ms = rest_after(f, j);

    if (rest_ms > 0)
        hostqueue_hold(f->queue, &j->host, now_ms + rest_ms);
    hostqueue_drop(f->queue, &j->host, now_ms);
}

static void robots_done(struct fetcher *f, struct job *j)
{
    page_fetch_learn(&j->fetch, f->robots, clock_wall_ms());
    leave_host(f, j);
    page_fetch_end(&j->fetch);
    j->state = JOB_WAITING;
    jobs_release(f, j->item->url);
}

static void page_done(struct fetcher *f, struct job *j)
{
    struct pages *g = j->pages;

    page_fetch_take(&j->fetch, g->poll->generation->keep_html, pages_arena(g), j->item);
    leave_host(f, j);
    page_fetch_end(&j->fetch);
    job_over(j);
}

void job_done(struct fetcher *f, struct job *j)
{
    if (j->fetch.is_robots)
        robots_done(f, j);
    else
        page_done(f, j);
}
