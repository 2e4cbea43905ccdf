/* What any format may hold: Dublin Core, content, Media RSS, iTunes, Atom, syndication;
   and what the modules with a file of their own have in common. */
#include "modules.h"

static const struct tag tags[] = {
    {SCOPE_HEADED, NS_DC, "title", FIELD_TITLE, 4},
    {SCOPE_FEED, NS_DC, "description", FIELD_SUMMARY, 4},
    {SCOPE_ENTRY, NS_DC, "description", FIELD_SUMMARY, 4},
    {SCOPE_HEADED, NS_DC, "creator", FIELD_PERSON_TEXT, 2},
    {SCOPE_HEADED, NS_DC, "author", FIELD_PERSON_TEXT, 2},
    {SCOPE_HEADED, NS_DC, "contributor", FIELD_CONTRIBUTOR_TEXT, 2},
    {SCOPE_HEADED, NS_DC, "date", FIELD_UPDATED, 4},
    {SCOPE_HEADED, NS_DC, "issued", FIELD_PUBLISHED, 3},
    {SCOPE_HEADED, NS_DC, "created", FIELD_CREATED, 3},
    {SCOPE_HEADED, NS_DC, "modified", FIELD_UPDATED, 3},
    {SCOPE_HEADED, NS_DC, "subject", FIELD_TAG, 2},
    {SCOPE_HEADED, NS_DC, "language", FIELD_LANGUAGE, 2},
    {SCOPE_HEADED, NS_DC, "rights", FIELD_RIGHTS, 3},
    {SCOPE_ENTRY, NS_DC, "identifier", FIELD_ID, 6},

    {SCOPE_ENTRY, NS_CONTENT, "encoded", FIELD_CONTENT, 1},
    {SCOPE_ENTRY, NS_XHTML, "body", FIELD_CONTENT, 2},
    {SCOPE_ENTRY, NS_XHTML, "div", FIELD_CONTENT, 2},

    {SCOPE_ENTRY, NS_MEDIA, "content", FIELD_MEDIA, 5},
    {SCOPE_HEADED, NS_MEDIA, "thumbnail", FIELD_THUMBNAIL, 4},
    {SCOPE_ENTRY, NS_MEDIA, "title", FIELD_TITLE, 6},
    {SCOPE_ENTRY, NS_MEDIA, "description", FIELD_SUMMARY, 6},
    {SCOPE_HEADED, NS_MEDIA, "category", FIELD_TAG, 3},
    {SCOPE_HEADED, NS_MEDIA, "keywords", FIELD_KEYWORDS, 3},

    {SCOPE_FEED, NS_ITUNES, "subtitle", FIELD_SUMMARY, 6},
    {SCOPE_FEED, NS_ITUNES, "summary", FIELD_SUMMARY, 5},
    {SCOPE_ENTRY, NS_ITUNES, "subtitle", FIELD_SUBTITLE, 8},
    {SCOPE_ENTRY, NS_ITUNES, "summary", FIELD_SUMMARY, 5},
    {SCOPE_ENTRY, NS_ITUNES, "title", FIELD_TITLE, 5},
    {SCOPE_HEADED, NS_ITUNES, "author", FIELD_PERSON_TEXT, 3},
    {SCOPE_FEED, NS_ITUNES, "owner", FIELD_OWNER, 3},
    {SCOPE_PERSON, NS_ITUNES, "name", FIELD_PERSON_NAME, 0},
    {SCOPE_PERSON, NS_ITUNES, "email", FIELD_PERSON_EMAIL, 0},
    {SCOPE_HEADED, NS_ITUNES, "category", FIELD_NESTED_TAG, 2},
    {SCOPE_HEADED, NS_ITUNES, "keywords", FIELD_KEYWORDS, 2},
    {SCOPE_HEADED, NS_ITUNES, "image", FIELD_IMAGE_HREF, 2},
    {SCOPE_HEADED, NS_ITUNES, "link", FIELD_IMAGE_LINK, 3},
    {SCOPE_ENTRY, NS_ITUNES, "duration", FIELD_DURATION, 1},

    {SCOPE_HEADED, NS_ATOM, "link", FIELD_ATOM_LINK, 3},
    {SCOPE_HEADED, NS_ATOM, "author", FIELD_AUTHOR, 0},
    {SCOPE_HEADED, NS_ATOM, "contributor", FIELD_CONTRIBUTOR, 0},
    {SCOPE_PERSON, NS_ATOM, "name", FIELD_PERSON_NAME, 0},
    {SCOPE_PERSON, NS_ATOM, "email", FIELD_PERSON_EMAIL, 0},
    {SCOPE_PERSON, NS_ATOM, "uri", FIELD_PERSON_URL, 0},
    {SCOPE_HEADED, NS_ATOM, "published", FIELD_PUBLISHED, 2},
    {SCOPE_HEADED, NS_ATOM, "updated", FIELD_UPDATED, 2},
    {SCOPE_HEADED, NS_ATOM, "title", FIELD_TITLE, 3},
    {SCOPE_FEED, NS_ATOM, "subtitle", FIELD_SUMMARY, 3},
    {SCOPE_ENTRY, NS_ATOM, "summary", FIELD_SUMMARY, 3},
    {SCOPE_ENTRY, NS_ATOM, "content", FIELD_CONTENT, 3},
    {SCOPE_HEADED, NS_ATOM, "id", FIELD_ID, 4},
    {SCOPE_HEADED, NS_ATOM, "category", FIELD_TAG, 3},
    {SCOPE_HEADED, NS_ATOM, "rights", FIELD_RIGHTS, 3},
    {SCOPE_ENTRY, NS_ATOM, "source", FIELD_SOURCE, 0},
    {SCOPE_FEED | SCOPE_SOURCE, NS_ATOM, "icon", FIELD_ICON, 2},
    {SCOPE_FEED | SCOPE_SOURCE, NS_ATOM, "logo", FIELD_LOGO, 2},

    {SCOPE_FEED, NS_FEEDBURNER, "browserFriendly", FIELD_INFO, 2},
    {SCOPE_ENTRY, NS_FEEDBURNER, "origLink", FIELD_ORIGINAL_LINK, 0},
    {SCOPE_ENTRY, NS_FEEDBURNER, "origEnclosureLink", FIELD_ORIGINAL_ENCLOSURE, 0},
    {SCOPE_FEED, NS_SYNDICATION, "updatePeriod", FIELD_PERIOD, 0},
    {SCOPE_FEED, NS_SYNDICATION, "updateFrequency", FIELD_FREQUENCY, 0},
    {SCOPE_HEADED, NS_GOOGLEPLAY, "author", FIELD_PERSON_TEXT, 4},
    {SCOPE_HEADED, NS_GOOGLEPLAY, "description", FIELD_SUMMARY, 7},
    {SCOPE_HEADED, NS_GOOGLEPLAY, "image", FIELD_IMAGE_HREF, 3},
};

static const struct tag_table common_tags = {tags, ARRAY_LEN(tags)};

extern const struct tag_table podcast_tags, media_tags, geo_tags, discussion_tags,
    channel_tags;

const struct tag_table *const module_tables[] = {
    &common_tags,     &podcast_tags, &media_tags, &geo_tags,
    &discussion_tags, &channel_tags, NULL,
};

/* ---- what the files of the modules share ---- */

struct modules *modules_now(struct build *b)
{
    if (b->now->modules == NULL)
        b->now->modules = arena_alloc(b->now->arena, sizeof *b->now->modules);
    return b->now->modules;
}

void *modules_room(struct build *b, void *list, size_t n, size_t each)
{
    bool is_full = n == 0 || (n >= 4 && (n & (n - 1)) == 0);
    size_t room = n < 4 ? 4 : n * 2;
    void *p;

    if (n >= LIST_MAX)
        return NULL;
    if (!is_full)
        return list;
    p = arena_alloc(b->now->arena, room * each);
    if (p != NULL && n > 0)
        memcpy(p, list, n * each);
    return p;
}

struct str modules_keep(struct build *b, struct str value)
{
    value = str_trim(value);
    return value.n > 0 ? arena_dup(b->now->arena, value) : (struct str){NULL, 0};
}

void modules_put(struct build *b, struct str *to, struct str value)
{
    if (to->n == 0)
        *to = modules_keep(b, value);
}

struct str modules_attribute(struct build *b, struct attributes a, const char *local)
{
    return modules_keep(b, attribute_get(a, local));
}

struct str modules_link(struct build *b, const struct frame *f, struct attributes a,
                        const char *local)
{
    return resolve(b, f, attribute_get(a, local));
}

struct feed_modules modules_view(const struct modules *m)
{
    struct feed_modules view = {0};

    if (m == NULL)
        return view;
    view.podcast = m->has_podcast ? &m->podcast : NULL;
    view.media = m->has_media ? &m->media : NULL;
    view.place = m->has_place ? &m->place : NULL;
    view.discussion = m->has_discussion ? &m->discussion : NULL;
    view.channel = m->has_channel ? &m->channel : NULL;
    return view;
}

bool module_start(struct build *b, const struct tag *tag, struct frame *f,
                  struct attributes a)
{
    switch (tag->field) {
    case FIELD_PODCAST:
        return podcast_start(b, tag, f, a);
    case FIELD_MEDIA_VALUE:
        return media_start(b, tag, f, a);
    case FIELD_GEO:
        return geo_start(b, tag, f, a);
    case FIELD_DISCUSSION:
        return discussion_start(b, tag, f, a);
    case FIELD_CHANNEL:
        return channel_start(b, tag, f, a);
    default:
        return true;
    }
}

bool module_end(struct build *b, const struct tag *tag, const struct frame *f,
                struct str text)
{
    switch (tag->field) {
    case FIELD_PODCAST:
        podcast_end(b, tag, f, text);
        return true;
    case FIELD_MEDIA_VALUE:
        media_end(b, tag, text);
        return true;
    case FIELD_GEO:
        geo_end(b, tag, text);
        return true;
    case FIELD_DISCUSSION:
        discussion_end(b, tag, f, text);
        return true;
    case FIELD_CHANNEL:
        channel_end(b, tag, f, text);
        return true;
    default:
        return false;
    }
}
