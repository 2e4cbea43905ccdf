#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "newsmq/clock.h"

#include "../../daemon/fetch/freshness.h"

#define NOW  INT64_C(1794990400000) /* Wed, 18 Nov 2026 08:26:40 GMT */
#define DATE "Wed, 18 Nov 2026 08:26:40 GMT"

static void fresh_is_what_the_server_says(void **state)
{
    static const struct {
        const char *control, *age, *expires, *date;
        int64_t seconds;
        bool by_max_age;
    } rows[] = {
        {NULL, NULL, NULL, NULL, 0, false},
        {"max-age=1800", NULL, NULL, NULL, 1800, true},
        {"public, Max-Age=60 , must-revalidate", NULL, NULL, NULL, 60, true},
        {"max-age=\"60\"", NULL, NULL, NULL, 60, true},
        {"max-age=60,max-age=600", NULL, NULL, NULL, 60, true},
        {"s-maxage=600", NULL, NULL, NULL, 0, false},
        {"max-age=1800", "600", NULL, NULL, 1200, true},
        {"max-age=1800", "1800", NULL, NULL, 0, true},
        {"max-age=1800", "99999", NULL, NULL, 0, true},
        {"max-age=1800", "-5", NULL, NULL, 1800, true},
        {"max-age=0", NULL, NULL, NULL, 0, true},
        {"max-age=-1", NULL, NULL, NULL, 0, false},
        {"max-age=soon", NULL, NULL, NULL, 0, false},
        {"max-age", NULL, NULL, NULL, 0, false},
        {"no-cache, max-age=600", NULL, NULL, NULL, 0, true},
        {"NO-STORE", NULL, "Wed, 18 Nov 2026 09:26:40 GMT", DATE, 0, false},
        {"max-age=60", NULL, "Wed, 18 Nov 2026 09:26:40 GMT", DATE, 60, true},
        {"private", NULL, "Wed, 18 Nov 2026 09:26:40 GMT", DATE, 3600, false},
        {NULL, "600", "Wed, 18 Nov 2026 09:26:40 GMT", DATE, 3000, false},
        {NULL, NULL, "Wed, 18 Nov 2026 09:26:40 GMT", NULL, 3600, false},
        /* a server whose clock is years wrong still means an hour */
        {NULL, NULL, "Thu, 18 Nov 2004 09:26:40 GMT", "Thu, 18 Nov 2004 08:26:40 GMT",
         3600, false},
        {NULL, NULL, "Wednesday, 18-Nov-26 09:26:40 GMT", DATE, 3600, false},
        {NULL, NULL, "Wed Nov 18 09:26:40 2026", DATE, 3600, false},
        {NULL, NULL, "0", DATE, 0, false},
        {NULL, NULL, "-1", DATE, 0, false},
        {NULL, NULL, "Thu, 01 Jan 1970 00:00:00 GMT", DATE, 0, false},
        {NULL, NULL, "whenever", DATE, 0, false},
        {"max-age=99999999999999999999999999", NULL, NULL, NULL, 1000000000, true},
        {"max-age=31536000", NULL, NULL, NULL, 31536000, true},
        {",,=,;", NULL, NULL, NULL, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct freshness_headers h = {.cache_control = str_of(rows[i].control),
                                      .age = str_of(rows[i].age),
                                      .expires = str_of(rows[i].expires),
                                      .date = str_of(rows[i].date)};
        bool by_max_age = false;
        int64_t got = freshness_ms(&h, NOW, &by_max_age);

        if (got != rows[i].seconds * SECOND_MS || by_max_age != rows[i].by_max_age)
            fprintf(stderr, "row %zu: %lld ms\n", i, (long long)got);
        assert_int_equal(got, rows[i].seconds * SECOND_MS);
        assert_int_equal(by_max_age, rows[i].by_max_age);
    }
}

static void retry_after_is_seconds_or_a_date(void **state)
{
    static const struct {
        const char *retry, *date;
        int64_t seconds;
    } rows[] = {
        {NULL, NULL, 0},
        {"120", NULL, 120},
        {" 120 ", DATE, 120},
        {"0", NULL, 0},
        {"-3", NULL, 0},
        {"soon", NULL, 0},
        {"", NULL, 0},
        {"Wed, 18 Nov 2026 08:28:40 GMT", DATE, 120},
        {"Wed, 18 Nov 2026 08:28:40 GMT", NULL, 120},
        {"Wed, 18 Nov 2026 08:20:40 GMT", DATE, 0},
        {"Thu, 18 Nov 2004 08:28:40 GMT", "Thu, 18 Nov 2004 08:26:40 GMT", 120},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct freshness_headers h = {.retry_after = str_of(rows[i].retry),
                                      .date = str_of(rows[i].date)};
        int64_t got = freshness_retry_ms(&h, NOW);

        if (got != rows[i].seconds * SECOND_MS)
            fprintf(stderr, "row %zu: %lld ms\n", i, (long long)got);
        assert_int_equal(got, rows[i].seconds * SECOND_MS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fresh_is_what_the_server_says),
        cmocka_unit_test(retry_after_is_seconds_or_a_date),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
