#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "newsmq/url.h"

#define BASE "http://a/b/c/d;p?q"

static void check_resolved(const char *base, const char *reference, const char *want)
{
    struct strbuf out = {.max = URL_MAX_BYTES};

    assert_int_equal(url_resolve(str_of(base), str_of(reference), &out, NULL), 0);
    if (strcmp(strbuf_cstr(&out), want) != 0)
        print_message("base %s reference %s\n", base, reference);
    assert_string_equal(strbuf_cstr(&out), want);
    strbuf_fini(&out);
}

static void url_resolve_follows_the_examples_of_rfc_3986(void **state)
{
    static const char *const rows[][2] = {
        {"g:h", "g:h"},
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"//g", "http://g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"g#s", "http://a/b/c/g#s"},
        {"g?y#s", "http://a/b/c/g?y#s"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"g#s/../x", "http://a/b/c/g#s/../x"},
        {"http:g", "http://a/b/c/g"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        check_resolved(BASE, rows[i][0], rows[i][1]);
}

static void url_resolve_forgives_what_browsers_forgive(void **state)
{
    static const char *const rows[][2] = {
        {"  \n/x y \t", "http://a/x%20y"},
        {"/long\n   /link", "http://a/long%20%20%20/link"},
        {"/caf\xC3\xA9?q=\xC3\xA9#\xC3\xA9", "http://a/caf%C3%A9?q=%C3%A9#%C3%A9"},
        {"/a%20b%zz%", "http://a/a%20b%zz%"},
        {"/<x>|^`{}\"", "http://a/%3Cx%3E%7C%5E%60%7B%7D%22"},
        {"HTTP://Example.ORG/Path", "http://example.org/Path"},
        {"http:\\\\example.org\\x?a\\b", "http://example.org/x?a%5Cb"},
        {"https:/example.org/x", "https://example.org/x"},
        {"http:///example.org/x", "http://example.org/x"},
        {"//example.org", "http://example.org"},
        {"///example.org/x", "http://example.org/x"},
        {"http://u:p@[2001:DB8::1]:8080/x", "http://u:p@[2001:db8::1]:8080/x"},
        {"mailto:a@b.org", "mailto:a@b.org"},
        {"urn:uuid:1-2/../3", "urn:uuid:1-2/../3"},
        {"http://example.org:/x", "http://example.org/x"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        check_resolved(BASE, rows[i][0], rows[i][1]);
    check_resolved("", "../x y", "../x%20y");
    check_resolved("not absolute", "x", "x");
    check_resolved("http://a.org", "x", "http://a.org/x");
    check_resolved("https://a.org/b", "//c.org/d", "https://c.org/d");
}

static void url_resolve_refuses_controls_and_giants(void **state)
{
    struct strbuf out = {.max = URL_MAX_BYTES}, giant = {.max = 2 * URL_MAX_BYTES};
    struct err e;

    (void)state;
    assert_int_equal(url_resolve(STR(BASE), STR("/a\x01z"), &out, &e), ERR_FORMAT);
    while (strbuf_add_char(&giant, 'x') == 0)
        ;
    assert_int_equal(url_resolve(STR(BASE), strbuf_str(&giant), &out, &e), -E2BIG);
    giant.n = URL_MAX_BYTES;
    assert_int_equal(url_resolve(STR(BASE), strbuf_str(&giant), &out, &e), -E2BIG);
    giant.n = URL_MAX_BYTES / 2;
    memset(giant.p, ' ', giant.n);
    giant.p[0] = giant.p[giant.n - 1] = 'x';
    assert_int_equal(url_resolve(STR(BASE), strbuf_str(&giant), &out, &e), -E2BIG);
    assert_int_equal(out.n, 0);
    strbuf_fini(&giant);
    strbuf_fini(&out);
}

static void url_resolve_refuses_web_links_without_a_host(void **state)
{
    static const char *const rows[] = {"http:", "http://", "https://:80/x",
                                       "http:\\\\:/x"};
    struct strbuf out = {.max = URL_MAX_BYTES};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(url_resolve(STR(""), str_of(rows[i]), &out, NULL), ERR_FORMAT);
    assert_int_equal(out.n, 0);
    strbuf_fini(&out);
}

static void url_split_answers_the_parts(void **state)
{
    struct url u;

    (void)state;
    assert_int_equal(url_split(STR("https://me@News.org:81/a/b?c=d?#e#f"), &u, NULL), 0);
    assert_true(str_eq(u.scheme, STR("https")));
    assert_true(str_eq(u.userinfo, STR("me")));
    assert_true(str_eq(u.host, STR("News.org")));
    assert_true(str_eq(u.port, STR("81")));
    assert_true(str_eq(u.path, STR("/a/b")));
    assert_true(str_eq(u.query, STR("c=d?")));
    assert_true(str_eq(u.fragment, STR("e#f")));
    assert_int_equal(url_split(STR("a/b:c"), &u, NULL), 0);
    assert_null(u.scheme.p);
    assert_null(u.query.p);
    assert_false(u.has_authority);
}

static void url_canonical_is_one_for_all_forms_of_a_link(void **state)
{
    static const char *const rows[][2] = {
        {"http://Example.org", "https://example.org/"},
        {"https://example.org:443/#top", "https://example.org/"},
        {"http://example.org:80/a/../b/", "https://example.org/b/"},
        {"http://example.org:8080/", "https://example.org:8080/"},
        {"http://example.org/?", "https://example.org/"},
        {"http://www.example.org/?b=2&a=1", "https://www.example.org/?b=2&a=1"},
        {"http://e.org/?utm_source=x&id=7&UTM_medium=y&&fbclid=z", "https://e.org/?id=7"},
        {"http://e.org/?utm_source=x", "https://e.org/"},
        {"http://e.org/?utm=1&autm_x=2", "https://e.org/?utm=1&autm_x=2"},
        {"http://e.org/%7euser/%c3%a9/%2f", "https://e.org/~user/%C3%A9/%2F"},
        {"http://e.org/a/%2e%2e/b", "https://e.org/b"},
        {"urn:isbn:1#x", "urn:isbn:1#x"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf out = {.max = URL_MAX_BYTES};

        assert_int_equal(url_canonical(str_of(rows[i][0]), &out, NULL), 0);
        if (strcmp(strbuf_cstr(&out), rows[i][1]) != 0)
            print_message("row %zu: %s\n", i, rows[i][0]);
        assert_string_equal(strbuf_cstr(&out), rows[i][1]);
        strbuf_fini(&out);
    }
}

static void url_host_is_absent_without_one(void **state)
{
    (void)state;
    assert_true(
        str_eq(url_host(STR("https://news.example.org:1/x")), STR("news.example.org")));
    assert_null(url_host(STR("/x")).p);
    assert_null(url_host(STR("file:///x")).p);
    assert_true(url_is_http(STR("HTTPS://x")));
    assert_false(url_is_http(STR("ftp://x")));
}

static void url_without_tracking_leaves_the_rest_as_it_is(void **state)
{
    static const char *const rows[][2] = {
        {"http://A.example:80/%7e?b=1&&a=2#x", "http://A.example:80/%7e?b=1&&a=2#x"},
        {"https://a.example/?utm_source=rss", "https://a.example/"},
        {"https://a.example/?id=1&UTM_Medium=x&b#top", "https://a.example/?id=1&b#top"},
        {"https://a.example/?gclid=1#", "https://a.example/#"},
        {"x?fbclid=1", "x"},
        {"https://a.example/#?utm_source=rss", "https://a.example/#?utm_source=rss"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct strbuf out = {.max = 200};

        assert_int_equal(url_without_tracking(str_of(rows[i][0]), &out), 0);
        assert_string_equal(strbuf_cstr(&out), rows[i][1]);
        strbuf_fini(&out);
    }
}

static void url_canonical_keeps_a_fragment_that_names_a_page(void **state)
{
    struct strbuf out = {.max = 200};

    (void)state;
    assert_int_equal(url_canonical(STR("http://a.example#!/news/1"), &out, NULL), 0);
    assert_string_equal(strbuf_cstr(&out), "https://a.example/#!/news/1");
    strbuf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(url_without_tracking_leaves_the_rest_as_it_is),
        cmocka_unit_test(url_canonical_keeps_a_fragment_that_names_a_page),
        cmocka_unit_test(url_resolve_follows_the_examples_of_rfc_3986),
        cmocka_unit_test(url_resolve_forgives_what_browsers_forgive),
        cmocka_unit_test(url_resolve_refuses_controls_and_giants),
        cmocka_unit_test(url_resolve_refuses_web_links_without_a_host),
        cmocka_unit_test(url_split_answers_the_parts),
        cmocka_unit_test(url_canonical_is_one_for_all_forms_of_a_link),
        cmocka_unit_test(url_host_is_absent_without_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
