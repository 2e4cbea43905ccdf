/* As the hub's call `heads` (docs/wire.md). */
#include "api.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    const struct known *known = http_known(h, SOURCE_HEADS);

    if (known->json == NULL)
        return api_fault(r, known, out);
    return api_answer(r, json_incref((json_t *)known->json), out);
}

const struct http_route http_route_api_heads = {
    .path = "/api/heads",
    .type = API_TYPE,
    .needs = NEED(SOURCE_HEADS),
    .answer = answer,
};
