#include <stdlib.h>

#include "newsmq/url.h"

#include "link_header.h"
#include "websub_discover.h"

/* NULL when it is no http(s) URL. */
static char *absolute(struct str base, struct str reference)
{
    struct strbuf out = {.max = URL_MAX_BYTES};
    char *url = NULL;

    if (reference.n > 0 && url_resolve(base, reference, &out, NULL) == 0 &&
        url_is_http(strbuf_str(&out)))
        url = strbuf_take(&out);
    strbuf_fini(&out);
    return url;
}

/* The first of the two that is a URL. */
static char *first_url(struct str base, struct str a, struct str b)
{
    char *url = absolute(base, a);

    return url != NULL ? url : absolute(base, b);
}

void websub_discover(struct str links, const struct feed_meta *m, struct str url,
                     char **ret_hub, char **ret_topic)
{
    struct str none = {0};

    *ret_topic = NULL;
    *ret_hub =
        first_url(url, link_header_find(links, STR("hub")), m != NULL ? m->hub : none);
    if (*ret_hub == NULL)
        return;
    *ret_topic =
        first_url(url, link_header_find(links, STR("self")), m != NULL ? m->self : none);
    if (*ret_topic == NULL)
        *ret_topic = absolute(url, url);
    if (*ret_topic == NULL) { /* a file */
        free(*ret_hub);
        *ret_hub = NULL;
    }
}
