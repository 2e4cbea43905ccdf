#include "names.h"

struct known {
    struct str name;
    enum ns ns;
};

/* Compared by prefix, without case: versions and slashes at the end differ in the wild.
 */
static const struct known addresses[] = {
    {STR_INIT("www.w3.org/2005/Atom"), NS_ATOM},
    {STR_INIT("purl.org/atom/"), NS_ATOM},
    {STR_INIT("www.w3.org/1999/xhtml"), NS_XHTML},
    {STR_INIT("www.w3.org/XML/1998/namespace"), NS_XML},
    {STR_INIT("www.w3.org/1999/02/22-rdf-syntax-ns"), NS_RDF},
    {STR_INIT("purl.org/dc/"), NS_DC},
    {STR_INIT("purl.org/rss/1.0/modules/content"), NS_CONTENT},
    {STR_INIT("purl.org/rss/1.0/modules/syndication"), NS_SYNDICATION},
    {STR_INIT("purl.org/rss/1.0/modules/slash"), NS_SLASH},
    {STR_INIT("purl.org/rss/1.0/modules/"), NS_UNKNOWN},
    {STR_INIT("purl.org/rss/"), NS_RSS},
    {STR_INIT("purl.org/net/rss"), NS_RSS},
    {STR_INIT("my.netscape.com/"), NS_RSS},
    {STR_INIT("channel.netscape.com/"), NS_RSS},
    {STR_INIT("backend.userland.com/creativeCommonsRssModule"), NS_LICENSE},
    {STR_INIT("cyber.law.harvard.edu/rss/creativeCommonsRssModule"), NS_LICENSE},
    {STR_INIT("web.resource.org/cc/"), NS_LICENSE},
    {STR_INIT("creativecommons.org/ns"), NS_LICENSE},
    {STR_INIT("backend.userland.com/rss"), NS_RSS},
    {STR_INIT("backend.userland.com/RSS"), NS_RSS},
    {STR_INIT("blogs.law.harvard.edu/tech/rss"), NS_RSS},
    {STR_INIT("cyber.law.harvard.edu/rss"), NS_RSS},
    {STR_INIT("search.yahoo.com/mrss"), NS_MEDIA},
    {STR_INIT("tools.search.yahoo.com/mrss"), NS_MEDIA},
    {STR_INIT("www.itunes.com/"), NS_ITUNES},
    {STR_INIT("itunes.apple.com/"), NS_ITUNES},
    {STR_INIT("example.com/DTDs/Podcast-1.0.dtd"), NS_ITUNES},
    {STR_INIT("wellformedweb.org/CommentAPI"), NS_WFW},
    {STR_INIT("rssnamespace.org/feedburner/"), NS_FEEDBURNER},
    {STR_INIT("podcastindex.org/namespace/"), NS_PODCAST},
    {STR_INIT("www.google.com/schemas/play-podcasts"), NS_GOOGLEPLAY},
    {STR_INIT("podlove.org/simple-chapters"), NS_PSC},
    {STR_INIT("www.georss.org/georss"), NS_GEORSS},
    {STR_INIT("www.opengis.net/gml"), NS_GML},
    {STR_INIT("www.w3.org/2003/01/geo/wgs84_pos"), NS_GEO},
    {STR_INIT("purl.org/syndication/thread/"), NS_THREAD},
    {STR_INIT("webns.net/mvcb"), NS_ADMIN},
    {STR_INIT("github.com/Podcastindex-org/podcast-namespace"), NS_PODCAST},
    {STR_INIT("raw.githubusercontent.com/Podcastindex-org/"), NS_PODCAST},
};

static const struct known prefixes[] = {
    {STR_INIT("atom"), NS_ATOM},
    {STR_INIT("atom10"), NS_ATOM},
    {STR_INIT("dc"), NS_DC},
    {STR_INIT("dcterms"), NS_DC},
    {STR_INIT("content"), NS_CONTENT},
    {STR_INIT("media"), NS_MEDIA},
    {STR_INIT("itunes"), NS_ITUNES},
    {STR_INIT("sy"), NS_SYNDICATION},
    {STR_INIT("rdf"), NS_RDF},
    {STR_INIT("xhtml"), NS_XHTML},
    {STR_INIT("rss"), NS_RSS},
    {STR_INIT("slash"), NS_SLASH},
    {STR_INIT("wfw"), NS_WFW},
    {STR_INIT("feedburner"), NS_FEEDBURNER},
    {STR_INIT("xml"), NS_XML},
    {STR_INIT("podcast"), NS_PODCAST},
    {STR_INIT("psc"), NS_PSC},
    {STR_INIT("georss"), NS_GEORSS},
    {STR_INIT("gml"), NS_GML},
    {STR_INIT("geo"), NS_GEO},
    {STR_INIT("thr"), NS_THREAD},
    {STR_INIT("creativeCommons"), NS_LICENSE},
    {STR_INIT("googleplay"), NS_GOOGLEPLAY},
};

/* "http" and "https" alike: what stands behind "://". */
static struct str without_scheme(struct str uri)
{
    size_t at = uri.p != NULL ? str_find(uri, STR("://"), 0) : SIZE_MAX;

    return at == SIZE_MAX || at > 5 ? uri : str_slice(uri, at + 3, uri.n);
}

enum ns ns_of(struct str uri, struct str prefix)
{
    if (uri.p == NULL && prefix.p == NULL)
        return NS_NONE;
    uri = without_scheme(str_trim(uri));
    for (size_t i = 0; i < ARRAY_LEN(addresses); i++)
        if (uri.n > 0 && (uri.p[0] | 0x20) == (addresses[i].name.p[0] | 0x20) &&
            str_has_prefix_nocase(uri, addresses[i].name))
            return addresses[i].ns;
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
        if (prefix.p != NULL && str_eq_nocase(prefix, prefixes[i].name))
            return prefixes[i].ns;
    return NS_UNKNOWN;
}
