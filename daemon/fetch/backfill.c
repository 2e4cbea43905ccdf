#include <errno.h>
#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/log.h"
#include "newsmq/mem.h"
#include "newsmq/url.h"

#include "backfill.h"

#define BYTES_MAX ((size_t)64 * 1024 * 1024) /* of the items of all pages */

struct backfill {
    struct document **pages; /* behind the first */
    size_t n, cap;
    char **seen; /* the URLs of all, the first one too */
    size_t n_seen, cap_seen;
    char *next; /* NULL: there is no more, or it is under way */
    bool is_on, is_over;
};

static void note_seen(struct backfill *b, const char *url)
{
    b->seen = mem_grow(b->seen, &b->cap_seen, b->n_seen + 1, sizeof(char *));
    b->seen[b->n_seen++] = mem_strdup(url);
}

static struct backfill *get(struct poll *p)
{
    if (p->older == NULL) {
        struct str url = p->document.item_fetch.url;

        p->older = mem_new(sizeof *p->older);
        note_seen(p->older, p->asked_url);
        if (url.n > 0) {
            char *after = mem_dup(url); /* redirects */

            note_seen(p->older, after);
            free(after);
        }
    }
    return p->older;
}

void backfill_free(struct backfill *b)
{
    if (b == NULL)
        return;
    for (size_t i = 0; i < b->n; i++) {
        document_fini(b->pages[i]);
        free(b->pages[i]);
    }
    for (size_t i = 0; i < b->n_seen; i++)
        free(b->seen[i]);
    free(b->pages);
    free(b->seen);
    free(b->next);
    free(b);
}

static void give_up(struct poll *p, const char *why)
{
    char safe[LOG_SAFE_MAX];

    p->older->is_over = true;
    log_warn("the past of the feed is not read to its end", "feed=%s page=%zu cause='%s'",
             p->config->id, p->older->n + 2, log_safe(str_of(why), safe));
}

/* ---- whether there is more to read ---- */

static const struct document *last_page(const struct poll *p)
{
    return p->older != NULL && p->older->n > 0 ? p->older->pages[p->older->n - 1]
                                               : &p->document;
}

static size_t count_items(const struct poll *p)
{
    size_t n = p->document.n_items;

    for (size_t i = 0; p->older != NULL && i < p->older->n; i++)
        n += p->older->pages[i]->n_items;
    return n;
}

static size_t count_bytes(const struct poll *p)
{
    size_t n = p->document.arena.used;

    for (size_t i = 0; p->older != NULL && i < p->older->n; i++)
        n += p->older->pages[i]->arena.used;
    return n;
}

static bool reaches_before(const struct document *d, int64_t ms)
{
    for (size_t i = 0; i < d->n_items; i++) {
        int64_t date_ms = d->items[i].date_published_ms != 0
                              ? d->items[i].date_published_ms
                              : d->items[i].date_modified_ms;

        if (date_ms != 0 && date_ms < ms)
            return true;
    }
    return false;
}

/* Whether first_poll would take more than what is there. */
static bool is_short(const struct poll *p)
{
    const struct config_feed *c = p->config;

    switch (c->first_poll) {
    case FIRST_ALL:
        return true;
    case FIRST_NONE:
        return false;
    case FIRST_LAST:
        return count_items(p) < c->first_last;
    case FIRST_SINCE:
        return !reaches_before(last_page(p), clock_wall_ms() - c->first_since_ms);
    }
    return false;
}

static struct str link_of(const struct feed_meta *m)
{
    if (m == NULL || m->next.n > 0)
        return m != NULL ? m->next : (struct str){NULL, 0};
    for (size_t i = 0; i < m->n_links; i++)
        if (str_eq_nocase(m->links[i].rel, STR("prev-archive")))
            return m->links[i].href;
    return (struct str){NULL, 0};
}

static bool is_seen(const struct backfill *b, const char *url)
{
    for (size_t i = 0; i < b->n_seen; i++)
        if (strcmp(b->seen[i], url) == 0)
            return true;
    return false;
}

static bool is_same_host(const struct poll *p, struct str url)
{
    struct str host = url_host(url);

    return str_eq_nocase(host, url_host(str_of(p->config->url))) ||
           str_eq_nocase(host, url_host(p->document.item_fetch.url));
}

/* The URL of the next page, the caller frees; NULL when there is none, or *ret_why. */
static char *next_url(struct poll *p, const char **ret_why)
{
    struct str link = link_of(document_meta(last_page(p)));
    struct strbuf url = {.max = URL_MAX_BYTES};
    char *next = NULL;

    *ret_why = NULL;
    if (link.n == 0)
        return NULL;
    if (url_resolve(last_page(p)->item_fetch.url, link, &url, NULL) < 0 ||
        !url_is_http(strbuf_str(&url)))
        *ret_why = "the link to the next page is not http or https";
    else if (!is_same_host(p, strbuf_str(&url)))
        *ret_why = "the next page is on another host";
    else if (is_seen(p->older, strbuf_cstr(&url)))
        *ret_why = "the pages lead in a circle";
    else if (count_bytes(p) > BYTES_MAX)
        *ret_why = "the pages have more text than is kept of one poll";
    else
        next = strbuf_take(&url);
    strbuf_fini(&url);
    return next;
}

bool backfill_wants(struct poll *p)
{
    const char *why;
    struct backfill *b;

    if (p->config->backfill_pages == 0 || p->is_delivered || !p->was_first ||
        p->next.health != FEED_OK || (p->older != NULL && p->older->is_over))
        return false;
    b = get(p);
    if (b->n >= p->config->backfill_pages || !is_short(p))
        return false;
    free(b->next);
    b->next = next_url(p, &why);
    if (why != NULL)
        give_up(p, why);
    return b->next != NULL;
}

bool backfill_waits(const struct poll *p)
{
    return p->older != NULL && p->older->next != NULL && !p->older->is_on;
}

bool backfill_is_on(const struct poll *p)
{
    return p->older != NULL && p->older->is_on;
}

/* ---- one page ---- */

int backfill_begin(struct poll *p, struct err *e)
{
    struct backfill *b = p->older;
    struct document *d = mem_new(sizeof *d);
    struct transfer_receiver to = {d, document_start, document_push};
    struct transfer_request ask = {
        .feed = p->config,
        .politeness = &p->generation->config->politeness,
        .owner = p,
    };
    int rc;

    note_seen(b, b->next);
    free(b->next);
    b->next = NULL;
    ask.url = b->seen[b->n_seen - 1];
    document_init(d, p->config, p->generation->keep_html);
    d->habits = p->document.habits;
    rc = transfer_new(&ask, &to, &p->transfer, e);
    if (rc < 0) {
        document_fini(d);
        free(d);
        return rc;
    }
    b->pages = mem_grow(b->pages, &b->cap, b->n + 1, sizeof(struct document *));
    b->pages[b->n++] = d;
    b->is_on = true;
    return 0;
}

static void drop_last(struct backfill *b)
{
    document_fini(b->pages[--b->n]);
    free(b->pages[b->n]);
}

void backfill_fail(struct poll *p, const struct err *e)
{
    if (p->older->is_on)
        drop_last(p->older);
    transfer_free(p->transfer);
    p->transfer = NULL;
    p->older->is_on = false;
    give_up(p, e->text);
}

void backfill_end(struct poll *p)
{
    const struct transfer_answer *a = transfer_get_answer(p->transfer);
    struct backfill *b = p->older;
    struct document *d = b->pages[b->n - 1];
    struct err e = {0};
    int rc = document_finish(d, a, a->outcome == TRANSFER_DOCUMENT, &e);

    if (a->outcome != TRANSFER_DOCUMENT) {
        e = a->reason;
        rc = e.code < 0 ? e.code : -EIO;
    }
    log_debug("fetched an older page", "feed=%s page=%zu status=%d items=%zu",
              p->config->id, b->n + 1, a->http_status, d->n_items);
    b->is_on = false;
    if (rc < 0) { /* items before the fault stay */
        b->n--;
        give_up(p, e.text);
        b->n++;
    }
    transfer_free(p->transfer);
    p->transfer = NULL;
}

void backfill_merge(struct poll *p)
{
    struct document *to = &p->document;
    size_t n = count_items(p);

    if (p->older == NULL || n == to->n_items)
        return;
    to->items = mem_grow(to->items, &to->cap_items, n, sizeof *to->items);
    for (size_t i = 0; i < p->older->n; i++) {
        const struct document *d = p->older->pages[i];

        for (size_t k = 0; k < d->n_items; k++)
            to->items[to->n_items++] = d->items[k]; /* its texts live in d */
    }
    p->n_items = to->n_items;
    log_info("the past of a new feed", "feed=%s pages=%zu items=%zu", p->config->id,
             p->older->n + 1, to->n_items);
}
