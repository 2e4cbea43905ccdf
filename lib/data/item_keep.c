#include <stddef.h>

#include "newsmq/item.h"

/* A copy under way: a full arena is noticed at the end. */
struct copying {
    struct arena *arena;
    bool is_full;
};

static struct str keep_str(struct copying *c, struct str s)
{
    struct str copy = {0};

    if (s.p == NULL)
        return copy;
    copy = arena_dup(c->arena, s);
    if (copy.p == NULL)
        c->is_full = true;
    return copy;
}

/* n zeroed elements; NULL when there are none or no room. */
static void *keep_array(struct copying *c, size_t *n, size_t each)
{
    void *p = *n > 0 ? arena_alloc(c->arena, *n * each) : NULL;

    if (p == NULL && *n > 0) {
        c->is_full = true;
        *n = 0;
    }
    return p;
}

static void keep_texts(struct copying *c, struct item *it)
{
    static const size_t at[] = {
        offsetof(struct item, id),
        offsetof(struct item, content_hash),
        offsetof(struct item, guid),
        offsetof(struct item, url),
        offsetof(struct item, canonical_url),
        offsetof(struct item, title),
        offsetof(struct item, content_text),
        offsetof(struct item, content_html),
        offsetof(struct item, summary),
        offsetof(struct item, image),
        offsetof(struct item, language),
        offsetof(struct item, place.name),
        offsetof(struct item, episode.type),
    };

    for (size_t i = 0; i < ARRAY_LEN(at); i++) {
        struct str *s = (struct str *)(void *)((char *)it + at[i]);

        *s = keep_str(c, *s);
    }
}

static void keep_lists(struct copying *c, const struct item *from, struct item *to)
{
    to->authors = keep_array(c, &to->n_authors, sizeof *to->authors);
    for (size_t i = 0; i < to->n_authors; i++) {
        to->authors[i].name = keep_str(c, from->authors[i].name);
        to->authors[i].url = keep_str(c, from->authors[i].url);
        to->authors[i].avatar = keep_str(c, from->authors[i].avatar);
        to->authors[i].email = keep_str(c, from->authors[i].email);
    }
    to->attachments = keep_array(c, &to->n_attachments, sizeof *to->attachments);
    for (size_t i = 0; i < to->n_attachments; i++) {
        to->attachments[i] = from->attachments[i];
        to->attachments[i].url = keep_str(c, from->attachments[i].url);
        to->attachments[i].mime_type = keep_str(c, from->attachments[i].mime_type);
    }
    to->tags = keep_array(c, &to->n_tags, sizeof *to->tags);
    for (size_t i = 0; i < to->n_tags; i++)
        to->tags[i] = keep_str(c, from->tags[i]);
    to->derived = keep_array(c, &to->n_derived, sizeof *to->derived);
    for (size_t i = 0; i < to->n_derived; i++)
        to->derived[i] = keep_str(c, from->derived[i]);
}

bool item_keep(const struct item *it, struct arena *a, struct item *ret)
{
    struct copying c = {.arena = a};
    struct item copy = *it;

    keep_texts(&c, &copy);
    keep_lists(&c, it, &copy);
    if (!c.is_full)
        *ret = copy;
    return !c.is_full;
}
