#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "newsmq/json.h"

static const struct {
    const char *text, *a, *b; /* NULL: absent */
} good[] = {
    {"{}", NULL, NULL},
    {" {\"a\":1}\n", "1", NULL},
    {"{\"b\" : [1, {\"a\":2}, []] , \"a\":\"x\\\"y\"}", "\"x\\\"y\"",
     "[1, {\"a\":2}, []]"},
    {"{\"a\":{},\"b\":{\"c\":{\"d\":[[]]}}}", "{}", "{\"c\":{\"d\":[[]]}}"},
    {"{\"a\":-0.5e+10,\"b\":true}", "-0.5e+10", "true"},
    {"{\"a\":null,\"a\":2}", "null", NULL},
    {"{\"a\":\"\xC3\xA9\\u00e9\",\"b\":\"\xEF\xBF\xBD\"}", "\"\xC3\xA9\\u00e9\"",
     "\"\xEF\xBF\xBD\""},
    {"{\"\":1,\"aa\":2}", NULL, NULL},
};

static const char *const bad[] = {
    "",
    " ",
    "[]",
    "1",
    "{",
    "}",
    "{]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{,}",
    "{\"a\":1 2}",
    "{\"a\":01}",
    "{\"a\":1.}",
    "{\"a\":.5}",
    "{\"a\":+1}",
    "{\"a\":1e}",
    "{\"a\":tru}",
    "{\"a\":nul",
    "{\"a\":\"x}",
    "{\"a\":[1,]}",
    "{\"a\":[1}",
    "{\"a\":{]}",
    "{\"a\":[}",
    "{'a':1}",
    "{\"a\":\"\\x\"}",
    "{\"a\":\"\\u12g4\"}",
    "{\"a\":\"\n\"}",
    "{\"a\":\"\xFF\"}",
    "{\"a\":\"\xC0\x80\"}",
    "{\"a\":\"\xED\xA0\x80\"}",
    "{}x",
    "{} {}",
    "{a:1}",
    "{\"a\":1,\"b\"",
    "{\"a\":[[[",
    "{\"a\":\"\\",
    "{\"a\":NaN}",
    "{\"a\":-}",
};

static void members_are_found_as_they_stand(void **state)
{
    static const struct str keys[] = {STR_INIT("a"), STR_INIT("b")};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct str v[2];
        struct err e = {0};

        print_message("%s\n", good[i].text);
        assert_int_equal(json_scan(str_of(good[i].text), keys, 2, v, &e), 0);
        assert_true(str_eq(v[0], str_of(good[i].a)));
        assert_true(str_eq(v[1], str_of(good[i].b)));
        assert_int_equal(v[0].p == NULL, good[i].a == NULL);
    }
}

static void what_is_no_object_is_refused(void **state)
{
    static const struct str key = STR_INIT("a");

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct str v = STR("left over");
        struct err e = {0};

        print_message("%s\n", bad[i]);
        assert_int_equal(json_scan(str_of(bad[i]), &key, 1, &v, &e), ERR_FORMAT);
        assert_null(v.p);
        assert_true(strncmp(e.text, "JSON at byte ", 13) == 0);
    }
}

static void depth_is_bounded(void **state)
{
    char text[400] = "{\"a\":";
    size_t n = strlen(text);

    (void)state;
    for (unsigned depth = 63; depth <= 64; depth++) {
        struct err e;

        memset(text + n, '[', depth);
        memset(text + n + depth, ']', depth);
        text[n + 2 * depth] = '}';
        assert_int_equal(
            json_scan((struct str){text, n + 2 * depth + 1}, NULL, 0, NULL, &e),
            depth == 63 ? 0 : ERR_FORMAT);
    }
}

static void every_cut_of_an_object_is_refused(void **state)
{
    const struct str text =
        STR("{\"a\":[1,2.5e-3,{\"b\":\"\xC3\xA9\\u1234\"}],\"c\":null,\"d\":false}");

    (void)state;
    for (size_t n = 0; n < text.n; n++)
        assert_int_equal(json_scan(str_slice(text, 0, n), NULL, 0, NULL, NULL),
                         ERR_FORMAT);
    assert_int_equal(json_scan(text, NULL, 0, NULL, NULL), 0);
}

static void plain_text_is_a_string_without_escapes(void **state)
{
    (void)state;
    assert_true(str_eq(json_plain(STR("\"abc\"")), STR("abc")));
    assert_int_equal(json_plain(STR("\"\"")).n, 0);
    assert_non_null(json_plain(STR("\"\"")).p);
    assert_null(json_plain(STR("\"a\\n\"")).p);
    assert_null(json_plain(STR("12")).p);
    assert_null(json_plain((struct str){NULL, 0}).p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_as_they_stand),
        cmocka_unit_test(what_is_no_object_is_refused),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(every_cut_of_an_object_is_refused),
        cmocka_unit_test(plain_text_is_a_string_without_escapes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
