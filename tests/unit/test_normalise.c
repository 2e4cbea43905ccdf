#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/feed.h"

#define HTML(text)                                 \
    {                                              \
        .value = STR_INIT(text), .kind = TEXT_HTML \
    }
#define PLAIN(text)                                                           \
    {                                                                         \
        .value = STR_INIT(text), .type = STR_INIT("text"), .kind = TEXT_PLAIN \
    }

static const struct feed_meta no_meta = {.format = STR_INIT("rss2.0")};

static struct item item_of(const struct feed_entry *e, const struct feed_meta *m,
                           const struct normalise_options *o, struct arena *a)
{
    struct item it = {.feed = {.id = STR_INIT("harbour"),
                               .url = STR_INIT("https://harbour.example/feed.xml")},
                      .fetch = {.time_ms = 1700000000000}};
    struct err err = {0};

    if (item_from_entry(e, m, o, a, &it, &err) < 0)
        fail_msg("%s", err.text);
    return it;
}

static void expect(struct str found, const char *wanted)
{
    if (!str_eq(found, str_of(wanted)))
        fail_msg("'%s' expected, '" STR_FMT "' found", wanted, STR_ARG(found));
}

static void markup_becomes_plain_text(void **state)
{
    struct feed_text content =
        HTML("<p>The ferry is <b>back</b>.</p><p>Tickets &amp; tea.</p>");
    struct feed_entry e = {.title = HTML("Ferry &amp;\n  <i>tea</i>"),
                           .summary = PLAIN("Short"),
                           .contents = &content,
                           .n_contents = 1,
                           .link = STR_INIT("https://harbour.example/ferry")};
    struct arena a = {0};
    struct item it = item_of(&e, &no_meta, &(struct normalise_options){0}, &a);

    (void)state;
    expect(it.title, "Ferry & tea");
    expect(it.content_text, "The ferry is back.\n\nTickets & tea.");
    expect(it.summary, "Short");
    assert_int_equal(it.content_source, CONTENT_FEED_CONTENT);
    assert_int_equal(it.n_derived, 0);
    arena_fini(&a);
}

static void a_summary_is_the_content_when_there_is_no_other(void **state)
{
    struct feed_text empty = HTML("<img src='x'>");
    struct feed_entry e = {.title = PLAIN("T"),
                           .summary = HTML("<p>All there is.</p>"),
                           .contents = &empty,
                           .n_contents = 1};
    struct arena a = {0};
    struct item it = item_of(&e, &no_meta, &(struct normalise_options){0}, &a);

    (void)state;
    expect(it.content_text, "All there is.");
    assert_int_equal(it.content_source, CONTENT_FEED_SUMMARY);
    assert_null(it.summary.p);
    arena_fini(&a);
}

static void a_title_is_made_of_the_first_sentence(void **state)
{
    struct feed_entry e = {.summary =
                               PLAIN("The ferry is back again. It sails at noon.")};
    struct arena a = {0};
    struct item it = item_of(&e, &no_meta, &(struct normalise_options){0}, &a);

    (void)state;
    expect(it.title, "The ferry is back again.");
    assert_int_equal(it.n_derived, 1);
    expect(it.derived[0], "title");
    arena_fini(&a);
}

static void long_text_is_cut_between_characters(void **state)
{
    struct feed_entry e = {.title = PLAIN("T"), .summary = PLAIN("ab\xC3\xA9\xC3\xA9")};
    struct normalise_options o = {.max_text_bytes = 5};
    struct arena a = {0};
    struct item it = item_of(&e, &no_meta, &o, &a);

    (void)state;
    expect(it.content_text, "ab\xC3\xA9");
    assert_true(it.content_truncated);
    arena_fini(&a);
}

struct identity_row {
    struct feed_entry entry;
    enum identity_policy policy;
    enum id_basis basis;
};

static void the_basis_of_an_id_follows_the_order(void **state)
{
    static const struct feed_date day = {STR_INIT("x"), {1600000000000, true, DATE_OK}};
    const struct identity_row rows[] = {
        {{.id = STR_INIT("g"),
          .link = STR_INIT("http://a.example/"),
          .title = PLAIN("t")},
         IDENTITY_AUTO,
         ID_GUID},
        {{.link = STR_INIT("http://a.example/"), .title = PLAIN("t")},
         IDENTITY_AUTO,
         ID_LINK},
        {{.title = PLAIN("t"), .published = day}, IDENTITY_AUTO, ID_TITLE_DATE},
        {{.title = PLAIN("t")}, IDENTITY_AUTO, ID_CONTENT},
        {{.summary = PLAIN("s"), .published = day}, IDENTITY_AUTO, ID_CONTENT},
        {{.id = STR_INIT("g"), .link = STR_INIT("http://a.example/")},
         IDENTITY_LINK,
         ID_LINK},
        {{.id = STR_INIT("g"), .title = PLAIN("t"), .published = day},
         IDENTITY_TITLE_DATE,
         ID_TITLE_DATE},
        {{.id = STR_INIT("g"), .title = PLAIN("t")}, IDENTITY_LINK, ID_GUID},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct normalise_options o = {.identity = rows[i].policy};
        struct arena a = {0};
        struct item it = item_of(&rows[i].entry, &no_meta, &o, &a);

        if (it.id_basis != rows[i].basis)
            fail_msg("row %zu: basis %d expected, %d found", i, rows[i].basis,
                     it.id_basis);
        assert_int_equal(it.id.n, 26);
        arena_fini(&a);
    }
}

static void an_entry_of_nothing_is_refused(void **state)
{
    struct feed_entry e = {.title = HTML("<br>")};
    struct normalise_options o = {0};
    struct item it = {.feed = {.id = STR_INIT("f")}};
    struct arena a = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(item_from_entry(&e, &no_meta, &o, &a, &it, &err), ERR_FORMAT);
    arena_fini(&a);
}

static void the_same_entry_has_the_same_id_and_hash(void **state)
{
    struct feed_entry e = {.id = STR_INIT("ferry-1"), .title = PLAIN("T")};
    struct arena a = {0};
    struct item one = item_of(&e, &no_meta, &(struct normalise_options){0}, &a), two,
                three;

    (void)state;
    two = item_of(&e, &no_meta, &(struct normalise_options){0}, &a);
    e.title = (struct feed_text)PLAIN("Another");
    three = item_of(&e, &no_meta, &(struct normalise_options){0}, &a);

    assert_true(str_eq(one.id, two.id) && str_eq(one.content_hash, two.content_hash));
    assert_true(str_eq(one.id, three.id));
    assert_false(str_eq(one.content_hash, three.content_hash));
    arena_fini(&a);
}

struct date_row {
    struct feed_date published, updated;
    int64_t published_ms, modified_ms;
    enum date_note note;
};

static void dates_are_honest(void **state)
{
    static const struct date_row rows[] = {
        {{{NULL, 0}, {0}}, {{NULL, 0}, {0}}, 0, 0, DATE_MISSING},
        {{STR_INIT("soon"), {0, false, DATE_UNPARSABLE}},
         {{NULL, 0}, {0}},
         0,
         0,
         DATE_UNPARSABLE},
        {{STR_INIT("a"), {1600000000000, true, DATE_NO_ZONE}},
         {{NULL, 0}, {0}},
         1600000000000,
         0,
         DATE_NO_ZONE},
        {{STR_INIT("a"), {1700000000000 + 2 * DAY_MS, true, DATE_OK}},
         {{NULL, 0}, {0}},
         1700000000000 + 2 * DAY_MS,
         0,
         DATE_FUTURE},
        {{{NULL, 0}, {0}},
         {STR_INIT("b"), {1600000000000, true, DATE_OK}},
         1600000000000,
         1600000000000,
         DATE_OK},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct feed_entry e = {.title = PLAIN("t"),
                               .published = rows[i].published,
                               .updated = rows[i].updated};
        struct arena a = {0};
        struct item it = item_of(&e, &no_meta, &(struct normalise_options){0}, &a);

        if (it.date_note != rows[i].note ||
            it.date_published_ms != rows[i].published_ms ||
            it.date_modified_ms != rows[i].modified_ms)
            fail_msg("row %zu: note %d, published %lld", i, it.date_note,
                     (long long)it.date_published_ms);
        arena_fini(&a);
    }
}

static void language_comes_from_the_nearest_that_says_one(void **state)
{
    static const char *const rows[][4] = {
        /* entry, feed, configuration, expected */
        {"en_US", "fr", "de", "en-US"}, {NULL, "FR-ca", "de", "fr-ca"},
        {NULL, NULL, "de", "de"},       {"english please", "fr", NULL, "fr"},
        {"x", NULL, NULL, NULL},        {"zh-Hant-TW", NULL, NULL, "zh-Hant-TW"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct feed_entry e = {.title = PLAIN("t"), .language = str_of(rows[i][0])};
        struct feed_meta m = {.language = str_of(rows[i][1])};
        struct normalise_options o = {.language = str_of(rows[i][2])};
        struct arena a = {0};
        struct item it = item_of(&e, &m, &o, &a);

        expect(it.language, rows[i][3] != NULL ? rows[i][3] : "");
        arena_fini(&a);
    }
}

static void authors_of_the_feed_stand_in(void **state)
{
    struct person desk = {.email = STR_INIT("desk@harbour.example")};
    struct feed_entry e = {.title = PLAIN("t")};
    struct feed_meta m = {.authors = &desk, .n_authors = 1};
    struct arena a = {0};
    struct item it = item_of(&e, &m, &(struct normalise_options){0}, &a);

    (void)state;
    assert_int_equal(it.n_authors, 1);
    expect(it.authors[0].name, "desk@harbour.example");
    arena_fini(&a);
}

struct html_row {
    const char *in, *out;
};

static void html_is_made_safe(void **state)
{
    static const struct html_row rows[] = {
        {"<p onclick=\"x()\">a<script>alert(1)</script>b</p>", "<p>ab</p>"},
        {"<a href='javascript:x()'>a</a>", "<a href=\"\">a</a>"},
        {"<a href=\"java&#10;script:x()\">a</a>",
         "<a href=\"https://h.example/d/java%20script:x()\">a</a>"},
        {"<a href=' JavaScript&colon;x()'>a</a>", "<a href=\"\">a</a>"},
        {"<a href='/x?a=1&amp;b=2'>a</a>",
         "<a href=\"https://h.example/x?a=1&amp;b=2\">a</a>"},
        {"<IMG SRC=a.png ALT='\"'>",
         "<img alt=\"&quot;\" src=\"https://h.example/d/a.png\" />"},
        {"1 < 2 & 3", "1 &lt; 2 &amp; 3"},
        {"a<!-- hidden -->b", "ab"},
        {"<style>p{}</style ><b>x", "<b>x"},
        {"<iframe src=x></iframe><unknown>y</unknown>", "y"},
        {"<a href=\"x", "&lt;a href=\"x"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct feed_text t = {.value = str_of(rows[i].in),
                              .kind = TEXT_HTML,
                              .base = STR_INIT("https://h.example/d/")};
        struct strbuf out = {.max = 4096};

        assert_int_equal(feed_text_html(&t, &out), 0);
        if (strcmp(strbuf_cstr(&out), rows[i].out) != 0)
            fail_msg("%s: '%s' expected, '%s' found", rows[i].in, rows[i].out,
                     strbuf_cstr(&out));
        strbuf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_becomes_plain_text),
        cmocka_unit_test(a_summary_is_the_content_when_there_is_no_other),
        cmocka_unit_test(a_title_is_made_of_the_first_sentence),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(the_basis_of_an_id_follows_the_order),
        cmocka_unit_test(an_entry_of_nothing_is_refused),
        cmocka_unit_test(the_same_entry_has_the_same_id_and_hash),
        cmocka_unit_test(dates_are_honest),
        cmocka_unit_test(language_comes_from_the_nearest_that_says_one),
        cmocka_unit_test(authors_of_the_feed_stand_in),
        cmocka_unit_test(html_is_made_safe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
