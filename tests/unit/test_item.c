#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

#include "newsmq/item.h"
#include "newsmq/json.h"

static struct person authors[] = {
    {STR_INIT("Zoë \"Z\" Ångström"), STR_INIT("https://example.org/z"),
     STR_INIT("https://example.org/z.png"), STR_INIT("z@example.org")},
    {.name = STR_INIT("A. N. Other")},
};
static struct str tags[] = {STR_INIT("a\\b"), STR_INIT(""), STR_INIT("日本")};
static struct str derived[] = {STR_INIT("title")};
static struct attachment attachments[] = {
    {STR_INIT("https://example.org/a.mp3"), STR_INIT("audio/mpeg"), 12345678901, 61.5},
    {STR_INIT("https://example.org/b"), {NULL, 0}, -1, -1},
};
static const struct label labels[] = {{STR_INIT("tier"), STR_INIT("1")},
                                      {STR_INIT("a \"b\""), STR_INIT("c\td")}};
static const struct str warnings[] = {STR_INIT("line 3: odd")};

static struct item full(void)
{
    return (struct item){
        .id = STR("h7agbof2tvnslbbx76hdyv3yia"),
        .id_basis = ID_TITLE_DATE,
        .content_hash = STR("sha256:00"),
        .feed_hash = STR("sha256:22"),
        .guid = STR("tag:1"),
        .url = STR("https://example.org/1?a=\\\"x"),
        .canonical_url = STR("https://example.org/1"),
        .title = STR("Tab\there “and” there"),
        .content_text = STR("One.\n\nTwo \xF0\x9F\x98\x80 \x01.\r\b\f"),
        .content_html = STR("<p>One.</p>"),
        .summary = STR(""),
        .image = STR("https://example.org/i.png"),
        .language = STR("en-GB"),
        .content_source = CONTENT_PAGE,
        .content_truncated = true,
        .authors = authors,
        .n_authors = ARRAY_LEN(authors),
        .tags = tags,
        .n_tags = ARRAY_LEN(tags),
        .attachments = attachments,
        .n_attachments = ARRAY_LEN(attachments),
        .image_width = 640,
        .image_height = 360,
        .place = {true, 13.4, 52.5, STR("Berlin")},
        .episode = {7, 1.5, STR("bonus"), true},
        .date_published_ms = 1700000000123,
        .date_modified_ms = -86400000,
        .date_seen_ms = 1795448402113,
        .date_note = DATE_ZONE_GUESSED,
        .derived = derived,
        .n_derived = ARRAY_LEN(derived),
        .feed = {STR("bbc"), STR("https://example.org/feed"), STR("The feed"),
                 STR("https://example.org/"), STR("rss2.0"), STR("wire"), labels,
                 ARRAY_LEN(labels)},
        .fetch = {.time_ms = 1795448402108,
                  .id = STR("f-1"),
                  .url = STR("https://example.org/feed"),
                  .http_status = 200,
                  .http_version = STR("2"),
                  .etag = STR("\"5f3\""),
                  .last_modified = STR("Mon"),
                  .content_type = STR("text/xml"),
                  .charset = STR("utf-8"),
                  .body_sha256 = STR("sha256:11"),
                  .bytes = 48213,
                  .duration_ms = 84.2,
                  .parse_warnings = warnings,
                  .n_parse_warnings = 1,
                  .page = {PAGE_SHORTER, 1795448402110, STR("https://example.org/1"), 200,
                           4711, STR("12 of 40 words")}},
    };
}

static void assert_str(struct str a, struct str b)
{
    assert_int_equal(a.p == NULL, b.p == NULL);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.p != NULL ? a.p : "", b.p != NULL ? b.p : "", a.n);
}

static void assert_texts(const struct str *a, size_t n, const struct str *b, size_t m)
{
    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++)
        assert_str(a[i], b[i]);
}

static void assert_people(const struct item *a, const struct item *b)
{
    assert_int_equal(a->n_authors, b->n_authors);
    for (size_t i = 0; i < a->n_authors; i++) {
        assert_str(a->authors[i].name, b->authors[i].name);
        assert_str(a->authors[i].url, b->authors[i].url);
        assert_str(a->authors[i].avatar, b->authors[i].avatar);
        assert_str(a->authors[i].email, b->authors[i].email);
    }
    assert_int_equal(a->n_attachments, b->n_attachments);
    for (size_t i = 0; i < a->n_attachments; i++) {
        const struct attachment *x = &a->attachments[i], *y = &b->attachments[i];

        assert_str(x->url, y->url);
        assert_str(x->mime_type, y->mime_type);
        assert_int_equal(x->size_in_bytes, y->size_in_bytes);
        assert_true(x->duration_in_seconds == y->duration_in_seconds);
    }
}

static void assert_modules(const struct item *a, const struct item *b)
{
    assert_int_equal(a->image_width, b->image_width);
    assert_int_equal(a->image_height, b->image_height);
    assert_int_equal(a->place.known, b->place.known);
    assert_true(a->place.longitude == b->place.longitude);
    assert_true(a->place.latitude == b->place.latitude);
    assert_str(a->place.name, b->place.name);
    assert_true(a->episode.number == b->episode.number);
    assert_true(a->episode.season == b->episode.season);
    assert_str(a->episode.type, b->episode.type);
    assert_int_equal(a->episode.is_explicit, b->episode.is_explicit);
}

static void assert_origin(const struct item *a, const struct item *b)
{
    assert_str(a->feed.id, b->feed.id);
    assert_str(a->feed.url, b->feed.url);
    assert_str(a->feed.title, b->feed.title);
    assert_str(a->feed.site, b->feed.site);
    assert_str(a->feed.format, b->feed.format);
    assert_str(a->feed.group, b->feed.group);
    assert_int_equal(a->feed.n_labels, b->feed.n_labels);
    for (size_t i = 0; i < a->feed.n_labels; i++) {
        assert_str(a->feed.labels[i].key, b->feed.labels[i].key);
        assert_str(a->feed.labels[i].value, b->feed.labels[i].value);
    }
    assert_int_equal(a->fetch.time_ms, b->fetch.time_ms);
    assert_str(a->fetch.id, b->fetch.id);
    assert_str(a->fetch.url, b->fetch.url);
    assert_int_equal(a->fetch.http_status, b->fetch.http_status);
    assert_str(a->fetch.http_version, b->fetch.http_version);
    assert_str(a->fetch.etag, b->fetch.etag);
    assert_str(a->fetch.last_modified, b->fetch.last_modified);
    assert_str(a->fetch.content_type, b->fetch.content_type);
    assert_str(a->fetch.charset, b->fetch.charset);
    assert_str(a->fetch.body_sha256, b->fetch.body_sha256);
    assert_int_equal(a->fetch.bytes, b->fetch.bytes);
    assert_true(a->fetch.duration_ms == b->fetch.duration_ms);
    assert_int_equal(a->fetch.page.outcome, b->fetch.page.outcome);
    assert_int_equal(a->fetch.page.time_ms, b->fetch.page.time_ms);
    assert_str(a->fetch.page.url, b->fetch.page.url);
    assert_int_equal(a->fetch.page.http_status, b->fetch.page.http_status);
    assert_int_equal(a->fetch.page.bytes, b->fetch.page.bytes);
    assert_str(a->fetch.page.reason, b->fetch.page.reason);
    assert_texts(a->fetch.parse_warnings, a->fetch.n_parse_warnings,
                 b->fetch.parse_warnings, b->fetch.n_parse_warnings);
}

static void assert_item(const struct item *a, const struct item *b)
{
    assert_str(a->id, b->id);
    assert_int_equal(a->id_basis, b->id_basis);
    assert_str(a->content_hash, b->content_hash);
    assert_str(a->feed_hash, b->feed_hash);
    assert_str(a->guid, b->guid);
    assert_str(a->url, b->url);
    assert_str(a->canonical_url, b->canonical_url);
    assert_str(a->title, b->title);
    assert_str(a->content_text, b->content_text);
    assert_str(a->content_html, b->content_html);
    assert_str(a->summary, b->summary);
    assert_str(a->image, b->image);
    assert_str(a->language, b->language);
    assert_int_equal(a->content_source, b->content_source);
    assert_int_equal(a->content_truncated, b->content_truncated);
    assert_int_equal(a->date_published_ms, b->date_published_ms);
    assert_int_equal(a->date_modified_ms, b->date_modified_ms);
    assert_int_equal(a->date_seen_ms, b->date_seen_ms);
    assert_int_equal(a->date_note, b->date_note);
    assert_texts(a->tags, a->n_tags, b->tags, b->n_tags);
    assert_texts(a->derived, a->n_derived, b->derived, b->n_derived);
    assert_people(a, b);
    assert_modules(a, b);
    assert_origin(a, b);
}

static void assert_round_trip(const struct item *it)
{
    struct strbuf json = {.max = 1 << 20};
    struct arena a = {.max = 1 << 20};
    struct item back;
    struct err e;

    assert_int_equal(item_write_core(it, &json), 0);
    if (item_read(strbuf_str(&json), &a, &back, &e) < 0)
        fail_msg("%s in %s", e.text, json.p);
    assert_item(it, &back);
    strbuf_fini(&json);
    arena_fini(&a);
}

static void an_item_comes_back_with_every_field(void **state)
{
    struct item it = full();

    (void)state;
    assert_round_trip(&it);
}

static void an_item_with_nothing_comes_back_with_nothing(void **state)
{
    struct item it = {.id = STR_INIT("x"),
                      .content_text = STR_INIT(""),
                      .feed = {.id = STR_INIT("a"), .url = STR_INIT("u")}};

    (void)state;
    assert_round_trip(&it);
}

static void every_value_of_an_enum_comes_back(void **state)
{
    struct item it = full();

    (void)state;
    for (int i = 0; i <= ID_CONTENT; i++) {
        it.id_basis = (enum id_basis)i;
        it.content_source = (enum content_source)i;
        assert_round_trip(&it);
    }
    for (int i = 0; i <= DATE_NON_STANDARD; i++) {
        it.date_note = (enum date_note)i;
        assert_round_trip(&it);
    }
}

static void writing_stops_at_the_bound_and_leaves_nothing_behind(void **state)
{
    struct item it = full();
    struct strbuf whole = {.max = 1 << 20};

    (void)state;
    assert_int_equal(item_write_core(&it, &whole), 0);
    for (size_t max = 1; max < whole.n; max += 7) {
        struct strbuf small = {.max = max};

        assert_int_equal(strbuf_add_char(&small, '#'), 0);
        assert_int_equal(item_write_core(&it, &small), -E2BIG);
        assert_string_equal(strbuf_cstr(&small), "#");
        strbuf_fini(&small);
    }
    strbuf_fini(&whole);
}

static const struct {
    const char *json, *text, *title;
} readable[] = {
    {"{}", "", NULL},
    {" {\"content_text\" : \"a\\u00e9\\ud83d\\ude00\\/\\n\" } \n",
     "a\xC3\xA9\xF0\x9F\x98\x80/\n", NULL},
    {"{\"title\":\"\\ud83d x\\ude00\\ud83d\\u0041\"}", "",
     "\xEF\xBF\xBD x\xEF\xBF\xBD\xEF\xBF\xBD"
     "A"},
    {"{\"title\":null,\"content_text\":null,\"authors\":null,\"feed\":null}", "", NULL},
    {"{\"new_in_1_7\":[{\"a\":\"]\"}],\"title\":\"t\"}", "", "t"},
    {"{\"title\":\"first\",\"title\":\"second\"}", "", "first"},
    {"{\"schema\":\"record/1\",\"nlp\":{\"title\":\"no\"},\"title\":\"yes\"}", "", "yes"},
};

static void reading_is_liberal_in_what_may_be_absent(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(readable); i++) {
        struct arena a = {.max = 1 << 20};
        struct item it;
        struct err e;

        if (item_read(str_of(readable[i].json), &a, &it, &e) < 0)
            fail_msg("%s: %s", readable[i].json, e.text);
        assert_str(it.content_text, str_of(readable[i].text));
        assert_str(it.title, str_of(readable[i].title));
        arena_fini(&a);
    }
}

static const struct {
    const char *json, *says;
} unreadable[] = {
    {"", "item: nothing there"},
    {"  ", "item: nothing there"},
    {"[]", "item: all of it: not an object"},
    {"{\"title\":\"x\"", "item: JSON at byte 12: the end is missing"},
    {"{\"title\":1}", "item: title: not a string"},
    {"{\"content_text\":{}}", "item: content_text: not a string"},
    {"{\"id_basis\":\"gid\"}", "item: id_basis: none of the known values"},
    {"{\"id_basis\":3}", "item: id_basis: not a string"},
    {"{\"content_source\":\"\"}", "item: content_source: none of the known values"},
    {"{\"date_note\":\"bad\"}", "item: date_note: none of the known values"},
    {"{\"content_truncated\":0}", "item: content_truncated: not true or false"},
    {"{\"revision\":-1}", "item: revision: not a whole number"},
    {"{\"revision\":4294967296}", "item: revision: not a whole number"},
    {"{\"date_seen\":\"yesterday\"}", "item: date_seen: not a time"},
    {"{\"date_seen\":5}", "item: date_seen: not a string"},
    {"{\"tags\":{}}", "item: tags: not a list"},
    {"{\"tags\":[\"a\",[]]}", "item: tags: not a string"},
    {"{\"authors\":[1]}", "item: authors: not an object"},
    {"{\"authors\":[{\"name\":[]}]}", "item: authors.name: not a string"},
    {"{\"attachments\":[{\"size_in_bytes\":\"9\"}]}",
     "item: attachments.size_in_bytes: not a number"},
    {"{\"feed\":[]}", "item: feed: not an object"},
    {"{\"feed\":{\"id\":{}}}", "item: feed.id: not a string"},
    {"{\"feed\":{\"labels\":[]}}", "item: feed.labels: not an object"},
    {"{\"feed\":{\"labels\":{\"a\":1}}}", "item: feed.labels: not a string"},
    {"{\"fetch\":{\"time\":\"\"}}", "item: fetch.time: not a time"},
    {"{\"fetch\":{\"http_status\":\"200\"}}", "item: fetch.http_status: not a status"},
    {"{\"fetch\":{\"bytes\":1.5}}", "item: fetch.bytes: not a whole number"},
    {"{\"fetch\":{\"duration_ms\":true}}", "item: fetch.duration_ms: not a number"},
};

static void reading_names_the_field_that_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(unreadable); i++) {
        struct arena a = {.max = 1 << 20};
        struct item it = {.revision = 7};
        struct err e = {0};

        assert_int_equal(item_read(str_of(unreadable[i].json), &a, &it, &e), ERR_FORMAT);
        assert_string_equal(e.text, unreadable[i].says);
        assert_int_equal(it.revision, 7);
        arena_fini(&a);
    }
}

static void reading_stops_at_the_bound_of_its_arena(void **state)
{
    struct strbuf json = {.max = 1 << 20};
    struct item it;
    struct err e;

    (void)state;
    assert_int_equal(strbuf_add_text(&json, "{\"authors\":[{}"), 0);
    for (int i = 0; i < 2000; i++)
        assert_int_equal(strbuf_add_text(&json, ",{}"), 0);
    assert_int_equal(strbuf_add_text(&json, "]}"), 0);
    for (size_t max = 100; max < 100000; max += 9000) {
        struct arena a = {.max = max};

        assert_int_equal(item_read(strbuf_str(&json), &a, &it, &e), ERR_LIMIT);
        assert_true(a.used <= max);
        arena_fini(&a);
    }
    strbuf_fini(&json);
}

/* Every byte cut off, and every byte changed: an answer, and nothing read outside. */
static void broken_items_are_refused_or_read_and_never_more(void **state)
{
    struct item it = full();
    struct strbuf json = {.max = 1 << 20};
    struct arena a = {.max = 1 << 20};

    (void)state;
    assert_int_equal(item_write_core(&it, &json), 0);
    for (size_t i = 0; i <= json.n; i++) {
        static const char others[] = "\"\\{}[],:0 \xC3";
        char *copy = mem_dup((struct str){json.p, i});
        struct item back;
        struct err e;
        int rc = item_read((struct str){copy, i}, &a, &back, &e);

        assert_int_equal(rc, i == json.n ? 0 : ERR_FORMAT);
        free(copy);
        for (size_t k = 0; i < json.n && k < sizeof others - 1; k++) {
            char was = json.p[i];

            json.p[i] = others[k];
            (void)item_read(strbuf_str(&json), &a, &back, &e);
            json.p[i] = was;
            arena_reset(&a);
        }
    }
    strbuf_fini(&json);
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_comes_back_with_every_field),
        cmocka_unit_test(an_item_with_nothing_comes_back_with_nothing),
        cmocka_unit_test(every_value_of_an_enum_comes_back),
        cmocka_unit_test(writing_stops_at_the_bound_and_leaves_nothing_behind),
        cmocka_unit_test(reading_is_liberal_in_what_may_be_absent),
        cmocka_unit_test(reading_names_the_field_that_is_wrong),
        cmocka_unit_test(reading_stops_at_the_bound_of_its_arena),
        cmocka_unit_test(broken_items_are_refused_or_read_and_never_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
