/* The newest records, in short: ?limit ?before ?feed ?group ?with. */
#include "api.h"

#define MOST 500

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    struct digest_filter f = DIGEST_ALL;
    struct digest_item items[MOST];
    struct jsonw j = jsonw_to(out);
    size_t n;

    f.feed = http_query(r, "feed");
    f.group = http_query(r, "group");
    f.contains = http_query(r, "with");
    f.before_seq = http_query_number(r, "before", UINT64_MAX, 0);
    n = digest_newest(http_digest(h), &f, items, api_limit(r, MOST, 50));
    jsonw_object(&j);
    jsonw_key(&j, "records");
    jsonw_array(&j);
    for (size_t i = 0; i < n; i++)
        api_item(&j, &items[i]);
    jsonw_array_end(&j);
    jsonw_key(&j, "before"); /* where the next page begins */
    if (n > 0)
        jsonw_u64(&j, items[n - 1].seq);
    else
        jsonw_null(&j);
    return api_end(r, &j, out);
}

const struct http_route http_route_api_records = {
    .path = "/api/records",
    .type = API_TYPE,
    .answer = answer,
};
