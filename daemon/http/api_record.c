/* One record, as it was written. */
#include "api.h"
#include "record.h"

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    json_t *record = record_get(h, r);

    if (record != NULL)
        return api_answer(r, record, out);
    if (http_asked(r)->fault.code != 0)
        return api_fault(r, http_asked(r), out);
    return http_json_error(r, 404, out,
                           "no record of it is kept; /api/why says what is known");
}

const struct http_route http_route_api_record = {
    .path = "/api/record/",
    .type = API_TYPE,
    .ask = record_ask,
    .answer = answer,
};
