/* RSS 1.0 (purl.org/rss/1.0/spec) and 0.90: items beside the channel, named by rdf:about.
 */
#include "build.h"

static const struct tag tags[] = {
    {SCOPE_ROOT, NS_RSS, "channel", FIELD_FEED, 0},
    {SCOPE_ROOT | SCOPE_FEED, NS_RSS, "item", FIELD_ENTRY, 0},
    {SCOPE_HEADED, NS_RSS, "title", FIELD_TITLE, 1},
    {SCOPE_HEADED, NS_RSS, "link", FIELD_LINK, 1},
    {SCOPE_FEED, NS_RSS, "description", FIELD_SUMMARY, 1},
    {SCOPE_ENTRY, NS_RSS, "description", FIELD_BODY, 1},
    {SCOPE_HEADED, NS_RSS, "language", FIELD_LANGUAGE, 1},
    {SCOPE_HEADED, NS_RSS, "pubDate", FIELD_PUBLISHED, 3},
    {SCOPE_ENTRY, NS_RSS, "category", FIELD_TAG, 1},
    {SCOPE_ENTRY, NS_RSS, "author", FIELD_PERSON_TEXT, 1},
    {SCOPE_ENTRY, NS_RSS, "guid", FIELD_GUID, 1},
    {SCOPE_ENTRY, NS_RSS, "enclosure", FIELD_ENCLOSURE, 1},
    {SCOPE_ENTRY, NS_RSS, "comments", FIELD_COMMENTS, 1},
    {SCOPE_ROOT | SCOPE_FEED, NS_RSS, "image", FIELD_IMAGE, 0},
    {SCOPE_IMAGE, NS_RSS, "url", FIELD_IMAGE_URL, 1},
};

static const char *root(const struct build *b, enum ns ns, struct str local,
                        struct attributes a, enum scope *ret_scope)
{
    (void)ns;
    (void)a;
    if (!str_eq_nocase(local, STR("RDF")))
        return NULL;
    *ret_scope = SCOPE_ROOT;
    for (size_t i = 0; i < b->n_bindings; i++)
        if (str_find(str_of_xml(b->bindings[i].uri), STR("netscape.com/rdf/simple/0.9"),
                     0) != SIZE_MAX)
            return "rss0.9x";
    return "rss1.0";
}

const struct feed_format feed_format_rdf = {
    .name = "rdf",
    .ns = NS_RSS,
    .root = root,
    .tags = {tags, ARRAY_LEN(tags)},
};
