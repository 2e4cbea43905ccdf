/* Documents made to hurt: each ends in a clear error or a bounded result. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "feed_dump.h"

#define RSS_START "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title>"
#define RSS_END   "</channel></rss>"
#define ITEM      "<item><title>good</title><link>http://a.example/1</link></item>"

static const struct feed_options options = {
    .url = STR_INIT("http://feed.example/"),
    .max_entry_bytes = 1 << 20,
};

static struct feed_dump read_text(struct strbuf *document)
{
    struct feed_dump d = feed_dump(strbuf_str(document), 32768, &options);

    strbuf_fini(document);
    return d;
}

static struct strbuf text(const char *z)
{
    struct strbuf b = {.max = (size_t)64 << 20};

    (void)strbuf_add_text(&b, z);
    return b;
}

static void repeat(struct strbuf *b, const char *z, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (void)strbuf_add_text(b, z);
}

static void expect_has(const struct feed_dump *d, const char *words)
{
    if (strstr(strbuf_cstr(&d->text), words) == NULL)
        fail_msg("no '%s' in\n%.2000s", words, strbuf_cstr(&d->text));
}

static void entities_made_of_entities_are_refused(void **state)
{
    struct strbuf b = text("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a0 \"lol\">");
    struct feed_dump d;

    (void)state;
    for (int i = 1; i < 12; i++)
        (void)strbuf_addf(&b, "<!ENTITY a%d \"&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;\">", i,
                          i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    (void)strbuf_add_text(&b, "]><rss version=\"2.0\"><channel><title>t</title>" ITEM
                              "<item><title>&a11;</title></item>" RSS_END);
    d = read_text(&b);

    assert_int_equal(d.rc, ERR_LIMIT);
    expect_has(&d, "entity 'a11' is made of others, refused");
    assert_int_equal(d.n_entries, 1);
    feed_dump_fini(&d);
}

static void a_long_entity_used_often_is_refused(void **state)
{
    struct strbuf b = text("<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"");
    struct feed_dump d;

    (void)state;
    repeat(&b, "0123456789", 20);
    (void)strbuf_add_text(&b, "\">]><rss version=\"2.0\"><channel>" ITEM "<item><title>");
    repeat(&b, "&a;", 100000);
    (void)strbuf_add_text(&b, "</title></item>" ITEM RSS_END);
    d = read_text(&b);

    assert_int_equal(d.rc, ERR_LIMIT);
    expect_has(&d, "entities make the text more than 1024 kB longer, refused");
    assert_int_equal(d.n_entries, 1);
    feed_dump_fini(&d);
}

static void a_file_named_by_an_entity_is_not_read(void **state)
{
    char path[] = "/tmp/newsmq-xxe-XXXXXX";
    int fd = mkstemp(path);
    struct strbuf b = text("<?xml version=\"1.0\"?><!DOCTYPE rss [");
    struct feed_dump d;

    (void)state;
    assert_true(fd >= 0 && write(fd, "secret", 6) == 6);
    (void)close(fd);
    (void)strbuf_addf(
        &b,
        "<!ENTITY x SYSTEM \"file://%s\"><!ENTITY %% p SYSTEM \"file://%s\">"
        "%%p;]><rss version=\"2.0\"><channel><title>a&x;b</title>" ITEM
        "<item><title>c&x;d</title></item>" RSS_END,
        path, path);
    d = read_text(&b);
    (void)unlink(path);

    assert_null(strstr(strbuf_cstr(&d.text), "secret"));
    expect_has(&d, "external entity 'x' refused");
    assert_int_equal(d.n_entries, 2);
    feed_dump_fini(&d);
}

static void an_external_document_type_is_not_loaded(void **state)
{
    struct strbuf b = text("<!DOCTYPE rss SYSTEM \"file:///etc/passwd\">" RSS_START);
    struct feed_dump d;

    (void)state;
    memcpy(b.p + strlen("<!DOCTYPE rss SYSTEM \"file:///etc/passwd\">"),
           "                     ", 21); /* where RSS_START has its prolog */
    (void)strbuf_add_text(&b, ITEM RSS_END);
    d = read_text(&b);

    assert_int_equal(d.rc, 0);
    assert_int_equal(d.n_entries, 1);
    feed_dump_fini(&d);
}

static void deep_nesting_is_refused_with_its_line(void **state)
{
    struct strbuf b = text(RSS_START ITEM "\n<item>");
    struct feed_dump d;

    (void)state;
    repeat(&b, "<d>", 300000);
    d = read_text(&b);

    assert_int_equal(d.rc, ERR_LIMIT);
    expect_has(&d, "line 2: elements nested deeper than 256");
    assert_int_equal(d.n_entries, 1);
    feed_dump_fini(&d);
}

static void a_tag_of_many_attributes_costs_only_itself(void **state)
{
    struct strbuf b = text(RSS_START ITEM "<item");
    struct feed_dump d;

    (void)state;
    for (int i = 0; i < 100000; i++)
        (void)strbuf_addf(&b, " a%d=\"%d\"", i, i);
    (void)strbuf_add_text(&b, "><title>odd</title></item>" ITEM RSS_END);
    d = read_text(&b);

    assert_int_equal(d.rc, 0);
    assert_true(d.n_entries >= 2);
    assert_true(d.n_warnings >= 1);
    feed_dump_fini(&d);
}

static void a_text_larger_than_allowed_costs_only_its_entry(void **state)
{
    struct strbuf b = text(RSS_START ITEM "<item><title>");
    struct feed_dump d;

    (void)state;
    repeat(&b, "thirty megabytes of the same words, over and over again ....", 500000);
    (void)strbuf_add_text(&b, "</title></item>" ITEM RSS_END);
    d = read_text(&b);

    assert_int_equal(d.rc, 0);
    assert_int_equal(d.n_entries, 2);
    assert_int_equal(d.n_dropped, 1);
    feed_dump_fini(&d);
}

static void a_fault_behind_a_huge_entry_loses_only_that(void **state)
{
    struct strbuf b = text(RSS_START ITEM "<item><title>");
    struct feed_dump d;

    (void)state;
    repeat(&b, "ten megabytes of the same words, over and over again .......", 160000);
    (void)strbuf_add_text(&b, " & </title></item>" ITEM ITEM RSS_END);
    d = read_text(&b);

    assert_int_equal(d.rc, 0);
    assert_true(d.n_entries >= 2);
    feed_dump_fini(&d);
}

static void angles_without_end_are_text(void **state)
{
    struct strbuf b = text(RSS_START ITEM "<item><title>");
    struct feed_dump d;

    (void)state;
    repeat(&b, "<", 2000000);
    (void)strbuf_add_text(&b, "</title></item>" ITEM RSS_END);
    d = read_text(&b);

    assert_int_equal(d.rc, 0);
    assert_true(d.n_entries >= 2);
    feed_dump_fini(&d);
}

static void quotes_without_end_do_not_hide_the_rest(void **state)
{
    struct strbuf b = text(RSS_START ITEM "<item a=' <b c=\" ");
    struct feed_dump d;

    (void)state;
    repeat(&b, "<x y=' <z w=\"", 100000);
    (void)strbuf_add_text(&b, "'>\">" ITEM RSS_END);
    d = read_text(&b);

    assert_int_equal(d.rc, 0);
    assert_true(d.n_entries >= 1);
    feed_dump_fini(&d);
}

static void many_different_names_are_bounded(void **state)
{
    struct strbuf b = text(RSS_START ITEM);
    struct feed_dump d;

    (void)state;
    for (int i = 0; i < 200000; i++)
        (void)strbuf_addf(&b, "<name-%d-that-nobody-has-heard-of xmlns:p%d='u%d'/>", i, i,
                          i);
    (void)strbuf_add_text(&b, ITEM RSS_END);
    d = read_text(&b);

    assert_true(d.rc == 0 || d.rc == ERR_LIMIT);
    assert_true(d.n_entries >= 1);
    feed_dump_fini(&d);
}

static void entries_over_the_bound_are_counted(void **state)
{
    struct feed_options o = options;
    struct strbuf b = text(RSS_START);
    struct feed_dump d;

    (void)state;
    o.max_entries = 10;
    repeat(&b, ITEM, 50);
    (void)strbuf_add_text(&b, RSS_END);
    d = feed_dump(strbuf_str(&b), 999, &o);

    assert_int_equal(d.n_entries, 10);
    assert_int_equal(d.n_dropped, 40);
    feed_dump_fini(&d);
    strbuf_fini(&b);
}

static void deep_json_costs_only_its_item(void **state)
{
    struct strbuf b = text("{\"version\":\"https://jsonfeed.org/version/1.1\","
                           "\"title\":\"t\",\"items\":[{\"id\":\"1\",\"x\":");
    struct feed_dump d;

    (void)state;
    repeat(&b, "[", 300000);
    repeat(&b, "]", 300000);
    (void)strbuf_add_text(&b, "},{\"id\":\"2\",\"content_text\":\"fine\"}]}");
    d = read_text(&b);

    assert_int_equal(d.rc, 0);
    assert_int_equal(d.n_entries, 1);
    expect_has(&d, "id 2");
    feed_dump_fini(&d);
}

static void zero_bytes_and_controls_are_dropped(void **state)
{
    static const char bytes[] = RSS_START "<item><title>a\0b\x02"
                                          "c&#0;&#xFFFF;d</title></item>" RSS_END;
    struct feed_dump d =
        feed_dump((struct str){bytes, sizeof bytes - 1}, SIZE_MAX / 2, &options);

    (void)state;
    assert_int_equal(d.rc, 0);
    assert_int_equal(d.n_entries, 1);
    assert_int_equal(strlen(strbuf_cstr(&d.text)), d.text.n);
    feed_dump_fini(&d);
}

struct refusal {
    const char *document, *error;
};

static const struct refusal refusals[] = {
    {"", "line 1: an empty document"},
    {"   \n ", "line 1: an empty document"},
    {"just words", "line 1: neither XML nor JSON"},
    {"<!DOCTYPE html>\n<html><head><meta charset=utf-8><title>Page not found</title>",
     "line 2: an HTML page (\"Page not found\"), not a feed"},
    {"<html><body><p>Hello", "an HTML page, not a feed"},
    {"<opml version='1.0'><body/></opml>", "line 1: <opml> is no feed"},
    {"{\"hello\": 1}", "JSON, but no JSON Feed: no \"version\""},
    {"<?xml version='1.0'?><!-- nothing -->", "no element in it"},
};

static void what_is_no_feed_is_refused_in_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        struct feed_dump d =
            feed_dump(str_of(refusals[i].document), SIZE_MAX / 2, &options);

        if (d.rc != ERR_FORMAT || strstr(d.e.text, refusals[i].error) == NULL)
            fail_msg("%s: '%s' expected, '%s' found", refusals[i].document,
                     refusals[i].error, d.e.text);
        feed_dump_fini(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entities_made_of_entities_are_refused),
        cmocka_unit_test(a_long_entity_used_often_is_refused),
        cmocka_unit_test(a_file_named_by_an_entity_is_not_read),
        cmocka_unit_test(an_external_document_type_is_not_loaded),
        cmocka_unit_test(deep_nesting_is_refused_with_its_line),
        cmocka_unit_test(a_tag_of_many_attributes_costs_only_itself),
        cmocka_unit_test(a_text_larger_than_allowed_costs_only_its_entry),
        cmocka_unit_test(a_fault_behind_a_huge_entry_loses_only_that),
        cmocka_unit_test(angles_without_end_are_text),
        cmocka_unit_test(quotes_without_end_do_not_hide_the_rest),
        cmocka_unit_test(many_different_names_are_bounded),
        cmocka_unit_test(entries_over_the_bound_are_counted),
        cmocka_unit_test(deep_json_costs_only_its_item),
        cmocka_unit_test(zero_bytes_and_controls_are_dropped),
        cmocka_unit_test(what_is_no_feed_is_refused_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
