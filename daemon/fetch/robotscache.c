#include <stdlib.h>

#include "newsmq/clock.h"
#include "newsmq/mem.h"
#include "newsmq/url.h"

#include "robotscache.h"

#define HOSTS_MAX      512
#define BYTES_MAX      ((size_t)16 * 1024 * 1024)
#define KEEP_MS        DAY_MS /* §2.4: no longer than that */
#define UNREACHABLE_MS (30 * MINUTE_MS)
#define PENDING_MS     (2 * MINUTE_MS) /* whoever fetched it is gone */

struct entry {
    char *origin;
    struct robots *robots; /* NULL: all is allowed, unless unreachable */
    bool is_unreachable;
    int64_t until_ms, pending_ms;
};

struct robotscache {
    char *product;
    struct entry *list;
    size_t n, cap, bytes;
};

struct robotscache *robotscache_new(struct str user_agent)
{
    struct robotscache *c = mem_new(sizeof *c);

    c->product = mem_dup(robots_product(user_agent));
    return c;
}

static void drop(struct robotscache *c, size_t i)
{
    struct entry *e = &c->list[i];

    if (e->robots != NULL)
        c->bytes -= robots_bytes(e->robots);
    robots_free(e->robots);
    free(e->origin);
    *e = c->list[--c->n];
}

void robotscache_free(struct robotscache *c)
{
    if (c == NULL)
        return;
    while (c->n > 0)
        drop(c, c->n - 1);
    free(c->list);
    free(c->product);
    free(c);
}

/* "https://host:port" in lower case, without a default port; NULL: not http. */
static char *origin_of(struct str url)
{
    struct strbuf whole = {.max = URL_MAX_BYTES};
    struct url u;
    char *origin = NULL;

    if (url_is_http(url) && url_resolve(STR(""), url, &whole, NULL) == 0 &&
        url_split(strbuf_str(&whole), &u, NULL) == 0 && u.host.n > 0) {
        bool is_v6 = str_find_char(u.host, ':', 0) != SIZE_MAX;
        bool has_port =
            u.port.n > 0 && !str_eq(u.port, u.scheme.n == 4 ? STR("80") : STR("443"));

        origin = mem_printf(STR_FMT "://%s" STR_FMT "%s%s" STR_FMT, STR_ARG(u.scheme),
                            is_v6 ? "[" : "", STR_ARG(u.host), is_v6 ? "]" : "",
                            has_port ? ":" : "", has_port ? (int)u.port.n : 0,
                            has_port ? u.port.p : "");
        for (char *p = origin; *p != '\0'; p++)
            *p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
    }
    strbuf_fini(&whole);
    return origin;
}

char *robotscache_url(struct str url)
{
    char *origin = origin_of(url), *file = NULL;

    if (origin != NULL)
        file = mem_printf("%s/robots.txt", origin);
    free(origin);
    return file;
}

bool robotscache_is_same(struct str url, struct str other)
{
    char *a = origin_of(url), *b = origin_of(other);
    bool is_same = a != NULL && b != NULL && strcmp(a, b) == 0;

    free(a);
    free(b);
    return is_same;
}

static struct entry *find(const struct robotscache *c, struct str url)
{
    char *origin = origin_of(url);
    struct entry *found = NULL;

    for (size_t i = 0; origin != NULL && i < c->n && found == NULL; i++)
        if (strcmp(c->list[i].origin, origin) == 0)
            found = &c->list[i];
    free(origin);
    return found;
}

static struct str path_of(struct str url)
{
    struct url u;

    if (url_split(url, &u, NULL) < 0 || u.path.n == 0)
        return STR("/");
    if (u.query.p == NULL)
        return u.path;
    return (struct str){u.path.p, (size_t)(u.query.p + u.query.n - u.path.p)};
}

enum robots_verdict robotscache_ask(const struct robotscache *c, struct str url,
                                    int64_t now_ms, int64_t *ret_delay_ms)
{
    const struct entry *e = find(c, url);

    *ret_delay_ms = 0;
    if (e == NULL || now_ms >= e->until_ms || now_ms < e->until_ms - KEEP_MS) {
        bool is_pending = e != NULL && e->pending_ms > 0 && now_ms >= e->pending_ms &&
                          now_ms < e->pending_ms + PENDING_MS;

        return is_pending ? ROBOTS_PENDING : ROBOTS_UNKNOWN;
    }
    if (e->robots == NULL)
        return e->is_unreachable ? ROBOTS_UNREACHABLE : ROBOTS_ALLOWED;
    *ret_delay_ms = robots_delay_ms(e->robots);
    return robots_allows(e->robots, path_of(url)) ? ROBOTS_ALLOWED : ROBOTS_FORBIDDEN;
}

/* ---- learning ---- */

static void make_room(struct robotscache *c)
{
    while (c->n >= HOSTS_MAX || (c->bytes > BYTES_MAX && c->n > 0)) {
        size_t first = 0;

        for (size_t i = 1; i < c->n; i++)
            if (c->list[i].until_ms < c->list[first].until_ms)
                first = i;
        drop(c, first);
    }
}

static struct entry *get(struct robotscache *c, struct str url)
{
    struct entry *e = find(c, url);
    char *origin;

    if (e != NULL)
        return e;
    origin = origin_of(url);
    if (origin == NULL)
        return NULL;
    make_room(c);
    c->list = mem_grow(c->list, &c->cap, c->n + 1, sizeof *c->list);
    e = &c->list[c->n++];
    *e = (struct entry){.origin = origin};
    return e;
}

void robotscache_expect(struct robotscache *c, struct str url, int64_t now_ms)
{
    struct entry *e = get(c, url);

    if (e != NULL)
        e->pending_ms = now_ms;
}

void robotscache_learn(struct robotscache *c, struct str url, int status, struct str text,
                       int64_t now_ms)
{
    struct entry *e = get(c, url);
    bool is_there = status >= 200 && status < 300;
    bool is_missing = status >= 400 && status < 500 && status != 429;

    if (e == NULL)
        return;
    e->pending_ms = 0;
    e->until_ms = now_ms + (is_there || is_missing ? KEEP_MS : UNREACHABLE_MS);
    e->is_unreachable = !is_there && !is_missing;
    if (e->is_unreachable && e->robots != NULL)
        return; /* what is known goes on */
    if (e->robots != NULL)
        c->bytes -= robots_bytes(e->robots);
    robots_free(e->robots);
    e->robots = is_there ? robots_read(text, str_of(c->product)) : NULL;
    if (e->robots != NULL)
        c->bytes += robots_bytes(e->robots);
}
