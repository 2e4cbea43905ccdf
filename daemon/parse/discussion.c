/* What is said about an entry elsewhere: wfw: (Well-Formed Web), slash:, and Atom's
   threads (RFC 4685). */
#include "modules.h"

enum value { COMMENT_URL, COMMENTS_FEED, COUNT, REPLY_TO };

static const struct tag tags[] = {
    {SCOPE_ENTRY, NS_WFW, "comment", FIELD_DISCUSSION, COMMENT_URL},
    {SCOPE_ENTRY, NS_WFW, "commentRss", FIELD_DISCUSSION, COMMENTS_FEED},
    {SCOPE_ENTRY, NS_SLASH, "comments", FIELD_DISCUSSION, COUNT},
    {SCOPE_ENTRY, NS_THREAD, "total", FIELD_DISCUSSION, COUNT},
    {SCOPE_ENTRY, NS_THREAD, "in-reply-to", FIELD_DISCUSSION, REPLY_TO},
};

const struct tag_table discussion_tags = {tags, ARRAY_LEN(tags)};

static struct feed_discussion *now(struct build *b)
{
    struct modules *m = modules_now(b);

    if (m == NULL)
        return NULL;
    m->has_discussion = true;
    return &m->discussion;
}

bool discussion_start(struct build *b, const struct tag *tag, struct frame *f,
                      struct attributes a)
{
    struct feed_discussion *d;

    if (tag->rank != REPLY_TO)
        return true;
    d = now(b);
    if (d == NULL)
        return false;
    modules_put(b, &d->reply_to_ref, attribute_get(a, "ref"));
    modules_put(b, &d->reply_to_href, modules_link(b, f, a, "href"));
    modules_put(b, &d->reply_to_source, modules_link(b, f, a, "source"));
    modules_put(b, &d->reply_to_type, attribute_get(a, "type"));
    return false;
}

void discussion_end(struct build *b, const struct tag *tag, const struct frame *f,
                    struct str text)
{
    struct feed_discussion *d = text.n > 0 ? now(b) : NULL;

    if (d == NULL)
        return;
    if (tag->rank == COMMENT_URL)
        modules_put(b, &d->comment_url, resolve(b, f, text));
    else if (tag->rank == COMMENTS_FEED)
        modules_put(b, &d->comments_feed, resolve(b, f, text));
    else if (tag->rank == COUNT)
        modules_put(b, &d->count, text);
}
