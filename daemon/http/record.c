#include "newsmq/digest.h"

#include "record.h"

void record_ask(const struct http_request *r, struct question *ret)
{
    *ret = (struct question){ASK_RECORD, http_rest(r)};
}

json_t *record_get(struct http *h, struct http_request *r)
{
    json_t *record = json_object_get(http_asked(r)->json, "record");
    struct digest_item item;

    if (json_is_object(record))
        return json_incref(record);
    if (digest_find(http_digest(h), http_rest(r), &item) && item.json.p != NULL)
        return json_loadb(item.json.p, item.json.n, 0, NULL);
    return NULL;
}
