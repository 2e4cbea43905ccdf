/* Is it alive, and does it work: for load balancers and for people with curl. */
#include "newsmq/json.h"

#include "route.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    const struct known *hub = http_known(h, SOURCE_STATUS);
    bool is_ready = hub->fault.code == 0 && hub->json != NULL;
    struct jsonw j = jsonw_to(out);

    (void)r;
    jsonw_object(&j);
    jsonw_member_bool(&j, "live", true);
    jsonw_member_bool(&j, "ready", is_ready);
    jsonw_key(&j, "reasons");
    jsonw_array(&j);
    if (!is_ready)
        jsonw_cstr(&j, hub->fault.text);
    jsonw_array_end(&j);
    jsonw_object_end(&j);
    (void)strbuf_add_char(out, '\n'); /* far below its maximum */
    return is_ready ? 200 : 503;
}

const struct http_route http_route_healthz = {
    .path = "/healthz",
    .type = "application/json",
    .needs = NEED(SOURCE_STATUS),
    .answer = answer,
};
