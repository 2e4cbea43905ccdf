#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <time.h>

#include "newsmq/robots.h"

static struct robots *read_z(const char *text)
{
    return robots_read(str_of(text), STR("newsmq"));
}

static void assert_rows(const char *text, const char *const *allowed,
                        const char *const *forbidden)
{
    struct robots *r = read_z(text);

    for (; *allowed != NULL; allowed++)
        if (!robots_allows(r, str_of(*allowed)))
            fail_msg("%s is forbidden by:\n%s", *allowed, text);
    for (; *forbidden != NULL; forbidden++)
        if (robots_allows(r, str_of(*forbidden)))
            fail_msg("%s is allowed by:\n%s", *forbidden, text);
    robots_free(r);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NONE      ((const char *const[]){NULL})

static void no_rule_allows_all(void **state)
{
    (void)state;
    assert_rows("", LIST("/", "", "/a?b"), NONE);
    assert_rows("Sitemap: https://x.example/s.xml\n<html>404</html>", LIST("/a"), NONE);
    assert_rows("User-agent: *\nDisallow:\n", LIST("/a"), NONE);
    assert_rows("Disallow: /\n", LIST("/a"), NONE); /* of no group */
    assert_rows("User-agent: other\nDisallow: /\n", LIST("/a"), NONE);
}

static void the_group_of_the_name_goes_before_that_of_all(void **state)
{
    (void)state;
    assert_rows(
        "User-agent: *\nDisallow: /\n\nUser-Agent: NewsMQ/2.0 (x)\nDisallow: /b\n",
        LIST("/a", "/"), LIST("/b", "/b/c", "/bc"));
    assert_rows("User-agent: newsmqx\nDisallow: /\n", LIST("/a"), NONE);
    assert_rows("user-AGENT : newsmq # us\n  disallow :/a # and nothing else\n",
                LIST("/b"), LIST("/a"));
}

static void several_groups_of_one_name_are_one(void **state)
{
    (void)state;
    assert_rows("User-agent: newsmq\nDisallow: /a\n\nUser-agent: other\nDisallow: /\n\n"
                "User-agent: newsmq\nDisallow: /b\n",
                LIST("/c"), LIST("/a", "/b"));
    assert_rows("User-agent: x\nUser-agent: newsmq\nUser-agent: y\nDisallow: /a\n"
                "User-agent: z\nDisallow: /b\n",
                LIST("/b"), LIST("/a"));
    /* lines of no group do not part the names from their rules, nor do blank ones */
    assert_rows("User-agent: newsmq\n\nSitemap: /s\nUser-agent: y\nDisallow: /a\n",
                LIST("/b"), LIST("/a"));
}

static void the_longest_rule_wins_and_allow_where_two_are_as_long(void **state)
{
    (void)state;
    assert_rows("User-agent: *\nDisallow: /\nAllow: /p\nDisallow: /p/q/\nAllow: /p/q/x\n",
                LIST("/p", "/p/q", "/p/q/x1"), LIST("/", "/a", "/p/q/y"));
    assert_rows("User-agent: *\nDisallow: /page\nAllow: /page\n", LIST("/page"), NONE);
    assert_rows("User-agent: *\nAllow: /page\nDisallow: /*.html\n", LIST("/page"),
                LIST("/page.html"));
}

static void stars_and_ends_are_patterns(void **state)
{
    (void)state;
    assert_rows("User-agent: *\nDisallow: /*.gif$\nDisallow: /a/*/c\nDisallow: *secret\n",
                LIST("/x.gif?v=1", "/a/c", "/x.gifs"),
                LIST("/x.gif", "/d/y.gif", "/a/b/c", "/a/b/x/cd", "/top-secret"));
    assert_rows("User-agent: *\nDisallow: /$\n", LIST("/a"), LIST("/", ""));
    assert_rows("User-agent: *\nDisallow: /a**b*$\n", LIST("/ac"), LIST("/ab", "/axbx"));
    assert_rows("User-agent: *\nDisallow: /a$b\n", LIST("/a"), LIST("/a$b"));
}

static void paths_are_compared_in_one_form(void **state)
{
    (void)state;
    assert_rows("User-agent: *\nDisallow: /foo/bar?baz=http://foo.bar\n",
                LIST("/foo/bar"), LIST("/foo/bar?baz=http://foo.bar"));
    assert_rows("User-agent: *\nDisallow: /\xE3\x83\x84\n", LIST("/x"),
                LIST("/%E3%83%84", "/%e3%83%84"));
    assert_rows("User-agent: *\nDisallow: /%62%7A\n", LIST("/b"), LIST("/bz"));
    assert_rows("User-agent: *\nDisallow: /a%2fb\n", LIST("/a/b"), LIST("/a%2Fb"));
}

static void lines_end_in_any_way_and_marks_are_passed_over(void **state)
{
    (void)state;
    assert_rows(
        "\xEF\xBB\xBFUser-agent: *\rDisallow: /a\r\nDisallow: /b\n\n\rDisallow: /c",
        LIST("/d"), LIST("/a", "/b", "/c"));
    assert_rows("User-agent: *\nDisallow /a\nDisallow: b\n:\n: /c\nDisallow: /d\n",
                LIST("/a", "/b", "/c"), LIST("/d"));
}

static void its_own_file_is_always_allowed(void **state)
{
    (void)state;
    assert_rows("User-agent: *\nDisallow: /\n", LIST("/robots.txt"),
                LIST("/robots.txt2"));
}

static void a_delay_is_read_and_bounded(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"User-agent: *\nCrawl-delay: 5\n", 5000},
        {"User-agent: *\nCrawl-delay: 0.5\nDisallow: /a", 500},
        {"User-agent: *\nCrawl-delay: 86400\n", 60000},
        {"User-agent: *\nCrawl-delay: 99999999999999999999\n", 0},
        {"User-agent: *\nCrawl-delay: soon\n", 0},
        {"User-agent: other\nCrawl-delay: 5\n", 0},
        {"User-agent: newsmq\nCrawl-delay: 2\nUser-agent: other\nCrawl-delay: 9\n", 2000},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct robots *r = read_z(rows[i].text);

        if (robots_delay_ms(r) != rows[i].ms)
            fail_msg("%lld: %s", (long long)robots_delay_ms(r), rows[i].text);
        robots_free(r);
    }
}

static void what_is_behind_the_bound_is_not_read(void **state)
{
    struct strbuf b = {.max = 2 * ROBOTS_MAX_BYTES};
    struct robots *r;

    (void)state;
    (void)strbuf_add_text(&b, "User-agent: *\nDisallow: /first\n");
    while (b.n < ROBOTS_MAX_BYTES)
        (void)strbuf_add_text(&b, "# nothing but a comment, over and over again\n");
    (void)strbuf_add_text(&b, "Disallow: /last\n");
    r = robots_read(strbuf_str(&b), STR("newsmq"));

    assert_false(robots_allows(r, STR("/first")));
    assert_true(robots_allows(r, STR("/last")));
    robots_free(r);
    strbuf_fini(&b);
}

static void no_file_takes_long(void **state)
{
    struct strbuf b = {.max = 2 * ROBOTS_MAX_BYTES}, path = {.max = 9000};
    struct robots *r;
    clock_t began;

    (void)state;
    (void)strbuf_add_text(&b, "User-agent: *\n");
    while (b.n < ROBOTS_MAX_BYTES)
        (void)strbuf_add_text(&b, "Disallow: /*a*a*a*a*a*a*a*a*a*a*b\n");
    for (unsigned i = 0; i < 8000; i++)
        (void)strbuf_add_char(&path, i == 0 ? '/' : 'a');
    r = robots_read(strbuf_str(&b), STR("newsmq"));
    began = clock();
    assert_true(robots_allows(r, strbuf_str(&path)));
    print_message("    %.2f s of CPU, %zu KiB\n",
                  (double)(clock() - began) / CLOCKS_PER_SEC, robots_bytes(r) / 1024);

    assert_in_range(robots_bytes(r), 1, 8u << 20);
    robots_free(r);
    strbuf_fini(&b);
    strbuf_fini(&path);
}

static void the_product_is_the_first_word_of_the_agent(void **state)
{
    (void)state;
    assert_true(str_eq(robots_product(STR("newsmq/0.1 (+https://x)")), STR("newsmq")));
    assert_true(str_eq(robots_product(STR("My-Reader_x bot")), STR("My-Reader_x")));
    assert_int_equal(robots_product(STR("/0.1")).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_rule_allows_all),
        cmocka_unit_test(the_group_of_the_name_goes_before_that_of_all),
        cmocka_unit_test(several_groups_of_one_name_are_one),
        cmocka_unit_test(the_longest_rule_wins_and_allow_where_two_are_as_long),
        cmocka_unit_test(stars_and_ends_are_patterns),
        cmocka_unit_test(paths_are_compared_in_one_form),
        cmocka_unit_test(lines_end_in_any_way_and_marks_are_passed_over),
        cmocka_unit_test(its_own_file_is_always_allowed),
        cmocka_unit_test(a_delay_is_read_and_bounded),
        cmocka_unit_test(what_is_behind_the_bound_is_not_read),
        cmocka_unit_test(no_file_takes_long),
        cmocka_unit_test(the_product_is_the_first_word_of_the_agent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
