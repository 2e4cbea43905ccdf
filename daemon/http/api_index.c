/* What there is to ask; also the answer to what there is not. */
#include "api.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    static const char *const paths[] = {
        "/api/status", "/api/feeds",    "/api/feed/ID",      "/api/why?item=ID-OR-URL",
        "/api/dead",   "/api/heads",    "/api/records",      "/api/record/ID-OR-URL",
        "/api/names",  "/api/name/KEY", "/api/trends?by=day"};
    struct jsonw j = jsonw_to(out);

    (void)h;
    if (http_rest(r).n > 0)
        return http_json_error(r, 404, out, "there is nothing here; /api/ lists what is");
    jsonw_object(&j);
    jsonw_key(&j, "paths");
    jsonw_array(&j);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        jsonw_cstr(&j, paths[i]);
    jsonw_array_end(&j);
    return api_end(r, &j, out);
}

const struct http_route http_route_api_index = {
    .path = "/api/",
    .type = API_TYPE,
    .answer = answer,
};
