/* Atom 1.0 (RFC 4287) and its draft 0.3. */
#include "build.h"

static const struct tag tags[] = {
    {SCOPE_FEED | SCOPE_ROOT, NS_ATOM, "entry", FIELD_ENTRY, 0},
    {SCOPE_FEED, NS_ATOM, "item", FIELD_ENTRY, 0}, /* mixed up with RSS */
    {SCOPE_HEADED, NS_ATOM, "title", FIELD_TITLE, 1},
    {SCOPE_HEADED, NS_ATOM, "subtitle", FIELD_SUMMARY, 1},
    {SCOPE_HEADED, NS_ATOM, "tagline", FIELD_SUMMARY, 1},
    {SCOPE_ENTRY, NS_ATOM, "summary", FIELD_SUMMARY, 1},
    {SCOPE_ENTRY, NS_ATOM, "content", FIELD_CONTENT, 1},
    {SCOPE_HEADED, NS_ATOM, "rights", FIELD_RIGHTS, 1},
    {SCOPE_HEADED, NS_ATOM, "copyright", FIELD_RIGHTS, 1},
    {SCOPE_FEED, NS_ATOM, "info", FIELD_INFO, 1},
    {SCOPE_HEADED, NS_ATOM, "id", FIELD_ID, 1},
    {SCOPE_HEADED, NS_ATOM, "link", FIELD_ATOM_LINK, 1},
    {SCOPE_HEADED, NS_ATOM, "published", FIELD_PUBLISHED, 1},
    {SCOPE_HEADED, NS_ATOM, "issued", FIELD_PUBLISHED, 1},
    {SCOPE_HEADED, NS_ATOM, "updated", FIELD_UPDATED, 1},
    {SCOPE_HEADED, NS_ATOM, "modified", FIELD_UPDATED, 1},
    {SCOPE_HEADED, NS_ATOM, "created", FIELD_CREATED, 1},
    {SCOPE_HEADED, NS_ATOM, "author", FIELD_AUTHOR, 0},
    {SCOPE_HEADED, NS_ATOM, "contributor", FIELD_CONTRIBUTOR, 0},
    {SCOPE_PERSON, NS_ATOM, "name", FIELD_PERSON_NAME, 0},
    {SCOPE_PERSON, NS_ATOM, "email", FIELD_PERSON_EMAIL, 0},
    {SCOPE_PERSON, NS_ATOM, "uri", FIELD_PERSON_URL, 0},
    {SCOPE_PERSON, NS_ATOM, "url", FIELD_PERSON_URL, 0},
    {SCOPE_PERSON, NS_ATOM, "homepage", FIELD_PERSON_URL, 0},
    {SCOPE_HEADED, NS_ATOM, "category", FIELD_TAG, 1},
    {SCOPE_HEADED, NS_ATOM, "generator", FIELD_GENERATOR, 1},
    {SCOPE_FEED | SCOPE_SOURCE, NS_ATOM, "icon", FIELD_ICON, 1},
    {SCOPE_FEED | SCOPE_SOURCE, NS_ATOM, "logo", FIELD_LOGO, 1},
    {SCOPE_ENTRY, NS_ATOM, "source", FIELD_SOURCE, 0},
};

/* A namespace that nobody knows counts as 1.0: the names are the same. */
static const char *root(const struct build *b, enum ns ns, struct str local,
                        struct attributes a, enum scope *ret_scope)
{
    const char *uri =
        b->frames[1].name.uri != NULL ? (const char *)b->frames[1].name.uri : "";

    (void)ns;
    *ret_scope = SCOPE_FEED;
    if (str_eq_nocase(local, STR("entry")))
        *ret_scope = SCOPE_ROOT;
    else if (!str_eq_nocase(local, STR("feed")))
        return NULL;
    if (str_find(str_of(uri), STR("purl.org/atom"), 0) != SIZE_MAX ||
        str_has_prefix(str_trim(attribute_get(a, "version")), STR("0.")))
        return "atom0.3";
    return "atom1.0";
}

const struct feed_format feed_format_atom = {
    .name = "atom",
    .ns = NS_ATOM,
    .root = root,
    .tags = {tags, ARRAY_LEN(tags)},
};
