/* As `newsmq feeds --json`. */
#include "api.h"
#include "feedlist.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    const struct known *known = http_known(h, SOURCE_FEEDS);
    json_t *all, *list;
    struct feed_list feeds;

    if (known->json == NULL)
        return api_fault(r, known, out);
    all = json_object();
    list = json_array();
    feed_list_init(&feeds, h);
    for (size_t i = 0; i < feeds.n; i++)
        (void)json_array_append_new(list, feed_row_json(&feeds.lines[i].row));
    feed_list_fini(&feeds);
    (void)json_object_set_new(all, "feeds", list);
    return api_answer(r, all, out);
}

const struct http_route http_route_api_feeds = {
    .path = "/api/feeds",
    .type = API_TYPE,
    .needs = NEED(SOURCE_FEEDS),
    .answer = answer,
};
