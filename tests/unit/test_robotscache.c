#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "newsmq/clock.h"

#include "../../daemon/fetch/robotscache.h"

#define NOW INT64_C(1800000000000)

static struct robotscache *cache;

static int setup(void **state)
{
    (void)state;
    cache = robotscache_new(STR("newsmq/0.1 (+https://x.example)"));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    robotscache_free(cache);
    return 0;
}

static enum robots_verdict ask(const char *url, int64_t now_ms)
{
    int64_t delay_ms;

    return robotscache_ask(cache, str_of(url), now_ms, &delay_ms);
}

static void learn(const char *url, int status, const char *text)
{
    robotscache_learn(cache, str_of(url), status, str_of(text), NOW);
}

static void a_file_counts_for_its_origin_and_a_day(void **state)
{
    int64_t delay_ms;

    (void)state;
    assert_int_equal(ask("https://a.example/x", NOW), ROBOTS_UNKNOWN);
    learn("https://A.example:443/robots.txt", 200,
          "User-agent: newsmq\nDisallow: /x?\nCrawl-delay: 3\n");

    assert_int_equal(ask("https://a.example/x", NOW), ROBOTS_ALLOWED);
    assert_int_equal(ask("https://a.example/x?y=1#z", NOW), ROBOTS_FORBIDDEN);
    assert_int_equal(ask("https://a.example", NOW), ROBOTS_ALLOWED);
    assert_int_equal(robotscache_ask(cache, STR("https://a.example/"), NOW, &delay_ms),
                     ROBOTS_ALLOWED);
    assert_int_equal(delay_ms, 3000);
    assert_int_equal(ask("http://a.example/x", NOW), ROBOTS_UNKNOWN);
    assert_int_equal(ask("https://a.example:8443/x", NOW), ROBOTS_UNKNOWN);
    assert_int_equal(ask("https://a.example/x", NOW + DAY_MS - 1), ROBOTS_ALLOWED);
    assert_int_equal(ask("https://a.example/x", NOW + DAY_MS), ROBOTS_UNKNOWN);
}

static void no_file_allows_and_a_server_in_trouble_forbids_for_a_while(void **state)
{
    static const struct {
        int status;
        enum robots_verdict verdict;
        int64_t for_ms;
    } rows[] = {
        {404, ROBOTS_ALLOWED, DAY_MS},
        {401, ROBOTS_ALLOWED, DAY_MS},
        {410, ROBOTS_ALLOWED, DAY_MS},
        {429, ROBOTS_UNREACHABLE, 30 * MINUTE_MS},
        {500, ROBOTS_UNREACHABLE, 30 * MINUTE_MS},
        {503, ROBOTS_UNREACHABLE, 30 * MINUTE_MS},
        {301, ROBOTS_UNREACHABLE, 30 * MINUTE_MS},
        {0, ROBOTS_UNREACHABLE, 30 * MINUTE_MS},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char url[64];

        (void)snprintf(url, sizeof url, "https://h%zu.example/a", i);
        learn(url, rows[i].status, "User-agent: *\nDisallow: /\n");
        assert_int_equal(ask(url, NOW + rows[i].for_ms - 1), rows[i].verdict);
        assert_int_equal(ask(url, NOW + rows[i].for_ms), ROBOTS_UNKNOWN);
    }
}

static void known_rules_outlive_a_server_in_trouble(void **state)
{
    (void)state;
    learn("https://a.example/", 200, "User-agent: *\nDisallow: /a\n");
    learn("https://a.example/", 503, "");

    assert_int_equal(ask("https://a.example/a", NOW), ROBOTS_FORBIDDEN);
    assert_int_equal(ask("https://a.example/b", NOW), ROBOTS_ALLOWED);
}

static void one_asks_and_the_others_wait(void **state)
{
    (void)state;
    robotscache_expect(cache, STR("https://a.example/1"), NOW);
    assert_int_equal(ask("https://a.example/2", NOW), ROBOTS_PENDING);
    assert_int_equal(ask("https://a.example/2", NOW + 3 * MINUTE_MS), ROBOTS_UNKNOWN);
    robotscache_expect(cache, STR("https://a.example/1"), 0);
    assert_int_equal(ask("https://a.example/2", NOW), ROBOTS_UNKNOWN);
    learn("https://a.example/", 404, "");
    assert_int_equal(ask("https://a.example/2", NOW), ROBOTS_ALLOWED);
}

static void the_file_lies_at_the_root_of_the_origin(void **state)
{
    static const struct {
        const char *url, *file;
    } rows[] = {
        {"https://A.example/b/c?d", "https://a.example/robots.txt"},
        {"http://a.example:8080/b", "http://a.example:8080/robots.txt"},
        {"http://[2001:db8::1]:81/b", "http://[2001:db8::1]:81/robots.txt"},
        {"ftp://a.example/b", NULL},
        {"file:///etc/passwd", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *file = robotscache_url(str_of(rows[i].url));

        if (rows[i].file == NULL)
            assert_null(file);
        else
            assert_string_equal(file, rows[i].file);
        free(file);
    }
    assert_true(
        robotscache_is_same(STR("https://a.example/1"), STR("https://A.example:443")));
    assert_false(
        robotscache_is_same(STR("https://a.example/"), STR("http://a.example/")));
}

static void what_is_kept_longest_goes_when_there_are_too_many(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2000; i++) {
        char url[64];

        (void)snprintf(url, sizeof url, "https://h%u.example/", i);
        robotscache_learn(cache, str_of(url), 404, STR(""), NOW + i);
    }
    assert_int_equal(ask("https://h0.example/", NOW + 2000), ROBOTS_UNKNOWN);
    assert_int_equal(ask("https://h1999.example/", NOW + 2000), ROBOTS_ALLOWED);
}

#define WITH_CACHE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_CACHE(a_file_counts_for_its_origin_and_a_day),
        WITH_CACHE(no_file_allows_and_a_server_in_trouble_forbids_for_a_while),
        WITH_CACHE(known_rules_outlive_a_server_in_trouble),
        WITH_CACHE(one_asks_and_the_others_wait),
        WITH_CACHE(the_file_lies_at_the_root_of_the_origin),
        WITH_CACHE(what_is_kept_longest_goes_when_there_are_too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
