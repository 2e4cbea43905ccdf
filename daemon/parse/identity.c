/* What tells one entry from another. The guid is the publisher's own word, so it comes
   first; but there are feeds where all entries have the same guid or the same link, or
   where the guid is a new one at each poll.

   - A guid that entries with different link or title share tells nothing: those entries
     are told by their link, and where the link is shared in the same way by title and
     date. Which values are shared is remembered with the feed, so that an entry that is
     alone with its guid in the next document has the id that it had in this one.
   - A guid that changes while link and title stay does not show in one document. Each
     item gets a second key of these, the alias, and the hub, which knows the earlier
     ones, takes an unknown id with a known alias for the same entry. Entries that stand
     in one document with the same link and title are different ones: their alias is
     marked, and is none for ever. */
#include <stdlib.h>

#include "newsmq/hash.h"
#include "newsmq/text.h"
#include "newsmq/url.h"

#include "settle.h"

enum { SEED_GUID = 1, SEED_LINK, SEED_TITLE, SEED_ALIAS };

/* Hashes of what could tell an item; 0 where it is missing or shared. */
struct keys {
    uint64_t guid, link, title;
    uint64_t place; /* of the link in canonical form, with the fragment */
};

struct run {
    uint64_t key, other;
    size_t at;
};

/* ---- values ---- */

static uint64_t hash_of(struct str s, uint64_t seed)
{
    return s.n > 0 ? hash_xxh64(s, seed) | 1 : 0;
}

static bool has_title(const struct item *it)
{
    return it->title.n > 0 && !item_derives(it, "title");
}

/* The link as published but for its tracking parameters, or as it is. */
static struct str link_value(const struct item_open *open, struct strbuf *room)
{
    room->max = open->link.n + 1;
    strbuf_reset(room);
    return url_without_tracking(open->link, room) == 0 ? strbuf_str(room) : open->link;
}

static uint64_t place_of(const struct item *it)
{
    struct str link = it->canonical_url, fragment = it->url;

    if (link.n == 0)
        return it->n_attachments > 0 ? hash_of(it->attachments[0].url, SEED_ALIAS) : 0;
    (void)str_cut(&fragment, '#');
    return hash_xxh64(fragment, hash_of(link, SEED_ALIAS)) | 1;
}

static struct keys keys_of(const struct item *it, const struct item_open *open,
                           struct strbuf *room)
{
    return (struct keys){
        .guid = hash_of(it->guid, SEED_GUID),
        .link = open->link.n > 0 ? hash_of(link_value(open, room), SEED_LINK) : 0,
        .title = has_title(it) ? text_steady_hash(it->title, SEED_TITLE) | 1 : 0,
        .place = place_of(it),
    };
}

/* ---- what is shared ---- */

static int by_key(const void *pa, const void *pb)
{
    const struct run *a = pa, *b = pb;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Calls fn for each run of at least two equal keys. */
static void each_run(struct run *list, size_t n,
                     void (*fn)(struct settling *s, struct keys *keys,
                                const struct run *run, size_t n),
                     struct settling *s, struct keys *keys)
{
    size_t from = 0;

    if (n > 1)
        qsort(list, n, sizeof *list, by_key);
    for (size_t i = 1; i <= n; i++) {
        if (i < n && list[i].key == list[from].key)
            continue;
        if (i - from > 1)
            fn(s, keys, list + from, i - from);
        from = i;
    }
}

static bool differ(const struct run *run, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (run[i].other != run[0].other)
            return true;
    return false;
}

static void learn_shared(struct settling *s, struct keys *keys, const struct run *run,
                         size_t n)
{
    (void)keys;
    if (!differ(run, n))
        return;
    habits_add_shared(s->habits, run[0].key);
    if (++s->n_learnt > HABITS_SHARED_MAX)
        s->habits->all_are_shared = true;
}

static void forget_shared(struct settling *s, struct keys *keys, bool of_links)
{
    for (size_t i = 0; i < s->n; i++) {
        uint64_t *key = of_links ? &keys[i].link : &keys[i].guid;

        if (*key != 0 && habits_know_shared(s->habits, *key)) {
            *key = 0;
            s->said->n_shared++;
        }
    }
}

static void find_shared(struct settling *s, struct keys *keys, struct run *list)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        if (keys[i].guid != 0)
            list[n++] = (struct run){keys[i].guid, keys[i].place ^ keys[i].title, i};
    each_run(list, n, learn_shared, s, keys);
    forget_shared(s, keys, false);
    n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (keys[i].guid == 0 && keys[i].link != 0)
            list[n++] = (struct run){keys[i].link, keys[i].title, i};
    each_run(list, n, learn_shared, s, keys);
    forget_shared(s, keys, true);
}

/* ---- ids ---- */

static bool value_of(const struct settling *s, size_t at, enum id_basis basis,
                     struct strbuf *room, struct str *ret)
{
    const struct item *it = &s->items[at];

    room->max = it->title.n + it->content_text.n + 64;
    strbuf_reset(room);
    switch (basis) {
    case ID_GUID:
        *ret = it->guid;
        return it->guid.n > 0;
    case ID_LINK:
        *ret = link_value(&s->open[at], room);
        return s->open[at].link.n > 0;
    case ID_TITLE_DATE:
        (void)strbuf_addf(room, STR_FMT "\n%lld", STR_ARG(it->title),
                          (long long)it->date_published_ms); /* fits */
        *ret = strbuf_str(room);
        return has_title(it) && it->date_published_ms != 0;
    default:
        (void)strbuf_addf(room, STR_FMT "\n" STR_FMT, STR_ARG(it->title),
                          STR_ARG(it->content_text)); /* fits */
        *ret = strbuf_str(room);
        return ret->n > 1;
    }
}

static bool set_id(struct settling *s, size_t at, enum id_basis basis,
                   struct strbuf *room)
{
    struct item *it = &s->items[at];
    char id[ITEM_ID_MAX];
    struct str value;

    if (!value_of(s, at, basis, room, &value))
        return false;
    it->id_basis = basis;
    (void)hash_item_id(it->feed.id, str_of(id_basis_name(basis)), value, id);
    it->id = arena_dup(s->a, (struct str){id, ITEM_ID_CHARS});
    return true;
}

/* What is shared comes last: better than nothing. */
static void identify(struct settling *s, size_t at, const struct keys *k,
                     struct strbuf *room)
{
    static const enum id_basis wanted[] = {[IDENTITY_GUID] = ID_GUID,
                                           [IDENTITY_LINK] = ID_LINK,
                                           [IDENTITY_TITLE_DATE] = ID_TITLE_DATE};
    const enum id_basis order[] = {ID_GUID,    ID_LINK, ID_TITLE_DATE,
                                   ID_CONTENT, ID_GUID, ID_LINK};
    size_t i = 0;

    s->items[at].id = (struct str){0};
    if (s->o->identity != IDENTITY_AUTO && set_id(s, at, wanted[s->o->identity], room))
        return;
    if (s->o->identity == IDENTITY_AUTO && k->guid == 0)
        i = k->link != 0 ? 1 : 2;
    while (i < ARRAY_LEN(order) && !set_id(s, at, order[i], room))
        i++;
}

/* ---- the second key ---- */

static void mark_aliases(struct settling *s, struct keys *keys, const struct run *run,
                         size_t n)
{
    (void)keys;
    if (!differ(run, n))
        return;
    for (size_t i = 0; i < n; i++)
        s->items[run[i].at].alias_is_shared = true;
}

static void add_aliases(struct settling *s, struct keys *keys, struct run *list)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        struct item *it = &s->items[i];

        it->alias = 0;
        it->alias_is_shared = false;
        if (keys[i].place == 0 || keys[i].title == 0)
            continue;
        it->alias = (keys[i].place ^ (keys[i].title << 1 | keys[i].title >> 63)) | 1;
        list[n++] = (struct run){it->alias, hash_of(it->id, SEED_ALIAS), i};
    }
    each_run(list, n, mark_aliases, s, keys);
}

void settle_identity(struct settling *s)
{
    struct keys *keys = s->n > 0 ? mem_new_array(s->n, sizeof *keys) : NULL;
    struct run *list = s->n > 0 ? mem_new_array(s->n, sizeof *list) : NULL;
    struct strbuf room = {0};

    for (size_t i = 0; i < s->n; i++) {
        struct item *it = &s->items[i];

        keys[i] = keys_of(it, &s->open[i], &room);
        it->steady =
            text_steady_hash(it->content_text, text_steady_hash(it->title, SEED_TITLE)) |
            1;
    }
    if (s->o->identity == IDENTITY_AUTO)
        find_shared(s, keys, list);
    for (size_t i = 0; i < s->n; i++)
        identify(s, i, &keys[i], &room);
    if (s->o->identity == IDENTITY_AUTO)
        add_aliases(s, keys, list);
    strbuf_fini(&room);
    free(list);
    free(keys);
}
