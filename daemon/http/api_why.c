/* As `newsmq why ID|URL --json`. */
#include "api.h"

static void ask(const struct http_request *r, struct question *ret)
{
    struct str item = http_query(r, "item");

    if (item.n > 0)
        *ret = (struct question){ASK_WHY, item};
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    const struct known *why = http_asked(r);

    (void)h;
    if (http_query(r, "item").n == 0)
        return http_json_error(r, 400, out, "which item? /api/why?item=ID-OR-URL");
    if (why->json == NULL)
        return api_fault(r, why, out);
    return api_answer(r, json_incref((json_t *)why->json), out);
}

const struct http_route http_route_api_why = {
    .path = "/api/why",
    .type = API_TYPE,
    .ask = ask,
    .answer = answer,
};
