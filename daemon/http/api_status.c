/* As `newsmq status --json`. */
#include "newsmq/ask.h"

#include "api.h"

/* As cmd_status.c judges. */
static json_t *fresh(const struct known *k)
{
    return k->fault.code == 0 && k->json != NULL ? json_incref((json_t *)k->json)
                                                 : json_null();
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    const struct known *hub = http_known(h, SOURCE_STATUS);
    json_t *all = json_object();
    json_t *of_hub = fresh(hub), *of_newsmqd = fresh(http_known(h, SOURCE_NEWSMQD));

    (void)json_object_set_new(
        all, "ok",
        json_boolean(ask_is_well(json_is_null(of_newsmqd) ? NULL : of_newsmqd,
                                 json_is_null(of_hub) ? NULL : of_hub)));
    (void)json_object_set_new(all, "newsmqd", of_newsmqd);
    (void)json_object_set_new(all, "hub", of_hub);
    if (hub->fault.code != 0)
        (void)json_object_set_new(all, "no_hub", json_string(hub->fault.text));
    return api_answer(r, all, out);
}

const struct http_route http_route_api_status = {
    .path = "/api/status",
    .type = API_TYPE,
    .needs = NEED(SOURCE_STATUS) | NEED(SOURCE_NEWSMQD),
    .answer = answer,
};
