/* The most frequent entities: ?type ?feed ?group ?limit. */
#include <stdlib.h>

#include "newsmq/mem.h"

#include "api.h"

#define MOST 500

static int type_of(struct str name)
{
    static const char *const types[] = {"PER", "ORG", "LOC", "EVENT", "MISC"};

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_eq_nocase(name, str_of(types[i])))
            return (int)i;
    return -1;
}

static unsigned answer(struct http *h, struct http_request *r, struct strbuf *out)
{
    struct digest_entity *list = mem_new_array(MOST, sizeof *list);
    struct digest_filter f = DIGEST_ALL;
    struct jsonw j = jsonw_to(out);
    unsigned status;
    size_t n;

    f.type = type_of(http_query(r, "type"));
    f.feed = http_query(r, "feed");
    f.group = http_query(r, "group");
    n = digest_entities(http_digest(h), &f, list, api_limit(r, MOST, 50));
    jsonw_object(&j);
    jsonw_key(&j, "names");
    jsonw_array(&j);
    for (size_t i = 0; i < n; i++) {
        jsonw_object(&j);
        api_entity(&j, &list[i]);
        jsonw_object_end(&j);
    }
    jsonw_array_end(&j);
    status = api_end(r, &j, out);
    free(list);
    return status;
}

const struct http_route http_route_api_names = {
    .path = "/api/names",
    .type = API_TYPE,
    .answer = answer,
};
