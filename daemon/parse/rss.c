/* RSS 0.91–0.94 and 2.0 (rssboard.org/rss-specification), and what calls itself so. */
#include "format.h"

static const struct tag tags[] = {
    {SCOPE_ROOT | SCOPE_FEED, NS_RSS, "channel", FIELD_FEED, 0},
    {SCOPE_ROOT | SCOPE_FEED, NS_RSS, "item", FIELD_ENTRY, 0},
    {SCOPE_ROOT | SCOPE_FEED, NS_RSS, "entry", FIELD_ENTRY, 0},
    {SCOPE_HEADED, NS_RSS, "title", FIELD_TITLE, 1},
    {SCOPE_HEADED, NS_RSS, "link", FIELD_LINK, 1},
    {SCOPE_HEADED, NS_RSS, "url", FIELD_LINK, 3},
    {SCOPE_FEED, NS_RSS, "description", FIELD_SUMMARY, 1},
    {SCOPE_FEED, NS_RSS, "tagline", FIELD_SUMMARY, 2},
    {SCOPE_FEED, NS_RSS, "subtitle", FIELD_SUMMARY, 2},
    {SCOPE_FEED, NS_RSS, "abstract", FIELD_SUMMARY, 2},
    {SCOPE_ENTRY, NS_RSS, "description", FIELD_BODY, 1},
    {SCOPE_ENTRY, NS_RSS, "summary", FIELD_BODY, 2},
    {SCOPE_ENTRY, NS_RSS, "abstract", FIELD_BODY, 2},
    {SCOPE_ENTRY, NS_RSS, "content", FIELD_CONTENT, 2},
    {SCOPE_ENTRY, NS_RSS, "fullitem", FIELD_CONTENT, 2},
    {SCOPE_ENTRY, NS_RSS, "body", FIELD_CONTENT, 2},
    {SCOPE_ENTRY, NS_RSS, "guid", FIELD_GUID, 1},
    {SCOPE_HEADED, NS_RSS, "id", FIELD_ID, 2},
    {SCOPE_HEADED, NS_RSS, "pubDate", FIELD_PUBLISHED, 1},
    {SCOPE_HEADED, NS_RSS, "published", FIELD_PUBLISHED, 3},
    {SCOPE_HEADED, NS_RSS, "date", FIELD_PUBLISHED, 4},
    {SCOPE_HEADED, NS_RSS, "lastBuildDate", FIELD_UPDATED, 2},
    {SCOPE_HEADED, NS_RSS, "updated", FIELD_UPDATED, 3},
    {SCOPE_HEADED, NS_RSS, "modified", FIELD_UPDATED, 3},
    {SCOPE_HEADED, NS_RSS, "expirationDate", FIELD_EXPIRED, 1},
    {SCOPE_HEADED, NS_RSS, "author", FIELD_PERSON_TEXT, 1},
    {SCOPE_HEADED, NS_RSS, "managingEditor", FIELD_PERSON_TEXT, 1},
    {SCOPE_HEADED, NS_RSS, "contributor", FIELD_CONTRIBUTOR_TEXT, 1},
    {SCOPE_HEADED, NS_RSS, "category", FIELD_TAG, 1},
    {SCOPE_ENTRY, NS_RSS, "tags", FIELD_KEYWORDS, 1},
    {SCOPE_HEADED, NS_RSS, "keywords", FIELD_KEYWORDS, 1},
    {SCOPE_HEADED, NS_RSS, "language", FIELD_LANGUAGE, 1},
    {SCOPE_HEADED, NS_RSS, "copyright", FIELD_RIGHTS, 1},
    {SCOPE_HEADED, NS_RSS, "rights", FIELD_RIGHTS, 2},
    {SCOPE_HEADED, NS_RSS, "generator", FIELD_GENERATOR, 1},
    {SCOPE_ENTRY, NS_RSS, "comments", FIELD_COMMENTS, 1},
    {SCOPE_ENTRY, NS_RSS, "enclosure", FIELD_ENCLOSURE, 1},
    {SCOPE_ENTRY, NS_RSS, "source", FIELD_SOURCE_TEXT, 1},
    {SCOPE_ROOT | SCOPE_HEADED, NS_RSS, "image", FIELD_IMAGE, 0},
    {SCOPE_IMAGE, NS_RSS, "url", FIELD_IMAGE_URL, 1},
    {SCOPE_FEED, NS_RSS, "ttl", FIELD_TTL, 0},
    {SCOPE_FEED, NS_RSS, "skipHours", FIELD_INSIDE, 0},
    {SCOPE_FEED, NS_RSS, "skipDays", FIELD_INSIDE, 0},
    {SCOPE_FEED, NS_RSS, "hour", FIELD_SKIP_HOUR, 0},
    {SCOPE_FEED, NS_RSS, "day", FIELD_SKIP_DAY, 0},
    {SCOPE_PERSON, NS_RSS, "name", FIELD_PERSON_NAME, 0},
    {SCOPE_PERSON, NS_RSS, "email", FIELD_PERSON_EMAIL, 0},
};

static const char *root(const struct build *b, enum ns ns, struct str local,
                        struct attributes a, enum scope *ret_scope)
{
    struct str version = str_trim(attribute_get(a, "version"));

    (void)b;
    (void)ns;
    *ret_scope = SCOPE_ROOT;
    if (str_eq_nocase(local, STR("channel")))
        *ret_scope = SCOPE_FEED;
    else if (!str_eq_nocase(local, STR("rss")))
        return NULL;
    return str_has_prefix(version, STR("0.9")) ? "rss0.9x" : "rss2.0";
}

const struct feed_format feed_format_rss = {
    .name = "rss",
    .ns = NS_RSS,
    .root = root,
    .tags = {tags, ARRAY_LEN(tags)},
};
