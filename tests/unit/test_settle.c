/* Items of whole documents, one after the other: what tells them apart, and which dates
   others settle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/feed.h"

#define MOST 8

struct document {
    struct item items[MOST];
    struct item_open open[MOST];
    size_t n;
    struct settled said;
    struct arena arena, scratch;
    const struct feed_meta *meta;
    struct feed_parser *parser;
};

static int take(void *ctx, const struct feed_entry *entry)
{
    static const struct normalise_options o = {0};
    struct document *d = ctx;
    struct item it = {.feed = {.id = STR_INIT("f")}};
    struct item_open open;

    arena_reset(&d->scratch);
    assert_true(d->n < MOST);
    assert_int_equal(item_from_entry(entry, feed_parser_meta(d->parser), &o, &d->scratch,
                                     &it, &open, NULL),
                     0);
    assert_true(item_keep(&it, &d->arena, &d->items[d->n]));
    assert_true(item_open_keep(&open, &d->arena, &d->open[d->n]));
    d->n++;
    return 0;
}

static void warn(void *ctx, struct str text)
{
    (void)ctx;
    (void)text;
}

/* The items inside an RSS channel, settled. */
static void read_document(struct document *d, const char *inside, enum identity_policy p,
                          struct feed_habits *habits)
{
    struct feed_options o = {.url = STR_INIT("https://f.example/rss")};
    struct feed_receiver to = {d, take, warn};
    struct settle_options settle = {.identity = p, .habits = habits};
    struct strbuf text = {.max = 1 << 16};
    const struct feed_meta *m;

    *d = (struct document){0};
    (void)strbuf_addf(&text, "<rss version=\"2.0\"><channel>%s</channel></rss>", inside);
    d->parser = feed_parser_new(&o, &to);
    assert_int_equal(feed_parser_push(d->parser, strbuf_str(&text), NULL), 0);
    assert_int_equal(feed_parser_finish(d->parser, NULL), 0);
    m = feed_parser_meta(d->parser);
    settle.dates[0] = m->published.date;
    settle.dates[1] = m->updated.date;
    d->said = items_settle(d->items, d->open, &d->n, &settle, &d->arena);
    strbuf_fini(&text);
}

static void end_document(struct document *d)
{
    feed_parser_free(d->parser);
    arena_fini(&d->scratch);
    arena_fini(&d->arena);
}

#define ENTRY(guid, link, title, more)                                               \
    "<item><guid isPermaLink=\"false\">" guid "</guid><link>https://f.example/" link \
    "</link><title>" title "</title>" more "</item>"
#define DATED(date) "<item><title>" date "</title><pubDate>" date "</pubDate></item>"

static bool same_id(const struct item *a, const struct item *b)
{
    return str_eq(a->id, b->id);
}

/* ---- identity ---- */

static void settle_tells_entries_by_their_guid(void **state)
{
    struct document d;

    (void)state;
    read_document(&d, ENTRY("1", "a", "A", "") ENTRY("2", "a", "A", ""), IDENTITY_AUTO,
                  NULL);
    assert_int_equal(d.n, 2);
    assert_int_equal(d.items[0].id_basis, ID_GUID);
    assert_false(same_id(&d.items[0], &d.items[1]));
    assert_int_equal(d.said.n_shared, 0);
    end_document(&d);
}

static void settle_goes_on_to_links_where_guids_are_shared(void **state)
{
    struct document d;

    (void)state;
    read_document(
        &d, ENTRY("1", "a", "A", "") ENTRY("1", "b", "B", "") ENTRY("2", "c", "C", ""),
        IDENTITY_AUTO, NULL);
    assert_int_equal(d.n, 3);
    assert_int_equal(d.items[0].id_basis, ID_LINK);
    assert_int_equal(d.items[1].id_basis, ID_LINK);
    assert_false(same_id(&d.items[0], &d.items[1]));
    assert_int_equal(d.items[2].id_basis, ID_GUID);
    assert_int_equal(d.said.n_shared, 2);
    end_document(&d);
}

static void settle_goes_on_to_title_and_date_where_links_are_shared_too(void **state)
{
    struct document d;

    (void)state;
    read_document(&d,
                  ENTRY("1", "", "A", "<pubDate>2024-05-01T00:00:00Z</pubDate>")
                      ENTRY("1", "", "B", "<pubDate>2024-05-02T00:00:00Z</pubDate>")
                          ENTRY("1", "", "C", ""),
                  IDENTITY_AUTO, NULL);
    assert_int_equal(d.n, 3);
    assert_int_equal(d.items[0].id_basis, ID_TITLE_DATE);
    assert_int_equal(d.items[1].id_basis, ID_TITLE_DATE);
    assert_int_equal(d.items[2].id_basis, ID_CONTENT);
    end_document(&d);
}

static void settle_remembers_what_is_shared(void **state)
{
    struct feed_habits habits = {0}, again;
    char text[HABITS_TEXT_MAX];
    struct document first, second;

    (void)state;
    read_document(&first, ENTRY("1", "a", "A", "") ENTRY("1", "b", "B", ""),
                  IDENTITY_AUTO, &habits);
    habits_read(str_of(habits_write(&habits, text)), &again);
    read_document(&second, ENTRY("1", "b", "B", ""), IDENTITY_AUTO, &again);
    assert_int_equal(second.n, 1);
    assert_int_equal(second.items[0].id_basis, ID_LINK);
    assert_true(same_id(&first.items[1], &second.items[0]));
    end_document(&second);
    end_document(&first);
}

static void settle_keeps_the_newest_version_of_an_entry(void **state)
{
    struct document d;

    (void)state;
    read_document(
        &d,
        ENTRY("1", "a", "A",
              "<pubDate>2024-05-01T00:00:00Z</pubDate><description>old</description>")
            ENTRY("1", "a", "A",
                  "<pubDate>2024-05-02T00:00:00Z</pubDate><description>new</description>")
                ENTRY("1", "a", "A", "<description>undated</description>"),
        IDENTITY_AUTO, NULL);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.said.n_repeated, 2);
    assert_true(str_eq(d.items[0].content_text, STR("new")));
    end_document(&d);
}

static void settle_does_what_the_policy_says(void **state)
{
    static const char inside[] = ENTRY("1", "a", "A", "") ENTRY("1", "b", "B", "");
    static const struct {
        enum identity_policy policy;
        size_t n;
        enum id_basis basis;
    } rows[] = {{IDENTITY_GUID, 1, ID_GUID}, {IDENTITY_LINK, 2, ID_LINK}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct document d;

        read_document(&d, inside, rows[i].policy, NULL);
        assert_int_equal(d.n, rows[i].n);
        assert_int_equal(d.items[0].id_basis, rows[i].basis);
        assert_int_equal(d.items[0].alias, 0); /* the policy alone tells */
        end_document(&d);
    }
}

static void settle_makes_the_same_id_of_links_that_differ_in_tracking(void **state)
{
    struct document a, b, c;

    (void)state;
    read_document(&a,
                  "<item><link>https://f.example/a?id=1&amp;utm_source=x</link></item>",
                  IDENTITY_AUTO, NULL);
    read_document(&b, "<item><link>https://f.example/a?id=1</link></item>", IDENTITY_AUTO,
                  NULL);
    read_document(&c, "<item><link>https://f.example/a?id=2</link></item>", IDENTITY_AUTO,
                  NULL);
    assert_true(same_id(&a.items[0], &b.items[0]));
    assert_false(same_id(&a.items[0], &c.items[0]));
    end_document(&a);
    end_document(&b);
    end_document(&c);
}

/* ---- aliases ---- */

static void settle_gives_an_alias_of_link_and_title(void **state)
{
    struct document a, b, c;

    (void)state;
    read_document(&a, ENTRY("1", "a", "A (3 comments)", ""), IDENTITY_AUTO, NULL);
    read_document(&b, ENTRY("9", "a?fbclid=x", "A (4 comments)", ""), IDENTITY_AUTO,
                  NULL);
    read_document(&c, ENTRY("9", "a", "B", "") ENTRY("8", "b", "A", ""), IDENTITY_AUTO,
                  NULL);
    assert_int_not_equal(a.items[0].alias, 0);
    assert_false(a.items[0].alias_is_shared);
    assert_int_equal(a.items[0].alias, b.items[0].alias);
    assert_int_not_equal(a.items[0].alias, c.items[0].alias);
    assert_int_not_equal(a.items[0].alias, c.items[1].alias);
    end_document(&a);
    end_document(&b);
    end_document(&c);
}

static void settle_marks_an_alias_that_several_entries_have(void **state)
{
    struct document d;

    (void)state;
    read_document(&d,
                  ENTRY("1", "a", "A", "")
                      ENTRY("2", "a", "A", "") "<item><title>no link</title></item>",
                  IDENTITY_AUTO, NULL);
    assert_true(d.items[0].alias_is_shared);
    assert_true(d.items[1].alias_is_shared);
    assert_int_equal(d.items[2].alias, 0);
    end_document(&d);
}

/* ---- dates ---- */

static void settle_reads_open_dates_as_the_others_are_written(void **state)
{
    struct document d;

    (void)state;
    read_document(&d, DATED("03/04/2024 10:00 GMT") DATED("13/04/2024 10:00 GMT"),
                  IDENTITY_AUTO, NULL);
    assert_int_equal(d.items[0].date_published_ms,
                     date_days(2024, 4, 3) * DAY_MS + 10 * HOUR_MS);
    assert_int_equal(d.items[0].date_note, DATE_ORDER_OF_FEED);
    assert_int_equal(d.items[1].date_note, DATE_NON_STANDARD);
    assert_int_equal(d.said.n_dates_read, 1);
    end_document(&d);
}

static void settle_leaves_dates_null_that_contradict(void **state)
{
    struct document d;

    (void)state;
    read_document(&d,
                  DATED("03/04/2024 10:00 GMT") DATED("13/04/2024 10:00 GMT")
                      DATED("04/13/2024 10:00 GMT"),
                  IDENTITY_AUTO, NULL);
    assert_int_equal(d.items[0].date_published_ms, 0);
    assert_int_equal(d.items[0].date_note, DATE_UNPARSABLE);
    assert_int_not_equal(d.items[2].date_published_ms, 0);
    end_document(&d);
}

static void settle_hears_the_feeds_own_date_and_earlier_documents(void **state)
{
    struct feed_habits habits = {0};
    struct document a, b, c;

    (void)state;
    read_document(&a,
                  "<lastBuildDate>04/30/2024 9:00 PM EST</lastBuildDate>" DATED(
                      "03/04/2024 10:00 EST"),
                  IDENTITY_AUTO, &habits);
    read_document(&b, DATED("05/06/2024 10:00 EST"), IDENTITY_AUTO, &habits);
    read_document(&c, DATED("05/06/2024 10:00 EST") DATED("30/06/2024 10:00 EST"),
                  IDENTITY_AUTO, &habits);
    assert_int_equal(a.items[0].date_published_ms / DAY_MS, date_days(2024, 3, 4));
    assert_int_equal(b.items[0].date_published_ms / DAY_MS, date_days(2024, 5, 6));
    assert_int_equal(c.items[0].date_published_ms / DAY_MS, date_days(2024, 6, 5));
    end_document(&a);
    end_document(&b);
    end_document(&c);
}

/* ---- the feed's memory ---- */

static void habits_survive_their_text(void **state)
{
    struct feed_habits h = {.orders.excluded = {0, 7, 1, 2, 0, 6}, .n_shared = 2}, again;
    char text[HABITS_TEXT_MAX], second[HABITS_TEXT_MAX];

    (void)state;
    assert_string_equal(habits_write(&(struct feed_habits){0}, text), "");
    h.shared[0] = 1;
    h.shared[1] = UINT64_MAX;
    habits_read(str_of(habits_write(&h, text)), &again);
    assert_string_equal(text, "071206 0000000000000001,ffffffffffffffff");
    assert_string_equal(habits_write(&again, second), text);
    h.all_are_shared = true;
    assert_string_equal(habits_write(&h, text), "071206 *");
    habits_read(str_of(text), &again);
    assert_true(again.all_are_shared);
}

static void habits_read_takes_nothing_from_strangers(void **state)
{
    static const char *const rows[] = {"",         "07120",    "0712068",
                                       "071208",   "071206 x", "071206 ffffffffffffffff,",
                                       "071206 ,", NULL};
    struct feed_habits h;
    char text[HABITS_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        habits_read(str_of(rows[i]), &h);
        assert_string_equal(habits_write(&h, text), "");
    }
}

/* The oldest goes: it is in no document any more. */
static void settle_remembers_the_latest_of_what_is_shared(void **state)
{
    struct feed_habits habits = {.n_shared = HABITS_SHARED_MAX};
    struct document d;

    (void)state;
    for (size_t i = 0; i < HABITS_SHARED_MAX; i++)
        habits.shared[i] = i + 1;
    read_document(&d, ENTRY("1", "a", "A", "") ENTRY("1", "b", "B", ""), IDENTITY_AUTO,
                  &habits);
    assert_false(habits.all_are_shared);
    assert_int_equal(habits.shared[0], 2);
    assert_int_equal(d.items[0].id_basis, ID_LINK);
    end_document(&d);
}

static void settle_trusts_nothing_where_all_is_shared(void **state)
{
    struct feed_habits habits = {.all_are_shared = true};
    struct document d;

    (void)state;
    read_document(&d, ENTRY("2", "c", "C", "<pubDate>2024-05-01T00:00:00Z</pubDate>"),
                  IDENTITY_AUTO, &habits);
    assert_int_equal(d.items[0].id_basis, ID_TITLE_DATE);
    end_document(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settle_tells_entries_by_their_guid),
        cmocka_unit_test(settle_goes_on_to_links_where_guids_are_shared),
        cmocka_unit_test(settle_goes_on_to_title_and_date_where_links_are_shared_too),
        cmocka_unit_test(settle_remembers_what_is_shared),
        cmocka_unit_test(settle_keeps_the_newest_version_of_an_entry),
        cmocka_unit_test(settle_does_what_the_policy_says),
        cmocka_unit_test(settle_makes_the_same_id_of_links_that_differ_in_tracking),
        cmocka_unit_test(settle_gives_an_alias_of_link_and_title),
        cmocka_unit_test(settle_marks_an_alias_that_several_entries_have),
        cmocka_unit_test(settle_reads_open_dates_as_the_others_are_written),
        cmocka_unit_test(settle_leaves_dates_null_that_contradict),
        cmocka_unit_test(settle_hears_the_feeds_own_date_and_earlier_documents),
        cmocka_unit_test(habits_survive_their_text),
        cmocka_unit_test(habits_read_takes_nothing_from_strangers),
        cmocka_unit_test(settle_remembers_the_latest_of_what_is_shared),
        cmocka_unit_test(settle_trusts_nothing_where_all_is_shared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
