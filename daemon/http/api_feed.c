/* As `newsmq why FEED --json`. */
#include "api.h"
#include "feedlist.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    const struct known *known = http_known(h, SOURCE_FEEDS);
    const struct feed_line *line;
    struct feed_list feeds;
    unsigned status;

    if (known->json == NULL)
        return api_fault(r, known, out);
    feed_list_init(&feeds, h);
    line = feed_list_find(&feeds, http_rest(r));
    if (line == NULL)
        status = http_json_error(r, 404, out, "no such feed; /api/feeds lists them");
    else if (line->row.feed == NULL)
        status = api_answer(r, feed_row_json(&line->row), out);
    else
        status = api_answer(r, feed_row_why_json(&line->row, http_now_ms(h)), out);
    feed_list_fini(&feeds);
    return status;
}

const struct http_route http_route_api_feed = {
    .path = "/api/feed/",
    .type = API_TYPE,
    .needs = NEED(SOURCE_FEEDS),
    .answer = answer,
};
