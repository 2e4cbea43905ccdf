#include <stdlib.h>

#include "api.h"

unsigned api_answer(struct http_request *r, json_t *json, struct strbuf *out)
{
    char *text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);
    bool fits = text != NULL && strbuf_add_text(out, text) == 0 &&
                strbuf_add_char(out, '\n') == 0;

    free(text);
    json_decref(json);
    return fits ? 200 : http_json_error(r, 500, out, "too large an answer");
}

unsigned api_fault(struct http_request *r, const struct known *k, struct strbuf *out)
{
    return http_json_error(r, 503, out, "%s", k->fault.text);
}

unsigned api_end(struct http_request *r, struct jsonw *j, struct strbuf *out)
{
    jsonw_object_end(j);
    if (j->rc == 0 && strbuf_add_char(out, '\n') == 0)
        return 200;
    return http_json_error(r, 500, out, "too large an answer");
}

size_t api_limit(const struct http_request *r, size_t max, size_t otherwise)
{
    uint64_t n = http_query_number(r, "limit", max, otherwise);

    return n > 0 ? (size_t)n : otherwise;
}

void api_item(struct jsonw *j, const struct digest_item *item)
{
    jsonw_object(j);
    jsonw_member_str(j, "id", item->id);
    jsonw_member_u64(j, "seq", item->seq);
    jsonw_member_u64(j, "revision", item->revision);
    jsonw_member_str(j, "title", item->title);
    jsonw_member_str(j, "url", item->url);
    jsonw_member_str(j, "feed", item->feed);
    jsonw_member_str(j, "group", item->group);
    jsonw_member_str(j, "language", item->language);
    jsonw_member_time(j, "date_seen", item->seen_ms);
    jsonw_member_time(j, "date_published", item->published_ms);
    jsonw_member_str(j, "lead", item->lead);
    jsonw_member_u64(j, "text_chars", item->text_chars);
    jsonw_member_u64(j, "entities", item->entities);
    jsonw_member_u64(j, "quotes", item->quotes);
    jsonw_member_bool(j, "duplicate", item->is_duplicate);
    jsonw_object_end(j);
}

void api_entity(struct jsonw *j, const struct digest_entity *e)
{
    static const char *const types[] = {"PER", "ORG", "LOC", "EVENT", "MISC"};

    jsonw_member_str(j, "key", e->key);
    jsonw_member_cstr(j, "type", types[e->type]);
    jsonw_member_str(j, "name", e->name);
    jsonw_member_str(j, "subtype", e->subtype);
    jsonw_member_str(j, "uri", e->uri);
    jsonw_member_str(j, "wikidata", e->wikidata);
    jsonw_member_str(j, "country", e->country);
    jsonw_key(j, "geo");
    if (e->has_geo) {
        jsonw_object(j);
        jsonw_key(j, "lat");
        jsonw_f(j, e->lat, 5);
        jsonw_key(j, "lon");
        jsonw_f(j, e->lon, 5);
        jsonw_object_end(j);
    } else {
        jsonw_null(j);
    }
    jsonw_member_u64(j, "records", e->records);
    jsonw_member_u64(j, "mentions", e->mentions);
    jsonw_member_u64(j, "feeds", e->feeds);
    jsonw_member_time(j, "first", e->first_ms);
    jsonw_member_time(j, "last", e->last_ms);
}
