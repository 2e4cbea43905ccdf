/* A record read into a draft. What is missing, of a wrong type or too long is left out;
   only what is no record is refused. */
#include <jansson.h>
#include <math.h>

#include "newsmq/text.h"

#include "private.h"

#define LINE_MAX   ((size_t)32 << 20)
#define LEAD_BYTES 300
#define URL_BYTES  2000

static struct str text_of(const json_t *value, size_t max)
{
    struct str s = {NULL, 0};

    if (json_is_string(value)) {
        s = (struct str){json_string_value(value), json_string_length(value)};
        if (s.n > max)
            s = str_head(s, max);
    }
    return s;
}

static struct str member(const json_t *object, const char *key, size_t max)
{
    return text_of(json_object_get(object, key), max);
}

/* A text that says nothing when it is cut. */
static struct str whole_member(const json_t *object, const char *key, size_t max)
{
    struct str s = member(object, key, SIZE_MAX);

    return s.n <= max ? s : (struct str){NULL, 0};
}

static int64_t time_of(const json_t *object, const char *key)
{
    struct date date = date_read(member(object, key, 64));

    return date.known ? date.ms : 0;
}

static enum entity_type type_of(struct str name)
{
    for (enum entity_type t = ENTITY_PER; t < ENTITY_MISC; t++)
        if (str_eq(name, str_of(entity_type_name(t))))
            return t;
    return ENTITY_MISC; /* types that are not known count as it (docs/record.md) */
}

static void read_geo(const json_t *geo, struct draft_entity *en)
{
    const json_t *lat = json_object_get(geo, "lat"), *lon = json_object_get(geo, "lon");

    if (!json_is_number(lat) || !json_is_number(lon))
        return;
    en->lat = json_number_value(lat);
    en->lon = json_number_value(lon);
    en->has_geo = fabs(en->lat) <= 90 && fabs(en->lon) <= 180;
    en->country = whole_member(geo, "country", 3);
}

static void read_entity(const json_t *value, struct draft_entity *en)
{
    const json_t *aliases = json_object_get(value, "aliases");
    size_t n = json_array_size(json_object_get(value, "mentions"));

    *en = (struct draft_entity){
        .id = member(value, "id", 16),
        .name = whole_member(value, "name", NAME_BYTES),
        .type = type_of(member(value, "type", 16)),
        .subtype = whole_member(value, "subtype", 11),
        .uri = whole_member(value, "uri", URL_BYTES),
        .wikidata = whole_member(value, "wikidata", 15),
        .mentions = n > 0 && n < UINT32_MAX ? (uint32_t)n : 1,
    };
    read_geo(json_object_get(value, "geo"), en);
    for (size_t i = 0; i < json_array_size(aliases) && en->n_aliases < ENTITY_ALIASES;
         i++)
        en->aliases[en->n_aliases++] = text_of(json_array_get(aliases, i), NAME_BYTES);
}

static void read_nlp(const json_t *nlp, struct draft *f)
{
    const json_t *entities = json_object_get(nlp, "entities");
    const json_t *quotes = json_object_get(nlp, "quotes");
    struct str status = member(nlp, "status", 16);
    struct str language = member(json_object_get(nlp, "language"), "code", 16);

    f->is_failed = str_eq(status, STR("failed")) || str_eq(status, STR("partial"));
    if (language.n > 0)
        f->language = language;
    for (size_t i = 0; i < json_array_size(entities) && f->n_entities < RECORD_ENTITIES;
         i++) {
        read_entity(json_array_get(entities, i), &f->entities[f->n_entities]);
        f->n_entities += f->entities[f->n_entities].name.n > 0;
    }
    for (size_t i = 0; i < json_array_size(quotes) && f->n_quotes < RECORD_QUOTES; i++) {
        const json_t *q = json_array_get(quotes, i);

        f->quotes[f->n_quotes] = (struct draft_quote){
            member(q, "text", 600), member(q, "cue", 60), member(q, "speaker", 16)};
        f->n_quotes += f->quotes[f->n_quotes].text.n > 0;
    }
}

static void read_item(const json_t *tree, struct draft *f)
{
    const json_t *feed = json_object_get(tree, "feed");
    const json_t *revision = json_object_get(tree, "revision");
    const json_t *seq = json_object_get(json_object_get(tree, "sink"), "seq");
    struct str text = member(tree, "content_text", SIZE_MAX);
    struct str status = member(json_object_get(tree, "dedup"), "status", 20);

    f->id = whole_member(tree, "id", 64);
    f->title = member(tree, "title", 300);
    f->url = whole_member(tree, "url", URL_BYTES);
    f->lead = str_head(text, LEAD_BYTES);
    f->text_chars = (uint32_t)(text.p != NULL ? utf8_count(text) : 0);
    f->language = member(tree, "language", 16);
    f->feed = whole_member(feed, "id", 128);
    f->group = member(feed, "group", 128);
    f->feed_title = member(feed, "title", 200);
    f->seen_ms = time_of(tree, "date_seen");
    f->published_ms = time_of(tree, "date_published");
    f->revision = json_is_integer(revision) && json_integer_value(revision) > 0 &&
                          json_integer_value(revision) < UINT32_MAX
                      ? (uint32_t)json_integer_value(revision)
                      : 1;
    f->seq = json_is_integer(seq) && json_integer_value(seq) > 0
                 ? (uint64_t)json_integer_value(seq)
                 : 0;
    f->is_duplicate =
        str_eq(status, STR("exact_duplicate")) || str_eq(status, STR("near_duplicate"));
}

int draft_read(struct draft *f, struct str json, struct err *e)
{
    json_error_t fault;
    struct str schema;

    *f = (struct draft){0};
    if (json.n > LINE_MAX)
        return err_set(e, ERR_LIMIT, "longer than %zu bytes", LINE_MAX);
    f->tree = json_loadb(json.p != NULL ? json.p : "", json.n, 0, &fault);
    if (f->tree == NULL)
        return err_set(e, ERR_FORMAT, "JSON at byte %d: %s", fault.position, fault.text);
    schema = member(f->tree, "schema", 32);
    if (!str_eq(schema, STR("record/1")))
        return err_set(e, ERR_FORMAT, "no record/1, but '" STR_FMT "'", STR_ARG(schema));
    read_item(f->tree, f);
    read_nlp(json_object_get(f->tree, "nlp"), f);
    if (f->id.n == 0 || f->feed.n == 0)
        return err_set(e, ERR_FORMAT, "a record without %s",
                       f->id.n == 0 ? "id" : "feed.id");
    return 0;
}

void draft_fini(struct draft *f)
{
    json_decref(f->tree);
    f->tree = NULL;
}
