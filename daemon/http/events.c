/* The stream that keeps open pages up to date. */
#include "live.h"
#include "route.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    uint64_t at_ms = http_query_number(r, "at", INT64_MAX, 0);
    struct str last = http_header(r, "Last-Event-ID");
    uint64_t seen_ms;

    if (str_to_u64(last, &seen_ms) && seen_ms <= INT64_MAX && seen_ms > at_ms)
        at_ms = seen_ms;
    live_begin(http_live(h), h, (int64_t)at_ms, out);
    if (http_stream(r, out))
        return HTTP_STREAMS;
    strbuf_reset(out);
    (void)strbuf_add_text(out, "too many open pages (http.max_streams)\n"); /* short */
    http_set_type(r, "text/plain; charset=utf-8");
    return 503;
}

const struct http_route http_route_events = {
    .path = "/events",
    .needs = NEED(SOURCE_STATUS) | NEED(SOURCE_FEEDS) | NEED(SOURCE_METRICS) |
             NEED(SOURCE_NEWSMQD),
    .answer = answer,
};
