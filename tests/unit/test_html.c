#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "newsmq/clock.h"
#include "newsmq/html.h"
#include "newsmq/view.h"

#define NOW INT64_C(1795000000000)

static struct strbuf out;

static int setup(void **state)
{
    (void)state;
    out = (struct strbuf){.max = 1 << 20};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    strbuf_fini(&out);
    return 0;
}

static bool has(const char *text)
{
    return strstr(strbuf_cstr(&out), text) != NULL;
}

static void text_of_strangers_is_escaped(void **state)
{
    static const char *const rows[][2] = {
        {"a < b & c > \"d\" 'e'", "a &lt; b &amp; c &gt; &quot;d&quot; &#39;e&#39;"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"&amp;", "&amp;amp;"},
        {"na\xC3\xAFve \xF0\x9F\x8C\x8D", "na\xC3\xAFve \xF0\x9F\x8C\x8D"},
        {"a\x01"
         "b\x1B[2Jc\x7F"
         "d\xC2\x85"
         "e",
         "ab[2Jcde"},
        {"a\xFF"
         "b\xC3",
         "a\xEF\xBF\xBD"
         "b\xEF\xBF\xBD"},
        {"\xEF\xBF\xBD", "\xEF\xBF\xBD"},
        {"two\nlines\there", "two\nlines\there"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct html h = html_to(&out);

        strbuf_reset(&out);
        html_text(&h, str_of(rows[i][0]));
        assert_int_equal(h.rc, 0);
        assert_string_equal(strbuf_cstr(&out), rows[i][1]);
    }
}

static void an_attribute_stays_one(void **state)
{
    struct html h = html_to(&out);

    (void)state;
    html_raw(&h, "<a");
    html_attr(&h, "title", STR("x\" onclick='y'\n>"));
    html_href(&h, "/entity/", STR("ORG:a/b?c#d%&\xC3\xA9 \"'<"));
    html_raw(&h, ">");
    assert_string_equal(strbuf_cstr(&out),
                        "<a title=\"x&quot; onclick=&#39;y&#39; &gt;\" "
                        "href=\"/entity/ORG:a%2Fb%3Fc%23d%25%26%C3%A9%20%22%27%3C\">");
}

static void only_http_is_linked(void **state)
{
    static const struct {
        const char *url;
        bool is_fit;
    } rows[] = {
        {"http://a.example/", true},
        {"HTTPS://a.example/?b=c&d", true},
        {"https://a.example:8080/x", true},
        {"javascript:alert(1)", false},
        {"JaVaScRiPt:alert(1)", false},
        {" javascript:alert(1)", false},
        {"java\nscript:alert(1)", false},
        {"data:text/html,<script>", false},
        {"vbscript:x", false},
        {"//a.example/", false},
        {"/x", false},
        {"http:", false},
        {"http://", false},
        {"https:\\\\a.example", false},
        {"http://a.example/ x", false},
        {"http://a.example/\xFF", false},
        {"file:///etc/passwd", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct html h = html_to(&out);

        strbuf_reset(&out);
        html_link(&h, str_of(rows[i].url), STR("<b>"), NULL);
        if (html_url_is_fit(str_of(rows[i].url)) != rows[i].is_fit)
            fail_msg("%s", rows[i].url);
        assert_int_equal(has("<a href="), rows[i].is_fit);
        assert_int_equal(has("noopener noreferrer"), rows[i].is_fit);
        assert_true(has("&lt;b&gt;"));
    }
}

static void what_does_not_fit_is_told_and_nothing_is_half_there(void **state)
{
    struct strbuf small = {.max = 8};
    struct html h = html_to(&small);

    (void)state;
    html_raw(&h, "<p>");
    html_text(&h, STR("a long text"));
    html_raw(&h, "</p>");
    assert_int_not_equal(h.rc, 0);
    assert_string_equal(strbuf_cstr(&small), "<p>");
    strbuf_fini(&small);
}

static void numbers_and_times_are_in_words(void **state)
{
    struct html h = html_to(&out);

    (void)state;
    html_number(&h, 1234567);
    html_raw(&h, " ");
    html_number(&h, 0);
    html_raw(&h, " ");
    html_number(&h, 999);
    assert_string_equal(strbuf_cstr(&out), "1,234,567 0 999");
    html_ago(&h, NOW - 3 * MINUTE_MS, NOW);
    assert_true(has(">3 min ago</time>"));
    html_ago(&h, 0, NOW);
    assert_true(has("never"));
    html_ago(&h, INT64_MAX, NOW);
    html_moment(&h, INT64_MAX);
    assert_int_equal(h.rc, 0);
}

static void pictures_say_what_they_show(void **state)
{
    const uint32_t counts[] = {0, 1, 4000000000u, 7};
    const char *const names[] = {"<1", "2", "3", "4"};
    const struct html_point points[] = {
        {48.85, 2.35, 3, STR_INIT("Paris <b>"), {NULL, 0}},
        {-89, 0, 1, STR_INIT("South"), {NULL, 0}},
        {1e9, -1e9, 1, STR_INIT("Nowhere"), {NULL, 0}},
    };
    struct html h = html_to(&out);

    (void)state;
    html_spark(&h, counts, 4, "a & b");
    html_columns(&h, counts, names, 4, "columns");
    html_columns(&h, counts, NULL, 0, "none");
    html_bar(&h, 5, 2);
    html_bar(&h, 1, 0);
    html_map(&h, points, 3, "map");
    assert_true(has("aria-label=\"a &amp; b\""));
    assert_true(has("&lt;1: 0"));
    assert_true(has("Paris &lt;b&gt; (3)"));
    assert_false(has("South"));
    assert_false(has("Nowhere"));
    assert_false(has("style="));
    strbuf_reset(&out);
    html_map(&h, points + 1, 2, "map");
    assert_int_equal(out.n, 0);
}

/* ---- views ---- */

static char *article_of(const char *json)
{
    json_t *record = json_loads(json, 0, NULL);
    struct html h = html_to(&out);
    struct view v = {&h, {"/article/", "/entity/", "/feed/"}, NOW, 3};

    assert_non_null(record);
    strbuf_reset(&out);
    view_article(&v, record);
    assert_int_equal(h.rc, 0);
    json_decref(record);
    return strbuf_take(&out);
}

static void an_article_shows_names_and_quotes_where_they_are(void **state)
{
    char *page = article_of(
        "{\"id\":\"x\",\"content_text\":\"The \xC3\xA9tat hired Ada.\\n\\n\\\"Ada "
        "won,\\\" "
        "he said.\",\"feed\":{\"id\":\"a\"},\"nlp\":{\"entities\":["
        "{\"id\":\"e1\",\"type\":\"PER\",\"name\":\"Ada\",\"mentions\":["
        "{\"start_byte\":16,\"end_byte\":19},{\"start_byte\":23,\"end_byte\":26}]}],"
        "\"quotes\":[{\"start_byte\":22,\"end_byte\":32,\"text\":\"\\\"Ada won,\\\"\","
        "\"speaker\":\"e1\",\"cue\":\"said\"}]}}");

    (void)state;
    assert_non_null(strstr(page, "hired <mark class=\"per\"><a href=\"/entity/PER:Ada\">"
                                 "Ada</a><span class=\"type\">PER</span></mark>.</p>\n"
                                 "<p><span class=\"quoted\">&quot;</span><span "
                                 "class=\"quoted\"><mark"));
    assert_non_null(strstr(page, "<blockquote dir=\"auto\">&quot;Ada won,&quot;"));
    free(page);
}

/* A worker of a stranger may say anything. */
static void odd_spans_are_left_out(void **state)
{
    char *page = article_of(
        "{\"content_text\":\"a\xC3\xA9"
        "bcdef\",\"nlp\":{\"entities\":["
        "{\"type\":\"PER\",\"name\":\"N\",\"mentions\":[{\"start_byte\":-5,\"end_byte\":"
        "3},"
        "{\"start_byte\":2,\"end_byte\":4},{\"start_byte\":0,\"end_byte\":9999999999},"
        "{\"start_byte\":3,\"end_byte\":3},{\"start_byte\":\"1\",\"end_byte\":2},{},7,"
        "null,"
        "{\"start_byte\":3,\"end_byte\":6},{\"start_byte\":4,\"end_byte\":5},"
        "{\"start_byte\":5,\"end_byte\":8}]},7,{\"type\":7,\"name\":[],\"mentions\":{}}],"
        "\"quotes\":[null,{\"start_byte\":4,\"end_byte\":5}]}}");

    (void)state;
    assert_non_null(strstr(page, "<p>a\xC3\xA9<mark class=\"per\">"));
    assert_non_null(strstr(page, "ef</p>"));
    free(page);
    free(article_of("{}"));
    free(article_of("{\"content_text\":7,\"nlp\":[],\"feed\":\"x\",\"authors\":{}}"));
}

static void nothing_of_a_record_becomes_markup(void **state)
{
#define EVIL "\\\"><script>alert(1)</script>"
    char *page = article_of(
        "{\"id\":\"" EVIL "\",\"url\":\"javascript:alert(1)\",\"title\":\"" EVIL "\","
        "\"guid\":\"" EVIL "\",\"canonical_url\":\"" EVIL "\",\"id_basis\":\"" EVIL "\","
        "\"content_text\":\"" EVIL "\",\"content_hash\":\"" EVIL
        "\",\"authors\":[{\"name\":"
        "\"" EVIL "\"}],\"feed\":{\"id\":\"" EVIL "\",\"title\":\"" EVIL "\"},\"dedup\":{"
        "\"status\":\"exact_duplicate\",\"of\":\"" EVIL "\"},\"nlp\":{\"status\":\"" EVIL
        "\",\"language\":{\"code\":\"" EVIL "\"},\"entities\":[{\"id\":\"e1\",\"type\":"
        "\"" EVIL "\",\"name\":\"" EVIL "\",\"aliases\":[\"" EVIL "\"],\"wikidata\":\""
        "\\\"><script\",\"geo\":{\"lat\":1,\"lon\":2,\"country\":\"" EVIL
        "\"},\"mentions\":["
        "{\"start_byte\":0,\"end_byte\":9}]}],\"quotes\":[{\"text\":\"" EVIL
        "\",\"cue\":\"" EVIL "\",\"speaker\":\"e1\"}],\"workers\":[{\"name\":\"" EVIL
        "\",\"model\":\"" EVIL "\",\"error\":\"" EVIL "\"}]}}");

    (void)state;
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "href=\"javascript"));
    assert_null(strstr(page, "style="));
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(text_of_strangers_is_escaped, setup, teardown),
        cmocka_unit_test_setup_teardown(an_attribute_stays_one, setup, teardown),
        cmocka_unit_test_setup_teardown(only_http_is_linked, setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_does_not_fit_is_told_and_nothing_is_half_there, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_and_times_are_in_words, setup, teardown),
        cmocka_unit_test_setup_teardown(pictures_say_what_they_show, setup, teardown),
        cmocka_unit_test_setup_teardown(an_article_shows_names_and_quotes_where_they_are,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(odd_spans_are_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_of_a_record_becomes_markup, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
