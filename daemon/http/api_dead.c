/* As `newsmq dead --json`: the newest 1,000. */
#include "api.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    const struct known *known = http_known(h, SOURCE_DEAD);

    if (known->json == NULL)
        return api_fault(r, known, out);
    return api_answer(r, json_incref((json_t *)known->json), out);
}

const struct http_route http_route_api_dead = {
    .path = "/api/dead",
    .type = API_TYPE,
    .needs = NEED(SOURCE_DEAD),
    .answer = answer,
};
