/* Does it live, does it work: for load balancers, and for people with curl. */
#include "facts.h"
#include "ready.h"
#include "route.h"

/* ?live=1: whether it should be started again; without it, whether it does its work. */
static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    bool asks_live = http_query(r, "live").p != NULL;
    struct ready ready;
    struct facts facts;

    facts_take(&facts, h);
    ready_judge(&ready, &facts);
    facts_fini(&facts);
    if (ready_write(&ready, out) < 0)
        return 500;
    return (asks_live ? ready.is_live : ready.is_ready) ? 200 : 503;
}

const struct http_route http_route_healthz = {
    .path = "/healthz",
    .type = "application/json",
    .needs = FACTS_NEEDS,
    .answer = answer,
};
