/* Rising entities: ?by=day or hour, ?limit. */
#include "api.h"

#define MOST 200

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    bool is_hours = str_eq(http_query(r, "by"), STR("hour"));
    struct digest_axis axis =
        is_hours ? digest_hours(http_now_ms(h), 24) : digest_days(http_now_ms(h), 14);
    struct digest_entity list[MOST];
    size_t n = digest_trends(http_digest(h), &axis, list, api_limit(r, MOST, 50));
    struct jsonw j = jsonw_to(out);

    jsonw_object(&j);
    jsonw_member_cstr(&j, "by", is_hours ? "hour" : "day");
    jsonw_key(&j, "rising");
    jsonw_array(&j);
    for (size_t i = 0; i < n && i < MOST; i++) {
        jsonw_object(&j);
        jsonw_member_str(&j, "key", list[i].key);
        jsonw_member_str(&j, "name", list[i].name);
        jsonw_member_u64(&j, "records", list[i].records);
        jsonw_member_u64(&j, "before", list[i].before);
        jsonw_key(&j, "surprise");
        jsonw_f(&j, list[i].surprise, 2);
        jsonw_object_end(&j);
    }
    jsonw_array_end(&j);
    return api_end(r, &j, out);
}

const struct http_route http_route_api_trends = {
    .path = "/api/trends",
    .type = API_TYPE,
    .answer = answer,
};
