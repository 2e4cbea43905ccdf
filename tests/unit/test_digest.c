#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/digest.h"
#include "newsmq/json.h"
#include "newsmq/mem.h"

#define DAY_0 INT64_C(1764115200000) /* 2025-11-26 */

/* What a test says of a record; the rest is filled in. */
struct told {
    const char *id, *feed;
    unsigned revision;    /* 0: the first */
    int day;              /* after DAY_0: date_seen */
    const char *entities; /* "ORG:United Nations=UN,PER:Ann Lee": type, name, alias */
    const char *quote;    /* said by e1 */
    bool is_copy;
};

static void write_entities(struct jsonw *j, const char *list)
{
    struct str rest = str_of(list);
    unsigned number = 0;
    char id[16];

    while (rest.p != NULL && rest.n > 0) {
        struct str name = str_cut(&rest, ','), type = str_cut(&name, ':'), alias = name;

        name = str_cut(&alias, '=');
        (void)snprintf(id, sizeof id, "e%u", ++number);
        jsonw_object(j);
        jsonw_member_cstr(j, "id", id);
        jsonw_member_str(j, "type", type);
        jsonw_member_str(j, "name", name);
        jsonw_key(j, "aliases");
        jsonw_array(j);
        if (alias.p != NULL)
            jsonw_str(j, alias);
        jsonw_array_end(j);
        jsonw_key(j, "mentions");
        jsonw_raw(j, STR("[{\"start\":0,\"end\":1},{\"start\":2,\"end\":3}]"));
        if (str_eq(type, STR("LOC"))) {
            jsonw_key(j, "geo");
            jsonw_raw(j, STR("{\"lat\":48.2,\"lon\":16.4,\"country\":\"AT\"}"));
        }
        jsonw_object_end(j);
    }
}

static void write_nlp(struct jsonw *j, const struct told *t)
{
    jsonw_object(j);
    jsonw_member_cstr(j, "status", "ok");
    jsonw_key(j, "entities");
    jsonw_array(j);
    if (t->entities != NULL)
        write_entities(j, t->entities);
    jsonw_array_end(j);
    jsonw_key(j, "quotes");
    jsonw_array(j);
    if (t->quote != NULL) {
        jsonw_object(j);
        jsonw_member_cstr(j, "text", t->quote);
        jsonw_member_cstr(j, "speaker", "e1");
        jsonw_object_end(j);
    }
    jsonw_array_end(j);
    jsonw_object_end(j);
}

static void write_record(const struct told *t, struct strbuf *out)
{
    struct jsonw j = jsonw_to(out);

    strbuf_reset(out);
    jsonw_object(&j);
    jsonw_member_cstr(&j, "schema", "record/1");
    jsonw_member_u64(&j, "revision", t->revision > 0 ? t->revision : 1);
    jsonw_member_cstr(&j, "id", t->id);
    jsonw_member_cstr(&j, "title", "A title");
    jsonw_member_cstr(&j, "content_text", "Grüß Gott.");
    jsonw_member_time(&j, "date_seen", DAY_0 + t->day * DAY_MS + HOUR_MS);
    jsonw_key(&j, "feed");
    jsonw_object(&j);
    jsonw_member_cstr(&j, "id", t->feed != NULL ? t->feed : "f");
    jsonw_member_cstr(&j, "group", "world");
    jsonw_object_end(&j);
    jsonw_key(&j, "nlp");
    write_nlp(&j, t);
    jsonw_key(&j, "dedup");
    jsonw_object(&j);
    jsonw_member_cstr(&j, "status", t->is_copy ? "exact_duplicate" : "unique");
    jsonw_object_end(&j);
    jsonw_object_end(&j);
    assert_int_equal(j.rc, 0);
}

static void add(struct digest *d, struct told t)
{
    struct strbuf out = {.max = 1 << 20};
    struct err e = {0};

    write_record(&t, &out);
    if (digest_add(d, strbuf_str(&out), 0, &e) != 0)
        fail_msg("%s", e.text);
    strbuf_fini(&out);
}

static void assert_str(struct str s, const char *expected)
{
    if (!str_eq(s, str_of(expected)))
        fail_msg("'" STR_FMT "' is not '%s'", STR_ARG(s), expected);
}

static size_t records_of(const struct digest *d, const char *key)
{
    struct digest_entity en;

    return digest_entity(d, str_of(key), &en) ? en.records : 0;
}

static void feeds_are_counted_by_day(void **state)
{
    struct digest *d = digest_new(NULL);
    struct digest_axis days = digest_days(DAY_0 + 2 * DAY_MS + 5, 3);
    struct digest_feed feeds[4];

    (void)state;
    add(d, (struct told){.id = "1", .feed = "b"});
    add(d, (struct told){.id = "2", .feed = "a", .day = 1});
    add(d, (struct told){.id = "3", .feed = "a", .day = 2, .is_copy = true});
    add(d, (struct told){.id = "4", .feed = "a", .day = 2});

    assert_int_equal(digest_feeds(d, &days, feeds, 4), 2);
    assert_str(feeds[0].id, "a");
    assert_int_equal(feeds[0].records, 3);
    assert_int_equal(feeds[0].duplicates, 1);
    assert_int_equal(feeds[0].text_chars, 30);
    assert_int_equal(feeds[0].counts[0], 0);
    assert_int_equal(feeds[0].counts[1], 1);
    assert_int_equal(feeds[0].counts[2], 2);
    assert_int_equal(feeds[0].last_ms, DAY_0 + 2 * DAY_MS + HOUR_MS);
    assert_int_equal(feeds[1].counts[0], 1);
    assert_int_equal(digest_feeds(d, &days, feeds, 1), 2);
    assert_true(digest_feed(d, STR("b"), &days, feeds));
    assert_false(digest_feed(d, STR("c"), &days, feeds));
    digest_free(d);
}

static void an_entity_is_its_type_and_its_folded_name(void **state)
{
    struct digest *d = digest_new(NULL);
    struct digest_entity en;

    (void)state;
    add(d, (struct told){.id = "1", .entities = "PER:J. R.  Smith"});
    add(d, (struct told){.id = "2", .entities = "PER:J R SMITH,PER:j r smith"});
    add(d, (struct told){.id = "3", .entities = "ORG:J R Smith"});
    add(d, (struct told){.id = "4", .entities = "PER:J R Smïth"});

    assert_true(digest_entity(d, STR("per:J. R. smith"), &en));
    assert_str(en.key, "PER:j r smith");
    assert_str(en.name, "j r smith");
    assert_int_equal(en.records, 2);
    assert_int_equal(en.mentions, 6);
    assert_int_equal(records_of(d, "ORG:j r smith"), 1);
    assert_int_equal(records_of(d, "MISC:j r smith"), 0);
    assert_int_equal(records_of(d, "nonsense"), 0);
    digest_free(d);
}

static void an_entity_knows_its_company_its_feeds_and_its_articles(void **state)
{
    struct digest *d = digest_new(NULL);
    struct digest_axis days = digest_days(DAY_0 + DAY_MS, 2);
    struct digest_entity with[4];
    struct digest_feed feeds[4];
    struct digest_item items[4];
    uint32_t counts[DIGEST_STEPS];

    (void)state;
    add(d, (struct told){.id = "1", .feed = "x", .entities = "PER:A,PER:B,LOC:Wien"});
    add(d, (struct told){.id = "2", .feed = "y", .day = 1, .entities = "PER:A,LOC:Wien"});
    add(d, (struct told){.id = "3", .feed = "y", .day = 1, .entities = "PER:A"});
    add(d, (struct told){.id = "4", .feed = "y", .day = 1, .entities = "PER:B"});

    assert_int_equal(digest_entity_with(d, STR("PER:a"), with, 4), 2);
    assert_str(with[0].name, "Wien");
    assert_int_equal(with[0].records, 2);
    assert_true(with[0].has_geo);
    assert_str(with[1].name, "B");
    assert_int_equal(with[1].records, 1);
    assert_int_equal(digest_entity_feeds(d, STR("PER:a"), &days, feeds, 4), 2);
    assert_str(feeds[0].id, "y");
    assert_int_equal(feeds[0].records, 2);
    assert_int_equal(digest_entity_items(d, STR("PER:a"), items, 2), 2);
    assert_str(items[0].id, "3");
    assert_true(digest_entity_counts(d, STR("PER:a"), &days, counts));
    assert_int_equal(counts[0], 1);
    assert_int_equal(counts[1], 2);
    digest_free(d);
}

static void what_records_say_is_short_for_a_name_is_that_name(void **state)
{
    struct digest *d = digest_new(NULL);
    struct str aliases[2];

    (void)state;
    add(d, (struct told){.id = "1", .entities = "ORG:UN"});
    assert_int_equal(records_of(d, "ORG:United Nations"), 0);
    add(d, (struct told){.id = "2", .entities = "ORG:United Nations=U.N."});
    add(d, (struct told){.id = "3", .entities = "ORG:United Nations,ORG:UN"});

    assert_int_equal(records_of(d, "ORG:United Nations"), 3);
    assert_int_equal(records_of(d, "ORG:UN"), 3);
    assert_int_equal(digest_entity_aliases(d, STR("ORG:un"), aliases, 2), 1);
    assert_str(aliases[0], "UN");
    digest_free(d);
}

static void names_are_not_joined_where_it_is_not_certain(void **state)
{
    struct digest *d = digest_new(NULL);

    (void)state;
    add(d, (struct told){.id = "1", .entities = "PER:Ann Lee=AL"});
    add(d, (struct told){.id = "2", .entities = "PER:AL"});
    add(d, (struct told){.id = "3", .entities = "ORG:Arab League=League"});
    add(d, (struct told){.id = "4", .entities = "ORG:League"});
    add(d, (struct told){.id = "5", .entities = "ORG:Central African Republic=CAR"});
    add(d, (struct told){.id = "6", .entities = "ORG:Council of Arab Regions=CAR"});
    add(d, (struct told){.id = "7", .entities = "ORG:CAR"});
    add(d, (struct told){.id = "8", .entities = "ORG:National Bank of Malta=XYZ"});
    add(d, (struct told){.id = "9", .entities = "ORG:XYZ"});

    assert_int_equal(records_of(d, "PER:Ann Lee"), 1);
    assert_int_equal(records_of(d, "ORG:Arab League"), 1);
    assert_int_equal(records_of(d, "ORG:Central African Republic"), 1);
    assert_int_equal(records_of(d, "ORG:Council of Arab Regions"), 1);
    assert_int_equal(records_of(d, "ORG:CAR"), 1);
    assert_int_equal(records_of(d, "ORG:National Bank of Malta"), 1);
    digest_free(d);
}

static void a_short_name_is_itself_again_when_its_witnesses_have_left(void **state)
{
    struct digest_limits limits = {.max_records = 2};
    struct digest *d = digest_new(&limits);

    (void)state;
    add(d, (struct told){.id = "1", .entities = "ORG:United Nations=UN"});
    add(d, (struct told){.id = "2", .entities = "ORG:UN"});
    assert_int_equal(records_of(d, "ORG:UN"), 2);
    add(d, (struct told){.id = "3", .entities = "ORG:UN"});

    assert_int_equal(records_of(d, "ORG:United Nations"), 0);
    assert_int_equal(records_of(d, "ORG:UN"), 2);
    digest_free(d);
}

static void a_later_revision_takes_the_place_of_the_earlier(void **state)
{
    struct digest *d = digest_new(NULL);
    struct digest_totals all;
    struct digest_item item;

    (void)state;
    add(d, (struct told){.id = "1", .entities = "PER:A", .quote = "q"});
    add(d, (struct told){.id = "1", .entities = "PER:A"});
    add(d, (struct told){.id = "1", .revision = 3, .entities = "PER:B"});
    add(d, (struct told){.id = "1", .revision = 2, .entities = "PER:C"});

    digest_totals(d, &all);
    assert_int_equal(all.records, 1);
    assert_int_equal(all.added, 2);
    assert_int_equal(all.quotes, 0);
    assert_int_equal(records_of(d, "PER:A"), 0);
    assert_int_equal(records_of(d, "PER:B"), 1);
    assert_int_equal(records_of(d, "PER:C"), 0);
    assert_true(digest_find(d, STR("1"), &item));
    assert_int_equal(item.revision, 3);
    digest_free(d);
}

static void copies_are_records_but_no_news_of_an_entity(void **state)
{
    struct digest *d = digest_new(NULL);
    struct digest_filter all = DIGEST_ALL, unique = DIGEST_ALL;
    struct digest_item items[4];

    (void)state;
    unique.no_duplicates = true;
    add(d, (struct told){.id = "1", .entities = "PER:A"});
    add(d, (struct told){.id = "2", .entities = "PER:A", .is_copy = true});

    assert_int_equal(records_of(d, "PER:A"), 1);
    assert_int_equal(digest_newest(d, &all, items, 4), 2);
    assert_str(items[0].id, "2");
    assert_int_equal(digest_newest(d, &unique, items, 4), 1);
    digest_free(d);
}

static void entities_are_listed_by_type_name_and_feed(void **state)
{
    struct digest *d = digest_new(NULL);
    struct digest_filter f = DIGEST_ALL;
    struct digest_entity list[8];

    (void)state;
    add(d, (struct told){.id = "1", .feed = "x", .entities = "PER:Ann Lee,ORG:Lee Ltd"});
    add(d, (struct told){.id = "2", .feed = "y", .entities = "PER:Bo,ORG:Lee Ltd"});

    assert_int_equal(digest_entities(d, &f, list, 8), 3);
    assert_str(list[0].name, "Lee Ltd");
    assert_int_equal(list[0].records, 2);
    f.contains = STR("LEE");
    assert_int_equal(digest_entities(d, &f, list, 8), 2);
    f.type = ENTITY_PER;
    assert_int_equal(digest_entities(d, &f, list, 8), 1);
    f.feed = STR("y");
    assert_int_equal(digest_entities(d, &f, list, 8), 0);
    f.contains = STR("org"); /* the type is no part of the name */
    f = (struct digest_filter){.type = -1, .contains = STR("org")};
    assert_int_equal(digest_entities(d, &f, list, 8), 0);
    digest_free(d);
}

/* 4 of the 5 records of the last day have A, 1 of the 6 before: by the formula 4.7474. */
static void what_rises_is_ranked_by_its_surprise(void **state)
{
    struct digest *d = digest_new(NULL);
    struct digest_axis days = digest_days(DAY_0 + 6 * DAY_MS, 7);
    struct digest_entity rising[4];
    char id[8];

    (void)state;
    assert_int_equal(digest_trends(d, &days, rising, 4), 0);
    for (int i = 0; i < 6; i++) {
        (void)snprintf(id, sizeof id, "b%d", i);
        add(d, (struct told){
                   .id = id, .day = i, .entities = i == 0 ? "PER:A,PER:B" : "PER:B"});
    }
    assert_int_equal(digest_trends(d, &days, rising, 4), 0);
    for (int i = 0; i < 5; i++) {
        (void)snprintf(id, sizeof id, "n%d", i);
        add(d, (struct told){
                   .id = id, .day = 6, .entities = i == 0 ? "PER:B" : "PER:A,PER:B"});
    }

    assert_int_equal(digest_trends(d, &days, rising, 4), 1);
    assert_str(rising[0].name, "A");
    assert_int_equal(rising[0].records, 4);
    assert_int_equal(rising[0].before, 1);
    assert_int_equal((int)(rising[0].surprise * 10000 + 0.5), 47474);
    digest_free(d);
}

static void quotes_are_found_by_their_speaker(void **state)
{
    struct digest *d = digest_new(NULL);
    struct digest_quote quotes[4];

    (void)state;
    add(d, (struct told){.id = "1", .entities = "PER:A", .quote = "one"});
    add(d, (struct told){.id = "2", .entities = "PER:B", .quote = "two"});
    add(d, (struct told){.id = "3", .quote = "three"});

    assert_int_equal(digest_quotes(d, (struct str){0}, quotes, 4), 3);
    assert_str(quotes[0].text, "three");
    assert_null(quotes[0].speaker.p);
    assert_int_equal(digest_quotes(d, STR("PER:a"), quotes, 4), 1);
    assert_str(quotes[0].text, "one");
    assert_str(quotes[0].speaker, "A");
    assert_str(quotes[0].item.id, "1");
    assert_int_equal(digest_quotes(d, STR("PER:nobody"), quotes, 4), 0);
    digest_free(d);
}

static void only_the_newest_lines_are_kept(void **state)
{
    struct digest_limits limits = {.keep_json = 1};
    struct digest *d = digest_new(&limits);
    struct digest_item item;

    (void)state;
    add(d, (struct told){.id = "1"});
    add(d, (struct told){.id = "2"});

    assert_true(digest_find(d, STR("1"), &item));
    assert_null(item.json.p);
    assert_true(digest_find(d, STR("2"), &item));
    assert_true(str_has_prefix(item.json, STR("{\"schema\"")));
    digest_free(d);
}

/* ---- room ---- */

static void add_many(struct digest *d, int from, int to)
{
    static const char *const people[] = {
        "PER:A,ORG:United Nations=UN", "PER:B,ORG:UN,LOC:Wien", "ORG:Union Nord=UN",
        "PER:A,PER:B,PER:C",           "LOC:Wien,PER:A",
    };
    char id[16], feed[8];

    for (int i = from; i < to; i++) {
        (void)snprintf(id, sizeof id, "%d", i % 7 == 0 ? i - 1 : i);
        (void)snprintf(feed, sizeof feed, "f%d", i % 5);
        add(d, (struct told){.id = id,
                             .feed = feed,
                             .revision = (unsigned)i + 1,
                             .day = i / 50,
                             .entities = people[(i * 7 + i / 11) % 5],
                             .quote = i % 3 == 0 ? "said" : NULL,
                             .is_copy = i % 13 == 0});
    }
}

static void assert_same(const struct digest *a, const struct digest *b)
{
    struct digest_axis days = digest_days(DAY_0 + 20 * DAY_MS, 20);
    struct digest_filter f = DIGEST_ALL;
    struct digest_entity p[16], q[16];
    struct digest_totals s, t;
    struct digest_feed x[8], y[8];
    size_t n = digest_entities(a, &f, p, 16);

    digest_totals(a, &s);
    digest_totals(b, &t);
    assert_int_equal(s.records, t.records);
    assert_int_equal(s.entities, t.entities);
    assert_int_equal(s.quotes, t.quotes);
    assert_int_equal(s.mentions, t.mentions);
    assert_int_equal(digest_entities(b, &f, q, 16), n);
    for (size_t i = 0; i < n; i++) {
        assert_true(str_eq(p[i].key, q[i].key));
        assert_int_equal(p[i].records, q[i].records);
        assert_int_equal(p[i].mentions, q[i].mentions);
        assert_int_equal(p[i].feeds, q[i].feeds);
    }
    assert_int_equal(digest_feeds(a, &days, x, 8), digest_feeds(b, &days, y, 8));
    for (size_t i = 0; i < 5; i++)
        assert_memory_equal(x[i].counts, y[i].counts, sizeof x[i].counts);
}

/* What is counted after many have left is what is counted of the rest alone. */
static void records_take_their_counts_with_them(void **state)
{
    struct digest_limits limits = {.max_records = 100, .keep_json = 10};
    struct digest *d = digest_new(&limits), *rest = digest_new(NULL);
    struct digest_totals all;

    (void)state;
    add_many(d, 0, 1000);
    add_many(rest, 900, 1000);
    assert_same(d, rest);
    digest_totals(d, &all);
    assert_int_equal(all.left, 900);
    digest_free(d);
    digest_free(rest);
}

static void the_bound_on_bytes_holds_and_memory_is_accounted_for(void **state)
{
    struct digest_limits limits = {.max_bytes = 200000, .max_records = 5000};
    struct digest *d = digest_new(&limits);
    struct digest_totals all;
    size_t empty;

    (void)state;
    digest_totals(d, &all);
    empty = all.bytes;
    for (int i = 0; i < 20; i++) {
        add_many(d, i * 1000, i * 1000 + 1000);
        digest_totals(d, &all);
        assert_in_range(all.bytes, empty, 200000);
    }
    assert_true(all.records > 50);
    assert_true(all.records < 2000);
    digest_free(d);
}

static void names_of_strangers_do_not_fill_the_memory(void **state)
{
    struct digest_limits limits = {.max_entities = 500};
    struct digest *d = digest_new(&limits);
    struct digest_totals all;
    char id[16], list[200];

    (void)state;
    for (int i = 0; i < 3000; i++) {
        (void)snprintf(id, sizeof id, "%d", i);
        (void)snprintf(list, sizeof list, "PER:a%d,ORG:b%d,LOC:c%d=C%d", i, i, i, i);
        add(d, (struct told){.id = id, .entities = list});
        digest_totals(d, &all);
        assert_in_range(all.entities, 1, 500);
    }
    assert_true(all.records > 100);
    digest_free(d);
}

/* ---- hostile ---- */

static void what_is_no_record_is_refused_and_counted(void **state)
{
    static const char *const lines[] = {
        "",
        "{",
        "null",
        "[]",
        "{}",
        "{\"schema\":\"item/1\"}",
        "{\"schema\":1}",
        "{\"schema\":\"record/1\"}",
        "{\"schema\":\"record/1\",\"id\":7,\"feed\":{\"id\":\"f\"}}",
        "{\"schema\":\"record/1\",\"id\":\"x\"}",
        "{\"schema\":\"record/1\",\"id\":\"x\",\"feed\":[]}",
        "{\"schema\":\"record/1\",\"id\":\"x\",\"feed\":{\"id\":\"\xFF\"}}",
    };
    struct digest *d = digest_new(NULL);
    struct digest_totals all;
    struct err e = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        assert_true(digest_add(d, str_of(lines[i]), 0, &e) < 0);
    digest_totals(d, &all);
    assert_int_equal(all.refused, ARRAY_LEN(lines));
    assert_int_equal(all.records, 0);
    digest_free(d);
}

static void members_of_wrong_types_are_left_out(void **state)
{
    struct digest *d = digest_new(NULL);
    struct digest_item item;
    struct err e = {0};
    struct str odd = STR(
        "{\"schema\":\"record/1\",\"id\":\"x\",\"feed\":{\"id\":\"f\",\"group\":[]},"
        "\"title\":{},\"content_text\":3,\"date_seen\":\"soon\",\"revision\":-4,"
        "\"sink\":{\"seq\":1e999},\"nlp\":{\"entities\":[1,{},{\"name\":[]},"
        "{\"name\":\"\"},{\"name\":\"   \"},{\"name\":\"A\",\"type\":9,\"geo\":"
        "{\"lat\":91,\"lon\":0},\"aliases\":{\"a\":1},\"mentions\":\"x\"}],\"quotes\":"
        "{\"a\":[]}}}");

    (void)state;
    if (digest_add(d, odd, 0, &e) == 0)
        assert_int_equal(records_of(d, "MISC:A"), 1);
    else /* 1e999 is too large a number for the reader */
        assert_int_equal(e.code, ERR_FORMAT);
    assert_int_equal(digest_find(d, STR("x"), &item), e.code == 0);
    digest_free(d);
}

static void a_record_of_ten_thousand_entities_counts_as_few(void **state)
{
    struct digest *d = digest_new(NULL);
    struct strbuf list = {.max = 1 << 20}, out = {.max = 8 << 20};
    struct digest_totals all;

    (void)state;
    for (int i = 0; i < 10000; i++)
        (void)strbuf_addf(&list, "PER:n%d=N%d,", i, i);
    write_record(&(struct told){.id = "1", .entities = strbuf_cstr(&list)}, &out);
    assert_int_equal(digest_add(d, strbuf_str(&out), 0, NULL), 0);
    digest_totals(d, &all);
    assert_in_range(all.entities, 1, 64);
    strbuf_fini(&list);
    strbuf_fini(&out);
    digest_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feeds_are_counted_by_day),
        cmocka_unit_test(an_entity_is_its_type_and_its_folded_name),
        cmocka_unit_test(an_entity_knows_its_company_its_feeds_and_its_articles),
        cmocka_unit_test(what_records_say_is_short_for_a_name_is_that_name),
        cmocka_unit_test(names_are_not_joined_where_it_is_not_certain),
        cmocka_unit_test(a_short_name_is_itself_again_when_its_witnesses_have_left),
        cmocka_unit_test(a_later_revision_takes_the_place_of_the_earlier),
        cmocka_unit_test(copies_are_records_but_no_news_of_an_entity),
        cmocka_unit_test(entities_are_listed_by_type_name_and_feed),
        cmocka_unit_test(what_rises_is_ranked_by_its_surprise),
        cmocka_unit_test(quotes_are_found_by_their_speaker),
        cmocka_unit_test(only_the_newest_lines_are_kept),
        cmocka_unit_test(records_take_their_counts_with_them),
        cmocka_unit_test(the_bound_on_bytes_holds_and_memory_is_accounted_for),
        cmocka_unit_test(names_of_strangers_do_not_fill_the_memory),
        cmocka_unit_test(what_is_no_record_is_refused_and_counted),
        cmocka_unit_test(members_of_wrong_types_are_left_out),
        cmocka_unit_test(a_record_of_ten_thousand_entities_counts_as_few),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
