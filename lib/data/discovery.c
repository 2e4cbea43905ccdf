#include <string.h>

#include "newsmq/text.h"
#include "newsmq/url.h"

#include "discovery_private.h"

static bool is_known(const struct discovery *l, struct str url)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->list[i].url, url))
            return true;
    return false;
}

static bool comes_before(const struct discovered *a, const struct discovered *b)
{
    if (a->is_minor != b->is_minor)
        return !a->is_minor;
    return a->basis < b->basis;
}

/* Behind all that are as good. When the list is full the last one goes. */
static void insert(struct discovery *l, struct discovered link)
{
    size_t at = l->n;

    while (at > 0 && comes_before(&link, &l->list[at - 1]))
        at--;
    if (at == DISCOVERY_MAX)
        return;
    if (l->n == DISCOVERY_MAX)
        l->n--;
    for (size_t i = l->n; i > at; i--)
        l->list[i] = l->list[i - 1];
    l->list[at] = link;
    l->n++;
}

/* feed:https://… and feed://… are what some pages write for readers. */
static struct str without_feed_scheme(struct str href, bool *ret_is_short)
{
    *ret_is_short = str_has_prefix_nocase(href, STR("feed://"));
    if (str_has_prefix_nocase(href, STR("feed:")))
        return str_slice(href, 5, href.n);
    return href;
}

void discovery_add(struct discovery *l, struct str base, struct str href,
                   struct discovered link)
{
    struct strbuf url = {.max = URL_MAX_BYTES}, whole = {.max = URL_MAX_BYTES + 8};
    struct str absolute;
    bool is_short;
    size_t hash;

    href = without_feed_scheme(href, &is_short);
    if (is_short &&
        (strbuf_add_text(&whole, "http:") < 0 || strbuf_add(&whole, href) < 0))
        goto out;
    if (url_resolve(base, is_short ? strbuf_str(&whole) : href, &url, NULL) < 0)
        goto out;
    absolute = strbuf_str(&url);
    hash = str_find_char(absolute, '#', 0);
    if (hash != SIZE_MAX)
        absolute = str_slice(absolute, 0, hash);
    if (!url_is_http(absolute) || url_host(absolute).n == 0 || is_known(l, absolute))
        goto out;
    link.url = arena_dup(&l->arena, absolute);
    link.title = link.title.n > 0 ? arena_dup(&l->arena, link.title) : (struct str){0};
    insert(l, link);
out:
    strbuf_fini(&url);
    strbuf_fini(&whole);
}

void discovery_guess(struct str url, struct discovery *ret)
{
    static const char *const places[] = {
        "feed",      "rss",        "rss.xml",
        "atom.xml",  "feed.xml",   "index.xml",
        "feed.json", "?feed=rss2", "feeds/posts/default",
    };
    struct str folders[] = {STR("./"), STR("/")};
    struct url u;

    if (url_split(url, &u, NULL) < 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        for (size_t j = 0; j < ARRAY_LEN(places); j++) {
            struct strbuf place = {.max = 64};

            if (strbuf_add(&place, folders[i]) == 0 &&
                strbuf_add_text(&place, places[j]) == 0)
                discovery_add(ret, url, strbuf_str(&place),
                              (struct discovered){.basis = DISCOVERY_GUESS});
            strbuf_fini(&place);
        }
}

void discovery_fini(struct discovery *l)
{
    arena_fini(&l->arena);
    l->n = 0;
}

const char *discovery_basis_name(enum discovery_basis b)
{
    static const char *const names[] = {"declared", "linked", "guessed"};

    return names[b];
}
