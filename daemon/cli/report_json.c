/* The same as the page, for programs. */
#include <stdlib.h>

#include "newsmq/json.h"
#include "newsmq/mem.h"

#include "report.h"

#define FEEDS_MAX    10000
#define ENTITIES_MAX 200
#define WITH_MAX     12
#define QUOTES_MAX   500
#define NEWEST_MAX   100
#define TREND_DAYS   14

static void put_counts(struct jsonw *j, const uint32_t *counts, size_t n)
{
    jsonw_key(j, "counts");
    jsonw_array(j);
    for (size_t i = 0; i < n; i++)
        jsonw_u64(j, counts[i]);
    jsonw_array_end(j);
}

static void put_totals(struct jsonw *j, const struct report *r,
                       const struct digest_totals *t)
{
    jsonw_key(j, "totals");
    jsonw_object(j);
    jsonw_member_u64(j, "records", t->records);
    jsonw_member_u64(j, "duplicates", t->duplicates);
    jsonw_member_u64(j, "failed", t->failed);
    jsonw_member_u64(j, "feeds", t->feeds);
    jsonw_member_u64(j, "entities", t->entities);
    jsonw_member_u64(j, "mentions", t->mentions);
    jsonw_member_u64(j, "quotes", t->quotes);
    jsonw_member_u64(j, "text_chars", t->text_chars);
    jsonw_member_u64(j, "bad_lines", r->bad);
    jsonw_member_u64(j, "outside", r->outside);
    jsonw_member_u64(j, "left_out", t->left);
    jsonw_object_end(j);
}

static void put_feeds(struct jsonw *j, const struct report *r,
                      const struct digest_axis *axis)
{
    struct digest_feed *feeds = mem_new_array(FEEDS_MAX, sizeof *feeds);
    size_t n = digest_feeds(r->digest, axis, feeds, FEEDS_MAX);

    jsonw_key(j, "feeds");
    jsonw_array(j);
    for (size_t i = 0; i < n && i < FEEDS_MAX; i++) {
        jsonw_object(j);
        jsonw_member_str(j, "feed", feeds[i].id);
        jsonw_member_str(j, "group", feeds[i].group);
        jsonw_member_str(j, "title", feeds[i].title);
        jsonw_member_u64(j, "records", feeds[i].records);
        jsonw_member_u64(j, "duplicates", feeds[i].duplicates);
        jsonw_member_u64(j, "text_chars", feeds[i].text_chars);
        jsonw_member_time(j, "last", feeds[i].last_ms);
        put_counts(j, feeds[i].counts, axis->n);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
    free(feeds);
}

/* Without its end: more may follow. */
static void put_entity(struct jsonw *j, const struct digest_entity *e)
{
    jsonw_object(j);
    jsonw_member_str(j, "key", e->key);
    jsonw_member_cstr(j, "type", entity_type_name(e->type));
    jsonw_member_str(j, "name", e->name);
    jsonw_member_u64(j, "records", e->records);
    jsonw_member_u64(j, "mentions", e->mentions);
    jsonw_member_u64(j, "feeds", e->feeds);
    jsonw_member_time(j, "first", e->first_ms);
    jsonw_member_time(j, "last", e->last_ms);
    if (e->uri.n > 0)
        jsonw_member_str(j, "uri", e->uri);
    if (!e->has_geo)
        return;
    jsonw_key(j, "lat");
    jsonw_f(j, e->lat, 4);
    jsonw_key(j, "lon");
    jsonw_f(j, e->lon, 4);
    jsonw_member_str(j, "country", e->country);
}

static void put_with(struct jsonw *j, const struct report *r, struct str key)
{
    struct digest_entity with[WITH_MAX];
    size_t n = digest_entity_with(r->digest, key, with, WITH_MAX);

    jsonw_key(j, "with");
    jsonw_array(j);
    for (size_t i = 0; i < n && i < WITH_MAX; i++) {
        jsonw_object(j);
        jsonw_member_str(j, "key", with[i].key);
        jsonw_member_u64(j, "records", with[i].records);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
}

static void put_entities(struct jsonw *j, const struct report *r)
{
    struct digest_filter f = DIGEST_ALL;
    struct digest_entity *list = mem_new_array(ENTITIES_MAX, sizeof *list);
    size_t n = digest_entities(r->digest, &f, list, ENTITIES_MAX);

    jsonw_key(j, "entities");
    jsonw_array(j);
    for (size_t i = 0; i < n && i < ENTITIES_MAX; i++) {
        put_entity(j, &list[i]);
        put_with(j, r, list[i].key);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
    free(list);
}

static void put_rising(struct jsonw *j, const struct report *r, int64_t last_ms)
{
    struct digest_axis days = digest_days(last_ms, TREND_DAYS);
    struct digest_entity *list = mem_new_array(ENTITIES_MAX, sizeof *list);
    size_t n = digest_trends(r->digest, &days, list, ENTITIES_MAX);

    jsonw_key(j, "rising");
    jsonw_array(j);
    for (size_t i = 0; i < n && i < ENTITIES_MAX; i++) {
        put_entity(j, &list[i]);
        jsonw_member_u64(j, "before", list[i].before);
        jsonw_key(j, "surprise");
        jsonw_f(j, list[i].surprise, 2);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
    free(list);
}

static void put_item(struct jsonw *j, const struct digest_item *item)
{
    jsonw_member_str(j, "id", item->id);
    jsonw_member_str(j, "title", item->title);
    jsonw_member_str(j, "url", item->url);
    jsonw_member_str(j, "feed", item->feed);
    jsonw_member_time(j, "date_seen", item->seen_ms);
    jsonw_member_time(j, "date_published", item->published_ms);
}

static void put_quotes(struct jsonw *j, const struct report *r)
{
    struct digest_quote *quotes = mem_new_array(QUOTES_MAX, sizeof *quotes);
    size_t n = digest_quotes(r->digest, (struct str){NULL, 0}, quotes, QUOTES_MAX);

    jsonw_key(j, "quotes");
    jsonw_array(j);
    for (size_t i = 0; i < n && i < QUOTES_MAX; i++) {
        jsonw_object(j);
        jsonw_member_str(j, "text", quotes[i].text);
        jsonw_member_str(j, "speaker", quotes[i].speaker);
        jsonw_member_str(j, "speaker_key", quotes[i].speaker_key);
        put_item(j, &quotes[i].item);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
    free(quotes);
}

static void put_newest(struct jsonw *j, const struct report *r)
{
    struct digest_filter f = DIGEST_ALL;
    struct digest_item *items = mem_new_array(NEWEST_MAX, sizeof *items);
    size_t n = digest_newest(r->digest, &f, items, NEWEST_MAX);

    jsonw_key(j, "newest");
    jsonw_array(j);
    for (size_t i = 0; i < n && i < NEWEST_MAX; i++) {
        jsonw_object(j);
        put_item(j, &items[i]);
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
    free(items);
}

int report_json(const struct report *r, struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);
    struct digest_totals all;
    struct digest_axis axis;

    digest_totals(r->digest, &all);
    axis = report_axis(&all);
    jsonw_object(&j);
    jsonw_member_cstr(&j, "title", r->title);
    jsonw_member_time(&j, "first", all.first_ms);
    jsonw_member_time(&j, "last", all.last_ms);
    put_totals(&j, r, &all);
    jsonw_member_time(&j, "counts_end", axis.end_ms);
    jsonw_member_i64(&j, "counts_step_ms", axis.step_ms);
    put_feeds(&j, r, &axis);
    put_rising(&j, r, all.last_ms);
    put_entities(&j, r);
    put_quotes(&j, r);
    put_newest(&j, r);
    jsonw_object_end(&j);
    return j.rc;
}
