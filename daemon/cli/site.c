/* What the page names is fetched before it is believed. Only a page that names nothing
   has the usual places asked, one after the other with the pause of `per_host: gap:`
   between. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "newsmq/clock.h"
#include "newsmq/feed.h"
#include "newsmq/discovery.h"
#include "newsmq/fetch.h"

#include "site.h"

#define ASKED_MAX 16 /* requests for what a page names */

struct search {
    const struct config *config;
    struct config_feed feed; /* borrows all but url, user and password */
    struct site *out;
};

/* ---- one document ---- */

struct reading {
    size_t n_items;
};

static int count_entry(void *ctx, const struct feed_entry *entry)
{
    struct reading *r = ctx;

    (void)entry;
    r->n_items++;
    return 0;
}

static bool is_known(const struct site *f, struct str url)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->list[i].url, url))
            return true;
    return false;
}

static void take(struct search *s, const struct feed_meta *m, size_t n_items,
                 struct str url, const char *basis)
{
    struct site *f = s->out;

    if (f->n == SITE_FEEDS_MAX || is_known(f, url))
        return;
    f->list[f->n++] = (struct site_feed){
        .url = arena_dup(&f->arena, url),
        .title = arena_dup(&f->arena, m->title),
        .format = arena_dup(&f->arena, m->format),
        .n_items = n_items,
        .basis = basis,
    };
}

/* url: as it was asked for. Negative: it is no feed. */
static int read_feed(struct search *s, struct str body, const struct fetch_answer *a,
                     struct str url, const char *basis, struct err *e)
{
    struct feed_options o = {.url = a->url, .content_type = a->content_type};
    struct reading r = {0};
    struct feed_receiver to = {.ctx = &r, .entry = count_entry};
    struct feed_parser *p = feed_parser_new(&o, &to);
    int rc = feed_parser_push(p, body, e);

    if (rc == 0)
        rc = feed_parser_finish(p, e);
    if (rc == 0)
        take(s, feed_parser_meta(p), r.n_items, a->moved_to.n > 0 ? a->moved_to : url,
             basis);
    feed_parser_free(p);
    return rc;
}

static int ask_page(struct search *s, const char *url, struct strbuf *body,
                    struct fetch_answer *a, struct err *e)
{
    *body = (struct strbuf){.max = s->feed.max_bytes};
    return fetch_bytes(&s->feed, &s->config->politeness, url, body, a, e);
}

/* Whether the link is a feed. */
static bool ask_link(struct search *s, const struct discovered *link)
{
    char *url = mem_dup(link->url);
    struct fetch_answer a = {0};
    struct site *f = s->out;
    struct strbuf body;
    struct err e = {0};
    int rc = ask_page(s, url, &body, &a, &e);

    if (rc == 0)
        rc = read_feed(s, strbuf_str(&body), &a, link->url,
                       discovery_basis_name(link->basis), &e);
    if (rc < 0 && link->basis == DISCOVERY_DECLARED && f->n_faults < SITE_FEEDS_MAX)
        f->faults[f->n_faults++] = (struct site_fault){
            arena_dup(&f->arena, link->url), arena_dup(&f->arena, str_of(e.text))};
    fetch_answer_fini(&a);
    strbuf_fini(&body);
    free(url);
    return rc == 0;
}

/* ---- a page and what it leads to ---- */

static void pause_for_host(const struct search *s)
{
    int64_t ms = s->config->politeness.host_gap_ms;
    struct timespec t = {ms / SECOND_MS, ms % SECOND_MS * 1000000};

    while (nanosleep(&t, &t) < 0 && errno == EINTR)
        ;
}

static void follow(struct search *s, struct str page)
{
    struct discovery links = {0};

    discovery_read(page, s->out->url, &links);
    for (size_t i = 0; i < links.n && i < ASKED_MAX; i++)
        (void)ask_link(s, &links.list[i]); /* whether it was one shows in the list */
    discovery_fini(&links);
    if (s->out->n > 0)
        return;
    discovery_guess(s->out->url, &links);
    for (size_t i = 0; i < links.n && !ask_link(s, &links.list[i]); i++)
        pause_for_host(s);
    discovery_fini(&links);
}

/* A host that the guard refuses was typed by a person: it is asked after all, and the
   configuration will have to allow it too. */
static int ask_site(struct search *s, struct strbuf *body, struct fetch_answer *a,
                    struct err *e)
{
    int rc = ask_page(s, s->feed.url, body, a, e);

    if (rc != -EPERM || s->feed.allow_private)
        return rc;
    fetch_answer_fini(a);
    strbuf_fini(body);
    s->feed.allow_private = s->out->is_private = true;
    return ask_page(s, s->feed.url, body, a, e);
}

/* One spelling of the site's URL. */
static int search_at(struct search *s, const char *typed, struct err *e)
{
    const struct config_feed *defaults = &s->config->defaults;
    char *url, *user, *password;
    struct fetch_answer a = {0};
    struct strbuf body = {0};
    int rc;

    fetch_split_user(typed, &url, &user, &password);
    s->feed = *defaults;
    s->feed.url = url;
    s->feed.user = user != NULL ? user : defaults->user;
    s->feed.password = user != NULL ? password : defaults->password;
    s->out->is_private = false;
    rc = ask_site(s, &body, &a, e);
    s->out->http_status = a.http_status;
    s->out->url = arena_dup(&s->out->arena, rc == 0 ? a.url : str_of(url));
    if (rc == 0 && read_feed(s, strbuf_str(&body), &a, str_of(url), "itself", NULL) < 0)
        follow(s, strbuf_str(&body));
    fetch_answer_fini(&a);
    strbuf_fini(&body);
    free(url);
    free(user);
    free(password);
    return rc;
}

int site_find(const struct config *c, const char *site, struct site *ret, struct err *e)
{
    struct search s = {.config = c, .out = ret};
    struct err first;
    char *url;
    int rc;

    if (strstr(site, "://") != NULL)
        return search_at(&s, site, e);
    url = mem_printf("https://%s", site);
    rc = search_at(&s, url, e);
    free(url);
    if (rc == 0 || ret->http_status > 0)
        return rc;
    first = *e;
    url = mem_printf("http://%s", site);
    rc = search_at(&s, url, e);
    free(url);
    if (rc < 0 && ret->http_status == 0)
        *e = first; /* neither: what is wrong with https is the better clue */
    return rc;
}

void site_fini(struct site *f)
{
    arena_fini(&f->arena);
    *f = (struct site){0};
}
