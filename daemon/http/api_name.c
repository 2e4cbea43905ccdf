/* One entity: when, with whom, where, in which records. */
#include "api.h"

#define MOST 50

static void put_with(struct http *h, struct jsonw *j, struct str key)
{
    struct digest_entity with[MOST];
    size_t n = digest_entity_with(http_digest(h), key, with, MOST);

    jsonw_key(j, "with");
    jsonw_array(j);
    for (size_t i = 0; i < n; i++) {
        jsonw_object(j);
        jsonw_member_str(j, "key", with[i].key);
        jsonw_member_str(j, "name", with[i].name);
        jsonw_member_u64(j, "records", with[i].records);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void put_feeds(struct http *h, struct jsonw *j, struct str key,
                      const struct digest_axis *days)
{
    struct digest_feed feeds[MOST];
    size_t n = digest_entity_feeds(http_digest(h), key, days, feeds, MOST);

    jsonw_key(j, "in_feeds");
    jsonw_array(j);
    for (size_t i = 0; i < n && i < MOST; i++) {
        jsonw_object(j);
        jsonw_member_str(j, "feed", feeds[i].id);
        jsonw_member_u64(j, "records", feeds[i].records);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void put_rest(struct http *h, struct jsonw *j, struct str key,
                     const struct digest_axis *days)
{
    uint32_t counts[DIGEST_STEPS] = {0};
    struct digest_item items[MOST];
    struct str aliases[MOST];
    size_t n = digest_entity_aliases(http_digest(h), key, aliases, MOST);

    jsonw_key(j, "aliases");
    jsonw_array(j);
    for (size_t i = 0; i < n && i < MOST; i++)
        jsonw_str(j, aliases[i]);
    jsonw_array_end(j);
    (void)digest_entity_counts(http_digest(h), key, days, counts); /* it is there */
    jsonw_key(j, "days"); /* the last one is today */
    jsonw_array(j);
    for (size_t i = 0; i < days->n; i++)
        jsonw_u64(j, counts[i]);
    jsonw_array_end(j);
    n = digest_entity_items(http_digest(h), key, items, MOST);
    jsonw_key(j, "newest");
    jsonw_array(j);
    for (size_t i = 0; i < n && i < MOST; i++)
        api_item(j, &items[i]);
    jsonw_array_end(j);
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    struct digest_axis days = digest_days(http_now_ms(h), 30);
    struct jsonw j = jsonw_to(out);
    struct digest_entity e;

    if (!digest_entity(http_digest(h), http_rest(r), &e))
        return http_json_error(r, 404, out,
                               "none of the newest records has it; a key is TYPE:name");
    jsonw_object(&j);
    api_entity(&j, &e);
    put_with(h, &j, e.key);
    put_feeds(h, &j, e.key, &days);
    put_rest(h, &j, e.key, &days);
    return api_end(r, &j, out);
}

const struct http_route http_route_api_name = {
    .path = "/api/name/",
    .type = API_TYPE,
    .answer = answer,
};
