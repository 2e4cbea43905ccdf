/* For a Prometheus that scrapes. */
#include "exposition.h"
#include "facts.h"
#include "prom.h"
#include "ready.h"
#include "route.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    struct ready ready;
    struct facts facts;
    int rc;

    facts_take(&facts, h);
    ready_judge(&ready, &facts);
    rc = exposition_write(&facts, &ready, out);
    facts_fini(&facts);
    return rc == 0 ? 200
                   : http_json_error(r, 500, out, "more metrics than there is room");
}

const struct http_route http_route_metrics = {
    .path = "/metrics",
    .type = PROM_TYPE,
    .needs = FACTS_NEEDS,
    .answer = answer,
};
