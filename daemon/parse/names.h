/* names.h - the namespaces that feeds use, by their many spellings */
#ifndef NEWSMQ_PARSE_NAMES_H
#define NEWSMQ_PARSE_NAMES_H

#include "newsmq/str.h"

enum ns {
    NS_NONE, /* no namespace: the format's own */
    NS_RSS,
    NS_RDF,
    NS_ATOM,
    NS_DC,
    NS_CONTENT,
    NS_MEDIA,
    NS_ITUNES,
    NS_SYNDICATION,
    NS_XHTML,
    NS_XML,
    NS_SLASH,
    NS_WFW,
    NS_FEEDBURNER,
    NS_PODCAST,
    NS_GOOGLEPLAY,
    NS_PSC, /* Podlove's simple chapters */
    NS_GEORSS,
    NS_GML,
    NS_GEO,    /* the W3C's */
    NS_THREAD, /* RFC 4685 */
    NS_LICENSE,
    NS_ADMIN,
    NS_UNKNOWN,
};

/* By the address; when that is unknown or absent (a prefix nobody declared), by the
   prefix that everybody uses for it. */
enum ns ns_of(struct str uri, struct str prefix);

#endif
